"""What is due and who may take it: a claim is a short transaction that leaves a lease on each row it takes."""

import logging
from collections import Counter
from dataclasses import dataclass, field
from datetime import datetime
from secrets import token_hex

from django.db import connection, transaction

from backoffice.core import vault
from certificates.keys import SigningKey, signing_key
from payments import rules
from payments.enums import AttemptOutcome
from payments.models import Notification, NotificationAttempt
from payments.notifications import payload
from shops.enums import Mode

logger = logging.getLogger(__name__)

# Any number, as long as nobody else locks the same.
CLAIM_LOCK = 710_042_001
HASH_BYTES = 32


class NoKey(Exception):
    """The shop has no certificate in this mode, though it was paid in it."""


@dataclass(frozen=True, kw_only=True)
class Call:
    """One call to make: everything it needs, so that nothing is read while it speaks."""

    notification_id: int
    number: int
    url: str
    body: bytes = field(repr=False)
    is_production: bool
    started_at: datetime


@transaction.atomic
def claim_due(*, limit: int, now: datetime) -> list[Call]:
    """Take up to `limit` due notifications for this worker, each under a lease (design 4.11, IPN-11, IPN-12).

    At most four calls at a time to one shop, one after a time-out, never two for one order. What a dead worker had
    taken comes first: its lost call is written down and the notification is due at once (IPN-02).
    """
    # Claims are made one after the other, so that the counts they rest on are exact; calls are made side by side.
    with connection.cursor() as cursor:
        cursor.execute("SELECT pg_advisory_xact_lock(%s)", [CLAIM_LOCK])
    _take_back_lost(now=now)
    chosen = _choose(limit=limit, now=now)
    keys: dict[tuple[int, str], SigningKey | None] = {}
    calls = []
    for notification in chosen:
        notification.take(now=now, until=now + rules.LEASE)
        try:
            calls.append(_call(notification, keys, now=now))
        except (NoKey, vault.SealBroken):
            # A fault of ours on one shop's key holds back that shop only, and spends none of its attempts.
            logger.exception("notification of shop %s cannot be signed", notification.shop.site_id)
            notification.give_back(at=rules.next_quarter_hour(now))
    Notification.objects.bulk_update(chosen, ["state", "due_at", "leased_at", "leased_until", "attempts_made"])
    return calls


def _take_back_lost(*, now: datetime) -> None:
    lost = list(Notification.objects.lost(now).select_for_update(skip_locked=True))
    attempts = [
        NotificationAttempt(
            notification=one,
            number=one.attempts_made,
            at=one.leased_at or now,
            outcome=AttemptOutcome.LOST,
            duration_ms=0,
        )
        for one in lost
    ]
    for one in lost:
        one.last_called_at, one.last_outcome = one.leased_at, AttemptOutcome.LOST
        if one.attempts_made >= rules.MAX_ATTEMPTS:
            one.exhaust()
        else:
            one.retry(at=now)
    NotificationAttempt.objects.bulk_create(attempts)
    Notification.objects.bulk_update(
        lost, ["state", "due_at", "leased_at", "leased_until", "last_called_at", "last_outcome"]
    )


def _choose(*, limit: int, now: datetime) -> list[Notification]:
    busy = Counter(Notification.objects.in_flight().values_list("shop_id", flat=True))
    # Shops that are full leave the list before it is cut: slow ones never hide a healthy one (IPN-10).
    full = [shop for shop, calls in busy.items() if calls >= rules.CALLS_PER_SHOP]
    free = Notification.objects.waiting(now).exclude(shop_id__in=full)
    waiting = free.with_order_free().first_of_each_shop(rules.CALLS_PER_SHOP)
    candidates = (
        waiting.with_last_outcome_of_shop()
        .select_for_update(of=("self",), skip_locked=True)
        .select_related("transaction__session", "shop")
        .prefetch_related("shop__server_urls")
        .order_by("due_at", "pk")[:limit]
    )
    orders = set()
    chosen = []
    for one in candidates:
        timed_out = one.last_outcome_of_shop == AttemptOutcome.TIMED_OUT  # type: ignore[attr-defined]
        order = (one.shop_id, one.mode, one.order_key)
        if order in orders or busy[one.shop_id] >= rules.calls_at_once(last_call_timed_out=timed_out):
            continue
        orders.add(order)
        busy[one.shop_id] += 1
        chosen.append(one)
    return chosen


def _call(notification: Notification, keys: dict[tuple[int, str], SigningKey | None], *, now: datetime) -> Call:
    owner = (notification.shop_id, notification.mode)
    if owner not in keys:
        keys[owner] = signing_key(notification.shop, notification.mode)
    key = keys[owner]
    if key is None:
        raise NoKey
    fields = payload.notification_fields(
        notification.transaction, source=notification.source, unique=token_hex(HASH_BYTES)
    )
    return Call(
        notification_id=notification.pk,
        number=notification.attempts_made,
        url=notification.url,
        body=payload.body(fields, key),
        is_production=notification.mode == Mode.PRODUCTION,
        started_at=now,
    )
