"""The pages of attestations: establishing one of today, and printing those of before."""

from datetime import datetime

from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.urls import reverse
from django.utils import timezone
from django.views.decorators.http import require_http_methods

from accounts.guards import merchant_required, signed_in_person
from accounts.models import User
from backoffice.core.requests import client_address
from certificates import actions
from certificates.models import Attestation, Contract
from shops import rules
from shops.models import Shop

SHOWN = 20


@merchant_required
@require_http_methods(["GET", "HEAD", "POST"])
def index(request: HttpRequest, site_id: str) -> HttpResponse:
    """What an attestation says, the latest ones, and the button that establishes today's and prints it."""
    shop = _readable_shop(request, site_id)
    if request.method == "POST":
        by, now = signed_in_person(request), timezone.now()
        made = actions.issue_attestation(shop=shop, by=by, now=now, address=client_address(request))
        return _print(made, by=by, site_id=site_id, now=now)
    context = {
        "shop": shop,
        "contract": Contract.objects.of_shop(shop).first(),
        "attestations": Attestation.objects.of_shop(shop)[:SHOWN],
    }
    return render(request, "certificates/attestation.html", context)


@merchant_required
@require_http_methods(["GET", "HEAD", "POST"])
def attestation_pdf(request: HttpRequest, site_id: str, number: str) -> HttpResponse:
    """Ask for one attestation as a PDF, then to the page that shows how far it is."""
    shop = _readable_shop(request, site_id)
    found = get_object_or_404(Attestation.objects.of_shop(shop), number=number)
    if request.method != "POST":  # Typed again, or an address that was kept.
        return redirect("certificates:attestation", site_id)
    return _print(found, by=signed_in_person(request), site_id=site_id, now=timezone.now())


def _print(attestation: Attestation, *, by: User, site_id: str, now: datetime) -> HttpResponse:
    page = reverse("certificates:attestation", args=[site_id])
    asked = actions.print_attestation(attestation=attestation, by=by, back=page, now=now)
    return redirect("certificates:print", asked.public_id)


def _readable_shop(request: HttpRequest, site_id: str) -> Shop:
    shop = get_object_or_404(Shop.objects.visible_to(request.user), site_id=site_id)
    if not rules.may_read_contract(signed_in_person(request), shop):
        raise Http404
    return shop
