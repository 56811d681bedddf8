"""Prints: pages ask for a document, workers make it, whoever asked fetches it within fifteen minutes (design 4.16).

The row is the truth, first asked first made; jobs only wake the worker. No page, no event loop and no thread of
another job waits for a document.
"""

import asyncio
import logging
from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from datetime import datetime
from uuid import UUID

from asgiref.sync import sync_to_async
from django.db import transaction
from django.utils.crypto import salted_hmac

from backoffice.core import batches, jobs, printers, vault
from backoffice.core.models.prints import LIFE, Print
from backoffice.core.pdf import Paper, PdfFailed, PdfUnavailable

JOB = "core.make_prints"

logger = logging.getLogger(__name__)

# Threads that wait for the children, and do nothing else.
_presses = ThreadPoolExecutor(printers.PLACES, thread_name_prefix="press")


@transaction.atomic
def ask(paper: Paper, *, by: UUID, back: str, now: datetime) -> Print:
    """The print of this document for whoever asks (public id), in the caller's transaction; `back` is the page to go
    back to.

    The same document asked for twice within its life is the same print (a double click); one that failed is made anew.
    """
    html = paper.html()
    fingerprint = salted_hmac("core.print", "\0".join((paper.file_name, paper.title, html)), algorithm="sha256")
    asked = Print(
        asked_by=by,
        about=paper.about,
        title=paper.title,
        file_name=paper.file_name,
        back=back,
        fingerprint=fingerprint.hexdigest(),
        asked_at=now,
        expires_at=now + LIFE,
    )
    asked.take_in(html)
    Print.objects.of(by).expired(now).delete()
    # What the first insert met may have failed or gone before it was read.
    found = _put_in(asked) or _put_in(asked)
    if found is None:
        raise RuntimeError("a print that was put in twice is not there")
    if found.public_id == asked.public_id:
        jobs.defer(JOB)
    else:  # Its quarter of an hour begins anew: what is asked for must not be about to go.
        Print.objects.filter(pk=found.pk).update(expires_at=now + LIFE)
    return found


async def make_due(*, clock: Callable[[], datetime]) -> None:
    """Make what is due, one print after the other, until nothing is; PLACES callers at most work in one process.

    Cancelled (the worker stops, and ends its children), it gives its print back before it gives way.
    """
    if _hands.at_work >= printers.PLACES:
        # They find what this call is about; otherwise a crowd of prints would hold every place of the worker.
        _hands.are_called = True
        return
    _hands.at_work += 1
    try:
        # Nothing is awaited between the last look and the end, so no call falls in between.
        while (claimed := await sync_to_async(_claim_next)(now=clock())) or _hands.heard():
            if claimed:
                await _make(claimed, clock=clock)
    finally:
        _hands.at_work -= 1


def forget(*, now: datetime) -> int:
    """Delete the prints whose quarter of an hour is over; return how many (design 4.21)."""
    return batches.delete(Print.objects.expired(now))


def forget_about(subject: UUID) -> int:
    """Delete every print of one thing (public id), in the caller's transaction: what it shows must be gone (DOC-06)."""
    deleted, _ = Print.objects.about(subject).delete()
    return deleted


def _put_in(asked: Print) -> Print | None:
    # Two clicks at the same moment: the second insert waits for the first, and gives way to it.
    Print.objects.bulk_create([asked], ignore_conflicts=True)
    return Print.objects.of(asked.asked_by).showing(asked.fingerprint).good().first()


class _Hands:
    """How many make prints in this process, and whether somebody called them meanwhile."""

    def __init__(self) -> None:
        self.at_work, self.are_called = 0, False

    def heard(self) -> bool:
        called, self.are_called = self.are_called, False
        return called


_hands = _Hands()


@transaction.atomic
def _claim_next(*, now: datetime) -> Print | None:
    """Take the print that waits longest, under a lease that outlasts its document."""
    for row in Print.objects.due(now).select_for_update(skip_locked=True)[:1]:
        if row.is_rendering:
            logger.warning("print %s was left by its worker", row.public_id)
            row.give_back(at=now)
        if row.is_queued:
            row.start(at=now)
        row.save()
        return row
    return None


async def _make(claimed: Print, *, clock: Callable[[], datetime]) -> None:
    if not claimed.is_rendering:  # given up
        return
    try:
        content = await asyncio.get_running_loop().run_in_executor(_presses, _press, claimed)
    except asyncio.CancelledError:
        await sync_to_async(_write_down)(claimed, lambda row: row.give_back(at=clock()))
        raise
    except PdfUnavailable as unavailable:
        missing = unavailable.packages
        logger.error("print %s: this server lacks %s", claimed.public_id, unavailable)  # noqa: TRY400
        await sync_to_async(_write_down)(claimed, lambda row: row.give_up(missing=missing, at=clock()))
    except (PdfFailed, vault.SealBroken) as fault:
        logger.error("print %s failed: %s", claimed.public_id, fault)  # noqa: TRY400  no trace says more
        await sync_to_async(_write_down)(claimed, lambda row: row.fail(at=clock()))
    else:
        await sync_to_async(_write_down)(claimed, lambda row: row.finish(content=content, at=clock()))


def _press(claimed: Print) -> bytes:
    return printers.render(claimed.html())


@transaction.atomic
def _write_down(claimed: Print, move: Callable[[Print], None]) -> None:
    """Write down what became of a claimed print, unless it was forgotten or taken over meanwhile."""
    row = Print.objects.select_for_update().filter(pk=claimed.pk).first()
    if row is None or row.started_at != claimed.started_at:
        logger.warning("print %s is not ours any more", claimed.public_id)
        return
    move(row)
    row.save()
