"""The page of « Ce n’était pas moi »: reached from a security mail, without signing in (AUTH-16)."""

from http import HTTPStatus

from django.contrib.auth import logout
from django.contrib.auth.decorators import login_not_required
from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.utils import timezone
from django.views.decorators.http import require_http_methods

from accounts import links, not_me
from accounts.browsers import browser_of
from support import actions


@login_not_required
@require_http_methods(["GET", "HEAD", "POST"])
def report(request: HttpRequest, token: str) -> HttpResponse:
    """Say what will happen; the button does it. Looking uses nothing up: mail scanners do it."""
    now = timezone.now()
    if request.method == "POST":
        return _report(request, token)
    found = not_me.find(token, now=now)
    if found is None:
        return _link_over(request)
    return render(request, "support/not_me.html", {"report": found, "token": token})


def _report(request: HttpRequest, token: str) -> HttpResponse:
    try:
        done = actions.report_not_me(token=token, browser=browser_of(request), now=timezone.now())
    except links.LinkOver:
        return _link_over(request)
    if request.user == done.user:
        # This browser's session ended with the others: nothing of it may be written back.
        logout(request)
    return render(request, "support/not_me_done.html", {"report": done})


def _link_over(request: HttpRequest) -> HttpResponse:
    """One page for a link that was used, is too old, or never was."""
    return render(request, "support/not_me_over.html", status=HTTPStatus.GONE)
