"""The journal's tables: append-only entries, one hash chain per company, one key per year for personal text."""

import uuid
from collections.abc import Collection
from datetime import datetime
from typing import Self

from django.db import connection, models
from django.db.models import Exists, OuterRef, Q, Subquery

from backoffice.core.events import DESK_ONLY, FAILURES, Event

# The different actors of one chain, each found by one step in the index, however many entries there are.
_ACTORS = """
WITH RECURSIVE known(id) AS (
    (SELECT actor_id FROM core_journalentry WHERE company = %s AND actor_id IS NOT NULL ORDER BY actor_id LIMIT 1)
    UNION ALL
    SELECT (
        SELECT actor_id FROM core_journalentry WHERE company = %s AND actor_id > known.id ORDER BY actor_id LIMIT 1
    ) FROM known WHERE known.id IS NOT NULL
)
SELECT id FROM known WHERE id IS NOT NULL
"""


class JournalChainQuerySet(models.QuerySet["JournalChain"]):
    def begun(self) -> Self:
        """Chains that have entries, in the order of their ids."""
        return self.filter(length__gt=0).order_by("company")

    def emptied(self) -> Self:
        """Chains that count entries and have none left."""
        entries = JournalEntry.objects.filter(company=OuterRef("company"))
        return self.filter(~Exists(entries), length__gt=0)


class JournalChain(models.Model):
    """Where a company's chain stands: its length and the hash of its last entry. The row is the append lock."""

    # The company's public id; the platform's own chain (no company) has the nil UUID.
    company = models.UUIDField(primary_key=True)
    length = models.PositiveBigIntegerField(default=0)
    head_hash = models.CharField(max_length=64, default="0" * 64)

    objects = JournalChainQuerySet.as_manager()

    class Meta:
        constraints = [
            models.CheckConstraint(condition=models.Q(head_hash__regex=r"^[0-9a-f]{64}$"), name="chain_head_is_a_hash"),
        ]

    def __str__(self) -> str:
        return f"{self.company} ({self.length})"


class JournalKeyQuerySet(models.QuerySet["JournalKey"]):
    def up_to(self, year: int) -> Self:
        return self.filter(year__lte=year)


class JournalKey(models.Model):
    """The key that seals one year's personal text; destroying the row forgets the text and leaves the chain whole."""

    year = models.PositiveSmallIntegerField(primary_key=True)
    sealed_key = models.TextField()

    objects = JournalKeyQuerySet.as_manager()

    def __str__(self) -> str:
        return str(self.year)


class JournalEntryQuerySet(models.QuerySet["JournalEntry"]):
    """Reading: one chain, narrowed, newest first, a page at a time without counting."""

    def of_chain(self, company: uuid.UUID) -> Self:
        """The entries of one company, by its public id."""
        return self.filter(company=company)

    def since(self, start: datetime) -> Self:
        return self.filter(at__gte=start)

    def before(self, end: datetime) -> Self:
        return self.filter(at__lt=end)

    def with_person(self, person: uuid.UUID) -> Self:
        """What a person did, and what was done to them."""
        return self.filter(Q(actor_id=person) | Q(subject_id=person))

    def of_event(self, event: str) -> Self:
        return self.filter(event=event)

    def of_events(self, events: Collection[Event]) -> Self:
        return self.filter(event__in=events)

    def told_to_merchants(self) -> Self:
        """All but what advisors keep among themselves."""
        return self.exclude(event__in=sorted(DESK_ONLY))

    def failures(self) -> Self:
        return self.filter(event__in=sorted(FAILURES))

    def newest_first(self) -> Self:
        return self.order_by("-at", "-position")

    def oldest_first(self) -> Self:
        return self.order_by("at", "position")

    def older_than(self, other: "JournalEntry") -> Self:
        """Those that come after `other`, of the same chain, in a list read newest first; any depth costs the same."""
        return self.filter(at__lte=other.at).filter(Q(at__lt=other.at) | Q(position__lt=other.position))

    def newer_than(self, other: "JournalEntry") -> Self:
        """Those that come before `other`, of the same chain, in a list read newest first."""
        return self.filter(at__gte=other.at).filter(Q(at__gt=other.at) | Q(position__gt=other.position))

    def with_public_id(self, public_id: str) -> Self:
        """The entry of this id; nothing when the text is no id at all."""
        try:
            return self.filter(public_id=uuid.UUID(public_id))
        except ValueError:
            return self.none()

    def about_the_company_itself(self) -> Self:
        """Entries whose subject is the company of their chain: they know its label."""
        return self.filter(subject_id=models.F("company"))

    def in_order(self) -> Self:
        """In the order of one chain."""
        return self.order_by("position")

    def chain_by_chain(self) -> Self:
        """Every entry in the order it was chained, with the `chain_length` and `chain_head` of the same moment."""
        chain = JournalChain.objects.filter(company=OuterRef("company"))
        return self.order_by("company", "position").annotate(
            chain_length=Subquery(chain.values("length")), chain_head=Subquery(chain.values("head_hash"))
        )


class JournalEntryManager(models.Manager.from_queryset(JournalEntryQuerySet)):  # type: ignore[misc]
    """The queryset's questions, and who acted."""

    def actors_of_chain(self, company: uuid.UUID) -> list[uuid.UUID]:
        """The public ids of all who did something in a company's chain."""
        with connection.cursor() as cursor:
            cursor.execute(_ACTORS, [company, company])
            return [row[0] for row in cursor.fetchall()]


class JournalEntry(models.Model):
    """One thing that somebody did, or failed to do. PostgreSQL refuses to update, delete or truncate it (LOG-02)."""

    public_id = models.UUIDField(default=uuid.uuid4, unique=True, editable=False)
    company = models.UUIDField()
    position = models.PositiveBigIntegerField()
    # A value of Event; the list lives in code alone, so that a new event is no migration.
    event = models.CharField(max_length=60)
    at = models.DateTimeField()
    actor_id = models.UUIDField(null=True, blank=True)
    subject_id = models.UUIDField(null=True, blank=True)
    # Codes and figures only; names, labels and addresses are personal text and live sealed in `sealed_text`.
    detail = models.JSONField(default=dict, blank=True)
    sealed_text = models.TextField(blank=True)
    previous_hash = models.CharField(max_length=64)
    entry_hash = models.CharField(max_length=64)

    objects = JournalEntryManager()

    class Meta:
        constraints = [
            models.UniqueConstraint(fields=["company", "position"], name="journal_one_entry_per_position"),
        ]
        indexes = [
            models.Index(fields=["company", "at", "position"], name="journal_reading_order"),
            models.Index(fields=["company", "actor_id", "at"], name="journal_by_actor"),
            models.Index(fields=["company", "subject_id", "at"], name="journal_by_subject"),
        ]

    def __str__(self) -> str:
        return f"{self.company}#{self.position} {self.event}"

    @property
    def event_label(self) -> str:
        """The event in French; as it stands when it is none of ours (an altered row)."""
        return str(Event(self.event).label) if self.event in Event.values else self.event

    @property
    def is_failure(self) -> bool:
        return self.event in FAILURES
