"""One page of the list of payments: what each line says of a payment and of the telling of its result."""

from dataclasses import dataclass
from uuid import UUID

from backoffice.core.keyset import slice_of
from backoffice.vads.currencies import CURRENCIES, Currency
from payments.durations import length_of
from payments.enums import AttemptOutcome, NotificationState, TransactionStatus
from payments.models import Notification, Transaction
from payments.models.transaction import TransactionQuerySet

PER_PAGE = 50

STATUS_TONES = {
    TransactionStatus.AUTHORISED: "ok",
    TransactionStatus.AUTHORISED_TO_VALIDATE: "attention",
    TransactionStatus.WAITING_AUTHORISATION: "attention",
    TransactionStatus.WAITING_AUTHORISATION_TO_VALIDATE: "attention",
    TransactionStatus.REFUSED: "danger",
}


@dataclass(frozen=True, kw_only=True)
class Telling:
    """Whether the shop was told, in a badge's tone and words."""

    tone: str
    label: str


@dataclass(frozen=True, kw_only=True)
class Row:
    """One line of the list."""

    transaction: Transaction
    currency: Currency
    tone: str
    telling: Telling


@dataclass(frozen=True, kw_only=True)
class Page:
    """Its rows, and the rows from which the neighbouring pages start, where there are any."""

    rows: list[Row]
    newer_than: UUID | None
    older_than: UUID | None


def page_of(transactions: TransactionQuerySet, *, older_than: str, newer_than: str) -> Page:
    """The page after the row `older_than`, or before the row `newer_than` (public ids); the newest page otherwise.

    An identifier that is no row of the list is ignored. Four queries at most, whatever the depth.
    """
    found = slice_of(transactions.listed(), older_than=older_than, newer_than=newer_than, size=PER_PAGE)
    return Page(
        rows=[
            Row(
                transaction=one,
                currency=CURRENCIES[one.currency],
                tone=status_tone(one),
                telling=telling_of(one),
            )
            for one in found.rows
        ],
        newer_than=found.newer_than,
        older_than=found.older_than,
    )


def status_tone(transaction: Transaction) -> str:
    """The badge's tone of a payment's status."""
    return STATUS_TONES[TransactionStatus(transaction.status)]


def telling_of(transaction: Transaction) -> Telling:
    """What the list says of the latest notification, read from rows already fetched."""
    notifications = sorted(transaction.notifications.all(), key=lambda one: one.created_at)
    return tell(notifications[-1]) if notifications else Telling(tone="neutral", label="Sans notification")


def tell(notification: Notification) -> Telling:
    """A notification's state in a few words: how fast it was delivered, or how many calls failed."""
    state = NotificationState(notification.state)
    if state is NotificationState.DELIVERED and notification.delivered_at:
        seconds = (notification.delivered_at - notification.created_at).total_seconds()
        return Telling(tone="ok", label=f"en {length_of(seconds)}")
    if state is NotificationState.WAITING and notification.last_outcome not in {"", AttemptOutcome.LOST}:
        calls = notification.attempts_made
        return Telling(tone="danger", label="1 essai manqué" if calls == 1 else f"{calls} essais manqués")
    tones = {
        NotificationState.WAITING: "attention",
        NotificationState.IN_FLIGHT: "attention",
        NotificationState.NO_URL: "attention",
    }
    return Telling(tone=tones.get(state, "danger"), label=state.label)
