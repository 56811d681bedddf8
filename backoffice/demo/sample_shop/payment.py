"""The form that sends the buyer to the payment page, and what the shop makes of the platform's answers."""

import secrets
import string
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime
from zoneinfo import ZoneInfo

from backoffice.demo.sample_shop.orders import Order, OrderBook, State
from backoffice.demo.sample_shop.registration import IN_ONE, LOCAL_TIME, WRONG_SIGNATURE, Registration
from backoffice.demo.sample_shop.signature import is_signed, sign

CURRENCY = "978"
_STATES = {
    "AUTHORISED": State.PAID,
    "AUTHORISED_TO_VALIDATE": State.PAID,
    "CAPTURED": State.PAID,
    "REFUSED": State.REFUSED,
    "ABANDONED": State.ABANDONED,
    "CANCELLED": State.ABANDONED,
}
_WORDS = {State.PAID: "payée", State.REFUSED: "refusée", State.ABANDONED: "abandonnée", State.WAITING: "en attente"}


@dataclass(frozen=True, slots=True)
class Answer:
    """What the shop answers to a notification."""

    status: int
    text: str


def payment_form(order: Order, registration: Registration, *, shop_url: str, now: datetime) -> dict[str, str]:
    """Every hidden field of the form, signature last. A new transaction number each time: a refused one can be retried.

    `now` is UTC, as `vads_trans_date` wants it.
    """
    fields = {
        "vads_action_mode": "INTERACTIVE",
        "vads_amount": str(order.amount_cents),
        "vads_capture_delay": registration.capture_delay,
        "vads_ctx_mode": order.mode,
        "vads_currency": CURRENCY,
        "vads_cust_email": order.buyer.email,
        "vads_cust_first_name": order.buyer.first_name,
        "vads_cust_last_name": order.buyer.last_name,
        "vads_language": registration.language,
        "vads_order_id": order.reference,
        "vads_page_action": "PAYMENT",
        "vads_payment_config": _payment_config(order.amount_cents, registration.instalments),
        "vads_redirect_error_timeout": registration.redirect_timeout,
        "vads_redirect_success_timeout": registration.redirect_timeout,
        "vads_return_mode": registration.return_mode,
        "vads_shop_url": shop_url,
        "vads_site_id": registration.site_id,
        "vads_trans_date": _shop_clock(now, registration).strftime("%Y%m%d%H%M%S"),
        "vads_trans_id": _transaction_number(),
        "vads_url_return": f"{shop_url}/retour",
        "vads_validation_mode": "",
        "vads_version": "V2",
    }
    certificate = registration.certificate(order.mode)
    if registration.mistake == WRONG_SIGNATURE:
        certificate = certificate[::-1] + "x"
    return fields | {"signature": sign(fields, certificate, registration.algorithm(order.mode))}


def _payment_config(amount_cents: int, instalments: str) -> str:
    if instalments == IN_ONE:
        return "SINGLE"
    # The cents that do not divide go with the first one.
    each = amount_cents // int(instalments)
    return f"MULTI:first={amount_cents - each * (int(instalments) - 1)};count={instalments};period=30"


def _shop_clock(now: datetime, registration: Registration) -> datetime:
    return now.astimezone(ZoneInfo("Europe/Paris")) if registration.mistake == LOCAL_TIME else now


def _transaction_number() -> str:
    # A letter first keeps clear of 900000-999999, which belongs to the platform.
    alphabet = string.ascii_lowercase + string.digits
    return secrets.choice(string.ascii_lowercase) + "".join(secrets.choice(alphabet) for _ in range(5))


def receive_notification(
    fields: Mapping[str, str], registration: Registration, book: OrderBook, *, now: datetime
) -> Answer:
    """Verify a notification with the key of its mode, then settle its order. Nothing is believed before that."""
    mode = fields.get("vads_ctx_mode", "")
    if not registration.certificate(mode):
        return Answer(400, f"KO - le certificat {mode or 'du mode'} manque dans les réglages de la boutique.")
    if not has_our_signature(fields, registration):
        return Answer(400, f"KO - signature fausse : comparez le certificat {mode} et l’algorithme des deux côtés.")
    order = book.find(fields.get("vads_order_id", ""))
    if order is None:
        return Answer(404, "KO - cette commande n’existe pas dans la boutique.")
    if fields.get("vads_operation_type") == "CREDIT":
        return Answer(200, f"OK - remboursement noté pour la commande {order.reference}.")
    if not _is_for(order, fields, registration):
        return Answer(400, f"KO - le site, le mode ou le montant ne sont pas ceux de la commande {order.reference}.")
    state = _STATES.get(fields.get("vads_trans_status", ""), State.WAITING)
    book.settle(order.reference, state=state, transaction=fields.get("vads_trans_uuid", ""), now=now)
    return Answer(200, f"OK - commande {order.reference} {_WORDS[state]}.")


def has_our_signature(fields: Mapping[str, str], registration: Registration) -> bool:
    """Tell whether the platform signed these fields with the certificate of the mode they name."""
    mode = fields.get("vads_ctx_mode", "")
    return is_signed(fields, registration.certificate(mode), registration.algorithm(mode))


def _is_for(order: Order, fields: Mapping[str, str], registration: Registration) -> bool:
    return (
        fields.get("vads_site_id") == registration.site_id
        and fields.get("vads_ctx_mode") == order.mode
        and fields.get("vads_amount") == str(order.amount_cents)
        and fields.get("vads_currency") == CURRENCY
    )
