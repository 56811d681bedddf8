"""Everything that can be done at the counter: with a request, and with a mail that was not found."""

from dataclasses import dataclass
from datetime import datetime

from django.conf import settings
from django.db import connection, transaction
from django.utils import timezone
from django.utils.formats import date_format

from accounts import actions as accounts
from accounts.browsers import Browser
from accounts.models import Company, User
from accounts.not_me import Report
from backoffice.core import batches, journal, mail, vault
from backoffice.core.journal import Event
from backoffice.core.models import OutgoingMail
from backoffice.core.requests import origin as sender_of
from support import rules
from support.enums import Motive
from support.models import ContactRequest


class TooManyRequests(Exception):
    """This sender has sent its share; carries `until`, when the next request will be taken."""

    def __init__(self, until: datetime) -> None:
        super().__init__(f"next request from {until}")
        self.until = until


class NoSuchAccount(Exception):
    """The request names no account that what was asked could be done to."""


class NotOnFile(Exception):
    """The mail went to an address that is no longer the person's, nor the company's."""


class TooManyCopies(Exception):
    """The mail was sent again often enough for a day."""


@dataclass(frozen=True, kw_only=True)
class Letter:
    """What somebody typed on the contact page; what the motive does not ask for stays empty."""

    motive: Motive
    last_name: str
    first_name: str
    shop_label: str = ""
    siret: str = ""
    identifier: str = ""
    phone: str = ""
    email: str = ""
    message: str = ""


@transaction.atomic
def receive_request(*, letter: Letter, by: User | None, address: str, now: datetime) -> ContactRequest:
    """Keep a request for the advisors. Raises TooManyRequests beyond 5 an hour for one sender (RST-12).

    Nothing typed is compared with what is known, so that neither answer nor time says whether an account exists, and
    no mail leaves for a typed address: the page would be a tool to write to strangers. `by` is the signed-in merchant.
    """
    origin = sender_of(address)
    _wait_for_turn(origin)
    _require_share(origin, now=now)
    contact = ContactRequest.objects.create(
        motive=letter.motive,
        shop_label=letter.shop_label,
        siret=letter.siret,
        last_name=letter.last_name,
        first_name=letter.first_name,
        identifier=letter.identifier,
        phone=letter.phone,
        email=letter.email,
        message=letter.message,
        received_at=now,
        address=address or None,
        origin=origin,
    )
    company = by.company if by else None
    journal.record(
        Event.CONTACT_REQUEST_RECEIVED,
        now=now,
        company=company.public_id if company else None,
        by=by,
        about=contact,
        address=address,
        motive=letter.motive.value,
    )
    return contact


@transaction.atomic
def accept_reset(*, contact: ContactRequest, by: User, browser: Browser, now: datetime) -> User:
    """Treat a request to reopen an account: the temporary password leaves for the address on file (RST-01, RST-02).

    Nothing typed in the request is used but the identifier. Raises NoSuchAccount, accounts.OwnAccount,
    accounts.ChangesFrozen, or IllegalMove when the request was treated already or the account is active or closed.
    """
    locked = ContactRequest.objects.select_for_update(of=("self",)).get(pk=contact.pk)
    person = User.objects.known_as(locked.identifier).first()
    if not rules.asks_for_reset(locked) or person is None:
        raise NoSuchAccount
    _treat(locked, person=person, by=by, browser=browser, now=now)
    accounts.reset_account(user=person, by=by, browser=browser, now=now, request=str(locked.public_id))
    return person


@transaction.atomic
def report_not_me(*, token: str, browser: Browser, now: datetime) -> Report:
    """« Ce n’était pas moi »: freeze the account, and have an advisor call its owner back (AUTH-16).

    The request is filled from the file; while one waits for the same account, it is told of this report too. It
    spends nothing of its sender's share. Raises links.LinkOver.
    """
    # The account is held under lock from here on: two reports at once open one request.
    report = accounts.freeze_account(token=token, browser=browser, now=now)
    waiting = ContactRequest.objects.waiting(Motive.SECURITY, identifier=report.user.identifier)
    if earlier := waiting.select_for_update().first():
        phone = rules.number_to_call(report) if rules.doubts_phone(report) else str(earlier.phone)
        earlier.add_report(told=_what_was_reported(report), phone=phone)
        earlier.save(update_fields=["message", "phone"])
    else:
        _open_report(report, browser=browser, now=now)
    return report


@transaction.atomic
def lift_freeze(*, contact: ContactRequest, by: User, browser: Browser, now: datetime) -> User:
    """Treat a report of « Ce n’était pas moi »: the account may change again (AUTH-16).

    Raises NoSuchAccount, accounts.OwnAccount, accounts.NotFrozen, or IllegalMove when the request was treated already.
    """
    # The account before its request, as the report itself goes.
    person = User.objects.known_as(contact.identifier).select_for_update().first()
    locked = ContactRequest.objects.select_for_update(of=("self",)).get(pk=contact.pk)
    if not rules.reports_intrusion(locked) or person is None:
        raise NoSuchAccount
    _treat(locked, person=person, by=by, browser=browser, now=now)
    accounts.lift_freeze(user=person, by=by, browser=browser, now=now, request=str(locked.public_id))
    return person


@transaction.atomic
def send_mail_again(*, mail_id: int, by: User, browser: Browser, now: datetime) -> OutgoingMail:
    """Queue a copy of a mail, to the same address as long as it is the one on file (design 4.19).

    Raises mail.NoBodyKept, NotOnFile, and TooManyCopies beyond three a day for one mail and its copies.
    """
    row = OutgoingMail.objects.get(pk=mail_id)
    # Two clicks at once: the second waits here, and counts the copy of the first.
    first = OutgoingMail.objects.select_for_update(of=("self",)).get(pk=row.original_id or row.pk)
    _require_on_file(row)
    if OutgoingMail.objects.sent_again_since(first, now - rules.COPIES_WINDOW).count() >= rules.COPIES_A_DAY:
        raise TooManyCopies
    copy = mail.queue_again(row, now=now)
    journal.record(Event.MAIL_SENT_AGAIN, now=now, company=row.company, by=by, about=row, address=browser.address)
    return copy


def forget_requests(*, now: datetime) -> int:
    """Delete the requests that have been over for as long as traces are kept; return how many (design 4.21).

    That there was one stays in the journal, which names nothing its sender typed.
    """
    return batches.delete(ContactRequest.objects.over_before(settings.RETENTION.traces.before(now)))


def _open_report(report: Report, *, browser: Browser, now: datetime) -> None:
    person, company = report.user, report.user.company
    contact = ContactRequest.objects.create(
        motive=Motive.SECURITY,
        shop_label=company.legal_name if company else "",
        siret=company.siret if company else "",
        last_name=person.last_name,
        first_name=person.first_name,
        identifier=person.identifier,
        phone=rules.number_to_call(report),
        email=person.email,
        message=_what_was_reported(report),
        received_at=now,
        address=browser.address or None,
    )
    journal.record(
        Event.CONTACT_REQUEST_RECEIVED,
        now=now,
        company=company.public_id if company else None,
        by=None,
        about=contact,
        address=browser.address,
        motive=contact.motive,
    )


def _treat(locked: ContactRequest, *, person: User, by: User, browser: Browser, now: datetime) -> None:
    locked.treat(by=by, at=now)
    locked.save(update_fields=["status", "treated_by", "treated_at"])
    company = person.company
    journal.record(
        Event.CONTACT_REQUEST_TREATED,
        now=now,
        company=company.public_id if company else None,
        by=by,
        about=locked,
        address=browser.address,
        motive=locked.motive,
    )


def _what_was_reported(report: Report) -> str:
    at = timezone.localtime(report.at)
    when = f"le {date_format(at, 'j F Y')} à {date_format(at, 'G')} h {date_format(at, 'i')}"
    return f"{report.event.label}, {when}."


def _require_on_file(row: OutgoingMail) -> None:
    if not row.can_leave_again:
        raise mail.NoBodyKept
    try:
        address = mail.recipient_of(row)
    except vault.SealBroken:
        raise mail.NoBodyKept from None
    people = User.objects.with_public_ids([row.person] if row.person else [])
    companies = Company.objects.with_public_ids([row.company] if row.company else [])
    on_file = {one.email.casefold() for one in [*people, *companies]}
    if on_file and address.casefold() not in on_file:
        raise NotOnFile


def _wait_for_turn(origin: str) -> None:
    # Two requests of one sender at the same moment would both count four: the second waits for the first to commit.
    with connection.cursor() as cursor:
        cursor.execute("SELECT pg_advisory_xact_lock(hashtextextended(%s, 0))", [f"contact {origin}"])


def _require_share(origin: str, *, now: datetime) -> None:
    recent = ContactRequest.objects.sent_from(origin, since=now - rules.WINDOW)
    moments = list(recent.values_list("received_at", flat=True))
    if len(moments) >= rules.REQUESTS_PER_ADDRESS:
        raise TooManyRequests(until=moments[-rules.REQUESTS_PER_ADDRESS] + rules.WINDOW)
