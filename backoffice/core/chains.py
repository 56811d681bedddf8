"""What a chain of the journal is: the hash of an entry, and where a chain stops being what was written (LOG-02)."""

import hashlib
import json
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from datetime import UTC, date, datetime
from enum import StrEnum
from uuid import UUID

from backoffice.core.models.journal import JournalEntry

# What the first entry of a chain continues.
START = "0" * 64


class BreachKind(StrEnum):
    """What is wrong at an entry, worded for whoever keeps the machine."""

    ALTERED = "its columns are not those that were hashed"
    REMOVED = "the entry is missing"
    INSERTED = "it stands where no entry was written"
    UNLINKED = "it does not continue the entry before it"
    NO_HEAD = "the chain has no head"
    BEHIND_HEAD = "it stands behind the head of its chain"
    OTHER_HEAD = "the head of the chain is not its hash"
    CUT = "it is missing, with all that followed"
    NOT_ANCHORED = "it is not the entry that was anchored"


@dataclass(frozen=True, kw_only=True)
class Anchored:
    """The hash that an entry had when it was anchored, and the day of that."""

    entry_hash: str
    day: date


@dataclass(frozen=True, kw_only=True)
class Breach:
    """The first entry of a chain that is not what was written.

    `at` is its own date, or that of the nearest entry left. With `anchored_on`, the entries from `since` to `position`
    were replaced after the last anchor that still fits: which of them first, nobody can tell.
    """

    company: UUID
    position: int
    kind: BreachKind
    at: datetime | None = None
    since: int | None = None
    anchored_on: date | None = None


@dataclass(frozen=True, kw_only=True)
class Head:
    """Where a chain says it stands."""

    length: int
    entry_hash: str


@dataclass(kw_only=True)
class Walk:
    """One chain walked from its first entry: how many entries fit, and the first that does not."""

    company: UUID
    head: Head | None
    anchored: Mapping[int, Anchored]
    length: int = 0
    expected_hash: str = START
    last_at: datetime | None = None
    last_anchor: int = 0

    def over(self, entries: Iterable[JournalEntry]) -> Breach | None:
        """The first breach among the chain's entries, given in the order of their positions; None when whole."""
        for entry in entries:
            kind = self._fault_of(entry)
            if kind is not None:
                return self._breach(kind, at=entry.at)
            self.length, self.expected_hash, self.last_at = entry.position, entry.entry_hash, entry.at
            if entry.position in self.anchored:
                self.last_anchor = entry.position
        if self._is_cut():
            return self._breach(BreachKind.CUT, at=self.last_at)
        return None

    def _fault_of(self, entry: JournalEntry) -> BreachKind | None:
        position = self.length + 1
        if entry.position != position:
            return BreachKind.REMOVED if entry.position > position else BreachKind.INSERTED
        if chain_hash(entry) != entry.entry_hash:
            return BreachKind.ALTERED
        if entry.previous_hash != self.expected_hash:
            return BreachKind.UNLINKED
        anchored = self.anchored.get(position)
        if anchored is not None and anchored.entry_hash != entry.entry_hash:
            return BreachKind.NOT_ANCHORED
        return self._fault_of_head(entry)

    def _fault_of_head(self, entry: JournalEntry) -> BreachKind | None:
        if self.head is None:
            return BreachKind.NO_HEAD
        if entry.position > self.head.length:
            return BreachKind.BEHIND_HEAD
        if entry.position == self.head.length and entry.entry_hash != self.head.entry_hash:
            return BreachKind.OTHER_HEAD
        return None

    def _is_cut(self) -> bool:
        told = self.head.length if self.head else 0
        return self.length < max(told, max(self.anchored, default=0))

    def _breach(self, kind: BreachKind, *, at: datetime | None) -> Breach:
        position = self.length + 1
        # The first anchor that this breach contradicts.
        later = min((one for one in self.anchored if one >= position), default=None)
        replaced = kind is BreachKind.NOT_ANCHORED
        return Breach(
            company=self.company,
            position=position,
            kind=kind,
            at=at,
            since=self.last_anchor + 1 if replaced else None,
            anchored_on=self.anchored[later].day
            if later and kind in {BreachKind.CUT, BreachKind.NOT_ANCHORED}
            else None,
        )


def chain_hash(entry: JournalEntry) -> str:
    """SHA-256, in lower-case hex, of the entry's columns as canonical JSON, the previous hash included."""
    columns = [
        str(entry.company),
        entry.position,
        str(entry.public_id),
        str(entry.event),
        entry.at.astimezone(UTC).isoformat(timespec="microseconds"),
        str(entry.actor_id or ""),
        str(entry.subject_id or ""),
        entry.detail,
        entry.sealed_text,
        entry.previous_hash,
    ]
    canonical = json.dumps(columns, sort_keys=True, separators=(",", ":"), ensure_ascii=True)
    return hashlib.sha256(canonical.encode()).hexdigest()
