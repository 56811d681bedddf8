"""What a verdict becomes: the rows of a payment, one for each instalment, still to be saved."""

from dataclasses import dataclass
from datetime import datetime, timedelta

from backoffice.vads.instalments import Instalment
from payments import rules
from payments.acquirer import Verdict
from payments.enums import TransactionStatus
from payments.models import PaymentSession, Transaction

FIRST = 1


@dataclass(frozen=True, kw_only=True)
class PaidCard:
    """What is told of the card that was paid with: its brand, masked number, and month and year of expiry."""

    brand: str
    masked_number: str
    expiry_month: int
    expiry_year: int


def transactions_of(session: PaymentSession, verdict: Verdict, card: PaidCard, *, now: datetime) -> list[Transaction]:
    """The payment's rows in order of their instalments; a refusal has the first one's alone (domain 9).

    What the form leaves out is the shop's setting: delay before capture, validation (domain 3.1).
    """
    schedule = session.schedule if verdict.is_accepted else session.schedule[:1]
    return [_transaction(session, instalment, verdict, card, now=now) for instalment in schedule]


def _transaction(
    session: PaymentSession, instalment: Instalment, verdict: Verdict, card: PaidCard, *, now: datetime
) -> Transaction:
    is_first = instalment.number == FIRST
    delay = _asked_delay(session) + (instalment.due - session.trans_day).days
    by_hand = _is_validated_by_hand(session)
    return Transaction(
        session=session,
        sequence_number=instalment.number,
        shop=session.shop,
        mode=session.mode,
        trans_id=session.trans_id,
        order_id=session.order_id,
        amount_cents=instalment.amount_cents,
        currency=session.currency,
        status=_status(verdict, card.brand, delay=timedelta(days=delay), by_hand=by_hand, is_first=is_first),
        result=verdict.result,
        # The bank was asked about the first instalment alone; the others are asked in their time.
        auth_result=verdict.auth_result if is_first else "",
        auth_number=verdict.auth_number if is_first else "",
        card_brand=card.brand,
        masked_number=card.masked_number,
        expiry_month=card.expiry_month,
        expiry_year=card.expiry_year,
        capture_delay=delay,
        is_validated_by_hand=by_hand,
        answer=verdict.details,
        created_at=now,
    )


def _asked_delay(session: PaymentSession) -> int:
    asked = session.fields.get("vads_capture_delay")
    return int(asked) if asked else session.shop.capture_delay


def _is_validated_by_hand(session: PaymentSession) -> bool:
    asked = session.fields.get("vads_validation_mode")
    return asked == "1" if asked else session.shop.is_validated_by_hand


def _status(verdict: Verdict, brand: str, *, delay: timedelta, by_hand: bool, is_first: bool) -> TransactionStatus:
    if not verdict.is_accepted:
        return TransactionStatus.REFUSED
    if not is_first or delay > rules.authorisation_validity(brand):
        waiting = TransactionStatus.WAITING_AUTHORISATION
        return TransactionStatus.WAITING_AUTHORISATION_TO_VALIDATE if by_hand else waiting
    return TransactionStatus.AUTHORISED_TO_VALIDATE if by_hand else TransactionStatus.AUTHORISED
