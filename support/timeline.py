"""What happened with one company, newest first: its requests, mails, notes, and what the journal tells of its state.

Four lists merged by moment, a page at a time, at the same cost however deep. Of the journal only codes are read, never
what it seals.
"""

import re
from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass, field
from datetime import UTC, datetime, timedelta
from typing import Any
from uuid import UUID

from django.db.models import F, Q, QuerySet, Value

from accounts.models import Company, User
from backoffice.core import details
from backoffice.core.events import Event
from backoffice.core.models import JournalEntry, OutgoingMail
from shops.models import Shop
from support.enums import Motive, RequestStatus
from support.mail_log import badge_of
from support.models import CompanyNote, ContactRequest

PER_PAGE = 25
# What changes where a company, its people, shops and contracts stand; who came and went is the journal's own page.
STATE_CHANGES = (
    Event.COMPANY_CREATED,
    Event.ACCOUNT_OPENED,
    Event.ACCOUNT_BLOCKED,
    Event.ACCOUNT_UNBLOCKED,
    Event.ACCOUNT_FROZEN,
    Event.ACCOUNT_UNFROZEN,
    Event.TEMPORARY_PASSWORD_DRAWN,
    Event.PASSWORD_CHOSEN,
    Event.PASSWORD_CHANGED,
    Event.FACTOR_ENROLLED,
    Event.FACTOR_REMOVED,
    Event.FACTOR_REQUIRED,
    Event.FACTOR_NOT_REQUIRED,
    Event.PERSON_INVITED,
    Event.PERSON_ROLE_CHANGED,
    Event.PERSON_REMOVED,
    Event.EMAIL_CHANGE_ASKED,
    Event.EMAIL_CHANGED,
    Event.PHONE_CHANGE_ASKED,
    Event.PHONE_CHANGED,
    Event.CONTACT_CHANGE_CANCELLED,
    Event.PORTFOLIO_CHANGED,
    Event.SHOP_CREATED,
    Event.SHOP_CLOSED,
    Event.SHOP_SERVER_URL_SAVED,
    Event.SHOP_PAYMENT_PAGE_SAVED,
    Event.CERTIFICATE_ALGORITHM_CHOSEN,
    Event.CERTIFICATE_GENERATED,
    Event.CERTIFICATE_ISSUED,
    Event.CONTRACT_ISSUED,
    Event.CONTRACT_SIGNED,
    Event.AMENDMENT_ISSUED,
    Event.CODE_REPLACEMENT_ASKED,
    Event.CODE_REPLACED,
    Event.CALL_BEGUN,
    Event.CALL_PROVEN,
    Event.CALL_ENDED,
    Event.PROPOSAL_MADE,
    Event.PROPOSAL_APPROVED,
    Event.PROPOSAL_REJECTED,
    Event.PROPOSAL_VOIDED,
    Event.PROPOSAL_LAPSED,
    Event.COMPANY_TAGGED,
    Event.COMPANY_UNTAGGED,
)
_EPOCH = datetime(1970, 1, 1, tzinfo=UTC)


@dataclass(frozen=True, order=True)
class Place:
    """Where an item stands in the list; its text form goes into addresses."""

    at: datetime
    public_id: UUID

    def __str__(self) -> str:
        return f"{(self.at - _EPOCH) // timedelta(microseconds=1)}-{self.public_id.hex}"

    @classmethod
    def read(cls, text: str) -> "Place | None":
        """The place that an address names; None when it names none."""
        parts = re.fullmatch("([0-9]{1,16})-([0-9a-f]{32})", text)
        return cls(_EPOCH + timedelta(microseconds=int(parts[1])), UUID(parts[2])) if parts else None


@dataclass(frozen=True, kw_only=True)
class Item:
    """One thing that happened; `kind` is whose list it comes from, `lines` say the rest in words."""

    place: Place
    kind: str
    title: str
    tone: str = "neutral"
    lines: list[str] = field(default_factory=list)
    row: Any = None


@dataclass(frozen=True, kw_only=True)
class Page:
    """Its items, and the places from which the neighbouring pages start, where there are any.

    `named` are the public ids of the people, shops and the rest that its lines speak of.
    """

    items: list[Item]
    newer_than: Place | None
    older_than: Place | None

    @property
    def named(self) -> set[UUID]:
        """The public ids of those who acted, and on whom or what, as far as the journal tells it here."""
        entries = [item.row for item in self.items if isinstance(item.row, JournalEntry)]
        return {key for entry in entries for key in (entry.actor_id, entry.subject_id) if key}


def page_of(company: Company, *, reader: User, older_than: str, newer_than: str) -> Page:
    """The page after the place `older_than`, or before `newer_than`; the newest otherwise. One query a list."""
    after = Place.read(older_than)
    before = None if after else Place.read(newer_than)
    items = [
        told(row)
        for rows, moment, told in _lists(company, reader)
        for row in _some(rows, moment, after=after, before=before)
    ]
    items.sort(key=lambda item: item.place, reverse=not before)
    shown, is_cut = items[:PER_PAGE], len(items) > PER_PAGE
    if before:
        shown.reverse()
    has_newer, has_older = (is_cut, True) if before else (after is not None, is_cut)
    return Page(
        items=shown,
        newer_than=shown[0].place if shown and has_newer else None,
        older_than=shown[-1].place if shown and has_older else None,
    )


def who(entry: JournalEntry, people: Mapping[UUID, User], shops: Iterable[Shop]) -> list[str]:
    """Who did what an entry tells, and on whom or what, as far as they are known here by name."""
    names = {one.public_id: one.label for one in shops} | {key: one.full_name for key, one in people.items()}
    about = names.get(entry.subject_id, "") if entry.subject_id and entry.subject_id != entry.actor_id else ""
    actor = names.get(entry.actor_id, "") if entry.actor_id else ""
    return [text for text in (about, f"Par {actor}" if actor else "") if text]


def _lists(company: Company, reader: User) -> list[tuple[list[QuerySet[Any, Any]], str, Callable[[Any], Item]]]:
    """The lists, each with the column of its moment and what tells a row of it; a request is received, then closed."""
    requests = ContactRequest.objects.about(company).visible_to(reader)
    columns = ("public_id", "happened_at", "motive", "closed_as")
    received = requests.annotate(happened_at=F("received_at"), closed_as=Value("")).values(*columns)
    closed = requests.closed().annotate(happened_at=F("treated_at"), closed_as=F("status")).values(*columns)
    return [
        ([JournalEntry.objects.of_chain(company.public_id).of_events(STATE_CHANGES)], "at", _of_journal),
        ([OutgoingMail.objects.of_company(company.public_id)], "queued_at", _of_mail),
        ([CompanyNote.objects.of(company).with_people()], "written_at", _of_note),
        ([received, closed], "happened_at", _of_request),
    ]


def _some(
    lists: list[QuerySet[Any, Any]], moment: str, *, after: Place | None, before: Place | None
) -> QuerySet[Any, Any]:
    """One more than a page, from a place on: towards the past, or towards now when the page lies `before` it."""
    beyond, order = Q(), (f"-{moment}", "-public_id")
    if before:
        beyond = Q(**{f"{moment}__gt": before.at}) | Q(public_id__gt=before.public_id)
        beyond, order = beyond & Q(**{f"{moment}__gte": before.at}), (moment, "public_id")
    elif after:
        beyond = Q(**{f"{moment}__lt": after.at}) | Q(public_id__lt=after.public_id)
        beyond &= Q(**{f"{moment}__lte": after.at})
    first, *others = [rows.filter(beyond) for rows in lists]
    rows = first.union(*others, all=True) if others else first
    return rows.order_by(*order)[: PER_PAGE + 1]


def _of_journal(entry: JournalEntry) -> Item:
    return Item(
        place=Place(entry.at, entry.public_id),
        kind="journal",
        title=entry.event_label,
        tone="danger" if entry.is_failure else "neutral",
        lines=[f"{label}\u00a0: {value}" for label, value in details.in_words(entry.detail)],
        row=entry,
    )


def _of_mail(mail: OutgoingMail) -> Item:
    tone, state = badge_of(mail)
    return Item(
        place=Place(mail.queued_at, mail.public_id),
        kind="mail",
        title=f"E-mail «\u00a0{mail.subject}\u00a0»" if mail.subject else "E-mail",
        tone=tone,
        lines=[f"À {mail.masked_recipient}", state, *([mail.get_fault_display()] if mail.fault else [])],
        row=mail,
    )


def _of_note(note: CompanyNote) -> Item:
    return Item(
        place=Place(note.written_at, note.public_id),
        kind="note",
        title="Note barrée" if note.struck_through_by else "Note",
        tone="neutral" if note.struck_through_by else "attention",
        row=note,
    )


def _of_request(row: dict[str, Any]) -> Item:
    words = {RequestStatus.TREATED: "Demande traitée", RequestStatus.REFUSED: "Demande refusée"}
    tones = {RequestStatus.TREATED: "ok", RequestStatus.REFUSED: "danger"}
    return Item(
        place=Place(row["happened_at"], row["public_id"]),
        kind="request",
        title=words.get(row["closed_as"], "Demande reçue"),
        tone=tones.get(row["closed_as"], "information"),
        lines=[Motive(row["motive"]).label],
        row=row,
    )
