"""Proving the journal: every chain against itself, its head and its anchors; the anchors against each other."""

from collections.abc import Iterator
from dataclasses import dataclass, field
from datetime import UTC, datetime
from itertools import chain, groupby
from pathlib import Path
from uuid import UUID

from django.db import transaction

from backoffice.core import anchors, journal
from backoffice.core.anchors import LONGEST_SILENCE, Anchors
from backoffice.core.chains import Breach, BreachKind, Head, Walk
from backoffice.core.models.journal import JournalChain, JournalEntry


@dataclass(kw_only=True)
class Report:
    """What was walked, every fault (one line each), and what deserves a word without being one."""

    chains: int = 0
    entries: int = 0
    anchors: Anchors
    oldest_at: datetime | None = None
    faults: list[str] = field(default_factory=list)
    warnings: list[str] = field(default_factory=list)


def prove(path: Path, *, now: datetime) -> Report:
    """Walk the whole journal against the anchors of the file `path`. Raises OSError when the file cannot be read."""
    # The file first: a head is in the database before it is anchored, never after.
    told = anchors.read(path)
    report = Report(anchors=told)
    report.faults += [f"{path}, {fault}" for fault in told.faults]
    report.warnings += [f"{path}, {warning}" for warning in told.warnings]
    with transaction.atomic():
        report.faults += [_in_words(breach) for breach in _breaches(report)]
    _judge_silence(report, path, now=now)
    return report


def _breaches(report: Report) -> Iterator[Breach]:
    """The first breach of each chain, in the order of the companies, then of the chains that have no entry left."""
    unseen = dict(report.anchors.heads)
    # One statement, so one moment: an entry written meanwhile is not taken for one too many.
    entries = JournalEntry.objects.chain_by_chain().iterator(chunk_size=2000)
    for company, written in groupby(entries, key=lambda entry: entry.company):
        first = next(written)
        head = None if first.chain_head is None else Head(length=first.chain_length, entry_hash=first.chain_head)
        walk = Walk(company=company, head=head, anchored=unseen.pop(company, {}))
        breach = walk.over(chain([first], written))  # noqa: B031 (one pass: the first entry is put back)
        report.chains, report.entries = report.chains + 1, report.entries + walk.length
        report.oldest_at = min(report.oldest_at or first.at, first.at)
        if breach:
            yield breach
    for emptied in JournalChain.objects.emptied():
        anchored = unseen.pop(emptied.company, {})
        head = Head(length=emptied.length, entry_hash=emptied.head_hash)
        if breach := Walk(company=emptied.company, head=head, anchored=anchored).over([]):
            yield breach
    for company, anchored in unseen.items():
        if breach := Walk(company=company, head=None, anchored=anchored).over([]):
            yield breach


def _judge_silence(report: Report, path: Path, *, now: datetime) -> None:
    last = report.anchors.last
    if last is not None:
        if now - last.at > LONGEST_SILENCE:
            report.warnings.append(f"{path}, the last anchor is of {last.day}: is the worker running, the disk full?")
    elif report.oldest_at and now - report.oldest_at > LONGEST_SILENCE:
        report.faults.append(
            f"{path}, no anchor at all, while the journal goes back to {report.oldest_at.astimezone(UTC):%Y-%m-%d}: "
            "the file was removed, or no worker ever wrote it"
        )


def _in_words(breach: Breach) -> str:
    entry = f"entry {breach.position}"
    if breach.kind is BreachKind.NOT_ANCHORED and breach.since != breach.position:
        entry = f"entries {breach.since} to {breach.position}"
    when = f" ({breach.at.astimezone(UTC):%Y-%m-%d %H:%M:%S} UTC)" if breach.at else ""
    if breach.at and breach.kind in {BreachKind.REMOVED, BreachKind.CUT}:
        near = "before" if breach.kind is BreachKind.REMOVED else "after"
        when = f" ({near} {breach.at.astimezone(UTC):%Y-%m-%d %H:%M:%S} UTC)"
    anchored = f", anchored on {breach.anchored_on}" if breach.anchored_on else ""
    return f"{_name_of(breach.company)}, {entry}{when}: {breach.kind.value}{anchored}"


def _name_of(company: UUID) -> str:
    """The company as its chain tells it, with its public id; the ground knows no other room."""
    if company == journal.PLATFORM:
        return "the platform's own chain"
    entry = JournalEntry.objects.of_chain(company).about_the_company_itself().in_order().first()
    label = journal.personal_text(entry)["subject"] if entry else ""
    return f"{label} ({company})" if label else f"company {company}"
