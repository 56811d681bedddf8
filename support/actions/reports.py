"""« Ce n’était pas moi »: the request that a report opens, and the freeze that treating it lifts (AUTH-16)."""

from datetime import datetime

from django.db import transaction
from django.utils import timezone
from django.utils.formats import date_format

from accounts import actions as accounts
from accounts.browsers import Browser
from accounts.models import User
from accounts.not_me import Report
from backoffice.core.journal import Event
from support import rules
from support.actions.deciding import treat
from support.actions.records import NoSuchAccount, lock, record, require_held
from support.enums import Motive
from support.models import ContactRequest


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

    Raises NoSuchAccount, HeldBySomebodyElse, accounts.OwnAccount, accounts.NotFrozen, or IllegalMove when the request
    was treated already.
    """
    # The account before its request, as the report itself goes.
    person = User.objects.known_as(contact.identifier).select_for_update().first()
    locked = lock(contact)
    if not rules.reports_intrusion(locked) or person is None:
        raise NoSuchAccount
    require_held(locked, person=person, by=by)
    treat(locked, by=by, browser=browser, now=now)
    accounts.lift_freeze(user=person, by=by, browser=browser, now=now, request=str(locked.public_id))
    return person


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
    record(
        Event.CONTACT_REQUEST_RECEIVED,
        contact=contact,
        now=now,
        by=None,
        address=browser.address,
        motive=contact.motive,
    )


def _what_was_reported(report: Report) -> str:
    at = timezone.localtime(report.at)
    when = f"le {date_format(at, 'j F Y')} à {date_format(at, 'G')} h {date_format(at, 'i')}"
    return f"{report.event.label}, {when}."
