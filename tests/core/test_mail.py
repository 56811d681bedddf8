"""Mail leaves after the commit, is tried again, and forgets its secrets once sent."""

import json
from datetime import timedelta
from smtplib import SMTPRecipientsRefused
from typing import ClassVar

import pytest
from django.core.mail.backends.locmem import EmailBackend
from django.db import connection, transaction

from backoffice.core import mail, rotation, vault
from backoffice.core.models import MailStatus, OutgoingMail
from backoffice.core.models.mail import RETRY_DELAYS, SUBJECT_LENGTH, MailFault


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


def send_due(moment):
    return mail.send_due(clock=lambda: moment)


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
        send_due(row.next_attempt_at)
    row.refresh_from_db()
    assert row.status == MailStatus.FAILED
    assert row.sealed_message == ""


class RefusingOneRecipient(EmailBackend):
    def send_messages(self, messages):
        if "absent" in messages[0].to[0]:
            raise SMTPRecipientsRefused({messages[0].to[0]: (550, b"unknown")})
        return super().send_messages(messages)


def test_one_message_that_cannot_leave_holds_no_other_back(letter, mailbox, settings, db, now):
    settings.EMAIL_BACKEND = "tests.core.test_mail.RefusingOneRecipient"
    broken, unaddressable, refused, good = queue(now), queue(now), queue(now), queue(now)
    OutgoingMail.objects.filter(pk=broken.pk).update(sealed_message=good.sealed_message)
    readdress(unaddressable, "a@" + "é" * 60 + ".fr")
    readdress(refused, "absent@fromagerie.example")

    assert send_due(now) == 1

    for row, error in ((broken, "SealBroken"), (refused, "SMTPRecipientsRefused"), (good, "")):
        row.refresh_from_db()
        assert row.last_error == error
    unaddressable.refresh_from_db()
    assert unaddressable.attempts == 1
    assert good.status == MailStatus.SENT
    assert set(OutgoingMail.objects.in_trouble()) == {broken, unaddressable, refused}


def readdress(row, to):
    identity = vault.row_identity("core.outgoingmail", row.public_id, "message")
    message = json.loads(vault.unseal(row.sealed_message, identity=identity)) | {"to": to}
    row.sealed_message = vault.seal(json.dumps(message), identity=identity)
    row.save()


def test_rel_07_a_server_that_is_away_is_asked_once_a_run(letter, deaf_server, db, now):
    rows = [queue(now) for _ in range(3)]
    send_due(now)
    assert sorted(OutgoingMail.objects.get(pk=row.pk).attempts for row in rows) == [0, 0, 1]


class SecondWorkerMeanwhile(EmailBackend):
    """While the first worker speaks to the server, a second one looks for work."""

    found: ClassVar[list[int]] = []

    def send_messages(self, messages):
        if not self.found:
            self.found.append(-1)
            self.found[0] = send_due(NOW_OF_TEST[0])
        return super().send_messages(messages)


NOW_OF_TEST = []


def test_two_workers_never_send_one_message_twice(letter, mailbox, settings, db, now):
    settings.EMAIL_BACKEND = "tests.core.test_mail.SecondWorkerMeanwhile"
    SecondWorkerMeanwhile.found.clear()
    NOW_OF_TEST[:] = [now]
    queue(now)

    assert send_due(now) == 1

    assert SecondWorkerMeanwhile.found == [0]
    assert len(mailbox) == 1


def test_a_body_sealed_again_while_its_mail_leaves_stays_under_the_new_key(letter, mailbox, settings, db, now):
    row = queue(now)
    settings.EMAIL_BACKEND = "tests.core.test_mail.ResealingMeanwhile"
    settings.VAULT_KEYS = {"2027a": b"n" * 32, **settings.VAULT_KEYS}
    send_due(now)
    row.refresh_from_db()
    assert row.status == MailStatus.SENT
    assert vault.is_current(row.sealed_message)


class ResealingMeanwhile(EmailBackend):
    def send_messages(self, messages):
        rotation.reseal_everything()
        return super().send_messages(messages)


class SlowServer(EmailBackend):
    """Takes four minutes a message, and looks at the lease of the one it is given."""

    clock: ClassVar[list] = []
    leases: ClassVar[list] = []

    def send_messages(self, messages):
        row = OutgoingMail.objects.get(message_id=messages[0].extra_headers["Message-ID"])
        self.leases.append(row.next_attempt_at - self.clock[0])
        self.clock[0] += timedelta(minutes=4)
        return super().send_messages(messages)


def test_every_message_of_a_run_has_a_lease_of_its_own_and_its_own_hour(letter, mailbox, settings, db, now):
    settings.EMAIL_BACKEND = "tests.core.test_mail.SlowServer"
    SlowServer.clock[:], SlowServer.leases[:] = [now], []
    rows = [queue(now) for _ in range(3)]

    assert mail.send_due(clock=lambda: SlowServer.clock[0]) == 3

    assert SlowServer.leases == [mail.LEASE] * 3
    sent_at = [OutgoingMail.objects.get(pk=row.pk).sent_at for row in rows]
    assert sent_at == [now + timedelta(minutes=4 * number) for number in (1, 2, 3)]


class LosingItsTurn(DeafServer):
    """Fails so late that somebody else has sent the message meanwhile."""

    def send_messages(self, messages):
        OutgoingMail.objects.update(
            status=MailStatus.SENT, sent_at=NOW_OF_TEST[0], attempts=1, next_attempt_at=NOW_OF_TEST[0]
        )
        return super().send_messages(messages)


def test_a_failure_that_comes_after_somebody_elses_success_counts_for_nothing(letter, settings, db, now):
    settings.EMAIL_BACKEND = "tests.core.test_mail.LosingItsTurn"
    NOW_OF_TEST[:] = [now]
    row = queue(now)
    send_due(now)
    row.refresh_from_db()
    assert (row.status, row.attempts, row.fault) == (MailStatus.SENT, 1, "")


def test_the_log_says_why_a_message_was_not_taken(letter, settings, db, now):
    settings.EMAIL_BACKEND = "tests.core.test_mail.RefusingOneRecipient"
    row = queue(now)
    readdress(row, "absent@fromagerie.example")
    send_due(now)
    row.refresh_from_db()
    assert (row.fault, row.reply) == (MailFault.RECIPIENT, "550 unknown")
    assert (row.server, row.sent_at) == ("", None)


# A copy


def test_a_copy_is_a_message_of_its_own_with_the_same_words(letter, mailbox, run_jobs, now):
    original = queue(now)
    run_jobs()
    original.refresh_from_db()

    copy = mail.queue_again(original, now=now)
    run_jobs()

    first, second = mailbox
    assert (second.to, second.subject, second.body) == (first.to, first.subject, first.body)
    # A server that has seen the first one's id would drop the second.
    assert second.extra_headers["Message-ID"] != first.extra_headers["Message-ID"]
    assert copy.original == original
    again = mail.queue_again(OutgoingMail.objects.get(pk=copy.pk), now=now)
    assert again.original == original


def test_a_secret_message_one_still_tried_and_one_without_body_cannot_leave_again(letter, mailbox, run_jobs, now):
    waiting = queue(now)
    with pytest.raises(mail.NoBodyKept):
        mail.queue_again(waiting, now=now)
    secret = queue(now, is_secret=True)
    run_jobs()
    OutgoingMail.objects.filter(pk=waiting.pk).update(sealed_message="")
    for row in (secret, waiting):
        row.refresh_from_db()
        with pytest.raises(mail.NoBodyKept):
            mail.queue_again(row, now=now)
    assert OutgoingMail.objects.count() == 2


def test_a_subject_longer_than_its_column_is_cut_in_the_log_and_whole_in_the_mailbox(letter, mailbox, run_jobs, now):
    row = mail.queue(
        "letter.txt", to="claire@fromagerie.example", subject="é" * 300, context={"name": "x", "word": "y"}, now=now
    )
    run_jobs()
    assert row.subject == "é" * SUBJECT_LENGTH
    assert mailbox[0].subject == "é" * 300


# Forgetting


def old(row, age, **columns):
    OutgoingMail.objects.filter(pk=row.pk).update(queued_at=row.queued_at - age, **columns)
    row.refresh_from_db()
    return row


def test_a_body_is_kept_thirty_days_and_not_one_more(letter, mailbox, run_jobs, now):
    younger, older = queue(now), queue(now)
    run_jobs()
    old(younger, timedelta(days=30) - timedelta(minutes=1))
    old(older, timedelta(days=30) + timedelta(minutes=1))

    assert mail.forget_bodies(now=now) == 1

    younger.refresh_from_db()
    older.refresh_from_db()
    assert younger.sealed_message
    assert not older.sealed_message
    assert (older.status, older.subject) == (MailStatus.SENT, "Le mot Bcc: x@y.example")


def test_a_message_still_tried_keeps_its_body_whatever_its_age(letter, db, now):
    row = old(queue(now), timedelta(days=900))
    assert (mail.forget_bodies(now=now), mail.forget_log(now=now)) == (0, 0)
    row.refresh_from_db()
    assert row.sealed_message


def test_the_log_is_kept_twelve_months_and_a_copy_outlives_its_original(letter, mailbox, run_jobs, now):
    original = queue(now)
    run_jobs()
    original.refresh_from_db()
    copy = mail.queue_again(original, now=now)
    run_jobs()
    old(original, timedelta(days=367))
    old(copy, timedelta(days=364))

    assert mail.forget_log(now=now) == 1

    copy.refresh_from_db()
    assert copy.original is None
