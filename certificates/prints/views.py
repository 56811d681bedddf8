"""A print, for whoever asked for it and nobody else: its progress, then its PDF (DOC-06)."""

from datetime import datetime
from typing import Any
from uuid import UUID

from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.utils import timezone
from django.views.decorators.http import require_safe

from accounts.guards import own_eyes_required, signed_in_person
from accounts.layouts import layout_of
from backoffice.core import pdf
from backoffice.core.models import Print


@own_eyes_required
@require_safe
def progress(request: HttpRequest, public_id: UUID) -> HttpResponse:
    """What is being made and how far it is; then the way to it, or what to do when it could not be made."""
    found = _own(request, public_id)
    context = {"layout": layout_of(request.user), **state_of(found, now=timezone.now())}
    return render(request, "certificates/print.html", context)


@own_eyes_required
@require_safe
def download(request: HttpRequest, public_id: UUID) -> HttpResponse:
    """The PDF, as often as wanted while the print lives; until it is made, its page."""
    found = _own(request, public_id)
    if not found.is_done:
        return redirect("certificates:print", public_id)
    return pdf.response(found.pdf(), filename=found.file_name)


def state_of(found: Print, *, now: datetime) -> dict[str, Any]:
    """What the progress of a print shows, wherever it is shown."""
    return {
        "print": found,
        "ahead": Print.objects.ahead_of(found, now).count() if found.is_queued else 0,
        "is_late": found.is_late(now),
        "packages": found.missing.split(),
    }


def _own(request: HttpRequest, public_id: UUID) -> Print:
    mine = Print.objects.of(signed_in_person(request).public_id).living(timezone.now())
    return get_object_or_404(mine, public_id=public_id)
