"""The page of whoever is signed in: who they are, where they are signed in, and which browsers are theirs."""

from uuid import UUID

from django.contrib import messages
from django.contrib.auth import logout
from django.http import HttpRequest, HttpResponse, JsonResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.utils import timezone
from django.views.decorators.http import require_http_methods, require_POST, require_safe

from accounts import actions, context, rules
from accounts.actions import tries
from accounts.browsers import browser_of
from accounts.guards import signed_in_person
from accounts.models import Device, Session
from accounts.sessions import digest_of
from accounts.views.frame import frame_of


@require_safe
def detail(request: HttpRequest) -> HttpResponse:
    """Who I am, where I am signed in, and the browsers that strangers' tries do not close (SESS-06)."""
    user, now = signed_in_person(request), timezone.now()
    open_sessions = list(Session.objects.of_signed_in(user, now=now))
    this_browser = tries.known_device(user, browser=browser_of(request), now=now)
    shown = {
        "person": user,
        "factor": rules.has_factor(user),
        "sessions": open_sessions,
        "current": _current(request),
        "has_others": any(one.session_key != _current(request) for one in open_sessions),
        "browsers": [one for one in Device.objects.of(user).last_used_first() if rules.is_known(one, now=now)],
        "this_browser": this_browser,
        "max_tries": rules.MAX_TRIES,
        **frame_of(user),
    }
    return render(request, "accounts/profile.html", shown)


@require_http_methods(["GET", "HEAD", "POST"])
def session_life(request: HttpRequest) -> HttpResponse:
    """Seconds this session still lives; a POST is « Rester connecté », a GET in the background renews nothing."""
    return JsonResponse({"seconds": context.seconds_left(request)})


@require_POST
def end_session(request: HttpRequest, public_id: UUID) -> HttpResponse:
    """End one of my sessions; somebody else's does not exist (SESS-06)."""
    user, now = signed_in_person(request), timezone.now()
    session = get_object_or_404(Session.objects.of_signed_in(user, now=now).with_public_id(public_id))
    actions.end_session(session=session, user=user, browser=browser_of(request), now=now)
    if session.session_key == _current(request):
        logout(request)
        return redirect("accounts:sign_in")
    messages.success(request, "La session est terminée. Ce navigateur devra se connecter à nouveau.")
    return redirect("accounts:profile")


@require_POST
def end_other_sessions(request: HttpRequest) -> HttpResponse:
    """End all my sessions but this one (SESS-06)."""
    ended = actions.end_other_sessions(
        user=signed_in_person(request), keep=_current(request), browser=browser_of(request), now=timezone.now()
    )
    if ended:
        messages.success(request, "Vos autres sessions sont terminées.")
    return redirect("accounts:profile")


@require_POST
def forget_browser(request: HttpRequest, public_id: UUID) -> HttpResponse:
    """Make one of my browsers unknown again; somebody else's does not exist."""
    user = signed_in_person(request)
    device = get_object_or_404(Device.objects.of(user).with_public_id(public_id))
    actions.forget_browser(
        device=device, user=user, keep=_current(request), browser=browser_of(request), now=timezone.now()
    )
    messages.success(request, "Ce navigateur n’est plus reconnu. Ce qui y était ouvert est terminé.")
    return redirect("accounts:profile")


def _current(request: HttpRequest) -> str:
    return digest_of(request.session.session_key or "")
