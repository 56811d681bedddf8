"""What whoever follows a request may add to it: one message a turn, read by the desk and by its author alone."""

import re
from concurrent.futures import ThreadPoolExecutor
from datetime import timedelta

import pytest
import time_machine
from django.db import connection

from backoffice.core.models import JournalEntry
from support import links
from support.actions import (
    NothingToAdd,
    add_message,
    ask_merchant,
    refuse_request,
)
from support.enums import RefusalReason, RequestStatus, Voice
from support.models import ContactRequest, RequestMessage
from tests.accounts.factories import BROWSER, MembershipFactory, UserFactory
from tests.support.factories import ContactRequestFactory
from tests.support.following import link_to, send

pytestmark = pytest.mark.django_db


@pytest.fixture
def owner():
    return MembershipFactory(user__blocked=True, user__identifier="lefebvre-58204").user


@pytest.fixture
def advisor():
    return UserFactory(advisor=True, first_name="Nadia", last_name="Ferrand")


def test_one_message_may_be_added_after_the_request(client, now):
    contact = ContactRequestFactory()
    path = link_to(contact, now)
    assert "Ajouter un message" in client.get(path).text
    page = client.post(path, {"message": "Le SIRET a changé.\r\nVoici le nouveau."}, follow=True).text
    assert "Votre message est ajouté" in page
    assert "Le SIRET a changé." in page
    assert "Ajouter un message" not in page
    again = client.post(path, {"message": "Encore"})
    assert again.status_code == 409
    assert "Votre message n’est pas ajouté" in again.text
    message = RequestMessage.objects.get()
    assert (message.voice, message.link.holder) == (Voice.SENDER, Voice.SENDER)
    contact.refresh_from_db()
    assert contact.status == RequestStatus.NEW
    entry = JournalEntry.objects.get()
    assert (entry.event, entry.actor_id, entry.subject_id) == ("contact_request.added_to", None, contact.public_id)


def test_an_answer_to_a_question_gives_the_ball_back_to_the_desk(client, advisor, now):
    contact = ContactRequestFactory(taken=True, owner=advisor)
    path = link_to(contact, now)
    client.post(path, {"message": "Complément"})
    with time_machine.travel(now + timedelta(minutes=1), tick=False):
        ask_merchant(
            contact=contact, question="Quel SIRET ?", by=advisor, browser=BROWSER, now=now + timedelta(minutes=1)
        )
        page = client.get(path).text
    assert "Quel SIRET ?" in page
    assert "Répondre à la question" in page
    with time_machine.travel(now + timedelta(minutes=2), tick=False):
        client.post(path, {"message": "73282932000074"})
        assert client.post(path, {"message": "Encore"}).status_code == 409
    contact.refresh_from_db()
    assert (contact.status, contact.owner, contact.answered_at) == (
        RequestStatus.TAKEN,
        advisor,
        now + timedelta(minutes=2),
    )
    assert [one.text for one in RequestMessage.objects.of(contact)] == ["Complément", "Quel SIRET ?", "73282932000074"]


@pytest.mark.parametrize("state", ["treated", "refused"])
def test_nothing_is_added_to_a_closed_request(client, now, state):
    path = link_to(ContactRequestFactory(**{state: True}), now)
    assert "Envoyer le message" not in client.get(path).text
    assert client.post(path, {"message": "x"}).status_code == 409
    assert not RequestMessage.objects.exists()


@pytest.mark.parametrize(
    ("text", "said"),
    [
        ("", "Écrivez votre message."),
        ("   ", "Écrivez votre message."),
        ("x" * 2001, "Ce champ compte au plus 2000 caractères."),
        ("a\x00b", "caractère illisible"),
    ],
)
def test_a_message_that_says_nothing_or_too_much_is_refused_in_words(client, now, text, said):
    answer = client.post(link_to(ContactRequestFactory(), now), {"message": text})
    assert answer.status_code == 200
    assert said in answer.text
    assert not RequestMessage.objects.exists()


def test_a_message_is_shown_escaped_on_both_sides(client, advisor, now):
    contact = ContactRequestFactory(taken=True, owner=advisor)
    path = link_to(contact, now, holder=Voice.OWNER)
    client.post(path, {"message": "<script>alert(1)</script>"})
    assert "&lt;script&gt;alert(1)" in client.get(path).text
    client.force_login(advisor)
    desk = client.get(f"/conseiller/demandes/{contact.public_id}/").text
    assert "&lt;script&gt;alert(1)" in desk
    assert "<script>alert" not in desk
    assert "Titulaire, par le lien envoyé à l’adresse du dossier" in desk


def test_holders_of_two_links_do_not_read_each_other(client, now):
    contact = ContactRequestFactory(message="Premier texte")
    sender, owner = link_to(contact, now), link_to(contact, now, holder=Voice.OWNER)
    client.post(sender, {"message": "Ajout du demandeur"})
    client.post(owner, {"message": "Ce n’est pas moi"})
    assert "Ce n’est pas moi" not in client.get(sender).text
    page = client.get(owner).text
    assert "Ajout du demandeur" not in page
    assert "Premier texte" not in page
    assert RequestMessage.objects.count() == 2


def test_links_mailed_to_one_owner_are_one_holder_s(client, now):
    contact = ContactRequestFactory(waiting=True)
    first, second = (link_to(contact, now - timedelta(hours=1), holder=Voice.OWNER) for _ in range(2))
    client.post(second, {"message": "Du second lien"})
    page = client.get(first).text
    assert "Du second lien" in page
    assert "Votre message est ajouté" in page
    assert client.post(first, {"message": "Encore"}).status_code == 409
    assert RequestMessage.objects.count() == 1


def test_the_refusal_is_read_by_both_and_mailed_to_the_address_on_file(client, owner, advisor, now, run_jobs, mailbox):
    sent = send(client, identifier=owner.identifier, email="elsewhere@evil.example")
    run_jobs()
    mailed = re.search(r"/suivi/[\w-]{32}/", mailbox.pop().body)[0]
    contact = ContactRequest.objects.get()
    ContactRequest.objects.update(status="taken", owner=advisor, taken_at=now)
    refuse_request(
        contact=contact, reason=RefusalReason.UNVERIFIED, words="Rappelez-nous.", by=advisor, browser=BROWSER, now=now
    )
    for path in (sent, mailed):
        page = client.get(path).text
        assert "La demande n’a pas pu être vérifiée." in page
        assert "Rappelez-nous." in page
    run_jobs()
    [told] = mailbox
    assert (told.to, told.subject) == ([owner.email], "Votre demande est refusée")
    assert "la demande n’a pas pu être vérifiée" in told.body
    assert "Rappelez-nous." in told.body


@pytest.mark.django_db(transaction=True)
def test_eight_answers_at_once_are_one(now):
    contact = ContactRequestFactory(waiting=True, asked_at=now - timedelta(minutes=30))
    _, token = links.issue(contact=contact, holder=Voice.SENDER, now=now - timedelta(hours=1))

    def add(number):
        try:
            add_message(token=token, text=f"Réponse {number}", browser=BROWSER, now=now + timedelta(seconds=number))
        except NothingToAdd:
            return False
        finally:
            connection.close()
        return True

    with ThreadPoolExecutor(8) as holders:
        assert sum(holders.map(add, range(8))) == 1
    assert RequestMessage.objects.count() == 1
