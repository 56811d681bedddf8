"""The mail log told in words: which mails an advisor may see, how they are narrowed, and what became of each."""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from datetime import date, datetime, time, timedelta
from uuid import UUID

from django.utils import timezone

from accounts.models import Company, User
from backoffice.core.models import MailStatus, OutgoingMail
from backoffice.core.models.mail import OutgoingMailQuerySet
from support.enums import MailFate

PER_PAGE = 25
_STATES = {
    MailFate.QUEUED: MailStatus.QUEUED,
    MailFate.SENT: MailStatus.SENT,
    MailFate.FAILED: MailStatus.FAILED,
}


@dataclass(frozen=True, kw_only=True)
class Filters:
    """A fate, a period in days of Paris (both included), a company and a person as typed; empty narrows nothing."""

    fate: MailFate | None = None
    first_day: date | None = None
    last_day: date | None = None
    company: str = ""
    person: str = ""

    def applied_to(self, mails: OutgoingMailQuerySet, *, reader: User) -> OutgoingMailQuerySet:
        """The mails that pass all of them."""
        if self.fate is MailFate.TROUBLE:
            mails = mails.in_trouble()
        elif self.fate:
            mails = mails.in_state(_STATES[self.fate])
        if self.first_day:
            mails = mails.since(_midnight(self.first_day))
        if self.last_day:
            mails = mails.before(_midnight(self.last_day + timedelta(days=1)))
        if self.company:
            mails = mails.of_companies(Company.objects.visible_to(reader).searched(self.company).public_ids())
        return mails.of_person_in(User.objects.answering_to(self.person)) if self.person else mails


@dataclass(frozen=True, kw_only=True)
class Line:
    """One mail: its badge, whom it concerns, and why it cannot leave again ("" when it can)."""

    mail: OutgoingMail
    tone: str
    state: str
    company: str
    person: str
    unsendable: str


@dataclass(frozen=True, kw_only=True)
class Page:
    """Its lines, and the mails from which the neighbouring pages start, where there are any."""

    lines: list[Line]
    newer_than: UUID | None
    older_than: UUID | None


def visible_to(reader: User) -> OutgoingMailQuerySet:
    """The mails of an advisor's companies and those of nobody's; none for anybody else (AUTHZ-08)."""
    mails: OutgoingMailQuerySet = OutgoingMail.objects.all()
    return (
        mails.of_companies_or_none(Company.objects.visible_to(reader).public_ids())
        if reader.is_advisor
        else mails.none()
    )


def page_of(mails: OutgoingMailQuerySet, *, older_than: str, newer_than: str) -> Page:
    """The page after the mail `older_than`, or before `newer_than` (public ids); the newest otherwise.

    An id that is no mail of the list is ignored. Four queries at most, whatever the depth.
    """
    after = mails.with_public_id(older_than).first()
    before = None if after else mails.with_public_id(newer_than).first()
    if before:
        # One more than a page tells whether there is another.
        nearest = list(mails.newer_than(before).oldest_first()[: PER_PAGE + 1])
        shown, has_newer, has_older = nearest[:PER_PAGE][::-1], len(nearest) > PER_PAGE, True
    else:
        start = mails.older_than(after) if after else mails
        found = list(start.newest_first()[: PER_PAGE + 1])
        shown, has_newer, has_older = found[:PER_PAGE], after is not None, len(found) > PER_PAGE
    return Page(
        lines=_lines(shown),
        newer_than=shown[0].public_id if shown and has_newer else None,
        older_than=shown[-1].public_id if shown and has_older else None,
    )


def _lines(mails: list[OutgoingMail]) -> list[Line]:
    companies = {one.public_id: one.legal_name for one in Company.objects.with_public_ids(_known(mails, "company"))}
    people = {one.public_id: one.full_name for one in User.objects.with_public_ids(_known(mails, "person"))}
    return [_line(mail, companies, people) for mail in mails]


def _known(mails: Iterable[OutgoingMail], column: str) -> set[UUID]:
    return {getattr(mail, column) for mail in mails} - {None}


def _line(mail: OutgoingMail, companies: Mapping[UUID, str], people: Mapping[UUID, str]) -> Line:
    tone, state = badge_of(mail)
    return Line(
        mail=mail,
        tone=tone,
        state=state,
        company=companies.get(mail.company, "") if mail.company else "",
        person=people.get(mail.person, "") if mail.person else "",
        unsendable=_unsendable(mail),
    )


def badge_of(mail: OutgoingMail) -> tuple[str, str]:
    """The tone and the word of what became of a mail."""
    if mail.is_sent:
        return "ok", MailStatus.SENT.label
    if not mail.is_queued:
        return "danger", MailStatus.FAILED.label
    return ("danger", "Refusé") if mail.attempts else ("attention", MailStatus.QUEUED.label)


def _unsendable(mail: OutgoingMail) -> str:
    if mail.is_secret:
        return "Secret : ne se renvoie pas"
    if mail.is_queued:
        return "Encore en cours d’envoi"
    return "" if mail.can_leave_again else "Contenu effacé"


def _midnight(day: date) -> datetime:
    return timezone.make_aware(datetime.combine(day, time.min))
