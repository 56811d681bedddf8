"""A request that an advisor opens for somebody who telephoned or came: filled from the file, and taken at once."""

from datetime import datetime

from django.db import transaction

from accounts.actions import OwnAccount
from accounts.browsers import Browser
from accounts.models import User
from backoffice.core import jobs
from backoffice.core.journal import Event
from support import rules
from support.actions.records import NoSuchAccount, record
from support.enums import Channel, Motive
from support.models import ContactRequest


class AlreadyOpen(Exception):
    """A request of this motive waits for this account: `contact`, which leads where another would."""

    def __init__(self, contact: ContactRequest) -> None:
        super().__init__(str(contact.public_id))
        self.contact = contact


class OutsidePortfolio(Exception):
    """The person's requests are a company's that this advisor does not look after (AUTHZ-08)."""


@transaction.atomic
def open_request(
    *, person: User, motive: Motive, channel: Channel, by: User, browser: Browser, now: datetime
) -> ContactRequest:
    """Open a request for somebody, held by the advisor who opens it; its owner is mailed a follow-up link (RST-01).

    Nothing is typed: every fact is the file's. It spends nobody's share of the flood rules (RST-12). Raises OwnAccount,
    NoSuchAccount when the account is closed or the motive is not opened so, AlreadyOpen, OutsidePortfolio.
    """
    if person.pk == by.pk:
        raise OwnAccount
    # The account before its requests: two advisors at once open one.
    locked = User.objects.select_for_update().get(pk=person.pk)
    if not rules.may_be_opened(motive, person=locked, by=by):
        raise NoSuchAccount
    if waiting := ContactRequest.objects.waiting(motive, identifier=locked.identifier).newest_first().first():
        raise AlreadyOpen(waiting)
    contact = _filled_from_file(locked, motive=motive, channel=channel, by=by, now=now)
    contact.take(by=by, at=now)
    contact.save(force_insert=True)
    # Whoever may not read it may not open it either: the exception takes the row back.
    if not ContactRequest.objects.visible_to(by).filter(pk=contact.pk).exists():
        raise OutsidePortfolio
    jobs.defer("support.tell_account_owner", request=contact.pk)
    record(
        Event.CONTACT_REQUEST_OPENED,
        contact=contact,
        now=now,
        by=by,
        address=browser.address,
        motive=motive.value,
        channel=channel.value,
    )
    return contact


def _filled_from_file(person: User, *, motive: Motive, channel: Channel, by: User, now: datetime) -> ContactRequest:
    company = person.company
    # A code is read out on the telephone: the company's own number stands in for one that is not on file.
    phone = str(person.phone) or (str(company.phone) if company else "")
    return ContactRequest(
        motive=motive,
        shop_label=company.legal_name if company else "",
        siret=company.siret if company else "",
        last_name=person.last_name,
        first_name=person.first_name,
        identifier=person.identifier,
        phone=phone if rules.needs(motive, "phone") else "",
        opened_by=by,
        channel=channel,
        received_at=now,
    )
