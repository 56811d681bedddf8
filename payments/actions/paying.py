"""How a visit goes on: a card, the answer of its bank, another card, or back to the shop."""

from dataclasses import dataclass
from datetime import datetime

from django.db import transaction

from certificates.enums import EvidenceStep
from payments import rules
from payments.acquirer import Challenge, Order, Verdict, acquirer_of
from payments.actions.telling import prove, queue_notification
from payments.actions.visits import locked, require_payable, save_visit
from payments.enums import SessionState
from payments.models import CardChallenge, PaymentSession, RefusedCard, Transaction
from payments.results import PaidCard, transactions_of


@dataclass(frozen=True, kw_only=True)
class CardEntry:
    """What the buyer typed, once it has the right shape; the number lives only as long as this object."""

    number: str
    expiry_month: int
    expiry_year: int
    # The brand to tell the shop when the card serves several, "" for the card's own.
    brand: str = ""

    def __repr__(self) -> str:
        return "CardEntry(…)"


@transaction.atomic
def pay(*, session: PaymentSession, card: CardEntry, refusals_seen: int | None = None, now: datetime) -> PaymentSession:
    """Ask the acquirer about a card. The visit then is completed, at the card's bank, or open for another card.

    The result is kept with the notification that tells it, in one transaction (IPN-01). A second click or a second tab
    finds what the first one did: `refusals_seen` is how many cards had been refused when the page was shown, if it
    says so, and nothing is asked about a card typed before the last refusal. Raises SessionOver, ReferenceUsed,
    NoAcquirer, and CardNotAccepted, in which case nothing at all is kept (PAY-06, PAY-09).
    """
    session = locked(session)
    if session.state in {SessionState.COMPLETED, SessionState.CHALLENGED}:
        return session
    require_payable(session, now=now)
    if refusals_seen is not None and refusals_seen < session.refusals:
        return session
    acquirer = acquirer_of(session.mode)
    _take_reference(session)
    answer = acquirer.authorise(_order(session, now=now), card_number=card.number)
    paid_card = PaidCard(
        brand=card.brand or answer.brand,
        masked_number=answer.masked_number,
        expiry_month=card.expiry_month,
        expiry_year=card.expiry_year,
    )
    if isinstance(answer, Challenge):
        return _ask_buyer(session, answer, paid_card, now=now)
    return _settle(session, answer, paid_card, now=now)


@transaction.atomic
def authenticate(*, session: PaymentSession, is_authenticated: bool, now: datetime) -> PaymentSession:
    """The buyer came back from the card's bank: go on with the card they left with (3-D Secure).

    A visit that waits for no bank is given back as it is. Raises SessionOver once it expired or was cancelled.
    """
    session = locked(session)
    if session.state in {SessionState.COMPLETED, SessionState.OPEN}:
        return session
    require_payable(session, now=now)
    challenge = session.card_challenge
    verdict = acquirer_of(session.mode).conclude(
        _order(session, now=now), token=challenge.token, is_authenticated=is_authenticated
    )
    card = PaidCard(
        brand=challenge.brand,
        masked_number=challenge.masked_number,
        expiry_month=challenge.expiry_month,
        expiry_year=challenge.expiry_year,
    )
    challenge.delete()
    return _settle(session, verdict, card, now=now)


@transaction.atomic
def cancel(*, session: PaymentSession, now: datetime) -> PaymentSession:
    """The buyer turns back: nothing is paid, and the reference counts as used (compatibility 8).

    Cancelling twice changes nothing. Raises SessionOver once paid or expired, ReferenceUsed.
    """
    session = locked(session)
    if session.state == SessionState.CANCELLED:
        return session
    require_payable(session, now=now)
    CardChallenge.objects.filter(session=session).delete()
    session.cancel(at=now, readable_until=now + rules.RECEIPT_LIFETIME)
    save_visit(session)
    return session


def _order(session: PaymentSession, *, now: datetime) -> Order:
    # The first instalment alone: the others are asked for in their time (domain 9).
    return Order(amount_cents=session.schedule[0].amount_cents, currency=session.currency, at=now)


def _take_reference(session: PaymentSession) -> None:
    # Before anybody is asked: two visits opened by GET for one reference authorise once.
    if not session.holds_reference:
        session.take_reference()
        save_visit(session)


def _ask_buyer(session: PaymentSession, challenge: Challenge, card: PaidCard, *, now: datetime) -> PaymentSession:
    CardChallenge.objects.create(
        session=session,
        token=challenge.token,
        brand=card.brand,
        masked_number=card.masked_number,
        expiry_month=card.expiry_month,
        expiry_year=card.expiry_year,
        asked_at=now,
    )
    session.challenge()
    save_visit(session)
    return session


def _settle(session: PaymentSession, verdict: Verdict, card: PaidCard, *, now: datetime) -> PaymentSession:
    if not verdict.is_accepted and session.refusals < session.shop.extra_attempts:
        _keep_refused(session, verdict, card, now=now)
        return session
    session.complete(at=now, readable_until=now + rules.RECEIPT_LIFETIME)
    save_visit(session)
    rows = transactions_of(session, verdict, card, now=now)
    Transaction.objects.bulk_create(rows)
    first = rows[0]
    prove(first, EvidenceStep.ACCEPTED_PAYMENT if first.is_accepted else EvidenceStep.REFUSED_PAYMENT, now=now)
    queue_notification(first, now=now)
    return session


def _keep_refused(session: PaymentSession, verdict: Verdict, card: PaidCard, *, now: datetime) -> None:
    session.refuse_card()
    save_visit(session)
    RefusedCard.objects.create(
        session=session,
        number=session.refusals,
        at=now,
        brand=card.brand,
        masked_number=card.masked_number,
        auth_result=verdict.auth_result,
        payment_error=verdict.details.get("vads_payment_error", ""),
    )
