"""The page of the integration guide."""

from django.conf import settings
from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, render
from django.urls import reverse
from django.views.decorators.http import require_safe

from accounts.guards import merchant_required, signed_in_person
from backoffice.vads import cards, moments
from certificates.models import SignatureSetting
from payments.guide import samples
from payments.guide.example import KEY, example
from payments.guide.lookup import LONGEST_SEARCH, themes_about
from payments.rules import SESSION_LIFETIME
from shops import rules
from shops.enums import Mode
from shops.models import Shop

# One card for each of the usual scenarios.
_FIRST_BEGINNING = "49701000"


@merchant_required
@require_safe
def guide(request: HttpRequest, site_id: str) -> HttpResponse:
    """All that a webmaster needs to take payments: the shop's facts, five steps, signing, fields, dates and cards."""
    shop = get_object_or_404(Shop.objects.visible_to(request.user).with_server_urls(), site_id=site_id)
    person = signed_in_person(request)
    readable, writable = rules.readable_modes(person, shop), rules.writable_modes(person, shop)
    algorithms = SignatureSetting.objects.algorithms(shop)
    entry_url = settings.BASE_URL + reverse("payments:entry")
    typed = request.GET.get("recherche", "").strip()[:LONGEST_SEARCH]
    current = [card for card in cards.TEST_CARDS if card.is_current]
    context = {
        "shop": shop,
        "entry_url": entry_url,
        "modes": [
            (mode, algorithms[mode], shop.server_url(mode), shop.return_url(mode)) for mode in Mode if mode in readable
        ],
        "may_write": bool(writable),
        "samples": samples,
        "example": example(site_id=shop.site_id, entry_url=entry_url),
        "example_key": KEY,
        "themes": themes_about(typed),
        "typed": typed,
        "longest_search": LONGEST_SEARCH,
        "silent_minutes": int(moments.SILENT_DRIFT.total_seconds()) // 60,
        "largest_hours": int(moments.LARGEST_DRIFT.total_seconds()) // 3600,
        "session_minutes": int(SESSION_LIFETIME.total_seconds()) // 60,
        "first_cards": [card for card in current if card.number.startswith(_FIRST_BEGINNING)],
        "other_cards": [card for card in current if not card.number.startswith(_FIRST_BEGINNING)],
    }
    return render(request, "payments/guide/index.html", context)
