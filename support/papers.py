"""The papers of a company's file, at the desk: its contracts and avenants."""

from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.urls import reverse
from django.utils import timezone
from django.views.decorators.http import require_http_methods, require_safe

from accounts.browsers import browser_of
from accounts.guards import advisor_required, freeze_explained, signed_in_person
from accounts.models import Company
from backoffice.core.moves import IllegalMove
from certificates.actions import print_amendment
from certificates.models import Amendment, Contract
from support import actions
from support.forms import SignedForm


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
@require_http_methods(["GET", "HEAD", "POST"])
@freeze_explained
def signed(request: HttpRequest, public_id: str, number: str) -> HttpResponse:
    """Note that a signed contract is back: the code it printed is destroyed (DOC-06)."""
    company = _found(request, public_id)
    contract = get_object_or_404(Contract.objects.of_company(company).with_shop(), number=number)
    form = SignedForm(request.POST if request.method == "POST" else None)
    if request.method != "POST" or not form.is_valid():
        return render(request, "support/signed.html", {"company": company, "contract": contract, "form": form})
    try:
        actions.record_signed_contract(
            contract=contract,
            **form.cleaned_data,
            by=signed_in_person(request),
            browser=browser_of(request),
            now=timezone.now(),
        )
    except IllegalMove:
        messages.error(request, "Rien n’a changé : ce contrat est déjà marqué signé.")
    else:
        messages.success(
            request, "Le contrat est signé. S’il imprimait un code de première connexion, ce code est détruit."
        )
    return redirect("support:papers", public_id)


@advisor_required
@require_http_methods(["GET", "HEAD", "POST"])
def amendment_pdf(request: HttpRequest, public_id: str, number: str) -> HttpResponse:
    """Ask for one avenant as a PDF, then to the page that shows how far it is."""
    company = _found(request, public_id)
    found = get_object_or_404(Amendment.objects.of_company(company), number=number)
    page = reverse("support:papers", args=[public_id])
    if request.method != "POST":  # Typed again, or an address that was kept.
        return redirect(page)
    asked = print_amendment(amendment=found, by=signed_in_person(request), back=page, now=timezone.now())
    return redirect("certificates:print", asked.public_id)


def _found(request: HttpRequest, public_id: str) -> Company:
    return get_object_or_404(Company.objects.visible_to(signed_in_person(request)), public_id=public_id)
