"""Mail: the one door out. A message is a sealed row of the caller's transaction; a job sends it after the commit.

A secret message loses its body once sent, another one after its 30 days; a server that refuses or cannot be reached is
tried again, and what became of each message stays visible on its row (design 4.19, REL-07).
"""

import json
import logging
import uuid
from collections.abc import Callable
from datetime import datetime, timedelta
from typing import Any, TypedDict
from uuid import UUID

from django.conf import settings
from django.core.mail import EmailMultiAlternatives, get_connection
from django.db import transaction
from django.template import Context, Engine
from django.template.loader import render_to_string

from backoffice.core import batches, jobs, vault
from backoffice.core.models.mail import SUBJECT_LENGTH, OutgoingMail
from backoffice.core.smtp import SERVER_AWAY, Receipt, fault_of, reply_of

logger = logging.getLogger(__name__)

# While one worker speaks to the mail server nobody else takes the row: a dozen exchanges, each within EMAIL_TIMEOUT.
LEASE = timedelta(minutes=5)
BATCH = 20


class NoBodyKept(Exception):
    """The message cannot leave again: it was secret, it is still being tried, or its body is gone."""


class Message(TypedDict):
    to: str
    subject: str
    text: str
    html: str


def queue(
    template: str,
    *,
    to: str,
    subject: str,
    context: dict[str, Any],
    now: datetime,
    is_secret: bool = False,
    company: UUID | None = None,
    person: UUID | None = None,
) -> OutgoingMail:
    """Write one message to `to` in the caller's transaction. `template` is a plain-text template; HTML is derived.

    The context also gets `brand` and `base_url` (never the request's host: RST-14). Subject on one line.
    """
    full = context | {"brand": settings.BRAND, "base_url": settings.BASE_URL}
    # Plain text: an apostrophe in a name is an apostrophe. The HTML twin escapes the whole of it.
    text = Engine.get_default().get_template(template).render(Context(full, autoescape=False)).strip() + "\n"
    one_line = " ".join(subject.split())
    html = render_to_string("core/emails/layout.html", full | {"subject": one_line, "text": text})
    message: Message = {"to": to, "subject": one_line, "text": text, "html": html}
    return _queue(
        message, template=template, company=company, person=person, is_secret=is_secret, original=None, now=now
    )


def queue_again(original: OutgoingMail, *, now: datetime) -> OutgoingMail:
    """Queue the same words to the same address as a message of its own. Raises NoBodyKept.

    Under another Message-ID: mail servers drop what carries one they already have, and whoever did not find the first
    would not find the second either.
    """
    if not original.can_leave_again:
        raise NoBodyKept
    return _queue(
        _opened(original),
        template=original.template,
        company=original.company,
        person=original.person,
        is_secret=False,
        original=original.original or original,
        now=now,
    )


def recipient_of(row: OutgoingMail) -> str:
    """The address a message goes to, "" once its body is gone. Raises vault.SealBroken when the row was altered."""
    return _opened(row)["to"] if row.sealed_message else ""


def send_due(*, clock: Callable[[], datetime]) -> int:
    """Send what is due, one message at a time, up to BATCH; return how many a server accepted.

    Each message is claimed when its turn comes, under a lease of its own. Stops at the first sign that the mail server
    is away, so that nobody waits for it twenty times in a row.
    """
    accepted = 0
    for _ in range(BATCH):
        claimed = _claim_next(now=clock())
        if claimed is None:
            break
        fault, receipt = _speak(claimed)
        _write_down(claimed, fault, receipt, now=clock())
        accepted += fault is None
        if isinstance(fault, SERVER_AWAY):
            break
    return accepted


def forget_bodies(*, now: datetime) -> int:
    """Empty the messages that are older than their term and no longer tried; return how many (design 4.19, 4.21)."""
    kept_too_long = OutgoingMail.objects.over().with_body().before(settings.RETENTION.mail_bodies.before(now))
    return batches.update(kept_too_long, sealed_message="")


def forget_log(*, now: datetime) -> int:
    """Delete what the mail log says of messages older than its term; return how many (design 4.21)."""
    return batches.delete(OutgoingMail.objects.over().before(settings.RETENTION.traces.before(now)))


def masked(address: str) -> str:
    """`claire@fromagerie.example` → `c•••@fromagerie.example`: enough to recognise, too little to learn."""
    local, _, domain = address.rpartition("@")
    return f"{local[:1]}•••@{domain}"


@transaction.atomic
def _queue(
    message: Message,
    *,
    template: str,
    company: UUID | None,
    person: UUID | None,
    is_secret: bool,
    original: OutgoingMail | None,
    now: datetime,
) -> OutgoingMail:
    public_id = uuid.uuid4()
    row = OutgoingMail.objects.create(
        public_id=public_id,
        template=template,
        company=company,
        person=person,
        masked_recipient=masked(message["to"]),
        subject=message["subject"][:SUBJECT_LENGTH],
        message_id=f"<{public_id}@{settings.BRAND['sender'].partition('@')[2]}>",
        sealed_message=vault.seal(json.dumps(message), identity=_identity(public_id)),
        is_secret=is_secret,
        queued_at=now,
        next_attempt_at=now,
        original=original,
    )
    jobs.defer("core.send_due_mails")
    return row


def _claim_next(*, now: datetime) -> OutgoingMail | None:
    """Take the message that waits longest, under a lease that outlasts one call to the mail server."""
    with transaction.atomic():
        row = OutgoingMail.objects.due(now).select_for_update(skip_locked=True).first()
        if row is not None:
            row.next_attempt_at = now + LEASE
            row.save(update_fields=["next_attempt_at"])
    return row


def _speak(row: OutgoingMail) -> tuple[Exception | None, Receipt | None]:
    """Hand one claimed message to the server: the fault, None when it was taken; and the server's receipt."""
    server = get_connection()
    try:
        letter = _letter(row)
        letter.connection = server
        letter.send()
    except Exception as error:  # noqa: BLE001  an edge: whatever is wrong with this one, the next must leave
        receipt = getattr(server, "receipt", None)
        # Taken is taken: a server that hangs up badly afterwards must not get the message twice.
        return (None, receipt) if receipt else (error, None)
    return None, getattr(server, "receipt", None)


@transaction.atomic
def _write_down(claimed: OutgoingMail, fault: Exception | None, receipt: Receipt | None, *, now: datetime) -> None:
    """Write down what became of a claimed message. The row is read again: its body may have been sealed anew."""
    row = OutgoingMail.objects.select_for_update().get(pk=claimed.pk)
    is_ours = row.next_attempt_at == claimed.next_attempt_at
    if not row.is_queued or (fault and not is_ours):
        # The lease ran out and somebody else has it, or is done with it: a failure of ours counts for nothing.
        logger.warning("mail %s was taken over, status %s", row.public_id, row.status)
        return
    if fault:
        # The error's class goes to the logs: its text may repeat the recipient's address.
        name = type(fault).__name__
        reply = reply_of(fault, is_secret=row.is_secret)
        row.postpone(error=name, fault=fault_of(fault), reply=reply, at=now)
        logger.warning("mail %s not accepted (%s), status %s", row.public_id, name, row.status)
    else:
        row.mark_sent(at=now, server=receipt.server if receipt else "", reply=receipt.reply if receipt else "")
    row.save()


def _letter(row: OutgoingMail) -> EmailMultiAlternatives:
    message = _opened(row)
    letter = EmailMultiAlternatives(
        subject=message["subject"],
        body=message["text"],
        to=[message["to"]],
        headers={"Message-ID": row.message_id, "Auto-Submitted": "auto-generated"},
    )
    letter.attach_alternative(message["html"], "text/html")
    return letter


def _opened(row: OutgoingMail) -> Message:
    message: Message = json.loads(vault.unseal(row.sealed_message, identity=_identity(row.public_id)))
    return message


def _identity(public_id: UUID) -> str:
    return vault.row_identity("core.outgoingmail", public_id, "message")
