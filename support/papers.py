"""The papers of a company's file, at the desk: its contracts and avenants."""

import logging

from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.views.decorators.http import require_safe

from accounts.guards import advisor_required, signed_in_person
from accounts.models import Company
from backoffice.core import pdf
from certificates.documents import amendment_pdf as print_amendment
from certificates.models import Amendment, Contract

FAILED = "Le PDF n’a pas pu être fait. Recommencez dans quelques minutes : l’avenant lui-même est intact."

logger = logging.getLogger(__name__)


@advisor_required
@require_safe
def index(request: HttpRequest, public_id: str) -> HttpResponse:
    """The contracts and avenants of a company in this advisor's portfolio (AUTHZ-08)."""
    company = _found(request, public_id)
    context = {
        "company": company,
        "contracts": Contract.objects.of_company(company).with_shop(),
        "amendments": Amendment.objects.of_company(company),
    }
    return render(request, "support/papers.html", context)


@advisor_required
@require_safe
def amendment_pdf(request: HttpRequest, public_id: str, number: str) -> HttpResponse:
    """One avenant as a PDF."""
    company = _found(request, public_id)
    found = get_object_or_404(Amendment.objects.of_company(company), number=number)
    try:
        content = print_amendment(found)
    except (pdf.PdfUnavailable, pdf.PdfFailed):
        logger.exception("amendment %s not printed", found.public_id)
        messages.error(request, FAILED)
        return redirect("support:papers", public_id)
    return pdf.response(content, filename=f"avenant-{found.number}.pdf")


def _found(request: HttpRequest, public_id: str) -> Company:
    return get_object_or_404(Company.objects.visible_to(signed_in_person(request)), public_id=public_id)
