"""Forgetting what the counter kept of people, after its term (design 4.21)."""

from datetime import datetime

from django.conf import settings

from backoffice.core import batches
from support.models import CompanyNote, ContactRequest


def forget_requests(*, now: datetime) -> int:
    """Delete the requests that have been over for as long as traces are kept; return how many (design 4.21).

    That there was one stays in the journal, which names nothing its sender typed.
    """
    return batches.delete(ContactRequest.objects.over_before(settings.RETENTION.traces.before(now)))


def forget_notes(*, now: datetime) -> int:
    """Delete the notes about companies that are older than traces are kept; return how many (design 4.21)."""
    return batches.delete(CompanyNote.objects.written_before(settings.RETENTION.traces.before(now)))
