"""The anchors: one line a day in a file outside the database, which tells where every chain of the journal stood.

Somebody who holds the database can cut a chain and its head together, or write both again; the file still knows the
hash that each head had (design 4.20). Each line carries the hash of the line before it. A line tells the heads that
moved since the last one, and a digest over all of them.
"""

import contextlib
import fcntl
import hashlib
import json
import os
from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field
from datetime import UTC, date, datetime, timedelta
from pathlib import Path
from typing import Any
from uuid import UUID

from backoffice.core.chains import START, Anchored
from backoffice.core.models.journal import JournalChain

# Anchors are daily: a longer silence is worth a word.
LONGEST_SILENCE = timedelta(days=2)


@dataclass(frozen=True, kw_only=True)
class Line:
    """One anchor: its number, when, the heads that moved (length and hash), the digest over all, both line hashes."""

    number: int
    at: datetime
    heads: Mapping[UUID, tuple[int, str]]
    digest: str
    previous: str
    line_hash: str

    @property
    def day(self) -> date:
        """The day it stands for, in UTC."""
        return self.at.date()


@dataclass(kw_only=True)
class Anchors:
    """What a file of anchors says: its last line, every anchored head by company and position, what is wrong."""

    last: Line | None = None
    count: int = 0
    heads: dict[UUID, dict[int, Anchored]] = field(default_factory=dict)
    latest: dict[UUID, tuple[int, str]] = field(default_factory=dict)
    faults: list[str] = field(default_factory=list)
    warnings: list[str] = field(default_factory=list)
    is_torn: bool = False

    def add(self, line: Line) -> None:
        """Take in the next line."""
        if self.last and line.at - self.last.at > LONGEST_SILENCE:
            self.warnings.append(f"no anchor was written between {self.last.day} and {line.day}")
        self.last, self.count = line, self.count + 1
        for company, (length, entry_hash) in line.heads.items():
            self.latest[company] = (length, entry_hash)
            # An earlier anchor of the same position stands: a later one must not replace what it proves.
            self.heads.setdefault(company, {}).setdefault(length, Anchored(entry_hash=entry_hash, day=line.day))


def write_if_due(path: Path, *, now: datetime) -> Line | None:
    """Append today's anchor (UTC) unless it is there; return it, or None. Safe in many processes at once.

    Raises OSError when the file cannot be written, and leaves it as it was.
    """
    with _alone(path):
        kept = read(path)
        moment = now.astimezone(UTC)
        if kept.last and kept.last.day >= moment.date():
            return None
        heads = {chain.company: (chain.length, chain.head_hash) for chain in JournalChain.objects.begun()}
        moved = {company: head for company, head in heads.items() if kept.latest.get(company) != head}
        previous = kept.last.line_hash if kept.last else START
        content = _content(kept.count + 1, moment, moved, digest=digest_of(heads), previous=previous)
        raw = _raw(content)
        _append(path, f"\n{raw}\n" if kept.is_torn else f"{raw}\n")
        return _line(raw)


def read(path: Path) -> Anchors:
    """Read a file of anchors line by line; one that is not there has none. Raises OSError when it cannot be read."""
    found = Anchors()
    unreadable: list[int] = []
    expected, number, raw = START, 0, "\n"
    for number, raw in enumerate(_lines(path), start=1):
        line = _line(raw.rstrip("\n"))
        if line is None:
            if raw.strip():
                unreadable.append(number)
            continue
        if line.previous != expected:
            found.faults.append(
                f"line {unreadable[0]}: it is not what was written"
                if unreadable
                else f"line {number}: it does not continue the line before it"
            )
        else:
            found.warnings += [f"line {one}: its writing was interrupted; it counts for nothing" for one in unreadable]
        unreadable, expected = [], line.line_hash
        found.add(line)
    found.is_torn = not raw.endswith("\n")
    if unreadable and not (found.is_torn and unreadable == [number]):
        found.faults.append(f"line {unreadable[0]}: it is not what was written")
    elif unreadable:
        found.warnings.append(f"line {number}: its writing was interrupted; it counts for nothing")
    if found.last and not found.faults and found.last.digest != digest_of(found.latest):
        found.faults.append(f"line {number}: its digest is not that of the heads")
    return found


def digest_of(heads: Mapping[UUID, tuple[int, str]]) -> str:
    """SHA-256, in hex, over « company length hash » of every chain, in the order of their ids."""
    told = "".join(f"{company} {length} {entry_hash}\n" for company, (length, entry_hash) in sorted(heads.items()))
    return hashlib.sha256(told.encode()).hexdigest()


def _content(
    number: int, at: datetime, heads: Mapping[UUID, tuple[int, str]], *, digest: str, previous: str
) -> dict[str, Any]:
    return {
        "number": number,
        "at": at.isoformat(timespec="seconds"),
        "heads": {str(company): list(head) for company, head in heads.items()},
        "digest": digest,
        "previous": previous,
    }


def _raw(content: Mapping[str, Any]) -> str:
    """The line as it is written: canonical JSON with its own hash."""
    return _canonical({**content, "hash": hashlib.sha256(_canonical(content).encode()).hexdigest()})


def _canonical(content: Mapping[str, Any]) -> str:
    return json.dumps(content, sort_keys=True, separators=(",", ":"), ensure_ascii=True)


def _line(raw: str) -> Line | None:
    """The line, or None when it is not, to the byte, what `_raw` writes."""
    try:
        content = json.loads(raw)
        told = content.pop("hash")
        line = Line(
            number=content["number"],
            at=datetime.fromisoformat(content["at"]),
            heads={UUID(company): (int(head[0]), str(head[1])) for company, head in content["heads"].items()},
            digest=content["digest"],
            previous=content["previous"],
            line_hash=told,
        )
    except (ValueError, TypeError, AttributeError, KeyError, IndexError, OverflowError, RecursionError):
        return None
    return line if _raw(content) == raw and line.at.tzinfo else None


def _lines(path: Path) -> Iterator[str]:
    with contextlib.suppress(FileNotFoundError), path.open(encoding="ascii", errors="replace", newline="\n") as file:
        yield from file


@contextlib.contextmanager
def _alone(path: Path) -> Iterator[None]:
    """Hold the file's lock: two workers must not write two lines, nor the same day twice."""
    lock = os.open(f"{path}.lock", os.O_RDWR | os.O_CREAT | os.O_CLOEXEC, 0o600)
    try:
        fcntl.flock(lock, fcntl.LOCK_EX)
        yield
    finally:
        os.close(lock)


def _append(path: Path, text: str) -> None:
    """Write at the end and reach the disk; a write cut short is taken back where the file system lets it be."""
    is_new = not path.exists()
    file = os.open(path, os.O_WRONLY | os.O_APPEND | os.O_CREAT | os.O_CLOEXEC, 0o600)
    try:
        size = os.fstat(file).st_size
        try:
            left = memoryview(text.encode())
            while left:
                left = left[os.write(file, left) :]
            os.fsync(file)
        except OSError:
            # Refused on a file that may only grow; the torn line is then skipped by whoever reads.
            with contextlib.suppress(OSError):
                os.ftruncate(file, size)
            raise
    finally:
        os.close(file)
    if is_new:
        _reach_the_disk(path.parent)


def _reach_the_disk(folder: Path) -> None:
    opened = os.open(folder, os.O_RDONLY)
    try:
        os.fsync(opened)
    finally:
        os.close(opened)
