"""What reading the journal leaves in it."""

from datetime import datetime

from django.db import transaction

from accounts.browsers import Browser
from accounts.journal_filters import Filters
from accounts.models import Company, User
from backoffice.core import journal
from backoffice.core.journal import Event


@transaction.atomic
def note_journal_export(
    *, company: Company | None, filters: Filters, by: User, browser: Browser, now: datetime
) -> None:
    """Write down, in the journal that leaves, who takes it away and how it was narrowed; before its first line does.

    Without company it is the platform's own. The person looked for is left out: that is personal text.
    """
    detail: dict[str, str | int | bool] = {
        "first_day": filters.first_day.isoformat() if filters.first_day else "",
        "last_day": filters.last_day.isoformat() if filters.last_day else "",
        "only_event": filters.event,
        "failures_only": filters.failures_only,
    }
    journal.record(
        Event.JOURNAL_EXPORTED,
        now=now,
        company=company.public_id if company else None,
        by=by,
        about=company,
        address=browser.address,
        **{key: value for key, value in detail.items() if value},
    )
