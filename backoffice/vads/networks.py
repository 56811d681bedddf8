"""Which networks a payment may use, which ones a card serves, and under which brand it pays."""

from collections.abc import Sequence

from backoffice.vads.cards import TestCard
from backoffice.vads.formats import PAYMENT_CARDS

# A CB card of the catalogue is co-badged: the Visa on it, and the virtual number drawn from it, are the same account.
CO_BADGES = {"CB": ("CB", "VISA", "E-CARTEBLEUE")}
# More networks than these drown the form: then only the usual ones are offered, the others known by their numbers.
MOST_OFFERED = 5
USUAL = ("CB", "VISA", "MASTERCARD", "AMEX")


def eligible(payment_cards: str) -> tuple[str, ...]:
    """The networks `vads_payment_cards` allows, as wire codes in the offer's order; all of the offer's without it.

    The list is separated by ";", and a last ";" is legal (compatibility 5, domain 3.2).
    """
    named = payment_cards.split(";")
    return tuple(network for network in PAYMENT_CARDS if network in named) or PAYMENT_CARDS


def offered(among: Sequence[str]) -> tuple[str, ...]:
    """Those of the eligible networks a buyer is asked to choose from; none where there is nothing to choose."""
    if len(among) < 2:
        return ()
    if len(among) <= MOST_OFFERED:
        return tuple(among)
    return tuple(network for network in among if network in USUAL)


def serves(card: TestCard) -> tuple[str, ...]:
    """The networks a card pays through, its own first; several for a co-badged card."""
    return CO_BADGES.get(card.brand, (card.brand,))


def brand_paid(card: TestCard, *, chosen: str, among: Sequence[str]) -> str | None:
    """The brand the shop is told (`vads_card_brand`): the one the buyer chose, else the card's first eligible one.

    `chosen` is "" where the buyer left it to the number. None: the card cannot pay so.
    """
    possible = [network for network in serves(card) if network in among and chosen in {"", network}]
    return possible[0] if possible else None
