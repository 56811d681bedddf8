"""What follows a request once it was sent: telling the account's owner, adding a message from the follow-up page."""

from datetime import datetime

from django.db import transaction

from accounts.browsers import Browser
from backoffice.core.journal import Event
from support import emails, links, rules
from support.actions.records import lock, record
from support.comparison import parties
from support.enums import Voice
from support.models import ContactRequest, FollowUpLink, Proposal, RequestMessage


class NothingToAdd(Exception):
    """The link is none, the request is closed or decided by a second advisor, or this link has added its message."""


@transaction.atomic
def tell_account_owner(*, request_id: int, now: datetime) -> None:
    """Mail the owner of the account that a request names, at the address on file, a link of their own (RST-11).

    A job, so that neither the page nor its time says whether there is one (RST-12).
    """
    contact = ContactRequest.objects.filter(pk=request_id).first()
    person = parties(contact)[0] if contact else None
    if contact is not None and person is not None and rules.is_written_to(person):
        emails.request_received(person, contact=contact, now=now)


@transaction.atomic
def add_message(*, token: str, text: str, browser: Browser, now: datetime) -> FollowUpLink:
    """Add a message from the follow-up page; after a question, the desk has the ball again.

    Spends nothing of the sender's share of requests (RST-12): one message after the request and one after each
    question is what a link is good for. Raises NothingToAdd.
    """
    found = links.find(token)
    if found is None:
        raise NothingToAdd
    # The request's lock is also its links': two messages at once are one.
    contact = lock(found.contact_request)
    link = FollowUpLink.objects.with_request().get(pk=found.pk)
    if not rules.may_add(link, is_proposed=Proposal.objects.of(contact).pending().exists()):
        raise NothingToAdd
    if contact.is_waiting:
        contact.resume(at=now)
        contact.save(update_fields=["status", "answered_at"])
    FollowUpLink.objects.like(link).update(added_at=now)
    RequestMessage.objects.create(
        contact_request=contact, voice=Voice(link.holder), link=link, text=text, written_at=now
    )
    record(Event.CONTACT_REQUEST_ADDED_TO, contact=contact, now=now, by=None, address=browser.address)
    return link
