"""Who says yes or no to a card: the acquirer's contract, and the simulator that plays the test cards."""

import secrets
from dataclasses import dataclass
from datetime import datetime
from typing import Protocol

from django.conf import settings
from django.utils.module_loading import import_string

from backoffice.vads import cards
from backoffice.vads.cards import TestCard
from shops.enums import Mode

# What the simulated acquirer calls itself: no bank has such a contract number.
SIMULATED_CONTRACT = "0000001"
SIMULATED_BANK = "Banque simulée"


class NoAcquirer(Exception):
    """Nobody authorises payments of this mode: no acquirer is configured."""


class CardNotAccepted(Exception):
    """The acquirer does not take this card at all; nothing was asked of any bank."""


@dataclass(frozen=True, kw_only=True)
class Order:
    """What the acquirer is asked to authorise; `amount_cents` in the currency's smallest unit."""

    amount_cents: int
    currency: str
    at: datetime


@dataclass(frozen=True, kw_only=True)
class Verdict:
    """The acquirer's answer; texts are the values of the wire's fields, and no whole card number is among them."""

    is_accepted: bool
    result: str
    auth_result: str
    auth_number: str
    brand: str
    masked_number: str
    details: dict[str, str]


@dataclass(frozen=True, kw_only=True)
class Challenge:
    """The card's bank asks its buyer to authenticate first: `token` stands for the card until the answer comes."""

    token: str
    brand: str
    masked_number: str


class Acquirer(Protocol):
    """Authorises a card for an amount, in one step, or in two when the card's bank asks who is there (3-D Secure).

    It is asked under the payment's row lock, so it must answer at once and without the network: an acquirer that is
    called over the network brings its own hosted fields and its own two steps (design 4.12).
    """

    def authorise(self, order: Order, *, card_number: str) -> Verdict | Challenge:
        """The verdict on one card, or its bank's question. Raises CardNotAccepted for a card it does not take."""
        ...

    def conclude(self, order: Order, *, token: str, is_authenticated: bool) -> Verdict:
        """The verdict once the buyer came back from their bank; `token` is the challenge's."""
        ...


class Simulator:
    """Plays the scenario of a listed test card, and takes no other card, whatever the mode."""

    def authorise(self, order: Order, *, card_number: str) -> Verdict | Challenge:
        """See `Acquirer.authorise`."""
        card = cards.find(card_number)
        if card is None:
            raise CardNotAccepted
        if card.needs_challenge:
            return Challenge(token=card.token, brand=card.brand, masked_number=card.masked)
        return _verdict(card)

    def conclude(self, order: Order, *, token: str, is_authenticated: bool) -> Verdict:
        """See `Acquirer.conclude`."""
        card = cards.of_token(token)
        return _verdict(card if is_authenticated else card.unauthenticated)


def _verdict(card: TestCard) -> Verdict:
    return Verdict(
        is_accepted=card.is_accepted,
        result=card.result,
        auth_result=card.auth_result,
        auth_number=secrets.token_hex(3) if card.is_accepted else "",
        brand=card.brand,
        masked_number=card.masked,
        details=_details(card),
    )


def _details(card: TestCard) -> dict[str, str]:
    authenticated = card.threeds_status in {"Y", "A"}
    details = {
        "vads_bank_label": SIMULATED_BANK,
        "vads_bank_product": card.product,
        "vads_card_country": "FR",
        "vads_contract_used": SIMULATED_CONTRACT,
        "vads_payment_certificate": secrets.token_hex(20) if card.is_accepted else "",
        "vads_threeds_cavv": secrets.token_urlsafe(21) if authenticated else "",
        "vads_threeds_cavvAlgorithm": "2" if authenticated else "",
        "vads_threeds_eci": card.threeds_eci,
        "vads_threeds_enrolled": card.threeds_enrolled,
        "vads_threeds_error_code": "",
        "vads_threeds_exit_status": card.threeds_exit_status,
        "vads_threeds_sign_valid": "1" if authenticated else "",
        "vads_threeds_status": card.threeds_status,
        "vads_threeds_xid": secrets.token_urlsafe(21) if card.threeds_enrolled == "Y" else "",
        "vads_warranty_result": card.warranty,
    }
    return details | ({"vads_payment_error": card.payment_error} if card.payment_error else {})


def acquirer_of(mode: str) -> Acquirer:
    """Who authorises payments of `mode`: the simulator in TEST, whoever `settings.ACQUIRER` names in PRODUCTION.

    Raises NoAcquirer while that setting is empty (design 4.12).
    """
    if mode == Mode.TEST:
        return Simulator()
    if not settings.ACQUIRER:
        raise NoAcquirer
    acquirer: Acquirer = import_string(settings.ACQUIRER)()
    return acquirer


def is_simulated(mode: str) -> bool:
    """Whether only test cards can pay in `mode`, which the page then says."""
    try:
        return isinstance(acquirer_of(mode), Simulator)
    except NoAcquirer:
        return False
