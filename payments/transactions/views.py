"""The list of a shop's payments in one mode, and the story of one payment."""

from uuid import UUID

from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, render
from django.views.decorators.http import require_safe

from accounts.guards import merchant_required, signed_in_person
from backoffice.vads.currencies import CURRENCIES
from payments.models import Transaction
from payments.transactions.page import page_of
from payments.transactions.story import story_of
from shops import rules
from shops.enums import Mode
from shops.models import Shop


@merchant_required
@require_safe
def index(request: HttpRequest, site_id: str) -> HttpResponse:
    """The payments of one mode, newest first, fifty a page."""
    shop = get_object_or_404(Shop.objects.visible_to(request.user), site_id=site_id)
    # Anything but PRODUCTION means TEST: the mode where a mistake costs nothing.
    mode = Mode.PRODUCTION if request.GET.get("mode") == Mode.PRODUCTION else Mode.TEST
    readable = rules.readable_modes(signed_in_person(request), shop)
    if mode not in readable:
        raise Http404
    page = page_of(
        Transaction.objects.of_shop(shop, mode=mode),
        older_than=request.GET.get("avant", ""),
        newer_than=request.GET.get("apres", ""),
    )
    context = {
        "shop": shop,
        "mode": mode.value,
        "modes": [one.value for one in Mode if one in readable],
        "page": page,
        "newer_url": f"?mode={mode}&apres={page.newer_than}" if page.newer_than else "",
        "older_url": f"?mode={mode}&avant={page.older_than}" if page.older_than else "",
    }
    return render(request, "payments/transactions.html", context)


@merchant_required
@require_safe
def detail(request: HttpRequest, site_id: str, public_id: UUID) -> HttpResponse:
    """One payment: what was asked, what the bank answered, what the shop was told."""
    shop = get_object_or_404(Shop.objects.visible_to(request.user), site_id=site_id)
    transaction = get_object_or_404(shop.transactions.with_story(), public_id=public_id)
    person = signed_in_person(request)
    if not rules.may_read(person, shop, Mode(transaction.mode)):
        raise Http404
    context = {
        "shop": shop,
        "mode": transaction.mode,
        "transaction": transaction,
        "heading": f"Transaction {transaction.trans_id}",
        "currency": CURRENCIES[transaction.currency],
        "story": story_of(transaction),
        "may_write": rules.may_write(person, shop, Mode(transaction.mode)),
    }
    return render(request, "payments/transaction.html", context)
