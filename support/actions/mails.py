"""Sending again a mail that was not found (design 4.19)."""

from datetime import datetime

from django.db import transaction

from accounts.browsers import Browser
from accounts.models import Company, User
from backoffice.core import journal, mail, vault
from backoffice.core.journal import Event
from backoffice.core.models import OutgoingMail
from support import rules


class NotOnFile(Exception):
    """The mail went to an address that is no longer the person's, nor the company's."""


class TooManyCopies(Exception):
    """The mail was sent again often enough for a day."""


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
