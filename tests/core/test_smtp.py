"""What the mail server answers is on the message's row: who took it, in which words, or why not."""

import ssl
from smtplib import (
    SMTPAuthenticationError,
    SMTPConnectError,
    SMTPDataError,
    SMTPRecipientsRefused,
    SMTPSenderRefused,
    SMTPServerDisconnected,
)
from socket import gaierror

import pytest

from backoffice.core import mail, smtp
from backoffice.core.models import MailStatus
from backoffice.core.models.mail import MailFault
from backoffice.core.vault import SealBroken
from tests.core import mail_server


@pytest.fixture
def send(db, settings, tmp_path, now):
    """Send one message to a server that answers as asked; return its row and what the server received."""
    (tmp_path / "letter.txt").write_text("Bonjour,\nle mot est sésame.\n", "utf-8")
    settings.TEMPLATES = [settings.TEMPLATES[0] | {"DIRS": [tmp_path, *settings.TEMPLATES[0]["DIRS"]]}]
    settings.EMAIL_BACKEND = "backoffice.core.smtp.EmailBackend"
    settings.EMAIL_HOST, settings.EMAIL_USE_TLS = "127.0.0.1", False

    def send(*, is_secret=False, **answers):
        row = mail.queue(
            "letter.txt", to="claire@fromagerie.example", subject="Mot", context={}, is_secret=is_secret, now=now
        )
        with mail_server.running(**answers) as server:
            settings.EMAIL_PORT = server.port
            mail.send_due(clock=lambda: now)
        row.refresh_from_db()
        return row, server.received

    return send


def test_the_row_names_the_server_that_took_the_message_and_its_words(send, now):
    row, received = send(data="250 2.0.0 Ok: queued as 4F1C2")
    assert (row.status, row.sent_at, row.attempts) == (MailStatus.SENT, now, 1)
    assert (row.server, row.reply) == ("127.0.0.1", "250 2.0.0 Ok: queued as 4F1C2")
    assert len(received) == 1


def test_rel_07_a_server_that_takes_a_message_and_then_hangs_up_badly_does_not_get_it_twice(send, now):
    row, received = send(data="250 ok", hangs_up=True)
    assert (row.status, row.reply) == (MailStatus.SENT, "250 ok")
    assert mail.send_due(clock=lambda: now + mail.LEASE * 100) == 0
    assert len(received) == 1


@pytest.mark.parametrize(
    ("answers", "fault", "reply"),
    [
        ({"rcpt": "550 5.1.1 no such mailbox"}, MailFault.RECIPIENT, "550 5.1.1 no such mailbox"),
        ({"rcpt": "450 4.2.0 greylisted"}, MailFault.LATER, "450 4.2.0 greylisted"),
        ({"mail": "553 5.7.1 not yours"}, MailFault.SENDER, "553 5.7.1 not yours"),
        ({"data": "554 5.7.1 looks like spam"}, MailFault.MESSAGE, "554 5.7.1 looks like spam"),
        ({"data": "452 4.3.1 disk full"}, MailFault.LATER, "452 4.3.1 disk full"),
    ],
)
def test_a_refusal_is_told_in_our_words_and_in_the_servers(send, answers, fault, reply):
    row, _ = send(**answers)
    assert (row.status, row.attempts) == (MailStatus.QUEUED, 1)
    assert (row.fault, row.reply, row.server) == (fault, reply, "")


def test_log_01_what_a_server_says_is_bounded_printable_and_names_neither_the_address_nor_a_link(send):
    noise = "554 <claire@fromagerie.example> \x1b[31m\x00 é https://caisse.example/pas-moi/jeton/ " + "x" * 400
    row, _ = send(data=noise)
    assert row.reply.startswith("554 <(adresse)> [31m (lien) xxx")
    assert len(row.reply) == smtp.REPLY_LENGTH
    assert row.reply.isascii()
    assert row.reply.isprintable()


def test_of_a_refused_secret_message_only_the_codes_are_kept(send):
    row, _ = send(data="554 5.7.1 the word sésame is not welcome", is_secret=True)
    assert row.reply == "554 5.7.1"


@pytest.mark.parametrize(
    ("error", "fault"),
    [
        (ConnectionRefusedError(), MailFault.UNREACHABLE),
        (gaierror(-2, "unknown"), MailFault.UNREACHABLE),
        (SMTPConnectError(421, b"busy"), MailFault.UNREACHABLE),
        (SMTPServerDisconnected("gone"), MailFault.UNREACHABLE),
        (TimeoutError(), MailFault.SILENT),
        (ssl.SSLCertVerificationError("expired"), MailFault.INSECURE),
        (SMTPAuthenticationError(535, b"no"), MailFault.NOT_LET_IN),
        (SMTPAuthenticationError(454, b"later"), MailFault.LATER),
        (SMTPRecipientsRefused({}), MailFault.RECIPIENT),
        (SMTPSenderRefused(550, b"no", "x@y.example"), MailFault.SENDER),
        (SMTPDataError(554, "no"), MailFault.MESSAGE),
        (SealBroken("altered"), MailFault.UNREADABLE),
        (UnicodeError("label too long"), MailFault.UNSENDABLE),
        (RuntimeError(), MailFault.OTHER),
    ],
)
def test_every_error_of_sending_has_its_word(error, fault):
    assert smtp.fault_of(error) == fault
    assert "@" not in smtp.reply_of(error, is_secret=False)
