"""Mail leaves after the commit, is tried again, and forgets its secrets once sent."""

from datetime import timedelta

import pytest
from django.core.mail.backends.locmem import EmailBackend
from django.db import connection, transaction

from backoffice.core import mail
from backoffice.core.models import MailStatus, OutgoingMail
from backoffice.core.models.mail import RETRY_DELAYS


class DeafServer(EmailBackend):
    def send_messages(self, messages):
        raise ConnectionRefusedError("claire@fromagerie.example")


@pytest.fixture
def deaf_server(settings):
    settings.EMAIL_BACKEND = "tests.core.test_mail.DeafServer"


@pytest.fixture
def letter(tmp_path, settings):
    (tmp_path / "letter.txt").write_text("Bonjour {{ name }},\n\nle mot est {{ word }} : {{ base_url }}/\n", "utf-8")
    settings.TEMPLATES = [settings.TEMPLATES[0] | {"DIRS": [tmp_path, *settings.TEMPLATES[0]["DIRS"]]}]


def queue(now, **more):
    context = {"name": "l’équipe", "word": "sésame"}
    return mail.queue(
        "letter.txt",
        to="claire@fromagerie.example",
        subject="Le mot\r\nBcc: x@y.example",
        context=context,
        now=now,
        **more,
    )


def test_a_message_leaves_once_its_transaction_is_committed(letter, mailbox, run_jobs, now):
    row = queue(now)
    assert not mailbox

    assert "core.send_due_mails" in run_jobs()

    [sent] = mailbox
    assert sent.to == ["claire@fromagerie.example"]
    assert "Bonjour l’équipe" in sent.body
    assert sent.extra_headers["Message-ID"] == row.message_id
    assert "sésame" in sent.alternatives[0].content
    row.refresh_from_db()
    assert (row.status, row.attempts) == (MailStatus.SENT, 1)


def test_a_message_of_a_rolled_back_action_never_existed(letter, mailbox, run_jobs, now):
    with pytest.raises(RuntimeError), transaction.atomic():
        queue(now)
        raise RuntimeError

    assert run_jobs() == []
    assert not OutgoingMail.objects.exists()


def test_a_line_break_in_a_subject_adds_no_header(letter, mailbox, run_jobs, now):
    queue(now)
    run_jobs()
    assert mailbox[0].subject == "Le mot Bcc: x@y.example"
    assert mailbox[0].recipients() == ["claire@fromagerie.example"]


def test_nothing_of_a_message_is_readable_in_the_database(letter, db, now):
    queue(now, is_secret=True)
    with connection.cursor() as cursor:
        cursor.execute("SELECT m::text FROM core_outgoingmail m UNION ALL SELECT j::text FROM procrastinate_jobs j")
        dump = "".join(row[0] for row in cursor.fetchall())
    assert "sésame" not in dump
    assert "claire@" not in dump


@pytest.mark.parametrize(("is_secret", "kept"), [(True, False), (False, True)])
def test_a_secret_message_loses_its_body_once_sent_and_another_keeps_it(
    letter, mailbox, run_jobs, now, is_secret, kept
):
    row = queue(now, is_secret=is_secret)
    run_jobs()
    row.refresh_from_db()
    assert bool(row.sealed_message) is kept


def test_rel_07_a_deaf_mail_server_delays_the_message_and_says_so_without_repeating_the_address(
    letter, deaf_server, run_jobs, now
):
    row = queue(now)
    run_jobs()
    row.refresh_from_db()
    assert (row.status, row.attempts, row.last_error) == (MailStatus.QUEUED, 1, "ConnectionRefusedError")
    assert row.next_attempt_at == pytest.approx(now + RETRY_DELAYS[0], abs=timedelta(seconds=5))


def test_a_message_is_given_up_visibly_after_its_last_try(letter, deaf_server, db, now):
    row = queue(now, is_secret=True)
    for tries in range(len(RETRY_DELAYS) + 1):
        row.refresh_from_db()
        assert (row.status, row.attempts) == (MailStatus.QUEUED, tries)
        mail.send_due(now=row.next_attempt_at)
    row.refresh_from_db()
    assert row.status == MailStatus.FAILED
    assert row.sealed_message == ""


def test_two_workers_never_send_one_message_twice(letter, mailbox, db, now):
    queue(now)
    assert mail.send_due(now=now) == 1
    assert mail.send_due(now=now) == 0
    assert len(mailbox) == 1
