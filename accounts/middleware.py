"""What the door does at every request: asks for a factor that is owed, keeps late forms and used sessions."""

from collections.abc import Callable
from typing import Any

from django.conf import settings
from django.contrib.auth import SESSION_KEY
from django.contrib.auth.views import redirect_to_login
from django.http import HttpRequest, HttpResponse, HttpResponseBase, HttpResponseRedirect
from django.shortcuts import redirect
from django.urls import reverse
from django.utils import timezone

from accounts import actions, kept_forms, rules, sessions, viewing
from accounts.browsers import browser_of
from accounts.models import Session, User
from backoffice.core.middleware import SignInRequiredMiddleware

GetResponse = Callable[[HttpRequest], HttpResponse]
# Sent by scripts that ask without anybody at the keyboard (SESS-08).
BACKGROUND = "X-Background"


class DoorMiddleware(SignInRequiredMiddleware):
    """Sends strangers to the sign-in page; a form whose session is over is kept for the person of that session.

    Opens nothing but the enrolment, and the pages open to all, to people who owe a second factor (AUTH-18). Whether
    they do comes with the person of the session, in the same query: a company's decision counts from the very next
    request on (AUTHZ-05).
    """

    def process_view(
        self, request: HttpRequest, view_func: Callable[..., Any], view_args: tuple[Any], view_kwargs: dict[str, Any]
    ) -> HttpResponseBase | None:
        """As the parent does; a kept form that is sent again is kept no longer."""
        response = super().process_view(request, view_func, view_args, view_kwargs)
        is_closed_page = getattr(view_func, "login_required", True)
        if response is not None or not is_closed_page or not isinstance(request.user, User):
            return response
        if request.user.owes_factor and not getattr(view_func, "open_before_enrolment", False):
            return _lead_to_enrolment(request, request.user)
        ticket = request.POST.get(kept_forms.TICKET) if request.method == "POST" else None
        if ticket:
            actions.discard_kept_form(user=request.user, public_id=ticket)
        return None

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
        if session.accessed and SESSION_KEY in session and isinstance(owner := viewing.owner_of_session(request), User):
            now = timezone.now()
            if not sessions.is_noted(session):
                sessions.note_opening(session, user=owner, browser=browser_of(request), now=now)
            elif BACKGROUND not in request.headers:
                sessions.note_use(session, now=now)
        return response


def _lead_to_enrolment(request: HttpRequest, user: User) -> HttpResponse:
    """What was being sent when a company began to ask for a factor waits for the end of the enrolment."""
    form = kept_forms.read(request) if request.method == "POST" else None
    if form and form.fields:
        actions.keep_form(user=user, form=form, now=timezone.now())
    return redirect("accounts:second_factor")


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
