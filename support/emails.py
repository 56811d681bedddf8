"""What the counter writes to the owner of an account, at the address on file, never at a typed one (RST-12).

Nothing that a request's sender typed is in any of them: the form cannot be made to write to anybody (OUT-06).
"""

from datetime import datetime
from typing import Any

from accounts.models import User
from accounts.rules import owners_of
from backoffice.core import mail
from support import links, registration_links
from support.enums import Voice
from support.models import ContactRequest, Proposal, Registration


def request_received(person: User, *, contact: ContactRequest, now: datetime) -> None:
    """Secret: a request names this account, and a link of the owner's own follows it (RST-11)."""
    _queue_with_link(
        person, "request_received", subject="Une demande au sujet de votre compte", contact=contact, now=now
    )


def request_question(person: User, *, contact: ContactRequest, now: datetime) -> None:
    """Secret: the advisor asked something, which the follow-up page shows."""
    _queue_with_link(person, "request_question", subject="Une question sur votre demande", contact=contact, now=now)


def request_refused(person: User, *, contact: ContactRequest, now: datetime) -> None:
    """The request is refused, and why."""
    _queue(person, "request_refused", subject="Votre demande est refusée", contact=contact, now=now)


def call_begun(person: User, *, contact: ContactRequest, now: datetime) -> None:
    """Secret: an advisor is calling about the lost code, and the page where the words to exchange stand."""
    _queue_with_link(person, "call_begun", subject="Un conseiller vous appelle", contact=contact, now=now)


def account_change_asked(proposal: Proposal, *, contact: ContactRequest, now: datetime) -> None:
    """Another settlement account waits for a second advisor; its last four signs are told, to recognise it."""
    subject = "Un nouveau compte de règlement attend son approbation"
    _queue_to_owners("account_change_asked", proposal, subject=subject, contact=contact, now=now)


def account_changed(proposal: Proposal, *, contact: ContactRequest, now: datetime) -> None:
    """The shop's sales are paid to another account."""
    subject = "Votre compte de règlement est changé"
    _queue_to_owners("account_changed", proposal, subject=subject, contact=contact, now=now)


def account_not_changed(proposal: Proposal, *, contact: ContactRequest, now: datetime) -> None:
    """The account stays what it was."""
    subject = "Votre compte de règlement n’est pas changé"
    _queue_to_owners("account_not_changed", proposal, subject=subject, contact=contact, now=now)


def registration_submitted(registration: Registration, *, now: datetime) -> None:
    """Secret: the enrolment is before an advisor, and a link that follows it."""
    _queue_registration(registration, "registration_submitted", subject="Votre inscription est déposée", now=now)


def registration_incomplete(registration: Registration, *, now: datetime) -> None:
    """Secret: something is missing, which the follow-up page tells."""
    _queue_registration(registration, "registration_incomplete", subject="Votre inscription est à compléter", now=now)


def registration_refused(registration: Registration, *, now: datetime) -> None:
    """Secret: nothing is opened, and the follow-up page tells why."""
    _queue_registration(registration, "registration_refused", subject="Votre inscription n’est pas acceptée", now=now)


def shop_opened(registration: Registration, *, now: datetime) -> None:
    """Secret: a known company's other shop is open, and its contract waits to be signed."""
    _queue_registration(registration, "shop_opened", subject="Votre nouvelle boutique est ouverte", now=now)


def registration_signed(registration: Registration, *, now: datetime) -> None:
    """Secret: the signed contract is back."""
    _queue_registration(registration, "registration_signed", subject="Votre contrat signé est enregistré", now=now)


def _queue_registration(registration: Registration, name: str, *, subject: str, now: datetime) -> None:
    """To the address that was typed, for want of a file; nothing else that was typed is in it (OUT-06)."""
    token = registration_links.issue(registration=registration, now=now)
    mail.queue(
        f"support/emails/{name}.txt",
        # A known company's owner is written to where the file says by now.
        to=registration.asked_by.email if registration.asked_by else registration.email,
        subject=subject,
        context={"registration": registration, "token": token},
        now=now,
        is_secret=True,
        company=registration.company.public_id if registration.company else None,
    )


def _queue_with_link(person: User, name: str, *, subject: str, contact: ContactRequest, now: datetime) -> None:
    """The body is gone once sent, as is whatever holds a link (design 4.19)."""
    _, token = links.issue(contact=contact, holder=Voice.OWNER, now=now)
    _queue(person, name, subject=subject, contact=contact, now=now, is_secret=True, token=token)


def _queue_to_owners(name: str, proposal: Proposal, *, subject: str, contact: ContactRequest, now: datetime) -> None:
    # All of them: one mailbox may be whose holder is away, or in other hands.
    for owner in owners_of(proposal.contract.shop.company) if proposal.contract else []:
        _queue(owner, name, subject=subject, contact=contact, now=now, proposal=proposal)


def _queue(
    person: User,
    name: str,
    *,
    subject: str,
    contact: ContactRequest,
    now: datetime,
    is_secret: bool = False,
    **context: Any,
) -> None:
    mail.queue(
        f"support/emails/{name}.txt",
        to=person.email,
        subject=subject,
        context={"user": person, "contact": contact, **context},
        now=now,
        is_secret=is_secret,
        company=person.company.public_id if person.company else None,
        person=person.public_id,
    )
