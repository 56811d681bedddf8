"""What can be done to a payment: open its page, pay, turn back, and write down what its shop answered."""

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import datetime

from django.db import IntegrityError, transaction

from backoffice.core import jobs
from backoffice.core.outbound import Outcome
from certificates.actions import record_evidence
from certificates.enums import EvidenceStep
from payments import rules
from payments.acquirer import Challenge, Order, Verdict, acquirer_of
from payments.enums import AttemptOutcome, NotificationState, SessionState
from payments.form.errors import FormFault, FormRefused, Trouble
from payments.form.fingerprint import fingerprint
from payments.form.judgement import JudgedForm
from payments.models import (
    CardChallenge,
    Notification,
    NotificationAttempt,
    PaymentSession,
    RefusedCard,
    Transaction,
)
from payments.models.session import REFERENCE_CONSTRAINT
from payments.notifications.outbox import Call
from payments.results import PaidCard, transactions_of
from shops.enums import Mode

DELIVERY_JOB = "payments.deliver_notifications"


class SessionOver(Exception):
    """The visit can no longer be paid or cancelled: it expired, or ended in the state carried by `state`."""

    def __init__(self, state: str) -> None:
        super().__init__(state)
        self.state = state


class ReferenceUsed(FormRefused):
    """The transaction id was used that day by another form, or by this one already (error 03)."""

    def __init__(self) -> None:
        super().__init__(FormFault(code="03", field="vads_trans_id", reason=Trouble.USED.label))


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


@dataclass(frozen=True, kw_only=True)
class EndedCall:
    """A call to a shop and how it ended."""

    call: Call
    outcome: AttemptOutcome
    answer: Outcome


# --- The visit -------------------------------------------------------------------------------------------------
def open_session(*, form: JudgedForm, now: datetime) -> PaymentSession:
    """Open the hosted page for a posted form and take its reference; the same bytes posted again find the same page.

    Raises ReferenceUsed when the reference was taken by another form, or the visit is over (design 4.13, PAY-06);
    NoAcquirer when nobody could authorise the payment.
    """
    acquirer_of(form.mode)
    session = _new_session(form, now=now, holds_reference=True)
    return session if PaymentSession.objects.insert_unless_taken(session) else _resume(session, now=now)


def preview_session(*, form: JudgedForm, now: datetime) -> PaymentSession:
    """Open the hosted page for a form in a query string, without taking its reference (design 4.13, PAY-11).

    Raises ReferenceUsed and NoAcquirer like `open_session`.
    """
    acquirer_of(form.mode)
    session = _new_session(form, now=now, holds_reference=False)
    if PaymentSession.objects.same_reference(session).holding().exists():
        return _resume(session, now=now)
    already_open = PaymentSession.objects.open_for(session.fingerprint, now)
    if found := already_open.select_related("shop").first():
        return found
    session.save(force_insert=True)
    return session


def choose_language(*, session: PaymentSession, language: str) -> None:
    """The buyer reads the rest of the visit in this language; nothing else changes, `vads_language` least of all."""
    session.language = language
    session.save(update_fields=["language"])


@transaction.atomic
def pay(*, session: PaymentSession, card: CardEntry, now: datetime) -> PaymentSession:
    """Ask the acquirer about a card. The visit then is completed, at the card's bank, or open for another card.

    The result is kept with the notification that tells it, in one transaction (IPN-01). A second click or a second tab
    finds what the first one did. Raises SessionOver, ReferenceUsed, NoAcquirer, and CardNotAccepted, in which case
    nothing at all is kept (PAY-06, PAY-09).
    """
    session = _locked(session)
    if session.state in {SessionState.COMPLETED, SessionState.CHALLENGED}:
        return session
    _require_payable(session, now=now)
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
    session = _locked(session)
    if session.state in {SessionState.COMPLETED, SessionState.OPEN}:
        return session
    _require_payable(session, now=now)
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
    session = _locked(session)
    if session.state == SessionState.CANCELLED:
        return session
    _require_payable(session, now=now)
    CardChallenge.objects.filter(session=session).delete()
    session.cancel(at=now, readable_until=now + rules.RECEIPT_LIFETIME)
    _save(session)
    return session


# --- The telling -----------------------------------------------------------------------------------------------
@transaction.atomic
def record_attempts(ended: Iterable[EndedCall], *, now: datetime, jitter: float = 0.0) -> None:
    """Write down how calls ended and when the next ones are; `jitter` between -1 and 1 spreads them (IPN-04).

    The outcome of a call whose lease ran out meanwhile is dropped: it was written down as lost.
    """
    by_id = {one.call.notification_id: one for one in ended}
    rows = Notification.objects.select_for_update(of=("self",)).select_related("transaction", "shop")
    for notification in rows.filter(pk__in=by_id).order_by("pk"):
        one = by_id[notification.pk]
        is_ours = notification.state == NotificationState.IN_FLIGHT and notification.attempts_made == one.call.number
        if is_ours:
            _record_attempt(notification, one, now=now, jitter=jitter)


# --- Steps of the above ----------------------------------------------------------------------------------------
def _new_session(form: JudgedForm, *, now: datetime, holds_reference: bool) -> PaymentSession:
    session = PaymentSession(
        shop=form.shop,
        mode=form.mode,
        trans_id=form.fields["vads_trans_id"],
        trans_date=form.trans_date,
        trans_day=form.trans_date.date(),
        amount_cents=int(form.fields["vads_amount"]),
        currency=form.fields["vads_currency"],
        fields=dict(form.fields),
        fingerprint=fingerprint(form.fields, form.signature),
        holds_reference=holds_reference,
        drift_seconds=form.drift_seconds,
        opened_at=now,
        expires_at=now + rules.SESSION_LIFETIME,
    )
    session.seal_token()
    return session


def _resume(asked: PaymentSession, *, now: datetime) -> PaymentSession:
    holder = PaymentSession.objects.same_reference(asked).holding().select_related("shop").first()
    if holder is None or holder.fingerprint != asked.fingerprint or not holder.is_payable(now):
        raise ReferenceUsed
    return holder


def _require_payable(session: PaymentSession, *, now: datetime) -> None:
    if not session.is_payable(now):
        raise SessionOver(session.state)


def _locked(session: PaymentSession) -> PaymentSession:
    return PaymentSession.objects.select_for_update(of=("self",)).select_related("shop").get(pk=session.pk)


def _order(session: PaymentSession, *, now: datetime) -> Order:
    return Order(amount_cents=session.amount_cents, currency=session.currency, at=now)


def _take_reference(session: PaymentSession) -> None:
    # Before anybody is asked: two visits opened by GET for one reference authorise once.
    if not session.holds_reference:
        session.take_reference()
        _save(session)


def _save(session: PaymentSession) -> None:
    try:
        with transaction.atomic():
            session.save(update_fields=["state", "ended_at", "expires_at", "holds_reference", "refusals"])
    except IntegrityError as error:
        # Two visits opened by GET for one reference: the first one to end took it.
        if REFERENCE_CONSTRAINT not in str(error):
            raise
        raise ReferenceUsed from error


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
    _save(session)
    return session


def _settle(session: PaymentSession, verdict: Verdict, card: PaidCard, *, now: datetime) -> PaymentSession:
    if not verdict.is_accepted and session.refusals < session.shop.extra_attempts:
        _keep_refused(session, verdict, card, now=now)
        return session
    session.complete(at=now, readable_until=now + rules.RECEIPT_LIFETIME)
    _save(session)
    rows = transactions_of(session, verdict, card, now=now)
    Transaction.objects.bulk_create(rows)
    first = rows[0]
    _prove(first, EvidenceStep.ACCEPTED_PAYMENT if first.is_accepted else EvidenceStep.REFUSED_PAYMENT, now=now)
    _queue_notification(first, now=now)
    return session


def _keep_refused(session: PaymentSession, verdict: Verdict, card: PaidCard, *, now: datetime) -> None:
    session.refuse_card()
    _save(session)
    RefusedCard.objects.create(
        session=session,
        number=session.refusals,
        at=now,
        brand=card.brand,
        masked_number=card.masked_number,
        auth_result=verdict.auth_result,
        payment_error=verdict.details.get("vads_payment_error", ""),
    )


def _prove(paid: Transaction, step: EvidenceStep, *, now: datetime) -> None:
    if paid.mode == Mode.TEST:
        record_evidence(shop=paid.shop, step=step, reference=str(paid.public_id), now=now)


def _queue_notification(paid: Transaction, *, now: datetime) -> None:
    notification = Notification(
        transaction=paid,
        shop=paid.shop,
        mode=paid.mode,
        order_key=paid.order_id or paid.trans_uuid,
        state=NotificationState.WAITING,
        due_at=now,
        created_at=now,
    )
    if not notification.url:
        notification.state, notification.due_at = NotificationState.NO_URL, None
    notification.save(force_insert=True)
    if notification.state == NotificationState.WAITING:
        jobs.defer(DELIVERY_JOB)


def _record_attempt(notification: Notification, ended: EndedCall, *, now: datetime, jitter: float) -> None:
    answer = ended.answer
    NotificationAttempt.objects.create(
        notification=notification,
        number=ended.call.number,
        at=ended.call.started_at,
        url=ended.call.url,
        outcome=ended.outcome,
        http_status=answer.status,
        duration_ms=answer.duration_ms,
        excerpt=answer.excerpt,
        location=answer.location,
    )
    notification.last_called_at, notification.last_outcome = ended.call.started_at, ended.outcome
    _land(notification, ended, now=now, jitter=jitter)
    notification.save(
        update_fields=[
            "state",
            "due_at",
            "leased_at",
            "leased_until",
            "delivered_at",
            "last_called_at",
            "last_outcome",
        ]
    )
    if ended.outcome == AttemptOutcome.ACKNOWLEDGED:
        _prove(notification.transaction, EvidenceStep.ACKNOWLEDGED_NOTIFICATION, now=now)


def _land(notification: Notification, ended: EndedCall, *, now: datetime, jitter: float) -> None:
    next_at = rules.next_attempt_at(attempts=notification.attempts_made, now=now, jitter=jitter)
    if ended.outcome == AttemptOutcome.ACKNOWLEDGED:
        notification.deliver(at=now)
    elif rules.is_farewell(ended.answer.status):
        notification.stop()
    elif next_at is None:
        notification.exhaust()
    elif ended.outcome == AttemptOutcome.LOST:
        # Our own stop is no fault of the shop: it is called again as soon as somebody is back (IPN-02).
        notification.retry(at=now)
    else:
        wait = rules.asked_wait(status=ended.answer.status, retry_after=ended.answer.retry_after)
        notification.retry(at=max(next_at, now + wait))
