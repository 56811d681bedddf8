"""What every request goes through: an incident number, security headers, no cache, a session that lives while used."""

import secrets
from collections.abc import Callable

import structlog
from django.conf import settings
from django.contrib.auth import SESSION_KEY
from django.http import HttpRequest, HttpResponse
from django.utils import timezone

from backoffice.core import csp

GetResponse = Callable[[HttpRequest], HttpResponse]
SEEN_AT = "seen_at"
SEEN_EVERY_SECONDS = 60


class RequestContextMiddleware:
    """Gives the request an incident number that error pages show and every log line of the request carries (OUT-05)."""

    def __init__(self, get_response: GetResponse) -> None:
        self.get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponse:
        incident = secrets.token_hex(5)
        request.incident = incident  # type: ignore[attr-defined]
        with structlog.contextvars.bound_contextvars(incident=incident):
            return self.get_response(request)


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


class LivingSessionMiddleware:
    """Pushes a signed-in person's idle limit forward, written at most once a minute.

    It looks only at sessions the page itself used, so the payment page neither reads nor renews one (PAY-01).
    """

    def __init__(self, get_response: GetResponse) -> None:
        self.get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponse:
        response = self.get_response(request)
        session = request.session
        if session.accessed and SESSION_KEY in session:
            now = int(timezone.now().timestamp())
            if now - session.get(SEEN_AT, 0) >= SEEN_EVERY_SECONDS:
                session[SEEN_AT] = now
        return response
