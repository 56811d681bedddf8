"""The mail server's side: which server took a message, in which words it took or refused it, and what those mean.

What a server says is bounded, printable, and repeats neither an address nor a link (KEY-04, LOG-01).
"""

import re
import smtplib
import ssl
from dataclasses import dataclass
from http import HTTPStatus
from socket import gaierror
from typing import Any

from django.core.mail import EmailMessage
from django.core.mail.backends import smtp

from backoffice.core.models.mail import MailFault
from backoffice.core.vault import SealBroken

REPLY_LENGTH = 200
SERVER_AWAY = (ConnectionError, TimeoutError, gaierror, smtplib.SMTPConnectError, smtplib.SMTPServerDisconnected)

_FAULTS: tuple[tuple[tuple[type[Exception], ...], MailFault], ...] = (
    ((TimeoutError,), MailFault.SILENT),
    ((ssl.SSLError,), MailFault.INSECURE),
    (SERVER_AWAY, MailFault.UNREACHABLE),
    ((smtplib.SMTPAuthenticationError,), MailFault.NOT_LET_IN),
    ((smtplib.SMTPRecipientsRefused,), MailFault.RECIPIENT),
    ((smtplib.SMTPSenderRefused,), MailFault.SENDER),
    ((smtplib.SMTPResponseException,), MailFault.MESSAGE),
    ((SealBroken,), MailFault.UNREADABLE),
    ((ValueError, smtplib.SMTPNotSupportedError), MailFault.UNSENDABLE),
)
_ADDRESS = re.compile(r"[^\s<>()\[\]:;,\"]+@[^\s<>()\[\]:;,\"]+")
_LINK = re.compile(r"\S*://\S*")
# RFC 3463: « 5.7.1 ».
_ENHANCED = re.compile(r"[245]\.\d{1,3}\.\d{1,3}\b")
_UNPRINTABLE = re.compile(r"[^\x20-\x7e]+")


@dataclass(frozen=True, kw_only=True)
class Receipt:
    """The server that took a message, as we call it, and what it answered."""

    server: str
    reply: str


class _Attentive:
    """Remembers the answer to the message itself, which smtplib throws away."""

    answered: tuple[int, bytes] | None = None

    def data(self, message: Any) -> tuple[int, bytes]:
        code, text = super().data(message)  # type: ignore[misc]
        self.answered = (code, text)
        return code, text


class _Plain(_Attentive, smtplib.SMTP):
    pass


class _Encrypted(_Attentive, smtplib.SMTP_SSL):
    pass


class EmailBackend(smtp.EmailBackend):
    """Django's, which also keeps the receipt of the last message taken."""

    receipt: Receipt | None = None

    @property
    def connection_class(self) -> type[smtplib.SMTP]:
        return _Encrypted if self.use_ssl else _Plain

    def _send(self, email_message: EmailMessage) -> bool:
        self.receipt = None
        is_sent = bool(super()._send(email_message))  # type: ignore[misc]
        answered = getattr(self.connection, "answered", None)
        if is_sent and answered:
            self.receipt = Receipt(server=str(self.host), reply=_in_print(*answered))
        return is_sent


def fault_of(error: Exception) -> MailFault:
    """What an error of sending means; a refusal with a 4xx code is one for the moment (RFC 5321, 4.2.1)."""
    code = _answer_of(error)[0]
    # An address that no table of characters holds is a ValueError too: the first line that fits says it best.
    fault = next((fault for kinds, fault in _FAULTS if isinstance(error, kinds)), MailFault.OTHER)
    if 400 <= code < HTTPStatus.INTERNAL_SERVER_ERROR and fault in MailFault.refusals():
        return MailFault.LATER
    return fault


def reply_of(error: Exception, *, is_secret: bool) -> str:
    """The server's words of a refusal, "" when it said none; the codes alone for a secret message.

    Filters quote what they refuse, and what a secret message holds must not come back in a log.
    """
    code, text = _answer_of(error)
    if not code:
        return ""
    if is_secret:
        enhanced = _ENHANCED.search(text.decode("ascii", "replace"))
        text = enhanced[0].encode() if enhanced else b""
    return _in_print(code, text)


def _answer_of(error: Exception) -> tuple[int, bytes]:
    if isinstance(error, smtplib.SMTPRecipientsRefused):
        return next(iter(error.recipients.values()), (0, b""))
    if isinstance(error, smtplib.SMTPResponseException):
        text = error.smtp_error
        return error.smtp_code, text if isinstance(text, bytes) else str(text).encode("utf-8", "replace")
    return 0, b""


def _in_print(code: int, text: bytes) -> str:
    """« 250 2.0.0 Ok: queued as 4F1 »: one line of plain ASCII; addresses and links are left out."""
    line = _UNPRINTABLE.sub(" ", text.decode("utf-8", "replace"))
    line = _ADDRESS.sub("(adresse)", _LINK.sub("(lien)", line))
    return " ".join(f"{code} {line}".split())[:REPLY_LENGTH]
