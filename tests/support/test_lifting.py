"""The desk and a report of « Ce n’était pas moi »: an advisor reads it, calls back, and opens the account again."""

import re
from uuid import uuid4

import pytest
from django.test import Client

from accounts.enums import AccountState
from accounts.models import Session, User
from backoffice.core.models import JournalEntry, OutgoingMail
from support import actions
from support.enums import RequestStatus
from tests.accounts.factories import BROWSER, PASSWORD, MembershipFactory, UserFactory
from tests.support.factories import ContactRequestFactory

pytestmark = pytest.mark.django_db


@pytest.fixture
def advisor(client):
    user = UserFactory(advisor=True)
    client.force_login(user)
    return user


@pytest.fixture
def frozen():
    return MembershipFactory(user__frozen=True, company__phone="+33199001234").user


@pytest.fixture
def report(frozen):
    return ContactRequestFactory(report=True, identifier=frozen.identifier, siret=frozen.company.siret)


def _url(contact, end=""):
    return f"/conseiller/demandes/{contact.public_id}/{end}"


def _take(client, contact):
    return client.post(_url(contact, "prendre/"), follow=True)


def _lift(client, contact):
    """Take the request in charge, as one must, and lift the freeze."""
    _take(client, contact)
    return client.post(_url(contact, "rouvrir/"), follow=True)


# --- Who -----------------------------------------------------------------------------------------------------------
def test_anonymous_people_are_sent_to_the_sign_in_page(client, report, frozen):
    assert client.post(_url(report, "rouvrir/"))["Location"].startswith("/connexion/?next=")
    frozen.refresh_from_db()
    assert frozen.is_frozen


def test_a_merchant_gets_the_page_that_does_not_exist(client, report, frozen):
    client.force_login(frozen)
    assert client.post(_url(report, "rouvrir/")).status_code == 404
    frozen.refresh_from_db()
    assert frozen.is_frozen


def test_a_request_that_is_nobodys_is_not_found(client, advisor):
    assert client.post(f"/conseiller/demandes/{uuid4()}/rouvrir/").status_code == 404


def test_lifting_is_a_post_with_its_token(client, advisor, report):
    assert client.get(_url(report, "rouvrir/")).status_code == 405
    browser = Client(enforce_csrf_checks=True)
    browser.force_login(advisor)
    assert browser.post(_url(report, "rouvrir/")).status_code == 403


def test_nobody_lifts_their_own_freeze(client):
    advisor = UserFactory(advisor=True, frozen=True)
    client.force_login(advisor)
    contact = ContactRequestFactory(report=True, identifier=advisor.identifier, siret="")
    assert "C’est votre propre compte" in client.get(_url(contact)).text
    assert "Rouvrir les modifications" not in client.get(_url(contact)).text
    assert "par un autre conseiller" in _lift(client, contact).text
    advisor.refresh_from_db()
    contact.refresh_from_db()
    assert advisor.is_frozen
    assert contact.is_open


# --- Reading it ----------------------------------------------------------------------------------------------------
def test_the_desk_shows_what_was_reported(client, advisor, report):
    page = client.get("/conseiller/").text
    assert "Opération signalée" in page
    assert "Mot de passe changé, le 24 novembre 2026" in page


def test_the_page_says_what_whose_and_which_number_to_call(client, advisor, report, frozen):
    _take(client, report)
    page = client.get(_url(report)).text
    assert "Mot de passe changé, le 24 novembre 2026" in page
    assert frozen.identifier in page
    assert re.search(r"Numéro à appeler</dt>\s*<dd[^>]*>\s*<span[^>]*>01 99 00 56 78", page)
    assert 'appelez la société au <span class="text-nowrap">01 99 00 12 34' in page
    assert "Gelées" in page
    assert f"/journal/?societe={frozen.company.public_id}" in page
    # It is filled from the file: beside the file it would look proven.
    assert "Identique" not in page


def test_a_number_that_is_not_on_file_is_said(client, advisor):
    person = UserFactory(advisor=True, frozen=True)
    contact = ContactRequestFactory(report=True, identifier=person.identifier, siret="", shop_label="", phone="")
    assert "Aucun numéro au dossier" in client.get(_url(contact)).text


def test_the_page_asks_little_of_the_database(client, advisor, report, django_assert_max_num_queries):
    with django_assert_max_num_queries(10):
        client.get(_url(report))


# --- Lifting -------------------------------------------------------------------------------------------------------
def test_lifting_opens_the_account_to_changes_ends_its_sessions_and_tells_its_owner(
    client, advisor, report, frozen, run_jobs, mailbox
):
    thief = Client()
    thief.force_login(frozen)

    shown = _lift(client, report).text

    assert "Les modifications sont rouvertes" in shown
    assert "Traitée" in shown
    frozen.refresh_from_db()
    report.refresh_from_db()
    assert not frozen.is_frozen
    assert (report.status, report.treated_by) == (RequestStatus.TREATED, advisor)
    assert not Session.objects.of(frozen).exists()
    assert thief.get("/boutiques/")["Location"].startswith("/connexion/")
    lifted = JournalEntry.objects.get(event="account.unfrozen")
    assert (lifted.actor_id, lifted.subject_id) == (advisor.public_id, frozen.public_id)
    assert (lifted.company, lifted.detail) == (frozen.company.public_id, {"request": str(report.public_id)})
    run_jobs()
    [told] = mailbox
    assert (told.to, told.subject) == ([frozen.email], "Votre compte peut de nouveau être modifié")
    assert "/pas-moi/" in told.body
    assert "/mot-de-passe-oublie/" in told.body


def test_an_advisor_is_told_to_change_the_password_from_the_profile(client, advisor, run_jobs, mailbox):
    person = UserFactory(advisor=True, frozen=True)
    _lift(client, ContactRequestFactory(report=True, identifier=person.identifier, siret="", shop_label=""))
    run_jobs()
    assert "http://127.0.0.1:8000/mot-de-passe/" in mailbox[0].body
    assert "oublie" not in mailbox[0].body


def test_a_report_is_treated_once(client, advisor, report):
    _lift(client, report)
    assert "Rien n’a changé" in _lift(client, report).text
    assert JournalEntry.objects.filter(event="account.unfrozen").count() == OutgoingMail.objects.count() == 1


def test_a_freeze_lifted_meanwhile_leaves_the_request_as_it_was(client, advisor, report, frozen):
    User.objects.filter(pk=frozen.pk).update(changes_frozen_at=None)
    assert "Rouvrir les modifications" not in _take(client, report).text
    assert "Rien n’a changé" in _lift(client, report).text
    report.refresh_from_db()
    assert report.is_open


def test_another_motive_lifts_nothing(client, advisor, frozen):
    contact = ContactRequestFactory(identifier=frozen.identifier, siret=frozen.company.siret)
    assert "Rouvrir les modifications" not in _take(client, contact).text
    assert "celui d’aucun compte" in _lift(client, contact).text
    frozen.refresh_from_db()
    assert frozen.is_frozen


def test_a_report_resets_nothing(client, advisor, frozen, report):
    User.objects.filter(pk=frozen.pk).update(state=AccountState.BLOCKED, code_hash="hash")
    assert "Son compte est aussi bloqué" in _take(client, report).text
    client.post(_url(report, "accepter/"))
    frozen.refresh_from_db()
    assert (frozen.state, frozen.is_frozen) == (AccountState.BLOCKED, True)


# --- Asked to be reset while frozen --------------------------------------------------------------------------------
def test_a_frozen_account_is_not_reset_before_its_report_is_treated(client, advisor, report, frozen, now):
    User.objects.filter(pk=frozen.pk).update(state=AccountState.BLOCKED, code_hash="hash")
    contact = ContactRequestFactory(identifier=frozen.identifier, siret=frozen.company.siret)

    page = _take(client, contact).text
    assert "Accepter la réinitialisation" not in page
    assert f'href="{_url(report)}"' in page
    refused = client.post(_url(contact, "accepter/"), follow=True).text
    assert "Traitez d’abord l’opération signalée" in refused
    frozen.refresh_from_db()
    contact.refresh_from_db()
    assert (frozen.state, contact.is_open) == (AccountState.BLOCKED, True)
    assert frozen.password.startswith("argon2")
    assert not OutgoingMail.objects.exists()

    _lift(client, report)
    assert "Accepter la réinitialisation" in client.get(_url(contact)).text
    assert actions.accept_reset(contact=contact, by=advisor, browser=BROWSER, now=now) == frozen


def test_after_lifting_the_owner_changes_the_password(client, advisor, report, frozen):
    _lift(client, report)
    owner = Client()
    owner.post("/connexion/", {"identifier": frozen.identifier, "password": PASSWORD})
    new = "Tangerine-Velvet-7-Orbit"
    owner.post("/mot-de-passe/", {"current": PASSWORD, "password": new, "again": new})
    assert JournalEntry.objects.filter(event="password.changed", subject_id=frozen.public_id).count() == 1
    assert Client().post("/connexion/", {"identifier": frozen.identifier, "password": new})["Location"] == "/"
