"""What each motive asks for, and how many requests one address may send."""

from datetime import timedelta

from accounts.models import User
from accounts.not_me import Report
from accounts.rules import may_be_reset
from backoffice.core.events import Event
from support.enums import NEEDED, WELCOME, Motive
from support.models import ContactRequest

# Requests from one address in this time (RST-12).
REQUESTS_PER_ADDRESS = 5
WINDOW = timedelta(hours=1)

# How often one mail is sent again within a day: the first copy may be lost, the fourth helps nobody.
COPIES_A_DAY, COPIES_WINDOW = 3, timedelta(hours=24)


def asks_for(motive: Motive, field: str) -> bool:
    """Whether the form of this motive holds that field at all."""
    return field in NEEDED[motive] or field in WELCOME[motive]


def needs(motive: Motive, field: str) -> bool:
    """Whether a request of this motive is useless without that field."""
    return field in NEEDED[motive]


def asks_for_reset(contact: ContactRequest) -> bool:
    """Whether the request is one to reopen an account."""
    return contact.motive == Motive.ACCOUNT_RESET


def reports_intrusion(contact: ContactRequest) -> bool:
    """Whether the request was opened by « Ce n’était pas moi »."""
    return contact.motive == Motive.SECURITY


def doubts_phone(report: Report) -> bool:
    """Whether the person's number on file may be the intruder's: it is what was reported."""
    return report.event in {Event.PHONE_CHANGE_ASKED, Event.PHONE_CHANGED}


def may_accept(contact: ContactRequest, *, person: User | None, by: User) -> bool:
    """Whether this advisor may reopen the account that the request is about (RST-01)."""
    is_open = contact.is_open and asks_for_reset(contact)
    return is_open and person is not None and person != by and may_be_reset(person)


def may_lift(contact: ContactRequest, *, person: User | None, by: User) -> bool:
    """Whether this advisor may end the freeze that the request is about; nobody their own (AUTH-16)."""
    is_open = contact.is_open and reports_intrusion(contact)
    return is_open and person is not None and person != by and person.is_frozen


def number_to_call(report: Report) -> str:
    """Where to call back whoever reported: the number on file, the company's when the other is in doubt."""
    company = report.user.company
    company_phone = str(company.phone) if company else ""
    return company_phone if doubts_phone(report) else str(report.user.phone) or company_phone
