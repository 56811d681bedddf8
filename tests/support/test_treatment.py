"""Treating a request: it stands beside the file, and accepting opens the account without showing any secret."""

import re
from uuid import uuid4

import pytest
from django.db import connection
from django.test import Client

from accounts.enums import AccountState
from backoffice.core.models import JournalEntry
from support.enums import RequestStatus
from support.models import ContactRequest
from tests.accounts.factories import MembershipFactory, UserFactory
from tests.support.factories import ContactRequestFactory

pytestmark = pytest.mark.django_db


@pytest.fixture
def advisor(client):
    user = UserFactory(advisor=True)
    client.force_login(user)
    return user


@pytest.fixture
def blocked():
    return MembershipFactory(user__identifier="lefebvre-58204", user__blocked=True).user


def _request(person, **more):
    return ContactRequestFactory(
        identifier=person.identifier, last_name="LEFEBVRE", first_name="Claire", siret=person.company.siret, **more
    )


def _url(contact, end=""):
    return f"/conseiller/demandes/{contact.public_id}/{end}"


def _accept(client, contact):
    """Take the request in charge, as one must, and accept it."""
    client.post(_url(contact, "prendre/"))
    return client.post(_url(contact, "accepter/"), follow=True)


def test_anonymous_people_are_sent_to_the_sign_in_page(client):
    assert client.get(_url(ContactRequestFactory()))["Location"].startswith("/connexion/?next=")


@pytest.mark.parametrize("end", ["", "accepter/"])
def test_a_merchant_gets_the_page_that_does_not_exist(client, blocked, end):
    contact = _request(blocked)
    client.force_login(MembershipFactory().user)
    answer = client.post(_url(contact, end)) if end else client.get(_url(contact))
    assert answer.status_code == 404
    blocked.refresh_from_db()
    assert blocked.is_blocked


def test_a_request_that_is_nobodys_is_not_found(client, advisor):
    assert client.get(f"/conseiller/demandes/{uuid4()}/").status_code == 404
    assert client.post(f"/conseiller/demandes/{uuid4()}/accepter/").status_code == 404


def test_the_request_stands_beside_the_file_field_by_field(client, advisor, blocked):
    contact = _request(blocked, shop_label="Autre enseigne", message="<b>Bonjour</b>")
    page = client.get(_url(contact)).content.decode()
    rows = re.findall(r"<td data-label=\"Champ\">([^<]+)</td>.*?</tr>", page, re.S)
    assert rows == ["Identifiant", "Nom", "Prénom", "SIRET", "Enseigne", "Téléphone", "Adresse e-mail"]
    assert page.count("Identique") == 4
    assert page.count("Différent") == 1
    assert "Rappelez au numéro du dossier avant d’accepter" in page
    assert "&lt;b&gt;Bonjour" in page
    assert "Bloqué" in page
    assert f'href="{_url(contact)}"' in client.get("/conseiller/").content.decode()


def test_rst_01_accepting_sends_a_temporary_password_to_the_address_on_file(
    client, advisor, blocked, run_jobs, mailbox
):
    contact = _request(blocked, email="elsewhere@evil.example")
    shown = _accept(client, contact).text
    blocked.refresh_from_db()
    contact.refresh_from_db()
    assert blocked.state == AccountState.FIRST_CONNECTION
    assert (contact.status, contact.treated_by) == (RequestStatus.TREATED, advisor)
    run_jobs()
    [message] = [message for message in mailbox if message.subject == "Votre mot de passe temporaire"]
    assert message.to == [blocked.email]
    temporary = re.search(r"temporaire[^\n]*\n\n(\S+)\n", message.body)[1]
    assert temporary not in shown
    assert temporary not in client.get(_url(contact)).content.decode()
    assert temporary not in str(list(JournalEntry.objects.values_list()))
    assert "Traitée" in shown
    entry = JournalEntry.objects.get(event="contact_request.treated")
    assert (entry.actor_id, entry.subject_id) == (advisor.public_id, contact.public_id)


def test_rst_02_no_advisor_ever_sees_the_password_that_was_drawn(client, advisor, blocked, run_jobs, mailbox, caplog):
    """Not on any page of the desk, not in the journal, a log, a job, nor in the row of the mail once it left."""
    caplog.set_level("DEBUG")
    contact = _request(blocked)
    shown = [_accept(client, contact).text]
    run_jobs()
    [message] = [message for message in mailbox if message.subject == "Votre mot de passe temporaire"]
    temporary = re.search(r"temporaire[^\n]*\n\n(\S+)\n", message.body)[1]
    company = blocked.company.public_id
    desk = ("", "courriels/", f"societes/{company}/", f"societes/{company}/personnes/{blocked.public_id}/")
    shown += [client.get(f"/conseiller/{page}").text for page in desk]
    shown += [client.get(_url(contact)).text, client.get(f"/journal/?societe={company}").text]
    with connection.cursor() as cursor:
        cursor.execute("SELECT coalesce(string_agg(t::text, ' '), '') FROM procrastinate_jobs t")
        jobs = cursor.fetchone()[0]
        cursor.execute("SELECT coalesce(string_agg(t::text, ' '), '') FROM core_outgoingmail t")
        mails = cursor.fetchone()[0]
    for place in (*shown, caplog.text, jobs, mails, str(list(JournalEntry.objects.values_list()))):
        assert temporary not in place


def test_a_request_is_accepted_once(client, advisor, blocked, run_jobs, mailbox):
    contact = _request(blocked)
    _accept(client, contact)
    answer = _accept(client, contact)
    assert "Rien n’a changé" in answer.content.decode()
    run_jobs()
    assert [message.subject for message in mailbox].count("Votre mot de passe temporaire") == 1


def test_rst_01_an_active_account_is_not_reset(client, advisor):
    person = MembershipFactory().user
    contact = _request(person)
    assert "n’est pas bloqué" in client.get(_url(contact)).content.decode()
    _accept(client, contact)
    person.refresh_from_db()
    contact.refresh_from_db()
    assert (person.state, contact.status) == (AccountState.ACTIVE, RequestStatus.TAKEN)


@pytest.mark.parametrize("identifier", ["nobody-00001", "x", "é\u202e"])
def test_an_unknown_identifier_says_what_to_do(client, advisor, identifier):
    contact = ContactRequestFactory(identifier=identifier)
    assert "Aucun compte à cet identifiant" in client.get(_url(contact)).content.decode()
    assert "celui d’aucun compte" in _accept(client, contact).text
    contact.refresh_from_db()
    assert contact.is_open


def test_another_motive_resets_nothing(client, advisor, blocked):
    contact = ContactRequestFactory(technical=True)
    ContactRequest.objects.filter(pk=contact.pk).update(identifier=blocked.identifier)
    client.post(_url(contact, "prendre/"))
    assert "Accepter la réinitialisation" not in client.get(_url(contact)).text
    _accept(client, contact)
    blocked.refresh_from_db()
    assert blocked.is_blocked


def test_nobody_treats_their_own_account(client):
    advisor = UserFactory(advisor=True)
    client.force_login(advisor)
    contact = ContactRequestFactory(identifier=advisor.identifier)
    assert "C’est votre propre compte" in client.get(_url(contact)).content.decode()
    assert "par un autre conseiller" in client.post(_url(contact, "accepter/"), follow=True).content.decode()


def test_the_blocked_owner_ends_up_in_first_connection(client, advisor, blocked):
    _accept(client, _request(blocked))
    answer = Client().post("/connexion/", {"identifier": blocked.identifier, "password": "Correct-Horse-42-Battery"})
    assert "Connexion refusée" in answer.content.decode()


def test_the_pages_ask_little_of_the_database(client, advisor, blocked, django_assert_max_num_queries):
    contact = _request(blocked, waiting=True, owner=advisor)
    # The session notes once a minute that it is used.
    client.get("/conseiller/")
    with django_assert_max_num_queries(10):
        client.get(_url(contact))
