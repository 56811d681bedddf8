"""Paper: documents from our templates, made by `core.printers`, never in a web thread (design 4.16).

Pages ask `core.prints` for one and show how far it is; `render` waits for it, where nobody waits for a page.
"""

from dataclasses import dataclass
from typing import Any
from uuid import UUID

from django.conf import settings
from django.http import HttpResponse
from django.template.loader import render_to_string
from django.utils.http import content_disposition_header

from backoffice.core import printers
from backoffice.core.printers import PdfFailed, PdfUnavailable, missing_packages

__all__ = ["Paper", "PdfFailed", "PdfUnavailable", "missing_packages", "render", "response"]


@dataclass(frozen=True, kw_only=True)
class Paper:
    """A document to print: its template and context, what people call it, and the public id of what it is about."""

    template: str
    context: dict[str, Any]
    title: str
    file_name: str
    about: UUID

    def html(self) -> str:
        """What is printed."""
        return render_to_string(self.template, self.context | {"brand": settings.BRAND})


def render(paper: Paper) -> bytes:
    """The tagged PDF, once it is made. Raises PdfUnavailable or PdfFailed. Not for web threads."""
    return printers.render(paper.html())


def response(content: bytes, *, filename: str) -> HttpResponse:
    """Hand a PDF to the browser as a download that no cache keeps (DOC-05, DOC-06)."""
    answer = HttpResponse(content, content_type="application/pdf")
    disposition = content_disposition_header(as_attachment=True, filename=filename)
    if disposition:
        answer["Content-Disposition"] = disposition
    answer["Cache-Control"] = "no-store"
    return answer
