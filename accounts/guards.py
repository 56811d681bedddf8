"""Who may open a view: the wrong kind of person gets the 404 of a page that does not exist."""

from collections.abc import Callable
from functools import wraps
from typing import Concatenate, ParamSpec

from django.http import Http404, HttpRequest, HttpResponseBase

from accounts.enums import UserKind
from accounts.models import User

P = ParamSpec("P")
View = Callable[Concatenate[HttpRequest, P], HttpResponseBase]


def merchant_required(view: View[P]) -> View[P]:
    """Let merchants' people in; 404 for everybody else who is signed in. Anonymous people met the sign-in page."""
    return _require(UserKind.MERCHANT, view)


def advisor_required(view: View[P]) -> View[P]:
    """Let advisors in; 404 for everybody else who is signed in. Anonymous people met the sign-in page."""
    return _require(UserKind.ADVISOR, view)


def journal_reader_required(view: View[P]) -> View[P]:
    """Let advisors in, and whoever answers for a company; 404 for everybody else who is signed in."""

    @wraps(view)
    def guarded(request: HttpRequest, /, *args: P.args, **kwargs: P.kwargs) -> HttpResponseBase:
        if not signed_in_person(request).reads_journal:
            raise Http404
        return view(request, *args, **kwargs)

    return guarded


def signed_in_person(request: HttpRequest) -> User:
    """Who is signed in, for a view behind one of the guards; 404 when nobody is."""
    if not isinstance(request.user, User):
        raise Http404
    return request.user


def _require(kind: UserKind, view: View[P]) -> View[P]:
    @wraps(view)
    def guarded(request: HttpRequest, /, *args: P.args, **kwargs: P.kwargs) -> HttpResponseBase:
        if getattr(request.user, "kind", None) != kind:
            raise Http404
        return view(request, *args, **kwargs)

    return guarded
