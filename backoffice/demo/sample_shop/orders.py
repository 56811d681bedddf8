"""The shop's order book: an SQLite file, where only a verified notification marks an order as paid."""

import json
import sqlite3
from collections.abc import Iterator
from contextlib import closing, contextmanager
from dataclasses import dataclass
from datetime import UTC, datetime
from enum import StrEnum
from pathlib import Path


class State(StrEnum):
    """Where an order stands, as the notifications told."""

    WAITING = "waiting"
    PAID = "paid"
    REFUSED = "refused"
    ABANDONED = "abandoned"


@dataclass(frozen=True, slots=True)
class Buyer:
    """Who ordered."""

    first_name: str
    last_name: str
    email: str


@dataclass(frozen=True, slots=True)
class Line:
    """One cheese of an order."""

    name: str
    quantity: int
    price_cents: int


@dataclass(frozen=True, slots=True)
class Order:
    """An order; amounts in cents, moments in UTC or None when it has not happened."""

    reference: str
    mode: str
    amount_cents: int
    lines: tuple[Line, ...]
    buyer: Buyer
    state: State
    transaction: str
    created_at: datetime
    notified_at: datetime | None
    returned_at: datetime | None


@dataclass(frozen=True, slots=True)
class Call:
    """One call received at the notification address: when, for which order, what was answered (0: not yet)."""

    received_at: datetime
    reference: str
    source: str
    status: int
    answer: str


_TABLES = """
CREATE TABLE IF NOT EXISTS orders (
    number INTEGER PRIMARY KEY AUTOINCREMENT, mode TEXT NOT NULL, amount_cents INTEGER NOT NULL, lines TEXT NOT NULL,
    first_name TEXT NOT NULL, last_name TEXT NOT NULL, email TEXT NOT NULL, state TEXT NOT NULL DEFAULT 'waiting',
    trans TEXT NOT NULL DEFAULT '', created_at TEXT NOT NULL, notified_at TEXT, returned_at TEXT
);
CREATE TABLE IF NOT EXISTS calls (
    number INTEGER PRIMARY KEY AUTOINCREMENT, received_at TEXT NOT NULL, reference TEXT NOT NULL, source TEXT NOT NULL,
    status INTEGER NOT NULL DEFAULT 0, answer TEXT NOT NULL DEFAULT ''
);
"""
_PREFIX = "CMD-"
_SHOWN = 200


class OrderBook:
    """Every order and every call, kept across restarts."""

    def __init__(self, path: Path) -> None:
        self._path = path
        with self._open() as database:
            database.executescript(_TABLES)

    def create(self, *, mode: str, lines: tuple[Line, ...], buyer: Buyer, now: datetime) -> Order:
        """Write an order that waits for its payment."""
        amount = sum(line.quantity * line.price_cents for line in lines)
        typed = json.dumps([[line.name, line.quantity, line.price_cents] for line in lines], ensure_ascii=False)
        with self._open() as database:
            number = database.execute(
                "INSERT INTO orders (mode, amount_cents, lines, first_name, last_name, email, created_at)"
                " VALUES (?, ?, ?, ?, ?, ?, ?)",
                (mode, amount, typed, buyer.first_name, buyer.last_name, buyer.email, _text(now)),
            ).lastrowid
            row = database.execute("SELECT * FROM orders WHERE number = ?", (number,)).fetchone()
        return _order(row)

    def find(self, reference: str) -> Order | None:
        """The order of that reference, or None."""
        with self._open() as database:
            row = database.execute("SELECT * FROM orders WHERE number = ?", (_number(reference),)).fetchone()
        return _order(row) if row else None

    def newest(self) -> list[Order]:
        """The last orders, newest first."""
        with self._open() as database:
            rows = database.execute("SELECT * FROM orders ORDER BY number DESC LIMIT ?", (_SHOWN,)).fetchall()
        return [_order(row) for row in rows]

    def settle(self, reference: str, *, state: State, transaction: str, now: datetime) -> None:
        """Write what a verified notification said; an order once paid stays paid."""
        with self._open() as database:
            database.execute(
                "UPDATE orders SET state = ?, trans = ?, notified_at = ? WHERE number = ? AND state <> 'paid'",
                (state, transaction, _text(now), _number(reference)),
            )

    def note_return(self, reference: str, *, now: datetime) -> None:
        """Write that the buyer came back, once; it says nothing of the payment."""
        with self._open() as database:
            database.execute(
                "UPDATE orders SET returned_at = ? WHERE number = ? AND returned_at IS NULL",
                (_text(now), _number(reference)),
            )

    def note_call(self, *, reference: str, source: str, now: datetime) -> int:
        """Write that a notification has arrived, before anything is done with it; return the call's number."""
        with self._open() as database:
            return (
                database.execute(
                    "INSERT INTO calls (received_at, reference, source) VALUES (?, ?, ?)",
                    (_text(now), reference[:40], source[:20]),
                ).lastrowid
                or 0
            )

    def note_answer(self, call: int, *, status: int, answer: str) -> None:
        """Write what the shop answered to a call."""
        with self._open() as database:
            database.execute("UPDATE calls SET status = ?, answer = ? WHERE number = ?", (status, answer, call))

    def calls(self) -> list[Call]:
        """The last calls, newest first."""
        with self._open() as database:
            rows = database.execute("SELECT * FROM calls ORDER BY number DESC LIMIT ?", (_SHOWN,)).fetchall()
        return [
            Call(_moment(row["received_at"]), row["reference"], row["source"], row["status"], row["answer"])
            for row in rows
        ]

    @contextmanager
    def _open(self) -> Iterator[sqlite3.Connection]:
        with closing(sqlite3.connect(self._path, timeout=10)) as database, database:
            database.row_factory = sqlite3.Row
            yield database


def _order(row: sqlite3.Row) -> Order:
    return Order(
        reference=f"{_PREFIX}{row['number']:04d}",
        mode=row["mode"],
        amount_cents=row["amount_cents"],
        lines=tuple(Line(*line) for line in json.loads(row["lines"])),
        buyer=Buyer(row["first_name"], row["last_name"], row["email"]),
        state=State(row["state"]),
        transaction=row["trans"],
        created_at=_moment(row["created_at"]),
        notified_at=_moment(row["notified_at"]) if row["notified_at"] else None,
        returned_at=_moment(row["returned_at"]) if row["returned_at"] else None,
    )


def _number(reference: str) -> int:
    digits = reference.removeprefix(_PREFIX)
    return int(digits) if digits.isascii() and digits.isdigit() and len(digits) <= 12 else 0


def _text(moment: datetime) -> str:
    return moment.astimezone(UTC).isoformat(timespec="seconds")


def _moment(text: str) -> datetime:
    return datetime.fromisoformat(text)
