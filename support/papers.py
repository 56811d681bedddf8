"""The papers of a company's file, at the desk: its contracts, avenants and attestations."""

from datetime import datetime

from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.urls import reverse
from django.utils import timezone
from django.views.decorators.debug import sensitive_post_parameters
from django.views.decorators.http import require_http_methods, require_POST, require_safe

from accounts.actions import ChangesFrozen, OwnAccount
from accounts.guards import advisor_required, freeze_explained, signed_in_person
from accounts.models import Company, User
from backoffice.core.moves import IllegalMove
from backoffice.core.requests import client_address
from certificates import actions as certificates
from certificates.models import Amendment, Attestation, Contract
from shops.models import Shop
from support import actions, rules
from support.forms import AccountChangeForm, SignedForm
from support.frame import who_and_when
from support.models import ContactRequest, Proposal

SHOWN = 20
ANOTHER_WAITS = (
    "Rien n’a changé : le compte d’une autre boutique de ce gérant attend déjà son approbation. Attendez sa décision."
)
NOT_PROPOSED = (
    "Rien n’a changé : cette demande n’est plus la vôtre ou vient d’une autre société, ou la société n’a plus de"
    " gérant."
)


@advisor_required
@require_safe
def index(request: HttpRequest, public_id: str) -> HttpResponse:
    """The contracts, avenants and attestations of a company in this advisor's portfolio (AUTHZ-08)."""
    company = _found(request, public_id)
    context = {
        "company": company,
        "contracts": Contract.objects.of_company(company).with_shop(),
        "amendments": Amendment.objects.of_company(company),
        "shops": Shop.objects.of_company(company).listed(),
        "attestations": Attestation.objects.of_company(company).with_shop()[:SHOWN],
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
        actions.record_signed_contract(contract=contract, **form.cleaned_data, **who_and_when(request))
    except IllegalMove:
        messages.error(request, "Rien n’a changé : ce contrat est déjà marqué signé.")
    else:
        messages.success(
            request, "Le contrat est signé. S’il imprimait un code de première connexion, ce code est détruit."
        )
    return redirect("support:papers", public_id)


@advisor_required
@sensitive_post_parameters("iban")
@require_http_methods(["GET", "HEAD", "POST"])
def account(request: HttpRequest, public_id: str, number: str) -> HttpResponse:
    """Type another settlement account from the merchant's paper, for a second advisor to approve (AUTHZ-06)."""
    company, advisor = _found(request, public_id), signed_in_person(request)
    contract = get_object_or_404(Contract.objects.of_company(company).with_shop(), number=number)
    about = ContactRequest.objects.about(company).visible_to(advisor).open()
    held = {str(one.public_id): one for one in about if rules.may_change_account(one, by=advisor)}
    choices = [(key, f"{one.get_motive_display()}, de {one.full_name}") for key, one in held.items()]
    form = AccountChangeForm(request.POST if request.method == "POST" else None, requests=choices)
    if request.method == "POST" and form.is_valid():
        proposed = _propose(request, contract, held[form.cleaned_data["contact"]], iban=form.cleaned_data["iban"])
        if proposed:
            return redirect("support:approval", proposed.public_id)
        return redirect("support:papers", public_id)
    context = {"company": company, "contract": contract, "form": form, "held": held}
    return render(request, "support/change_account.html", context)


def _propose(request: HttpRequest, contract: Contract, contact: ContactRequest, *, iban: str) -> Proposal | None:
    try:
        proposed = actions.propose_account(contract=contract, contact=contact, iban=iban, **who_and_when(request))
    except ChangesFrozen:
        messages.error(request, "Rien n’a changé : le compte du gérant, ou le vôtre, est gelé. Levez d’abord ce gel.")
    except actions.AnotherWaits:
        messages.error(request, ANOTHER_WAITS)
    except (IllegalMove, OwnAccount, actions.HeldBySomebodyElse, actions.NoSuchAccount):
        messages.error(request, NOT_PROPOSED)
    else:
        messages.success(
            request, "Le changement attend l’approbation d’un second conseiller. Les gérants sont prévenus."
        )
        return proposed
    return None


@advisor_required
@require_http_methods(["GET", "HEAD", "POST"])
def amendment_pdf(request: HttpRequest, public_id: str, number: str) -> HttpResponse:
    """Ask for one avenant as a PDF, then to the page that shows how far it is."""
    company = _found(request, public_id)
    found = get_object_or_404(Amendment.objects.of_company(company), number=number)
    page = reverse("support:papers", args=[public_id])
    if request.method != "POST":  # Typed again, or an address that was kept.
        return redirect(page)
    asked = certificates.print_amendment(amendment=found, by=signed_in_person(request), back=page, now=timezone.now())
    return redirect("certificates:print", asked.public_id)


@advisor_required
@require_POST
def attest(request: HttpRequest, public_id: str, site_id: str) -> HttpResponse:
    """Establish today's attestation of one of the company's shops, and print it."""
    company = _found(request, public_id)
    shop = get_object_or_404(Shop.objects.of_company(company), site_id=site_id)
    by, now = signed_in_person(request), timezone.now()
    made = certificates.issue_attestation(shop=shop, by=by, now=now, address=client_address(request))
    return _print(made, by=by, public_id=public_id, now=now)


@advisor_required
@require_http_methods(["GET", "HEAD", "POST"])
def attestation_pdf(request: HttpRequest, public_id: str, number: str) -> HttpResponse:
    """Ask for one attestation as a PDF, then to the page that shows how far it is."""
    found = get_object_or_404(Attestation.objects.of_company(_found(request, public_id)), number=number)
    if request.method != "POST":  # Typed again, or an address that was kept.
        return redirect("support:papers", public_id)
    return _print(found, by=signed_in_person(request), public_id=public_id, now=timezone.now())


def _print(attestation: Attestation, *, by: User, public_id: str, now: datetime) -> HttpResponse:
    page = reverse("support:papers", args=[public_id])
    asked = certificates.print_attestation(attestation=attestation, by=by, back=page, now=now)
    return redirect("certificates:print", asked.public_id)


def _found(request: HttpRequest, public_id: str) -> Company:
    return get_object_or_404(Company.objects.visible_to(signed_in_person(request)), public_id=public_id)
