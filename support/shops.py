"""Closing a shop at the desk: what stops, what goes on, and why, before anything is done."""

from typing import cast

from django.contrib import messages
from django.http import HttpRequest, HttpResponse, HttpResponseBase
from django.shortcuts import get_object_or_404, redirect, render
from django.views.decorators.http import require_http_methods

from accounts.actions import require_unfrozen
from accounts.guards import advisor_required, confirmation_due, freeze_explained, signed_in_person
from accounts.models import Company
from backoffice.core.moves import IllegalMove
from shops import actions
from shops.enums import ShopClosingReason
from shops.models import Shop
from support.forms import ClosingForm
from support.frame import who_and_when

CLOSED_ALREADY = "Rien n’a changé\u00a0: cette boutique est déjà fermée."


@advisor_required
@freeze_explained
@require_http_methods(["GET", "HEAD", "POST"])
def close(request: HttpRequest, public_id: str, site_id: str) -> HttpResponseBase:
    """Say what closing the shop stops, ask why, and do it, once it is sure who asks; 404 outside the portfolio."""
    company = get_object_or_404(Company.objects.visible_to(signed_in_person(request)), public_id=public_id)
    shop = get_object_or_404(Shop.objects.of_company(company), site_id=site_id)
    if not shop.is_open:
        return _back(request, company, refused=CLOSED_ALREADY)
    require_unfrozen(signed_in_person(request))
    if due := confirmation_due(request):
        return due
    form = ClosingForm(
        request.POST if request.method == "POST" else None,
        reasons=ShopClosingReason,
        help_text="La société et ses gérants le lisent.",
    )
    if request.method == "POST" and form.is_valid():
        return _close(request, company, shop, cast("ShopClosingReason", form.cleaned_data["reason"]))
    return render(request, "support/close_shop.html", {"company": company, "shop_to_close": shop, "form": form})


def _close(request: HttpRequest, company: Company, shop: Shop, reason: ShopClosingReason) -> HttpResponse:
    try:
        actions.close_shop(shop=shop, reason=reason, **who_and_when(request))
    except IllegalMove:
        return _back(request, company, refused=CLOSED_ALREADY)
    messages.success(request, f"La boutique {shop.label} est fermée. La société et ses gérants en sont prévenus.")
    return _back(request, company)


def _back(request: HttpRequest, company: Company, *, refused: str = "") -> HttpResponse:
    if refused:
        messages.error(request, refused)
    return redirect("support:company", company.public_id)
