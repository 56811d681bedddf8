"""What every request goes through: an incident number, security headers, no cache, the door."""

import logging
import secrets
from collections.abc import Callable
from http import HTTPStatus
from typing import Any
from urllib.parse import unquote_to_bytes

import structlog
from django.conf import settings
from django.contrib.auth.middleware import LoginRequiredMiddleware
from django.core.exceptions import BadRequest
from django.db import OperationalError
from django.http import HttpRequest, HttpResponse, HttpResponseBase
from django.shortcuts import render
from psycopg.errors import DeadlockDetected, LockNotAvailable

from backoffice.core import csp
from backoffice.core.hashers import HashesBusy

GetResponse = Callable[[HttpRequest], HttpResponse]
BUSY_RETRY_SECONDS = 10
URLENCODED, MULTIPART = "application/x-www-form-urlencoded", "multipart/form-data"

logger = logging.getLogger(__name__)


class RequestContextMiddleware:
    """Gives the request an incident number that error pages show and every log line of the request carries (OUT-05).

    Also reads every form as UTF-8, the one charset of the house.
    """

    def __init__(self, get_response: GetResponse) -> None:
        self.get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponse:
        # Whatever charset the client names: utf-7 and unicode_escape decode to lone surrogates, which no page, mail or
        # row can hold (OUT-07).
        request.encoding = "utf-8"
        incident = secrets.token_hex(5)
        request.incident = incident  # type: ignore[attr-defined]
        with structlog.contextvars.bound_contextvars(incident=incident):
            return self.get_response(request)


class FormsOnlyMiddleware:
    """Refuses a body that is no form or no UTF-8, before a view takes its emptiness for a form not yet sent (OUT-07).

    The views open to other sites' forms (`csrf_exempt`) judge by themselves what they read.
    """

    def __init__(self, get_response: GetResponse) -> None:
        self.get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponse:
        return self.get_response(request)

    def process_view(
        self, request: HttpRequest, view_func: Callable[..., Any], view_args: tuple[Any], view_kwargs: dict[str, Any]
    ) -> None:
        """Raise BadRequest, whose page is the 400 of the house."""
        if request.META.get("CONTENT_LENGTH") in {None, "", "0"} or getattr(view_func, "csrf_exempt", False):
            return
        if request.content_type == URLENCODED:
            _require_text(unquote_to_bytes(request.body.replace(b"+", b" ")))
        elif request.content_type == MULTIPART:
            _require_text(request.body)  # no form of the house takes a file
        else:
            raise BadRequest(f"{request.content_type or 'a body without a type'} is no form")


def _require_text(typed: bytes) -> None:
    # Browsers send a page's own charset; Django would read anything else as U+FFFD, and the row would keep that.
    try:
        typed.decode()
    except UnicodeDecodeError:
        raise BadRequest("the form is not UTF-8") from None


class ContentSecurityPolicyMiddleware:
    """Sends settings.SECURE_CSP on every answer (OUT-03)."""

    def __init__(self, get_response: GetResponse) -> None:
        self.get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponse:
        response = self.get_response(request)
        response.headers.setdefault("Content-Security-Policy", csp.header_value(settings.SECURE_CSP, response))
        return response


class NoStoreMiddleware:
    """No page is kept by a browser or a proxy: the back button shows nothing after signing out (SESS-04)."""

    def __init__(self, get_response: GetResponse) -> None:
        self.get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponse:
        response = self.get_response(request)
        response.headers.setdefault("Cache-Control", "no-store")
        return response


class SignInRequiredMiddleware(LoginRequiredMiddleware):
    """Django's own, save that an open page asks nobody who they are: its session stays unread (PAY-01)."""

    def process_view(
        self, request: HttpRequest, view_func: Callable[..., Any], view_args: tuple[Any], view_kwargs: dict[str, Any]
    ) -> HttpResponseBase | None:
        """Let everybody into the pages marked with `login_not_required`, before looking at the session."""
        if not getattr(view_func, "login_required", True):
            return None
        return super().process_view(request, view_func, view_args, view_kwargs)


class BusyMiddleware:
    """Answers 503 and when to come back if too many hash at once, or wait for one row or for one another (AUTH-08).

    The action's transaction is undone by then: nothing was compared, nothing counts.
    """

    def __init__(self, get_response: GetResponse) -> None:
        self.get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponse:
        return self.get_response(request)

    def process_exception(self, request: HttpRequest, exception: Exception) -> HttpResponse | None:
        """The page for these two; everything else goes its way."""
        waited = (LockNotAvailable, DeadlockDetected)
        is_locked = isinstance(exception, OperationalError) and isinstance(exception.__cause__, waited)
        if not (is_locked or isinstance(exception, HashesBusy)):
            return None
        logger.warning("busy: %s", exception)
        context = {"incident": getattr(request, "incident", "")}
        response = render(request, "503.html", context, status=HTTPStatus.SERVICE_UNAVAILABLE)
        response.headers["Retry-After"] = str(BUSY_RETRY_SECONDS)
        return response
