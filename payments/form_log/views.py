"""The list of a shop's refused forms, and the page of one of them."""

from urllib.parse import urlencode
from uuid import UUID

from django.http import Http404, HttpRequest, HttpResponse, QueryDict
from django.shortcuts import get_object_or_404, render
from django.views.decorators.http import require_safe

from accounts.guards import merchant_required, signed_in_person
from payments.form_log.forms import FilterForm
from payments.form_log.page import chips_of, page_of
from payments.form_log.story import story_of
from payments.models import LoggedForm
from shops import rules
from shops.models import Shop


@merchant_required
@require_safe
def index(request: HttpRequest, site_id: str) -> HttpResponse:
    """The forms refused or accepted with a warning, newest first, fifty a page; an integrator sees TEST alone."""
    shop = get_object_or_404(Shop.objects.visible_to(request.user), site_id=site_id)
    modes = rules.readable_modes(signed_in_person(request), shop)
    form = FilterForm(request.GET, modes=modes)
    filters = form.filters()
    page = page_of(
        filters.applied_to(LoggedForm.objects.of_shop(shop).in_modes(modes).without_fields()),
        older_than=request.GET.get("avant", ""),
        newer_than=request.GET.get("apres", ""),
    )
    chosen = _chosen(request.GET)
    context = {
        "shop": shop,
        "mode": filters.mode or (next(iter(modes)) if len(modes) == 1 else ""),
        "form": form,
        "page": page,
        "chips": [
            (words, _address({key: value for key, value in chosen.items() if key != FilterForm.IN_ADDRESS[name]}))
            for name, words in chips_of(filters).items()
        ],
        "newer_url": _address({**chosen, "apres": str(page.newer_than)}) if page.newer_than else "",
        "older_url": _address({**chosen, "avant": str(page.older_than)}) if page.older_than else "",
    }
    return render(request, "payments/refused_forms.html", context)


@merchant_required
@require_safe
def detail(request: HttpRequest, site_id: str, public_id: UUID) -> HttpResponse:
    """One form: what happened, what to do, and its fields as they were received."""
    shop = get_object_or_404(Shop.objects.visible_to(request.user), site_id=site_id)
    logged = get_object_or_404(LoggedForm.objects.of_shop(shop), public_id=public_id)
    if logged.shown_mode not in rules.readable_modes(signed_in_person(request), shop):
        raise Http404
    context = {"shop": shop, "mode": logged.shown_mode.value, "logged": logged, "story": story_of(logged)}
    return render(request, "payments/refused_form.html", context)


def _chosen(given: QueryDict) -> dict[str, str]:
    """What the address said of the filters, as typed, without its place in the list."""
    filters = {name: given.get(name, "") for name in FilterForm.IN_ADDRESS.values()}
    return {name: value for name, value in filters.items() if value}


def _address(chosen: dict[str, str]) -> str:
    return f"?{urlencode(chosen)}"
