"""The door of the buyer's pages: no sign-in, no CSRF token, no cookie read, none set."""

from collections.abc import Callable
from functools import wraps
from typing import Any

from django.contrib.auth.decorators import login_not_required
from django.contrib.auth.models import AnonymousUser
from django.http import HttpRequest, HttpResponseBase
from django.views.decorators.csrf import csrf_exempt
from django.views.decorators.http import require_http_methods

View = Callable[..., HttpResponseBase]


def for_buyers(*methods: str) -> Callable[[View], View]:
    """Open a view to anybody, by these HTTP methods only.

    What protects it is the form's signature, then the page's token. Whoever is signed in to the back office in the
    same browser stays unknown here: nothing of that session is looked at (PAY-01).
    """

    def decorate(view: View) -> View:
        @csrf_exempt
        @login_not_required
        @require_http_methods(methods)
        @wraps(view)
        def opened(request: HttpRequest, *args: Any, **kwargs: Any) -> HttpResponseBase:
            request.user = AnonymousUser()
            return view(request, *args, **kwargs)

        return opened

    return decorate
