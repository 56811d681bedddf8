"""Seeing somebody's pages as they do: what it leaves in the journal of each company they show."""

from collections.abc import Iterable
from datetime import datetime
from uuid import UUID

from django.db import transaction

from accounts import rules
from accounts.browsers import Browser
from accounts.enums import ViewEnd, ViewReason
from accounts.models import Company, User
from backoffice.core import journal
from backoffice.core.journal import Event


class NotViewable(Exception):
    """The advisor may not see these pages as this person does."""


@transaction.atomic
def start_viewing(
    *, person: User, company: Company, reason: ViewReason, by: User, browser: Browser, now: datetime
) -> list[UUID]:
    """Write down that an advisor begins to see a person's pages; return the public ids of the companies these show.

    The first of them is `company`. Each company's journal tells it: owners and managers read who looked, as whom and
    why (LOG-03). Raises NotViewable (AUTHZ-08).
    """
    User.objects.select_for_update().get(pk=person.pk)
    place = rules.place_in_view(person.public_id, company=company.public_id, by=by)
    if place is None:
        raise NotViewable
    others = {one.company.public_id for one in place.user.current_places} - {company.public_id}
    shown = [company.public_id, *others]
    _record(Event.ACCOUNT_VIEWED, shown, person=place.user, by=by, browser=browser, now=now, reason=reason.value)
    return shown


@transaction.atomic
def end_viewing(
    *, person: User, companies: Iterable[UUID], ended: ViewEnd, by: User, browser: Browser, now: datetime
) -> None:
    """Write down that the advisor sees these pages no more, in the journals that told the beginning."""
    _record(Event.ACCOUNT_VIEW_ENDED, companies, person=person, by=by, browser=browser, now=now, ended=ended.value)


def _record(
    event: Event, companies: Iterable[UUID], *, person: User, by: User, browser: Browser, now: datetime, **detail: str
) -> None:
    # In one order, so that two views never wait for each other's chains.
    for company in sorted(companies):
        journal.record(event, now=now, company=company, by=by, about=person, address=browser.address, **detail)
