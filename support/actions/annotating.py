"""What advisors write down about a company for one another: notes, and tags."""

from collections.abc import Collection
from datetime import datetime

from django.db import transaction

from accounts.browsers import Browser
from accounts.models import Company, User
from backoffice.core import journal
from backoffice.core.journal import Event
from support.enums import Tag
from support.models import CompanyNote, CompanyTag


class AlreadyStruck(Exception):
    """Another note strikes this one through already."""


@transaction.atomic
def write_note(*, company: Company, text: str, by: User, browser: Browser, now: datetime) -> CompanyNote:
    """Add a note about a company."""
    note = CompanyNote.objects.create(company=company, author=by, text=text, written_at=now)
    _record(Event.COMPANY_NOTE_WRITTEN, company=company, by=by, browser=browser, now=now)
    return note


@transaction.atomic
def strike_note(*, note: CompanyNote, text: str, by: User, browser: Browser, now: datetime) -> CompanyNote:
    """Strike a wrong note through by one that says what is right. Raises AlreadyStruck."""
    locked = CompanyNote.objects.select_for_update().get(pk=note.pk)
    if locked.struck_through_by is not None:
        raise AlreadyStruck
    right = CompanyNote.objects.create(
        company_id=locked.company_id, author=by, text=text, strikes=locked, written_at=now
    )
    _record(Event.COMPANY_NOTE_STRUCK, company=right.company, by=by, browser=browser, now=now)
    return right


@transaction.atomic
def set_tags(*, company: Company, tags: Collection[Tag], by: User, browser: Browser, now: datetime) -> None:
    """Make a company bear these tags and no others; each that comes or goes is a line of the journal."""
    locked = Company.objects.select_for_update().get(pk=company.pk)
    wanted, borne = set(tags), {Tag(one.tag) for one in CompanyTag.objects.of(locked)}
    CompanyTag.objects.of(locked).among(borne - wanted).delete()
    CompanyTag.objects.bulk_create(
        CompanyTag(company=locked, tag=tag, set_by=by, set_at=now) for tag in sorted(wanted - borne)
    )
    for event, changed in ((Event.COMPANY_UNTAGGED, borne - wanted), (Event.COMPANY_TAGGED, wanted - borne)):
        for tag in sorted(changed):
            _record(event, company=locked, by=by, browser=browser, now=now, tag=tag.value)


def _record(event: Event, *, company: Company, by: User, browser: Browser, now: datetime, **detail: str) -> None:
    """In the company's own chain; whoever belongs to the company is told none of it (`events.DESK_ONLY`)."""
    journal.record(event, now=now, company=company.public_id, by=by, about=company, address=browser.address, **detail)
