"""What the counter's actions share: a request held under lock, and its line in the right journal."""

from datetime import datetime

from django.db import connection

from accounts.actions import OwnAccount
from accounts.models import User
from backoffice.core import journal
from backoffice.core.journal import Event, Named
from support import rules
from support.comparison import parties
from support.models import ContactRequest


class NoSuchAccount(Exception):
    """The request names no account that what was asked could be done to."""


class HeldBySomebodyElse(Exception):
    """Another advisor answers for the request; carries that `owner`, None while nobody does."""

    def __init__(self, owner: User | None) -> None:
        super().__init__(f"held by {owner}")
        self.owner = owner


def lock(contact: ContactRequest) -> ContactRequest:
    """The request, read again under lock."""
    # Nothing joined: what a wait for the lock brings up to date is this row alone, its people would be those of before.
    return ContactRequest.objects.select_for_update().get(pk=contact.pk)


def wait_for_turn(whose: str) -> None:
    """Wait until nobody else counts or looks under this name, within the caller's transaction.

    Two at the same moment would both find a place free: the second waits for the first to commit.
    """
    with connection.cursor() as cursor:
        cursor.execute("SELECT pg_advisory_xact_lock(hashtextextended(%s, 0))", [whose])


def require_held(locked: ContactRequest, *, person: User | None, by: User) -> None:
    """Raise OwnAccount when the request is about this advisor, HeldBySomebodyElse unless they answer for it (RST-01).

    A closed request is nobody's any more: its next move is refused as such.
    """
    if person is not None and person.pk == by.pk:
        raise OwnAccount
    if locked.is_open and not rules.holds(locked, by=by):
        raise HeldBySomebodyElse(locked.owner)


def record(
    event: Event,
    *,
    contact: ContactRequest,
    now: datetime,
    by: User | None,
    address: str,
    about: Named | None = None,
    **detail: str | int | bool,
) -> None:
    """One line in the journal of the company that the request is about, the platform's when there is none."""
    _, company = parties(contact)
    journal.record(
        event,
        now=now,
        company=company.public_id if company else None,
        by=by,
        about=about or contact,
        address=address,
        **detail,
    )
