"""How a result reaches the shop: the notification that tells it, and what each call came to."""

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import datetime

from django.db import transaction

from backoffice.core import jobs
from backoffice.core.outbound import Outcome
from certificates.actions import record_evidence
from certificates.enums import EvidenceStep
from payments import rules
from payments.enums import AttemptOutcome, NotificationState
from payments.models import Notification, NotificationAttempt, Transaction
from payments.notifications.outbox import Call
from shops.enums import Mode

DELIVERY_JOB = "payments.deliver_notifications"


@dataclass(frozen=True, kw_only=True)
class EndedCall:
    """A call to a shop and how it ended."""

    call: Call
    outcome: AttemptOutcome
    answer: Outcome


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


def queue_notification(paid: Transaction, *, now: datetime) -> None:
    """Write down, in the transaction of the result, that the shop is to be told of it, and wake a worker (IPN-01)."""
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


def prove(paid: Transaction, step: EvidenceStep, *, now: datetime) -> None:
    """Give the shop's test phase its proof, in TEST only; the first one of a step stays."""
    if paid.mode == Mode.TEST:
        record_evidence(shop=paid.shop, step=step, reference=str(paid.public_id), now=now)


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
        prove(notification.transaction, EvidenceStep.ACKNOWLEDGED_NOTIFICATION, now=now)


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
