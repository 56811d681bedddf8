"""Requests in number, and text made to reach other recipients: what the contact page stands against."""

from concurrent.futures import ThreadPoolExecutor
from datetime import timedelta

import pytest
from django.db import connection

from backoffice.core.models import JournalEntry, OutgoingMail
from support import links, rules
from support.actions import Letter, TooManyRequests, receive_request, tell_account_owner
from support.enums import Motive, Voice
from support.models import ContactRequest, FollowUpLink, RequestMessage
from tests.accounts.factories import MembershipFactory, UserFactory
from tests.support.factories import ContactRequestFactory

pytestmark = pytest.mark.django_db

NAME = "lefebvre-58204"


def _letter(message="", identifier=NAME, **more):
    given = {"shop_label": "Fromagerie", "siret": "73282932000074", "last_name": "Beaufils", "first_name": "Claire"}
    return Letter(motive=Motive.ACCOUNT_RESET, identifier=identifier, message=message, **given | more)


def _send(number, now, **changes):
    return receive_request(letter=_letter(**changes), by=None, address=f"198.51.100.{number}", now=now)


def test_rst_12_beyond_three_a_day_for_one_identifier_texts_are_added_to_the_open_request(now):
    for number in range(3):
        _send(number, now + timedelta(minutes=number))
    receipt = _send(
        3,
        now + timedelta(minutes=3),
        message="Quatrième",
        last_name="Autre",
        siret="90417265700010",
        phone="+33199007777",
    )
    assert ContactRequest.objects.count() == 3
    contact = ContactRequest.objects.newest_first().first()
    assert receipt.contact == contact
    assert contact.repeats == 1
    # Their text, and nothing else.
    assert (contact.last_name, contact.siret, contact.phone, contact.message) == ("Beaufils", "73282932000074", "", "")
    message = RequestMessage.objects.get()
    assert (message.text, message.voice, message.contact_request) == ("Quatrième", Voice.REPEAT, contact)
    assert JournalEntry.objects.get(event="contact_request.repeated").subject_id == contact.public_id


def test_rst_12_whoever_is_added_to_a_request_gets_the_same_page_and_reads_their_own_words_alone(client, now):
    for number in range(3):
        ContactRequestFactory(identifier=NAME, received_at=now, message=f"Secret {number}", address=f"192.0.2.{number}")
    typed = {"motive": "reinitialisation", "shop_label": "x", "siret": "90417265700010", "last_name": "Autre"}
    answer = client.post(
        "/contact/", typed | {"first_name": "Personne", "identifier": NAME, "message": "Le mien"}, follow=True
    )
    assert "Votre lien de suivi" in answer.text
    path = f"/suivi/{answer.context['follow_up_url'].split('/')[-2]}/"
    page = client.get(path).text
    assert "Le mien" in page
    assert "Envoyer le message" not in page
    for other in ("Secret", "Fromagerie Beaufils", "73282932000074", "Beaufils", NAME):
        assert other not in page
    assert client.post(path, {"message": "Encore"}).status_code == 409


def test_rst_12_a_closed_request_is_not_added_to(now):
    for number in range(3):
        ContactRequestFactory(identifier=NAME, received_at=now - timedelta(hours=1), treated=number != 1)
    waiting = ContactRequest.objects.get(treated_at=None)
    assert _send(7, now).contact == waiting
    ContactRequest.objects.filter(pk=waiting.pk).update(
        status="treated", treated_at=now, treated_by=UserFactory(advisor=True), outcome="unblocked"
    )
    assert _send(8, now).contact.repeats == 0
    assert ContactRequest.objects.count() == 4


def test_rst_12_the_next_day_requests_are_their_own_again(now):
    for _ in range(3):
        ContactRequestFactory(identifier=NAME, received_at=now - timedelta(hours=24, seconds=1))
    _send(1, now)
    assert ContactRequest.objects.count() == 4


def test_rst_12_another_identifier_another_motive_and_a_report_are_not_added_to(now):
    ContactRequestFactory(report=True, identifier=NAME)
    for _ in range(3):
        ContactRequestFactory(identifier=NAME, received_at=now)
    _send(1, now, identifier="lefebvre-58205")
    receive_request(
        letter=Letter(motive=Motive.OTHER, last_name="a", first_name="b", email="a@exemple.fr", message="c"),
        by=None,
        address="198.51.100.9",
        now=now,
    )
    assert ContactRequest.objects.count() == 6
    report = ContactRequest.objects.get(motive=Motive.SECURITY)
    ContactRequest.objects.filter(identifier=NAME).exclude(pk=report.pk).update(
        status="treated", treated_at=now, treated_by=UserFactory(advisor=True), outcome="unblocked"
    )
    assert _send(2, now).contact != report


def test_rst_12_repeated_requests_spend_their_sender_s_share_too(now):
    for _ in range(3):
        ContactRequestFactory(identifier=NAME, received_at=now, origin="192.0.2.9")
    for _ in range(5):
        receive_request(letter=_letter(), by=None, address="198.51.100.7", now=now)
    with pytest.raises(TooManyRequests):
        receive_request(letter=_letter(), by=None, address="198.51.100.7", now=now)
    assert ContactRequest.objects.order_by("pk").last().repeats == 5


def test_rst_12_a_request_keeps_twenty_repeated_texts_and_counts_the_others(now):
    contact = [ContactRequestFactory(identifier=NAME, received_at=now) for _ in range(3)][-1]
    for number in range(rules.REPEATS_KEPT + 3):
        _send(number, now, message=f"Texte {number}")
    contact.refresh_from_db()
    assert contact.repeats == rules.REPEATS_KEPT + 3
    assert RequestMessage.objects.of(contact).repeats().count() == rules.REPEATS_KEPT


def test_rst_12_what_comes_from_a_follow_up_link_is_never_refused_for_floods(client, now):
    contacts = [ContactRequestFactory(identifier=NAME, received_at=now, origin="198.51.100.7") for _ in range(5)]
    token = links.issue(contact=contacts[-1], holder=Voice.OWNER, now=now)[1]
    at = {"REMOTE_ADDR": "198.51.100.7"}
    typed = {"motive": "autre", "last_name": "a", "first_name": "b", "email": "a@b.example", "message": "c"}
    assert client.post("/contact/", typed, **at).status_code == 429
    assert client.post(f"/suivi/{token}/", {"message": "C’est bien moi."}, **at).status_code == 302
    assert RequestMessage.objects.get().text == "C’est bien moi."


def test_out_06_reflection_the_owner_is_written_to_three_times_a_day_at_most(now, run_jobs, mailbox):
    owner = MembershipFactory(user__blocked=True, user__identifier=NAME).user
    for number in range(20):
        _send(
            number,
            now,
            message="Achetez ceci : http://evil.example",
            last_name="Cliquez",
            first_name="http://evil.example",
        )
    run_jobs()
    assert [message.to for message in mailbox] == [[owner.email]] * 3
    for message in mailbox:
        assert "evil.example" not in message.body + message.subject
        assert "Cliquez" not in message.body


def test_out_06_reflection_an_unknown_identifier_writes_to_nobody(now, run_jobs, mailbox):
    _send(1, now, identifier="victime@exemple.fr", email="victime@exemple.fr")
    run_jobs()
    assert not OutgoingMail.objects.exists()
    assert mailbox == []


@pytest.mark.parametrize(
    "field", ["shop_label", "last_name", "first_name", "identifier", "message", "email", "phone", "siret"]
)
@pytest.mark.parametrize("line_end", ["\r\n", "\n", "\r", "%0d%0a"])
def test_out_06_line_ends_in_any_field_add_no_recipient(client, field, line_end, run_jobs, mailbox):
    owner = MembershipFactory(user__blocked=True, user__identifier=NAME).user
    typed = {
        "motive": "reinitialisation",
        "shop_label": "Fromagerie",
        "siret": "73282932000074",
        "last_name": "Beaufils",
        "first_name": "Claire",
        "identifier": NAME,
        "message": "Bonjour",
        "email": "claire@fromagerie.example",
        "phone": "0199005678",
    }
    typed[field] += f"{line_end}Bcc: victime@exemple.fr"
    assert client.post("/contact/", typed).status_code in (200, 302)
    run_jobs()
    for message in mailbox:
        assert message.recipients() == [owner.email]
        assert "victime" not in message.message().as_string()
    assert len(mailbox) <= 1


@pytest.mark.parametrize("line_end", ["\r\n", "\n", "\r", "\u2028", "\x85"])
def test_out_06_line_ends_on_file_add_no_recipient_either(now, run_jobs, mailbox, line_end):
    owner = MembershipFactory(
        user__blocked=True, user__identifier=NAME, user__last_name=f"Beaufils{line_end}Bcc: victime@exemple.fr"
    ).user
    contact = ContactRequestFactory(identifier=NAME)
    tell_account_owner(request_id=contact.pk, now=now)
    run_jobs()
    [message] = mailbox
    assert message.recipients() == [owner.email]
    assert "bcc" not in {name.lower() for name in message.message()}


def test_a_job_for_a_request_that_is_gone_does_nothing(now):
    tell_account_owner(request_id=0, now=now)
    assert not FollowUpLink.objects.exists()


@pytest.mark.django_db(transaction=True)
def test_rst_12_eight_requests_for_one_identifier_at_once_open_three(now):
    def send(number):
        try:
            return _send(number, now, message=f"Texte {number}")
        finally:
            connection.close()

    with ThreadPoolExecutor(8) as senders:
        receipts = list(senders.map(send, range(8)))
    assert ContactRequest.objects.count() == 3
    assert RequestMessage.objects.count() == 5
    assert len({receipt.token for receipt in receipts}) == 8
