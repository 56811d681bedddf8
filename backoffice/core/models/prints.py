"""Prints: documents on their way to paper, one sealed row each, gone a quarter of an hour after somebody asked."""

import uuid
from datetime import datetime, timedelta
from typing import Self

from django.db import models
from django.db.models import F, Q

from backoffice.core import vault
from backoffice.core.moves import require_move

LIFE = timedelta(minutes=15)
# Beyond this, somebody who waits is told that it takes longer than usual.
USUAL_WAIT = timedelta(seconds=20)
# A print that a worker took that long ago is nobody's any more: longer than a document may last (core.printers).
LEASE = timedelta(seconds=75)
# A document that took its workers with it this many times is given up.
MOST_ATTEMPTS = 3


class PrintState(models.TextChoices):
    QUEUED = "queued", "En attente"
    RENDERING = "rendering", "Mise en page en cours"
    DONE = "done", "Prêt"
    FAILED = "failed", "Échec"
    UNAVAILABLE = "unavailable", "Impossible sur ce serveur"


PRINT_MOVES = {
    PrintState.QUEUED: {PrintState.RENDERING},
    PrintState.RENDERING: {PrintState.QUEUED, PrintState.DONE, PrintState.FAILED, PrintState.UNAVAILABLE},
    PrintState.DONE: set(),
    PrintState.FAILED: set(),
    PrintState.UNAVAILABLE: set(),
}
PENDING = (PrintState.QUEUED, PrintState.RENDERING)
# Asked for again, the same document is found in these rather than made once more.
GOOD = (*PENDING, PrintState.DONE)


class PrintQuerySet(models.QuerySet["Print"]):
    def of(self, asker: uuid.UUID) -> Self:
        """What somebody asked for, by their public id."""
        return self.filter(asked_by=asker)

    def about(self, subject: uuid.UUID) -> Self:
        """Those that print one thing, by its public id."""
        return self.filter(about=subject)

    def living(self, now: datetime) -> Self:
        return self.filter(expires_at__gt=now)

    def expired(self, now: datetime) -> Self:
        return self.filter(expires_at__lte=now)

    def good(self) -> Self:
        """On their way, or ready."""
        return self.filter(state__in=GOOD)

    def showing(self, fingerprint: str) -> Self:
        """The same document, word for word."""
        return self.filter(fingerprint=fingerprint)

    def due(self, now: datetime) -> Self:
        """Those to be made, first asked first: waiting, or left by a worker that is gone."""
        left = Q(state=PrintState.RENDERING, started_at__lte=now - LEASE)
        return self.living(now).filter(Q(state=PrintState.QUEUED) | left).order_by("asked_at", "pk")

    def ahead_of(self, other: "Print", now: datetime) -> Self:
        """Those that are made before `other`."""
        pending = self.living(now).filter(state__in=PENDING, asked_at__lte=other.asked_at)
        return pending.filter(Q(asked_at__lt=other.asked_at) | Q(pk__lt=other.pk))


class Print(models.Model):
    """A document that one person asked for. Sealed on both sides of the press: it may hold a code (design 4.6)."""

    public_id = models.UUIDField(default=uuid.uuid4, unique=True, editable=False)
    # Public ids of who asked and of what is printed; the ground knows no other room.
    asked_by = models.UUIDField()
    about = models.UUIDField()
    # What it is called, and the page that it was asked from.
    title = models.CharField(max_length=120)
    file_name = models.CharField(max_length=120)
    back = models.CharField(max_length=200)
    # HMAC of the document: a plain digest would give a code of six digits away to whoever tries them all.
    fingerprint = models.CharField(max_length=64)
    sealed_html = models.TextField(blank=True)
    sealed_pdf = models.TextField(blank=True)
    state = models.CharField(max_length=12, choices=PrintState, default=PrintState.QUEUED)
    attempts = models.PositiveSmallIntegerField(default=0)
    # The Debian packages that this server lacks, separated by spaces.
    missing = models.CharField(max_length=200, blank=True)
    asked_at = models.DateTimeField()
    started_at = models.DateTimeField(null=True, blank=True)
    ended_at = models.DateTimeField(null=True, blank=True)
    expires_at = models.DateTimeField()

    objects = PrintQuerySet.as_manager()

    class Meta:
        constraints = [
            models.UniqueConstraint(
                fields=["asked_by", "fingerprint"], condition=Q(state__in=GOOD), name="print_one_of_each_for_each"
            ),
            models.CheckConstraint(
                condition=Q(state=PrintState.QUEUED, sealed_html__startswith="v1.", sealed_pdf="", missing="")
                & Q(started_at=None, ended_at=None)
                | Q(state=PrintState.RENDERING, sealed_html__startswith="v1.", sealed_pdf="", missing="")
                & Q(started_at__isnull=False, ended_at=None)
                | Q(state=PrintState.DONE, sealed_html="", sealed_pdf__startswith="v1.", missing="")
                & Q(ended_at__isnull=False)
                | Q(state=PrintState.FAILED, sealed_html="", sealed_pdf="", missing="", ended_at__isnull=False)
                | Q(state=PrintState.UNAVAILABLE, sealed_html="", sealed_pdf="", ended_at__isnull=False)
                & ~Q(missing=""),
                name="print_holds_what_its_state_says",
            ),
            models.CheckConstraint(condition=Q(expires_at__gt=F("asked_at")), name="print_expires_after_it_was_asked"),
            models.CheckConstraint(condition=Q(attempts__lte=MOST_ATTEMPTS), name="print_is_tried_three_times_at_most"),
            models.CheckConstraint(condition=Q(fingerprint__regex="^[0-9a-f]{64}$"), name="print_fingerprint_is_one"),
        ]
        indexes = [
            models.Index(fields=["asked_at", "id"], name="print_due", condition=Q(state__in=PENDING)),
            models.Index(fields=["about"], name="print_about"),
            models.Index(fields=["expires_at"], name="print_expiry"),
        ]

    def __str__(self) -> str:
        return f"{self.title} ({self.state})"

    # Moves
    def start(self, *, at: datetime) -> None:
        """A worker takes it."""
        require_move(PRINT_MOVES, self.state, PrintState.RENDERING)
        self.state, self.started_at = PrintState.RENDERING, at
        self.attempts += 1

    def give_back(self, *, at: datetime) -> None:
        """Its worker is gone or stops: back to the queue, or given up after MOST_ATTEMPTS."""
        if self.attempts >= MOST_ATTEMPTS:
            self.fail(at=at)
            return
        require_move(PRINT_MOVES, self.state, PrintState.QUEUED)
        self.state, self.started_at = PrintState.QUEUED, None

    def finish(self, *, content: bytes, at: datetime) -> None:
        """It is made: the PDF is sealed for this very row, what it was made from is gone."""
        self._end(PrintState.DONE, at=at)
        self.sealed_pdf = vault.seal_bytes(content, identity=self._identity("pdf"))

    def fail(self, *, at: datetime) -> None:
        self._end(PrintState.FAILED, at=at)

    def give_up(self, *, missing: list[str], at: datetime) -> None:
        """This server lacks these packages."""
        self._end(PrintState.UNAVAILABLE, at=at)
        self.missing = " ".join(missing)

    def _end(self, state: PrintState, *, at: datetime) -> None:
        require_move(PRINT_MOVES, self.state, state)
        self.state, self.ended_at, self.sealed_html = state, at, ""

    @property
    def is_queued(self) -> bool:
        return self.state == PrintState.QUEUED

    @property
    def is_rendering(self) -> bool:
        return self.state == PrintState.RENDERING

    @property
    def is_pending(self) -> bool:
        return self.state in PENDING

    @property
    def is_done(self) -> bool:
        return self.state == PrintState.DONE

    @property
    def is_unavailable(self) -> bool:
        return self.state == PrintState.UNAVAILABLE

    def is_late(self, now: datetime) -> bool:
        """Whether it waits longer than it should: no worker runs, or many print."""
        return self.is_pending and now - self.asked_at > USUAL_WAIT

    def take_in(self, html: str) -> None:
        """Seal what is to be printed for this very row, in memory."""
        self.sealed_html = vault.seal(html, identity=self._identity("html"))

    def html(self) -> str:
        """What is to be printed. Raises vault.SealBroken."""
        return vault.unseal(self.sealed_html, identity=self._identity("html"))

    def pdf(self) -> bytes:
        """What was made. Raises vault.SealBroken."""
        return vault.unseal_bytes(self.sealed_pdf, identity=self._identity("pdf"))

    def _identity(self, column: str) -> str:
        return vault.row_identity("core.print", self.public_id, column)
