"""A past for the demo's second merchant: some thousands of payments, their notifications, and a few failures."""

import hashlib
import random
import uuid
from collections.abc import Iterator
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta

from backoffice.vads import cards
from backoffice.vads.cards import TestCard
from certificates.enums import EvidenceStep
from payments.acquirer import SIMULATED_BANK, SIMULATED_CONTRACT
from payments.enums import AttemptOutcome, NotificationState, SessionState, TransactionStatus
from payments.models import Notification, NotificationAttempt, PaymentSession, Transaction
from payments.rules import MAX_ATTEMPTS, RECEIPT_LIFETIME, next_attempt_at
from shops.enums import Mode
from shops.models import Shop

SEED = 1874
DAYS = 90
PAYMENTS = {Mode.TEST: 24, Mode.PRODUCTION: 2600}
SHARE_REFUSED, SHARE_LATE, SHARE_LOST = 0.06, 0.02, 0.004
BUYERS = (
    ("Zoé", "Lefèvre"), ("Aminata", "N’Diaye"), ("Maël", "Le Goff"), ("Inès", "Fabre"), ("Noé", "Garcia"),
    ("Léonie", "Œuvrard"), ("Samir", "Belkacem"), ("Clémence", "Roux"), ("Théo", "O’Neil"), ("Jeanne", "Petit-Jean"),
)  # fmt: skip


@dataclass(frozen=True)
class Past:
    """One payment of the past with everything that hangs on it, not yet in the database."""

    session: PaymentSession
    transaction: Transaction
    notification: Notification
    attempts: list[NotificationAttempt]


def write(shop: Shop, *, until: datetime) -> dict[EvidenceStep, str]:
    """Write the shop's past in a few bulk inserts; return the TEST payment that proves each step of its test phase."""
    chance = random.Random(SEED)  # noqa: S311  the same past at every start
    pasts = [past for mode in Mode for past in _pasts(shop, mode, until=until, chance=chance)]
    PaymentSession.objects.bulk_create([past.session for past in pasts], batch_size=500)
    Transaction.objects.bulk_create([past.transaction for past in pasts], batch_size=500)
    Notification.objects.bulk_create([past.notification for past in pasts], batch_size=500)
    NotificationAttempt.objects.bulk_create([attempt for past in pasts for attempt in past.attempts], batch_size=500)
    tests = [past.transaction for past in pasts if past.transaction.mode == Mode.TEST]
    accepted = next(str(one.public_id) for one in tests if one.is_accepted)
    refused = next(str(one.public_id) for one in tests if not one.is_accepted)
    return {
        EvidenceStep.ACCEPTED_PAYMENT: accepted,
        EvidenceStep.REFUSED_PAYMENT: refused,
        EvidenceStep.ACKNOWLEDGED_NOTIFICATION: accepted,
    }


def _pasts(shop: Shop, mode: Mode, *, until: datetime, chance: random.Random) -> Iterator[Past]:
    accepted = [card for card in cards.TEST_CARDS if card.is_accepted]
    refused = [card for card in cards.TEST_CARDS if not card.is_accepted]
    count = PAYMENTS[mode]
    step = timedelta(days=DAYS) / count
    for number in range(count):
        # The first two TEST payments prove both outcomes, and nothing of the past is still waiting.
        at = until - timedelta(days=4) - step * (count - 1 - number) + timedelta(seconds=chance.randrange(600))
        is_refused = number == 1 or chance.random() < SHARE_REFUSED
        card = chance.choice(refused if is_refused else accepted)
        yield _past(shop, mode, card, number=number, at=at, chance=chance)


def _past(shop: Shop, mode: Mode, card: TestCard, *, number: int, at: datetime, chance: random.Random) -> Past:
    session = _session(shop, mode, number=number, at=at, chance=chance)
    transaction = _transaction(session, card, at=at, chance=chance)
    notification, attempts = _notification(transaction, at=at, chance=chance)
    return Past(session, transaction, notification, attempts)


def _session(shop: Shop, mode: Mode, *, number: int, at: datetime, chance: random.Random) -> PaymentSession:
    first_name, last_name = chance.choice(BUYERS)
    amount = chance.choice((790, 1190, 1490, 1990, 2250, 2890, 3400, 4520, 6300, 12490))
    fields = {
        "vads_action_mode": "INTERACTIVE",
        "vads_amount": str(amount),
        "vads_ctx_mode": mode.value,
        "vads_currency": "978",
        "vads_cust_first_name": first_name,
        "vads_cust_last_name": last_name,
        "vads_order_id": f"LIB-{number + 1:05d}",
        "vads_page_action": "PAYMENT",
        "vads_payment_config": "SINGLE",
        "vads_site_id": shop.site_id,
        "vads_trans_date": at.astimezone(UTC).strftime("%Y%m%d%H%M%S"),
        "vads_trans_id": f"{number:06d}",
        "vads_version": "V2",
    }
    session = PaymentSession(
        public_id=uuid.UUID(int=chance.getrandbits(128), version=4),
        shop=shop,
        mode=mode,
        trans_id=fields["vads_trans_id"],
        trans_date=at,
        trans_day=at.astimezone(UTC).date(),
        amount_cents=amount,
        currency="978",
        fields=fields,
        fingerprint=hashlib.sha256(repr(sorted(fields.items())).encode()).hexdigest(),
        state=SessionState.COMPLETED,
        holds_reference=True,
        opened_at=at,
        ended_at=at,
        expires_at=at + RECEIPT_LIFETIME,
    )
    session.seal_token()
    return session


def _transaction(session: PaymentSession, card: TestCard, *, at: datetime, chance: random.Random) -> Transaction:
    return Transaction(
        public_id=uuid.UUID(int=chance.getrandbits(128), version=4),
        session=session,
        shop=session.shop,
        mode=session.mode,
        trans_id=session.trans_id,
        order_id=session.fields["vads_order_id"],
        amount_cents=session.amount_cents,
        currency=session.currency,
        status=TransactionStatus.AUTHORISED if card.is_accepted else TransactionStatus.REFUSED,
        result=card.result,
        auth_result=card.auth_result,
        auth_number=f"{chance.getrandbits(24):06x}" if card.is_accepted else "",
        card_brand=card.brand,
        masked_number=card.masked,
        expiry_month=6,
        expiry_year=at.year + 2,
        answer={"vads_bank_label": SIMULATED_BANK, "vads_contract_used": SIMULATED_CONTRACT},
        created_at=at,
    )


def _notification(
    transaction: Transaction, *, at: datetime, chance: random.Random
) -> tuple[Notification, list[NotificationAttempt]]:
    fate = chance.random()
    failures = MAX_ATTEMPTS if fate < SHARE_LOST else 2 if fate < SHARE_LATE else 0
    notification = Notification(
        public_id=uuid.UUID(int=chance.getrandbits(128), version=4),
        transaction=transaction,
        shop=transaction.shop,
        mode=transaction.mode,
        order_key=transaction.order_id,
        created_at=at,
    )
    attempts, moment = [], at
    for made in range(1, failures + 1):
        attempts.append(_attempt(notification, made, at=moment, outcome=AttemptOutcome.UNREACHABLE, chance=chance))
        moment = next_attempt_at(attempts=made, now=moment, jitter=0.0) or moment
    if failures == MAX_ATTEMPTS:
        notification.state = NotificationState.EXHAUSTED
    else:
        attempts.append(
            _attempt(notification, failures + 1, at=moment, outcome=AttemptOutcome.ACKNOWLEDGED, chance=chance)
        )
        notification.state = NotificationState.DELIVERED
        notification.delivered_at = moment + timedelta(milliseconds=attempts[-1].duration_ms)
    notification.attempts_made = len(attempts)
    notification.last_called_at, notification.last_outcome = moment, attempts[-1].outcome
    return notification, attempts


def _attempt(
    notification: Notification, number: int, *, at: datetime, outcome: AttemptOutcome, chance: random.Random
) -> NotificationAttempt:
    is_success = outcome == AttemptOutcome.ACKNOWLEDGED
    return NotificationAttempt(
        notification=notification,
        number=number,
        at=at,
        url="https://librairie.example/notification",
        outcome=outcome,
        http_status=200 if is_success else None,
        duration_ms=chance.randrange(90, 420) if is_success else chance.randrange(4, 30),
        excerpt="OK" if is_success else "",
    )
