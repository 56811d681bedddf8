"""Pages of a shop: the list, the shop itself, and the addresses where it is told about its payments."""

from django.conf import settings
from django.contrib import messages
from django.http import Http404, HttpRequest, HttpResponse, HttpResponseBase
from django.shortcuts import get_object_or_404, redirect, render
from django.utils import timezone
from django.views.decorators.http import require_http_methods, require_safe

from accounts.actions import ChangesFrozen
from accounts.guards import confirmation_due, merchant_required, signed_in_person
from accounts.rules import may_change, may_manage_people
from backoffice.core.outbound import AddressRefused
from backoffice.core.requests import client_address
from shops import actions, rules
from shops.enums import Mode
from shops.forms import PaymentPageForm, ServerUrlForm
from shops.models import Shop

_WHY_FROZEN = (
    "les modifications de votre compte sont gelées depuis un signalement « Ce n’était pas moi »."
    f" Un conseiller vous rappelle ; pour ne pas attendre, appelez le {settings.BRAND['phone']}."
)
FROZEN = f"Cette adresse n’est pas enregistrée : {_WHY_FROZEN}"
FROZEN_SETTINGS = f"Ces réglages ne sont pas enregistrés : {_WHY_FROZEN}"


@merchant_required
@require_safe
def listing(request: HttpRequest) -> HttpResponse:
    """The shops of the person's companies."""
    shops = Shop.objects.visible_to(request.user).with_server_urls().listed()
    person = signed_in_person(request)
    may_ask = person.company is not None and may_manage_people(person, person.company)
    return render(request, "shops/listing.html", {"shops": shops, "may_ask_for_shop": may_ask})


@merchant_required
@require_safe
def detail(request: HttpRequest, site_id: str) -> HttpResponse:
    """What the shop's payment module must know, and where its site is told about payments."""
    shop = get_object_or_404(Shop.objects.visible_to(request.user).with_server_urls(), site_id=site_id)
    person = signed_in_person(request)
    readable, writable = rules.readable_modes(person, shop), rules.writable_modes(person, shop)
    context = {
        "shop": shop,
        "server_urls": [(mode, shop.server_url_row(mode), mode in writable) for mode in Mode if mode in readable],
        "return_urls": [(mode, shop.return_url(mode)) for mode in Mode if mode in readable],
        "sets_payment_page": bool(writable),
        "base_url": settings.BASE_URL,
    }
    return render(request, "shops/detail.html", context)


@merchant_required
@require_http_methods(["GET", "HEAD", "POST"])
def server_url(request: HttpRequest, site_id: str) -> HttpResponseBase:
    """A form for each mode this person may set; the one that was sent keeps what was typed, whatever is said."""
    shop = get_object_or_404(Shop.objects.visible_to(request.user).with_server_urls(), site_id=site_id)
    writable = rules.writable_modes(signed_in_person(request), shop)
    if not writable:
        raise Http404
    forms = {mode: ServerUrlForm(shop=shop, mode=mode) for mode in Mode if mode in writable}
    if request.method == "POST":
        mode = _posted_mode(request)
        if mode not in writable:
            raise Http404
        # Whoever changes where real payments are announced says who they are again; TEST needs none.
        is_guarded = mode is Mode.PRODUCTION and may_change(signed_in_person(request))
        due = confirmation_due(request) if is_guarded else None
        if due:
            return due
        form = forms[mode] = ServerUrlForm(shop=shop, mode=mode, typed=request.POST)
        if _save(request, shop, form):
            return redirect("shops:server_url", site_id)
    return render(request, "shops/server_url.html", {"shop": shop, "forms": forms.values()})


@merchant_required
@require_http_methods(["GET", "HEAD", "POST"])
def payment_page(request: HttpRequest, site_id: str) -> HttpResponseBase:
    """Where buyers go back to, how many cards they may try, and when the money is asked for."""
    shop = get_object_or_404(Shop.objects.visible_to(request.user), site_id=site_id)
    person = signed_in_person(request)
    writable = rules.writable_modes(person, shop)
    if not writable:
        raise Http404
    form = PaymentPageForm(request.POST or None, shop=shop, modes=writable)
    if request.method == "POST" and form.is_valid():
        # Whoever changes what becomes of real payments says who they are again; TEST needs none.
        is_guarded = bool(form.changes.keys() - {"return_url_test"}) and may_change(person)
        due = confirmation_due(request) if is_guarded else None
        if due:
            return due
        if _save_payment_page(request, form):
            return redirect("shops:payment_page", site_id)
    context = {"shop": shop, "form": form, "sets_production": Mode.PRODUCTION in writable}
    return render(request, "shops/payment_page.html", context)


def _save_payment_page(request: HttpRequest, form: PaymentPageForm) -> bool:
    try:
        actions.save_payment_page(
            shop=form.shop,
            changes=form.changes,
            by=signed_in_person(request),
            now=timezone.now(),
            address=client_address(request),
        )
    except ChangesFrozen:
        form.add_error(None, FROZEN_SETTINGS)
        return False
    messages.success(request, "Les réglages de la page de paiement sont enregistrés.")
    return True


def _posted_mode(request: HttpRequest) -> Mode:
    try:
        return Mode(request.POST.get("mode", ""))
    except ValueError:
        raise Http404 from None


def _save(request: HttpRequest, shop: Shop, form: ServerUrlForm) -> bool:
    if not form.is_valid():
        return False
    try:
        actions.save_server_url(
            shop=shop,
            mode=form.mode,
            url=form.cleaned_data["url"],
            by=signed_in_person(request),
            now=timezone.now(),
            address=client_address(request),
        )
    except ChangesFrozen:
        form.add_error("url", FROZEN)
        return False
    except AddressRefused as refused:
        form.refuse(refused.reason)
        return False
    messages.success(request, f"L’URL serveur {form.mode.label} est enregistrée.")
    return True
