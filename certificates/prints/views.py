"""A print, for whoever asked for it and nobody else: its progress, then its PDF (DOC-06)."""

from typing import Any
from uuid import UUID

from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.urls import reverse
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
    context = {
        "layout": layout_of(request.user),
        "lead": "Le document en PDF, préparé pour vous uniquement.",
        "progress_url": reverse("certificates:print", args=[public_id]),
        "document_url": reverse("certificates:print_document", args=[public_id]),
    }
    return page_of(request, _own(request, public_id), **context)


@own_eyes_required
@require_safe
def download(request: HttpRequest, public_id: UUID) -> HttpResponse:
    """The PDF, as often as wanted while the print lives; until it is made, its page."""
    found = _own(request, public_id)
    if not found.is_done:
        return redirect("certificates:print", public_id)
    return pdf.response(found.pdf(), filename=found.file_name)


def page_of(request: HttpRequest, found: Print, **context: Any) -> HttpResponse:
    """The progress of a print: `context` is the layout, the lead, and the addresses of the progress and of the PDF."""
    now = timezone.now()
    state = {
        "print": found,
        "ahead": Print.objects.ahead_of(found, now).count() if found.is_queued else 0,
        "is_late": found.is_late(now),
        "packages": found.missing.split(),
    }
    return render(request, "certificates/print.html", context | state)


def _own(request: HttpRequest, public_id: UUID) -> Print:
    mine = Print.objects.of(signed_in_person(request).public_id).living(timezone.now())
    return get_object_or_404(mine, public_id=public_id)
