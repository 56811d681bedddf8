"""What the counter writes to the owner of an account, at the address on file, never at a typed one (RST-12).

Nothing that a request's sender typed is in any of them: the form cannot be made to write to anybody (OUT-06).
"""

from datetime import datetime
from typing import Any

from accounts.models import User
from backoffice.core import mail
from support import links
from support.enums import Voice
from support.models import ContactRequest


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


def _queue_with_link(person: User, name: str, *, subject: str, contact: ContactRequest, now: datetime) -> None:
    """The body is gone once sent, as is whatever holds a link (design 4.19)."""
    _, token = links.issue(contact=contact, holder=Voice.OWNER, now=now)
    _queue(person, name, subject=subject, contact=contact, now=now, is_secret=True, token=token)


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
