"""The journal's tables: append-only entries, one hash chain per company, one key per year for personal text."""

import uuid

from django.db import models

from backoffice.core.events import Event


class JournalChain(models.Model):
    """Where a company's chain stands: its length and the hash of its last entry. The row is the append lock."""

    # The company's public id; the platform's own chain (no company) has the nil UUID.
    company = models.UUIDField(primary_key=True)
    length = models.PositiveBigIntegerField(default=0)
    head_hash = models.CharField(max_length=64, default="0" * 64)

    class Meta:
        constraints = [
            models.CheckConstraint(condition=models.Q(head_hash__regex=r"^[0-9a-f]{64}$"), name="chain_head_is_a_hash"),
        ]

    def __str__(self) -> str:
        return f"{self.company} ({self.length})"


class JournalKey(models.Model):
    """The key that seals one year's personal text; destroying the row forgets the text and leaves the chain whole."""

    year = models.PositiveSmallIntegerField(primary_key=True)
    sealed_key = models.TextField()

    def __str__(self) -> str:
        return str(self.year)


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

    class Meta:
        constraints = [
            models.UniqueConstraint(fields=["company", "position"], name="journal_one_entry_per_position"),
        ]
        indexes = [models.Index(fields=["company", "-at"], name="journal_by_company_and_date")]

    def __str__(self) -> str:
        return f"{self.company}#{self.position} {self.event}"

    @property
    def event_label(self) -> str:
        """The event in French."""
        return str(Event(self.event).label)
