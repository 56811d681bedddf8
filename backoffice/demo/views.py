"""The demo's own pages, open to all: nobody could sign in without the first e-mail, advisors without a code."""

from pathlib import Path

from django.conf import settings
from django.contrib.auth.decorators import login_not_required
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import render
from django.utils import timezone
from django.views.decorators.http import require_safe

from backoffice.demo import codes as applications
from backoffice.demo import mailbox as box

FOLDER = "courriels"


@login_not_required
@require_safe
def mailbox(request: HttpRequest) -> HttpResponse:
    """Every e-mail that left, newest first."""
    return render(request, "demo/mailbox.html", {"mails": box.newest(_folder())})


@login_not_required
@require_safe
def mail(request: HttpRequest, key: str) -> HttpResponse:
    """One e-mail, as its reader sees it without pictures."""
    found = box.find(_folder(), key)
    if found is None:
        raise Http404
    return render(request, "demo/mail.html", {"mail": found})


@login_not_required
@require_safe
def codes(request: HttpRequest) -> HttpResponse:
    """What everybody's application shows at this moment, in place of a telephone."""
    _folder()
    now = timezone.now()
    shown = {"rows": applications.shown(now=now), "seconds": applications.seconds_left(now=now)}
    return render(request, "demo/codes.html", shown)


def _folder() -> Path:
    # Outside the demo this address does not exist, even if someone routed it.
    if settings.DEMO_DATA is None:
        raise Http404
    return Path(settings.DEMO_DATA) / FOLDER
