"""What can be done to a payment: open its page, pay, turn back, and write down what its shop answered."""

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import datetime, timedelta

from django.db import IntegrityError, transaction

from backoffice.core import jobs
from backoffice.core.outbound import Outcome
from certificates.actions import record_evidence
from certificates.enums import EvidenceStep
from payments import rules
from payments.acquirer import Order, Verdict, acquirer_of
from payments.enums import AttemptOutcome, NotificationState, SessionState, TransactionStatus
from payments.form.errors import FormFault, FormRefused, Trouble
from payments.form.fingerprint import fingerprint
from payments.form.judgement import JudgedForm
from payments.models import Notification, NotificationAttempt, PaymentSession, Transaction
from payments.models.session import REFERENCE_CONSTRAINT
from payments.notifications.outbox import Call
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
    try:
        with transaction.atomic():
            session.save(force_insert=True)
    except IntegrityError as error:
        if REFERENCE_CONSTRAINT not in str(error):
            raise
        return _resume(session, now=now)
    return session


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


@transaction.atomic
def pay(*, session: PaymentSession, card: CardEntry, now: datetime) -> Transaction:
    """Ask the acquirer, and keep the result with the notification that tells it, in one transaction (IPN-01).

    A second click or a second tab gets the first one's result. Raises SessionOver, ReferenceUsed, NoAcquirer, and
    CardNotAccepted, in which case nothing at all is kept (PAY-06, PAY-09).
    """
    session = PaymentSession.objects.select_for_update(of=("self",)).select_related("shop").get(pk=session.pk)
    if session.state == SessionState.COMPLETED:
        return session.transaction
    _require_payable(session, now=now)
    order = Order(amount_cents=session.amount_cents, currency=session.currency, at=now)
    acquirer = acquirer_of(session.mode)
    # The reference is taken before anybody is asked: two visits opened by GET for one reference authorise once.
    session.complete(at=now, readable_until=now + rules.RECEIPT_LIFETIME)
    _save_ended(session)
    verdict = acquirer.authorise(order, card_number=card.number)
    paid = _keep_result(session, verdict, card, now=now)
    _prove(paid, EvidenceStep.ACCEPTED_PAYMENT if paid.is_accepted else EvidenceStep.REFUSED_PAYMENT, now=now)
    _queue_notification(paid, now=now)
    return paid


@transaction.atomic
def cancel(*, session: PaymentSession, now: datetime) -> PaymentSession:
    """The buyer turns back: nothing is paid, and the reference counts as used (compatibility 8).

    Cancelling twice changes nothing. Raises SessionOver once paid or expired, ReferenceUsed.
    """
    session = PaymentSession.objects.select_for_update(of=("self",)).select_related("shop").get(pk=session.pk)
    if session.state == SessionState.CANCELLED:
        return session
    _require_payable(session, now=now)
    session.cancel(at=now, readable_until=now + rules.RECEIPT_LIFETIME)
    _save_ended(session)
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


def _save_ended(session: PaymentSession) -> None:
    try:
        with transaction.atomic():
            session.save(update_fields=["state", "ended_at", "expires_at", "holds_reference"])
    except IntegrityError as error:
        # Two visits opened by GET for one reference: the first one to end took it.
        if REFERENCE_CONSTRAINT not in str(error):
            raise
        raise ReferenceUsed from error


def _keep_result(session: PaymentSession, verdict: Verdict, card: CardEntry, *, now: datetime) -> Transaction:
    delay = int(session.fields.get("vads_capture_delay") or 0)
    by_hand = session.fields.get("vads_validation_mode") == "1"
    return Transaction.objects.create(
        session=session,
        shop=session.shop,
        mode=session.mode,
        trans_id=session.trans_id,
        order_id=session.order_id,
        amount_cents=session.amount_cents,
        currency=session.currency,
        status=_status(verdict, delay=timedelta(days=delay), by_hand=by_hand),
        result=verdict.result,
        auth_result=verdict.auth_result,
        auth_number=verdict.auth_number,
        card_brand=verdict.brand,
        masked_number=verdict.masked_number,
        expiry_month=card.expiry_month,
        expiry_year=card.expiry_year,
        capture_delay=delay,
        is_validated_by_hand=by_hand,
        answer=verdict.details,
        created_at=now,
    )


def _status(verdict: Verdict, *, delay: timedelta, by_hand: bool) -> TransactionStatus:
    if not verdict.is_accepted:
        return TransactionStatus.REFUSED
    if delay > rules.authorisation_validity(verdict.brand):
        waiting = TransactionStatus.WAITING_AUTHORISATION
        return TransactionStatus.WAITING_AUTHORISATION_TO_VALIDATE if by_hand else waiting
    return TransactionStatus.AUTHORISED_TO_VALIDATE if by_hand else TransactionStatus.AUTHORISED


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
