"""The ways back: the link that makes a browser known, and the forgotten password."""

from http import HTTPStatus

from django.contrib.auth.decorators import login_not_required
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils import timezone
from django.views.decorators.http import require_http_methods, require_safe

from accounts import actions, devices, flow, links
from accounts.browsers import browser_of
from accounts.enums import LinkPurpose, Way
from accounts.forms.door import ForgottenForm
from accounts.throttle import TooManyTries
from accounts.views.door import too_many


@login_not_required
@require_http_methods(["GET", "HEAD", "POST"])
def known_browser(request: HttpRequest, token: str) -> HttpResponse:
    """Make this browser known to the owner of a temporary password. Looking does nothing: mail scanners do it."""
    now = timezone.now()
    if request.method == "POST":
        try:
            cookie = actions.take_recovery_link(token=token, browser=browser_of(request), now=now)
        except links.LinkOver:
            return _link_over(request)
        response = redirect("accounts:sign_in")
        devices.remember(response, cookie)
        return response
    if links.find(token, purpose=LinkPurpose.RECOVERY, now=now) is None:
        return _link_over(request)
    return render(request, "accounts/known_browser.html", {"token": token})


@login_not_required
@require_http_methods(["GET", "HEAD", "POST"])
def forgotten(request: HttpRequest) -> HttpResponse:
    """Ask for a link; the answer is the same whatever exists (RST-11)."""
    form = ForgottenForm(request.POST or None)
    if request.method == "POST" and form.is_valid():
        try:
            actions.ask_forgotten_link(**form.cleaned_data, browser=browser_of(request), now=timezone.now())
        except TooManyTries as refusal:
            return too_many(request, refusal)
        return redirect("accounts:forgotten_sent")
    return render(request, "accounts/forgotten.html", {"form": form})


@login_not_required
@require_safe
def forgotten_sent(request: HttpRequest) -> HttpResponse:
    """What happens next, in the same words for everybody."""
    return render(request, "accounts/forgotten_sent.html")


@login_not_required
@require_http_methods(["GET", "HEAD", "POST"])
def forgotten_link(request: HttpRequest, token: str) -> HttpResponse:
    """The mailed link: looking does nothing, continuing leads to the code, then to a new password (design 4.7)."""
    now = timezone.now()
    if request.method == "POST":
        try:
            user = actions.take_forgotten_link(token=token, now=now)
        except links.LinkOver:
            return _link_over(request)
        flow.begin(request, user, Way.FORGOTTEN)
        return redirect("accounts:first_connection")
    if links.find(token, purpose=LinkPurpose.FORGOTTEN, now=now) is None:
        return _link_over(request)
    return render(request, "accounts/forgotten_link.html", {"token": token})


def _link_over(request: HttpRequest) -> HttpResponse:
    """One page for a link that was used, is too old, or never was."""
    return render(request, "accounts/link_over.html", status=HTTPStatus.GONE)
