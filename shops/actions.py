"""What can be done to a shop: open one, say where it is told and how it is paid, let people in, and close it."""

from collections.abc import Sequence
from datetime import datetime
from typing import TypedDict

from django.db import transaction

from accounts import actions as accounts
from accounts.actions import Grant, Invitee, lock_unfrozen, note_trade_name, require_unfrozen
from accounts.browsers import Browser
from accounts.enums import Role
from accounts.models import Company, Membership, User
from backoffice.core import journal, outbound
from shops import emails
from shops.enums import Mode, ShopClosingReason
from shops.models import ServerUrl, Shop, ShopAccess
from shops.rules import draw_site_id


class PaymentPageChanges(TypedDict, total=False):
    """What may be set of a shop's payment page, under the names of its columns: delays in days."""

    return_url_test: str
    return_url_production: str
    extra_attempts: int
    capture_delay: int
    is_validated_by_hand: bool


@transaction.atomic
def create_shop(*, company: Company, label: str, url: str, now: datetime, site_id: str | None = None) -> Shop:
    """Open a shop for `company`; `site_id` (eight digits) is drawn when absent. Raises IntegrityError when taken."""
    shop = Shop.objects.create(
        company=company, label=label, url=url, site_id=site_id or _free_site_id(), created_at=now
    )
    note_trade_name(company=company, name=label)
    journal.record(journal.Event.SHOP_CREATED, now=now, company=company.public_id, by=None, about=shop)
    return shop


def save_server_url(
    *, shop: Shop, mode: Mode, url: str, by: User | None, now: datetime, address: str = ""
) -> ServerUrl:
    """Judge `url` as the sender will, then make it the shop's address for `mode`; `address` is the client's.

    Raises outbound.AddressRefused, or accounts.ChangesFrozen in PRODUCTION, and keeps the former address. The
    judgement may wait for the DNS, so it happens before the transaction (design 4.10, SSRF-01 to 04). Payments on
    their way use the new address (IPN-15).
    """
    guarded = by if mode is Mode.PRODUCTION else None
    if guarded is not None:
        require_unfrozen(guarded)
    outbound.judge_address(url, production=mode == Mode.PRODUCTION)
    with transaction.atomic():
        if guarded is not None:
            lock_unfrozen(guarded)
        shop = Shop.objects.select_for_update(of=("self",), no_key=True).select_related("company").get(pk=shop.pk)
        saved, _ = ServerUrl.objects.update_or_create(
            shop=shop, mode=mode, defaults={"url": url, "saved_at": now, "saved_by": by}
        )
        # The address itself stays out of the journal: merchants put passwords in query strings.
        journal.record(
            journal.Event.SHOP_SERVER_URL_SAVED,
            now=now,
            company=shop.company.public_id,
            by=by,
            about=shop,
            address=address,
            mode=mode.value,
        )
    return saved


@transaction.atomic
def save_payment_page(
    *, shop: Shop, changes: PaymentPageChanges, by: User | None, now: datetime, address: str = ""
) -> Shop:
    """Set what the shop's payment page does when the form says nothing of it; `address` is the client's.

    Return addresses are judged as text and never resolved: only browsers go there (design 4.10). An empty one sends
    buyers to the shop's site. Nothing changed writes nothing. Raises outbound.AddressRefused, or
    accounts.ChangesFrozen for whatever real payments depend on: everything but the TEST address.
    """
    if by is not None and changes.keys() - {"return_url_test"}:
        lock_unfrozen(by)
    for url in (changes.get("return_url_test"), changes.get("return_url_production")):
        if url:
            outbound.judge_syntax(url)
    locked = Shop.objects.select_for_update(of=("self",), no_key=True).select_related("company").get(pk=shop.pk)
    changed = {name: value for name, value in changes.items() if getattr(locked, name) != value}
    if not changed:
        return locked
    for name, value in changed.items():
        setattr(locked, name, value)
    locked.save(update_fields=[*changed])
    journal.record(
        journal.Event.SHOP_PAYMENT_PAGE_SAVED,
        now=now,
        company=locked.company.public_id,
        by=by,
        about=locked,
        address=address,
        **{name: _told(name, value) for name, value in changed.items()},
    )
    return locked


@transaction.atomic
def close_shop(*, shop: Shop, reason: ShopClosingReason, by: User, browser: Browser, now: datetime) -> Shop:
    """Close a shop for good: from now on its forms get error 02, in both modes; the company is told.

    A buyer whose payment page is open already may pay within its ten minutes, and what was paid is still announced: a
    buyer who types a card must not be stopped halfway, nor the shop left without its result. Raises IllegalMove when
    it is closed already, or accounts.ChangesFrozen while the advisor's own account is frozen: it may be an intruder's.
    """
    lock_unfrozen(by)
    locked = Shop.objects.select_for_update(of=("self",), no_key=True).select_related("company").get(pk=shop.pk)
    locked.close(at=now)
    locked.save(update_fields=["state", "closed_at"])
    emails.shop_closed(locked, reason=reason, now=now)
    journal.record(
        journal.Event.SHOP_CLOSED,
        now=now,
        company=locked.company.public_id,
        by=by,
        about=locked,
        address=browser.address,
        reason=reason.value,
    )
    return locked


@transaction.atomic
def invite_to_shops(
    *,
    company: Company,
    invitee: Invitee,
    grant: Grant,
    shops: Sequence[Shop],
    code: str,
    by: User,
    browser: Browser,
    now: datetime,
) -> User:
    """Invite somebody to a company, an integrator to these of its shops alone, in TEST.

    Raises what accounts.actions.invite_person does.
    """
    person = accounts.invite_person(
        company=company, invitee=invitee, grant=grant, code=code, by=by, browser=browser, now=now
    )
    _give_shops(person, grant, shops, company=company, now=now)
    return person


@transaction.atomic
def change_access(
    *, place: Membership, grant: Grant, shops: Sequence[Shop], by: User, browser: Browser, now: datetime
) -> None:
    """Give somebody another role, an integrator these shops instead of the former ones.

    Raises what accounts.actions.change_role does.
    """
    accounts.change_role(place=place, grant=grant, by=by, browser=browser, now=now)
    _give_shops(place.user, grant, shops, company=place.company, now=now)


def _give_shops(person: User, grant: Grant, shops: Sequence[Shop], *, company: Company, now: datetime) -> None:
    ShopAccess.objects.of(person).in_company(company).delete()
    if grant.role == Role.INTEGRATOR:
        own = Shop.objects.of_company(company).filter(pk__in=[shop.pk for shop in shops])
        ShopAccess.objects.bulk_create(ShopAccess(shop=shop, user=person, mode=Mode.TEST, given_at=now) for shop in own)


def _told(name: str, value: object) -> str | int | bool:
    # Addresses stay out of the journal: merchants put passwords in query strings.
    if name.startswith("return_url"):
        return "changed" if value else "removed"
    return value if isinstance(value, int) else str(value)


def _free_site_id() -> str:
    drawn = draw_site_id()
    while Shop.objects.filter(site_id=drawn).exists():
        drawn = draw_site_id()
    return drawn
