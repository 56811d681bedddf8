"""What is written of a shop, to the company at its own address and to its owners."""

from datetime import datetime

from accounts.models import User
from accounts.rules import owners_of
from backoffice.core import mail
from shops.enums import ShopClosingReason
from shops.models import Shop


def shop_closed(shop: Shop, *, reason: ShopClosingReason, now: datetime) -> None:
    """To the company and to each owner: the shop takes no payment any more, why, and what goes on."""
    owners = owners_of(shop.company)
    for owner in owners:
        _shop_closed(shop, reason=reason, to=owner.email, owner=owner, now=now)
    # Where an owner's address is the company's own, one message is enough.
    if shop.company.email.casefold() not in {owner.email.casefold() for owner in owners}:
        _shop_closed(shop, reason=reason, to=shop.company.email, owner=None, now=now)


def _shop_closed(shop: Shop, *, reason: ShopClosingReason, to: str, owner: User | None, now: datetime) -> None:
    mail.queue(
        "shops/emails/shop_closed.txt",
        to=to,
        subject="Votre boutique est fermée",
        context={"shop": shop, "reason": reason.label, "owner": owner, "at": now},
        now=now,
        company=shop.company.public_id,
        person=owner.public_id if owner else None,
    )
