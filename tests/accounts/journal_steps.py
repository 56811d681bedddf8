"""A journal with a past, written straight into its tables: a thousand entries cost a moment."""

from datetime import datetime, timedelta

from accounts.models import Company, User
from backoffice.core import journal
from backoffice.core.chains import START, chain_hash
from backoffice.core.models import JournalChain, JournalEntry


def write_past(company: Company, *, by: User, count: int, until: datetime) -> None:
    """`count` settings saved by one person, a minute apart, the last one at `until`; a whole chain."""
    entries, previous = [], START
    for position in range(1, count + 1):
        at = until - timedelta(minutes=count - position)
        entry = JournalEntry(
            company=company.public_id,
            position=position,
            event=journal.Event.SHOP_SERVER_URL_SAVED,
            at=at,
            actor_id=by.public_id,
            detail={"mode": "TEST"},
            previous_hash=previous,
        )
        text = {"actor": by.journal_label, "subject": "", "address": "192.0.2.7"}
        entry.sealed_text = journal._seal_text(text, year=at.year, public_id=entry.public_id)
        previous = entry.entry_hash = chain_hash(entry)
        entries.append(entry)
    JournalEntry.objects.bulk_create(entries, batch_size=1000)
    JournalChain.objects.create(company=company.public_id, length=count, head_hash=previous)
