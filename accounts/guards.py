"""Who may open a view: the wrong kind of person gets the 404 of a page that does not exist.

Some views also want to be sure that the person who signed in is still the one at the keyboard.
"""

from collections.abc import Callable
from functools import wraps
from http import HTTPStatus
from typing import Concatenate, ParamSpec

from django.contrib.auth import logout
from django.contrib.auth.views import redirect_to_login
from django.http import Http404, HttpRequest, HttpResponseBase
from django.shortcuts import render
from django.urls import reverse
from django.utils import timezone

from accounts import actions, kept_forms, rules, sessions, viewing
from accounts.enums import UserKind
from accounts.layouts import layout_of
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


def people_reader_required(view: View[P]) -> View[P]:
    """Let whoever may see a company's people in; 404 for everybody else who is signed in."""

    @wraps(view)
    def guarded(request: HttpRequest, /, *args: P.args, **kwargs: P.kwargs) -> HttpResponseBase:
        if not signed_in_person(request).reads_people:
            raise Http404
        return view(request, *args, **kwargs)

    return guarded


def confirmation_required(view: View[P]) -> View[P]:
    """Ask who is there again, at most every five minutes; a form sent before that is given back after (KEY-03)."""

    @wraps(view)
    def guarded(request: HttpRequest, /, *args: P.args, **kwargs: P.kwargs) -> HttpResponseBase:
        return confirmation_due(request) or view(request, *args, **kwargs)

    return guarded


def confirmation_due(request: HttpRequest) -> HttpResponseBase | None:
    """Where the person must go before this request is served, None when their identity was confirmed lately.

    After fifteen idle minutes that is the sign-in page (SESS-03). A POST is kept either way. Raises viewing.ReadOnly
    while an advisor looks on: what they confirmed of themselves opens nothing of somebody else's.
    """
    viewing.require_own_eyes(request)
    user, now = signed_in_person(request), timezone.now()
    is_too_idle = rules.is_too_idle_for_secrets(seen_at=sessions.seen_at(request.session, now=now), now=now)
    if not is_too_idle and rules.is_confirmed(sessions.confirmed_at(request.session), now=now):
        return None
    wished = request.get_full_path()
    if request.method == "POST":
        is_kept = actions.keep_form(user=user, form=kept_forms.read(request), now=now)
        wished = reverse("accounts:kept_form") if is_kept else wished
    if is_too_idle:
        logout(request)
    return redirect_to_login(wished, "accounts:sign_in" if is_too_idle else "accounts:confirm")


def own_eyes_required(view: View[P]) -> View[P]:
    """Keep a page from an advisor who looks on as its owner (KEY-03)."""

    @wraps(view)
    def guarded(request: HttpRequest, /, *args: P.args, **kwargs: P.kwargs) -> HttpResponseBase:
        viewing.require_own_eyes(request)
        return view(request, *args, **kwargs)

    return guarded


def asks_nobody(view: View[P]) -> View[P]:
    """Mark a page that has nothing to do with who asks: their session stays unread, and the database too."""

    @wraps(view)
    def marked(request: HttpRequest, /, *args: P.args, **kwargs: P.kwargs) -> HttpResponseBase:
        return view(request, *args, **kwargs)

    marked.asks_nobody = True  # type: ignore[attr-defined]
    return marked


def freeze_explained(view: View[P]) -> View[P]:
    """Answer what a frozen account is refused (ChangesFrozen) with the page that says why and what to do (AUTH-16)."""

    @wraps(view)
    def guarded(request: HttpRequest, /, *args: P.args, **kwargs: P.kwargs) -> HttpResponseBase:
        try:
            return view(request, *args, **kwargs)
        except actions.ChangesFrozen:
            context = {"layout": layout_of(signed_in_person(request))}
            return render(request, "accounts/frozen.html", context, status=HTTPStatus.CONFLICT)

    return guarded


def open_before_enrolment(view: View[P]) -> View[P]:
    """Mark a page that whoever owes a second factor may open: the others lead to the enrolment (AUTH-18)."""

    @wraps(view)
    def marked(request: HttpRequest, /, *args: P.args, **kwargs: P.kwargs) -> HttpResponseBase:
        return view(request, *args, **kwargs)

    marked.open_before_enrolment = True  # type: ignore[attr-defined]
    return marked


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
