"""Mail: the one door out. A message is a sealed row of the caller's transaction; a job sends it after the commit.

A secret message loses its body once sent; a server that refuses or cannot be reached is tried again, and what became
of each message stays visible on its row (design 4.19, REL-07).
"""

import json
import logging
import uuid
from datetime import datetime, timedelta
from smtplib import SMTPConnectError, SMTPServerDisconnected
from socket import gaierror
from typing import Any, TypedDict
from uuid import UUID

from django.conf import settings
from django.core.mail import EmailMultiAlternatives
from django.db import transaction
from django.template import Context, Engine
from django.template.loader import render_to_string

from backoffice.core import jobs, vault
from backoffice.core.models.mail import OutgoingMail

logger = logging.getLogger(__name__)

# While one worker speaks to the mail server nobody else takes the row. EMAIL_TIMEOUT bounds each of its few exchanges.
LEASE = timedelta(minutes=2)
BATCH = 20
SERVER_AWAY = (ConnectionError, TimeoutError, gaierror, SMTPConnectError, SMTPServerDisconnected)


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
    public_id = uuid.uuid4()
    with transaction.atomic():
        row = OutgoingMail.objects.create(
            public_id=public_id,
            template=template,
            company=company,
            person=person,
            masked_recipient=masked(to),
            message_id=f"<{public_id}@{settings.BRAND['sender'].partition('@')[2]}>",
            sealed_message=vault.seal(json.dumps(message), identity=_identity(public_id)),
            is_secret=is_secret,
            queued_at=now,
            next_attempt_at=now,
        )
        jobs.defer("core.send_due_mails")
    return row


def send_due(*, now: datetime) -> int:
    """Send what is due, one message at a time, up to BATCH; return how many a server accepted.

    Stops at the first sign that the mail server is away, so that nobody waits for it twenty times in a row.
    """
    accepted = 0
    for _ in range(BATCH):
        row = _claim_next(now=now)
        if row is None:
            break
        fault = _send(row, now=now)
        accepted += fault is None
        if isinstance(fault, SERVER_AWAY):
            break
    return accepted


def masked(address: str) -> str:
    """`claire@fromagerie.example` → `cl•••@fromagerie.example`: enough to recognise, too little to learn."""
    local, _, domain = address.rpartition("@")
    return f"{local[:2]}•••@{domain}"


def _claim_next(*, now: datetime) -> OutgoingMail | None:
    """Take the message that waits longest, under a lease that outlasts one call to the mail server."""
    with transaction.atomic():
        row = OutgoingMail.objects.due(now).select_for_update(skip_locked=True).first()
        if row is not None:
            row.next_attempt_at = now + LEASE
            row.save(update_fields=["next_attempt_at"])
    return row


def _send(row: OutgoingMail, *, now: datetime) -> Exception | None:
    """Send one claimed message and write down what became of it; return the fault, None when it was accepted."""
    fault: Exception | None = None
    try:
        _letter(row).send()
    except Exception as error:  # noqa: BLE001  an edge: whatever is wrong with this one, the next must leave
        fault = error
        # The error's class says enough; its text may repeat the recipient's address.
        row.postpone(error=type(error).__name__, at=now)
        logger.warning("mail %s not accepted (%s), status %s", row.public_id, type(error).__name__, row.status)
    else:
        row.mark_sent(at=now)
    fields = ["status", "attempts", "sent_at", "next_attempt_at", "last_error"]
    # Written only when emptied: the body may have been sealed again under another key meanwhile.
    row.save(update_fields=fields if row.sealed_message else [*fields, "sealed_message"])
    return fault


def _letter(row: OutgoingMail) -> EmailMultiAlternatives:
    message: Message = json.loads(vault.unseal(row.sealed_message, identity=_identity(row.public_id)))
    letter = EmailMultiAlternatives(
        subject=message["subject"],
        body=message["text"],
        to=[message["to"]],
        headers={"Message-ID": row.message_id, "Auto-Submitted": "auto-generated"},
    )
    letter.attach_alternative(message["html"], "text/html")
    return letter


def _identity(public_id: UUID) -> str:
    return vault.row_identity("core.outgoingmail", public_id, "message")
