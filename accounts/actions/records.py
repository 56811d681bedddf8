"""How the accounts room writes in the journal."""

from datetime import datetime

from accounts.models import User
from backoffice.core import journal
from backoffice.core.journal import Event


def record(
    event: Event, *, user: User, by: User | None, now: datetime, address: str = "", **detail: str | int | bool
) -> None:
    company = user.company.public_id if user.company else None
    journal.record(event, now=now, company=company, by=by, about=user, address=address, **detail)


def record_refusal(*, user: User | None, now: datetime, address: str, reason: str, **detail: str | int | bool) -> None:
    """A refused sign-in. What was typed as an identifier is not kept: people type passwords there (AUTH-15)."""
    if user:
        record(Event.ACCOUNT_SIGN_IN_REFUSED, user=user, by=None, now=now, address=address, reason=reason, **detail)
        return
    journal.record(
        Event.ACCOUNT_SIGN_IN_REFUSED,
        now=now,
        company=None,
        by=None,
        about=None,
        address=address,
        reason=reason,
        **detail,
    )
