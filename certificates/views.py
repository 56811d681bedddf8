"""Pages of certificates: both modes side by side, the test phase, the algorithm, and the contract."""

from collections.abc import Mapping
from dataclasses import dataclass, field

from django.contrib import messages
from django.http import Http404, HttpRequest, HttpResponse, HttpResponseBase
from django.shortcuts import get_object_or_404, redirect, render
from django.urls import reverse
from django.utils import timezone
from django.views.decorators.http import require_http_methods, require_safe

from accounts.actions import require_unfrozen
from accounts.guards import confirmation_due, freeze_explained, merchant_required, signed_in_person
from backoffice.core.requests import client_address
from backoffice.vads.signature import Algorithm
from certificates import actions
from certificates.enums import EvidenceStep
from certificates.forms import AlgorithmForm
from certificates.models import Amendment, Certificate, Contract, Evidence, SignatureSetting
from shops import rules
from shops.enums import Mode
from shops.models import Shop


@dataclass(frozen=True)
class ModeColumn:
    """One mode as the page shows it; `value` is the certificate in clear, in the answer to a reveal only."""

    mode: Mode
    certificate: Certificate | None
    algorithm: Algorithm
    value: str = field(repr=False)
    is_writable: bool

    @property
    def is_deprecated(self) -> bool:
        """Whether the mode still signs with SHA-1."""
        return self.algorithm is Algorithm.SHA1


@merchant_required
@require_safe
def detail(request: HttpRequest, site_id: str) -> HttpResponse:
    """Both certificates, masked, and what remains to be proved before production."""
    return _certificates_page(request, site_id, revealed={})


@merchant_required
@require_http_methods(["GET", "HEAD", "POST"])
@freeze_explained
def reveal(request: HttpRequest, site_id: str, mode: Mode) -> HttpResponseBase:
    """The same page with one certificate in clear, in the POST's own answer and nowhere else (KEY-03)."""
    shop = _writable_shop(request, site_id, mode)
    if request.method != "POST":  # Typed again, or back from the sign-in page.
        return redirect("certificates:detail", site_id)
    certificate = get_object_or_404(Certificate.objects.of_shop(shop), mode=mode)
    require_unfrozen(signed_in_person(request))
    due = confirmation_due(request)
    if due:
        return due
    value = actions.reveal_certificate(
        certificate=certificate, by=signed_in_person(request), now=timezone.now(), address=client_address(request)
    )
    return _certificates_page(request, site_id, revealed={mode: value})


@merchant_required
@require_http_methods(["GET", "HEAD", "POST"])
@freeze_explained
def algorithm(request: HttpRequest, site_id: str, mode: Mode) -> HttpResponse:
    """The choice of the algorithm that signs one mode."""
    shop = _writable_shop(request, site_id, mode)
    current = SignatureSetting.objects.algorithms(shop)[mode]
    form = AlgorithmForm(request.POST if request.method == "POST" else None, initial={"algorithm": current.value})
    if form.is_valid():
        actions.choose_algorithm(
            shop=shop,
            mode=mode,
            algorithm=form.cleaned_data["algorithm"],
            by=signed_in_person(request),
            now=timezone.now(),
            address=client_address(request),
        )
        messages.success(request, f"Le mode {mode.label} signe désormais en {form.cleaned_data['algorithm'].value}.")
        return redirect("certificates:detail", site_id)
    return render(request, "certificates/algorithm.html", {"shop": shop, "mode": mode.value, "form": form})


@merchant_required
@require_http_methods(["GET", "HEAD", "POST"])
@freeze_explained
def generate(request: HttpRequest, site_id: str) -> HttpResponseBase:
    """Make the production certificate, then back to the page that shows it masked."""
    shop = _writable_shop(request, site_id, Mode.PRODUCTION)
    if request.method == "POST":
        require_unfrozen(signed_in_person(request))
        due = confirmation_due(request)
        if due:
            return due
        _generate(request, shop)
    return redirect("certificates:detail", site_id)


@merchant_required
@require_safe
def contract(request: HttpRequest, site_id: str) -> HttpResponse:
    """The shop's contract, without the code of first connection."""
    shop = _shop_with_contract(request, site_id)
    found = Contract.objects.of_shop(shop).first()
    context = {
        "shop": shop,
        "contract": found,
        "snapshot": found.snapshot() if found else None,
        "amendments": Amendment.objects.of_company(shop.company),
    }
    return render(request, "certificates/contract.html", context)


@merchant_required
@require_http_methods(["GET", "HEAD", "POST"])
def contract_pdf(request: HttpRequest, site_id: str) -> HttpResponse:
    """Ask for the same contract as a PDF, then to the page that shows how far it is."""
    shop = _shop_with_contract(request, site_id)
    found = get_object_or_404(Contract.objects.of_shop(shop))
    page = reverse("certificates:contract", args=[site_id])
    if request.method != "POST":  # Typed again, or an address that was kept.
        return redirect(page)
    asked = actions.print_contract(contract=found, by=signed_in_person(request), back=page, now=timezone.now())
    return redirect("certificates:print", asked.public_id)


@merchant_required
@require_http_methods(["GET", "HEAD", "POST"])
def amendment_pdf(request: HttpRequest, site_id: str, number: str) -> HttpResponse:
    """Ask for an avenant of the company as a PDF, then to the page that shows how far it is."""
    shop = _shop_with_contract(request, site_id)
    found = get_object_or_404(Amendment.objects.of_company(shop.company), number=number)
    page = reverse("certificates:contract", args=[site_id])
    if request.method != "POST":  # Typed again, or an address that was kept.
        return redirect(page)
    asked = actions.print_amendment(amendment=found, by=signed_in_person(request), back=page, now=timezone.now())
    return redirect("certificates:print", asked.public_id)


def _visible_shop(request: HttpRequest, site_id: str) -> Shop:
    return get_object_or_404(Shop.objects.visible_to(request.user), site_id=site_id)


def _writable_shop(request: HttpRequest, site_id: str, mode: Mode) -> Shop:
    """The shop, for whoever may change this mode of it and see its secret; 404 for the others (AUTHZ-03)."""
    shop = _visible_shop(request, site_id)
    if not rules.may_write(signed_in_person(request), shop, mode):
        raise Http404
    return shop


def _shop_with_contract(request: HttpRequest, site_id: str) -> Shop:
    shop = _visible_shop(request, site_id)
    if not rules.may_read_contract(signed_in_person(request), shop):
        raise Http404
    return shop


def _certificates_page(request: HttpRequest, site_id: str, *, revealed: Mapping[Mode, str]) -> HttpResponse:
    shop = get_object_or_404(Contract.objects.signed_of(Shop.objects.visible_to(request.user)), site_id=site_id)
    certificates = {Mode(one.mode): one for one in Certificate.objects.of_shop(shop)}
    algorithms = SignatureSetting.objects.algorithms(shop)
    proofs = Evidence.objects.by_step(shop)
    steps = [(step, proofs.get(step)) for step in EvidenceStep]
    person = signed_in_person(request)
    readable, writable = rules.readable_modes(person, shop), rules.writable_modes(person, shop)
    columns = [
        ModeColumn(
            mode,
            certificates.get(mode),
            algorithm=algorithms[mode],
            value=revealed.get(mode, ""),
            is_writable=mode in writable,
        )
        for mode in Mode
        if mode in readable
    ]
    context = {
        "shop": shop,
        "columns": columns,
        "steps": steps,
        "is_tested": len(proofs) == len(steps),
        "is_live": Mode.PRODUCTION in certificates,
        "may_generate": Mode.PRODUCTION in writable,
    }
    return render(request, "certificates/detail.html", context)


def _generate(request: HttpRequest, shop: Shop) -> None:
    try:
        actions.generate_production_certificate(
            shop=shop, by=signed_in_person(request), now=timezone.now(), address=client_address(request)
        )
    except actions.AlreadyGenerated:
        messages.info(request, "Le certificat de production existe déjà. Affichez-le pour le copier dans votre module.")
    except actions.TestPhaseIncomplete as incomplete:
        rest = ", ".join(step.label[0].lower() + step.label[1:] for step in incomplete.missing)
        messages.error(request, f"La phase de test n’est pas terminée. Il reste\u00a0: {rest}.")
    except actions.ContractUnsigned:
        messages.error(
            request,
            "Le contrat signé n’est pas encore enregistré. Imprimez-le, signez-le et renvoyez-le à votre conseiller.",
        )
    else:
        messages.success(
            request, "Le certificat de production est généré. Un e-mail le confirme à l’adresse de votre société."
        )
