"""How a shop's identifier is recognised and drawn, and who may do what in which mode of a shop."""

import re
import secrets

from accounts.enums import Role
from accounts.models import User
from shops.enums import Mode
from shops.models import SITE_ID_SHAPE, Shop, ShopAccess

_SITE_ID = re.compile(SITE_ID_SHAPE)

# Who changes settings and sees secrets in both modes; an integrator does so in the modes given to him (AUTHZ-03).
WRITING_ROLES = frozenset({Role.OWNER, Role.MANAGER})
# Whose business the contract is.
CONTRACT_ROLES = frozenset({Role.OWNER, Role.MANAGER, Role.READER})


def is_site_id(text: str) -> bool:
    """Whether `text` has the shape of a `vads_site_id`: eight ASCII digits, nothing around them (domain 2.1)."""
    return _SITE_ID.fullmatch(text) is not None


def draw_site_id() -> str:
    """Eight random digits, the first not zero so that no spreadsheet eats it (design 4.9, AUTHZ-07)."""
    return str(secrets.randbelow(90_000_000) + 10_000_000)


def readable_modes(user: User, shop: Shop) -> frozenset[Mode]:
    """The modes of a shop whose settings and payments this person may look at; none in somebody else's company.

    One query for an integrator, none for the others once the person's roles are read.
    """
    role = user.role_in(shop.company_id)
    if role is None:
        return frozenset()
    return ShopAccess.objects.modes(user=user, shop=shop) if role == Role.INTEGRATOR else frozenset(Mode)


def writable_modes(user: User, shop: Shop) -> frozenset[Mode]:
    """The modes whose settings this person may change and whose certificate they may see: never a reader (AUTHZ-03)."""
    role = user.role_in(shop.company_id)
    return readable_modes(user, shop) if role in WRITING_ROLES or role == Role.INTEGRATOR else frozenset()


def may_read(user: User, shop: Shop, mode: Mode) -> bool:
    """Whether one mode of a shop is open to this person."""
    return mode in readable_modes(user, shop)


def may_write(user: User, shop: Shop, mode: Mode) -> bool:
    """Whether this person may change one mode of a shop, its secrets included."""
    return mode in writable_modes(user, shop)


def may_read_contract(user: User, shop: Shop) -> bool:
    """Whether the shop's contract is this person's business: an integrator's it is not."""
    return user.role_in(shop.company_id) in CONTRACT_ROLES
