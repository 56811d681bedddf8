"""What the door does at every request: keeps a form that came too late, and a session alive while it is used."""

from collections.abc import Callable
from typing import Any

from django.conf import settings
from django.contrib.auth import SESSION_KEY
from django.contrib.auth.views import redirect_to_login
from django.http import HttpRequest, HttpResponse, HttpResponseBase, HttpResponseRedirect
from django.urls import reverse
from django.utils import timezone

from accounts import actions, kept_forms, rules, sessions
from accounts.browsers import browser_of
from accounts.models import Session, User
from backoffice.core.middleware import SignInRequiredMiddleware

GetResponse = Callable[[HttpRequest], HttpResponse]
# Sent by scripts that ask without anybody at the keyboard (SESS-08).
BACKGROUND = "X-Background"


class DoorMiddleware(SignInRequiredMiddleware):
    """Sends strangers to the sign-in page; a form whose session is over is kept for the person of that session."""

    def process_view(
        self, request: HttpRequest, view_func: Callable[..., Any], view_args: tuple[Any], view_kwargs: dict[str, Any]
    ) -> HttpResponseBase | None:
        """As the parent does; a kept form that is sent again is kept no longer."""
        response = super().process_view(request, view_func, view_args, view_kwargs)
        is_closed_page = getattr(view_func, "login_required", True)
        if response is None and is_closed_page and request.method == "POST" and isinstance(request.user, User):
            ticket = request.POST.get(kept_forms.TICKET)
            if ticket:
                actions.discard_kept_form(user=request.user, public_id=ticket)
        return response

    def handle_no_permission(self, request: HttpRequest, view_func: Callable[..., Any]) -> HttpResponseRedirect:
        """The sign-in page; the CSRF check came first, so no other site can have a form kept."""
        if request.method == "POST" and _keep(request):
            return redirect_to_login(reverse("accounts:kept_form"))
        response: HttpResponseRedirect = super().handle_no_permission(request, view_func)
        return response


class LivingSessionMiddleware:
    """Writes down who opened a session, and pushes its idle limit forward, at most once a minute (SESS-03).

    It looks only at sessions the page itself used, so the payment page neither reads nor renews one (PAY-01), and what
    a page asks by itself in the background renews none (SESS-08).
    """

    def __init__(self, get_response: GetResponse) -> None:
        self.get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponse:
        response = self.get_response(request)
        session = request.session
        if session.accessed and SESSION_KEY in session and isinstance(request.user, User):
            now = timezone.now()
            if not sessions.is_noted(session):
                sessions.note_opening(session, user=request.user, browser=browser_of(request), now=now)
            elif BACKGROUND not in request.headers:
                sessions.note_use(session, now=now)
        return response


def _keep(request: HttpRequest) -> bool:
    key = request.COOKIES.get(settings.SESSION_COOKIE_NAME, "")
    if not key:
        return False
    now = timezone.now()
    lately = Session.objects.with_digest(sessions.digest_of(key)).ended_since(now - rules.LATE_FORM_WITHIN)
    ended = lately.with_person().first()
    if ended is None or ended.user is None or not rules.has_own_password(ended.user):
        return False
    form = kept_forms.read(request)
    return bool(form.fields) and actions.keep_form(user=ended.user, form=form, now=now)
