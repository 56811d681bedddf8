"""The demo's own pages: the mailbox, open to all, since nobody could sign in without the first e-mail."""

from pathlib import Path

from django.conf import settings
from django.contrib.auth.decorators import login_not_required
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import render
from django.views.decorators.http import require_safe

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


def _folder() -> Path:
    # Outside the demo this address does not exist, even if someone routed it.
    if settings.DEMO_DATA is None:
        raise Http404
    return Path(settings.DEMO_DATA) / FOLDER
