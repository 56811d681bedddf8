"""What narrows a journal, and what leads through it: values that pages, exports and actions share."""

from dataclasses import dataclass
from datetime import date, datetime, time, timedelta
from uuid import UUID

from django.utils import timezone

from backoffice.core.models.journal import JournalEntryQuerySet


@dataclass(frozen=True, kw_only=True)
class Filters:
    """A period in days of Paris (both included), a person, an event, failures alone; what is empty narrows nothing."""

    first_day: date | None = None
    last_day: date | None = None
    person: UUID | None = None
    event: str = ""
    failures_only: bool = False

    def applied_to(self, entries: JournalEntryQuerySet) -> JournalEntryQuerySet:
        """The entries that pass all of them."""
        if self.first_day:
            entries = entries.since(_midnight(self.first_day))
        if self.last_day:
            entries = entries.before(_midnight(self.last_day + timedelta(days=1)))
        if self.person:
            entries = entries.with_person(self.person)
        if self.event:
            entries = entries.of_event(self.event)
        return entries.failures() if self.failures_only else entries


def _midnight(day: date) -> datetime:
    return timezone.make_aware(datetime.combine(day, time.min))
