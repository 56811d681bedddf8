"""A lost second factor: one advisor proposes to take it away, another approves, and its owner comes in again."""

from concurrent.futures import ThreadPoolExecutor
from datetime import timedelta
from uuid import uuid4

import pytest
from django.db import connection
from django.test import Client

from accounts.models import TotpDevice, User
from backoffice.core.models import JournalEntry, OutgoingMail
from backoffice.core.moves import IllegalMove
from support import actions, links
from support.enums import Outcome, ProposalKind, ProposalState, RequestStatus, Voice
from support.models import ContactRequest, Proposal
from tests.accounts.factories import (
    BROWSER,
    PASSWORD,
    AssignmentFactory,
    ContactChangeFactory,
    MembershipFactory,
    TotpDeviceFactory,
    UserFactory,
)
from tests.support.factories import ContactRequestFactory, ProposalFactory

pytestmark = pytest.mark.django_db
WORDS = "Téléphone volé, codes jamais imprimés ; reconnue au numéro du dossier."
CARD = "Proposer le retrait"


@pytest.fixture
def first(client):
    user = UserFactory(advisor=True)
    client.force_login(user)
    return user


@pytest.fixture
def second():
    return UserFactory(advisor=True)


@pytest.fixture
def person():
    return MembershipFactory(user=UserFactory(active=True, factor=True)).user


def _held(person, advisor, **more):
    siret = person.company.siret if person.company else "73282932000074"
    return ContactRequestFactory(identifier=person.identifier, siret=siret, **{"taken": True, "owner": advisor} | more)


def _url(contact, end=""):
    return f"/conseiller/demandes/{contact.public_id}/{end}"


def _propose(client, contact, words=WORDS):
    return client.post(_url(contact, "second-facteur/"), {"words": words}, follow=True).text


def _approve(advisor, proposal):
    browser = Client()
    browser.force_login(advisor)
    return browser.post(f"/conseiller/approbations/{proposal.public_id}/approuver/", follow=True).text


# --- Who -----------------------------------------------------------------------------------------------------------
def test_anonymous_people_are_sent_to_the_sign_in_page(client, person, second):
    contact = _held(person, second)
    assert client.post(_url(contact, "second-facteur/"))["Location"].startswith("/connexion/?next=")


def test_a_merchant_and_an_advisor_of_another_portfolio_get_the_page_that_does_not_exist(client, person, second):
    AssignmentFactory(company=person.company)
    contact = _held(person, second)
    for other in (person, UserFactory(advisor=True)):
        client.force_login(other)
        assert client.post(_url(contact, "second-facteur/"), {"words": WORDS}).status_code == 404
    assert client.post(f"/conseiller/demandes/{uuid4()}/second-facteur/", {"words": WORDS}).status_code == 404
    assert not Proposal.objects.exists()


# --- Proposing -----------------------------------------------------------------------------------------------------
def test_authz_06_a_proposal_changes_nothing_by_itself(client, first, person):
    contact = _held(person, first)
    assert CARD in client.get(_url(contact)).text

    shown = _propose(client, contact)

    assert "attend un second conseiller" in shown
    assert "Retrait du second facteur" in shown
    assert CARD not in shown
    proposal = Proposal.objects.get()
    assert (proposal.kind, proposal.words, proposal.person) == (ProposalKind.FACTOR_RESET, WORDS, person)
    assert (proposal.proposed_by, proposal.state) == (first, ProposalState.PENDING)
    assert TotpDevice.objects.of(person).exists()
    contact.refresh_from_db()
    assert contact.status == RequestStatus.TAKEN
    entry = JournalEntry.objects.get(event="proposal.made")
    assert entry.detail == {"proposal": "factor_reset", "request": str(contact.public_id)}


@pytest.mark.parametrize(("words", "fault"), [("", "Dites pourquoi"), ("x" * 501, "au plus 500 caractères")])
def test_a_proposal_says_why_and_keeps_what_was_typed(client, first, person, words, fault):
    page = _propose(client, _held(person, first), words)
    assert fault in page
    assert words in page
    assert not Proposal.objects.exists()


def test_another_proposal_replaces_the_one_that_waits(client, first, person):
    contact = _held(person, first)
    _propose(client, contact, "Un.")
    _propose(client, contact, "Deux.")
    assert set(Proposal.objects.values_list("words", "state")) == {("Un.", "voided"), ("Deux.", "pending")}


REFUSED = {
    "no factor": ({"factor": False}, {}, "n’a pas de second facteur"),
    "a frozen account": ({"factor": True, "frozen": True}, {}, "Traitez d’abord l’opération signalée"),
    "a closed account": ({"factor": True, "closed": True}, {}, "n’a pas de second facteur"),
    "another motive": ({"factor": True}, {"code_request": True}, "celui d’aucun compte"),
    "a closed request": ({"factor": True}, {"treated": True}, "Rien n’a changé"),
}


@pytest.mark.parametrize("case", REFUSED)
def test_nothing_is_proposed_where_nothing_may_be_taken_away(client, first, case):
    traits, request, words = REFUSED[case]
    person = MembershipFactory(user=UserFactory(**traits)).user
    contact = _held(person, first, **request)
    assert CARD not in client.get(_url(contact)).text
    assert words in _propose(client, contact)
    assert not Proposal.objects.exists()


def test_only_whoever_holds_the_request_proposes_and_never_about_themselves(client, first, person, second):
    for contact in (ContactRequestFactory(identifier=person.identifier), _held(person, second), _held(first, first)):
        assert CARD not in client.get(_url(contact)).text
        words = "par un autre conseiller" if contact.identifier == first.identifier else "Rien n’a changé"
        assert words in _propose(client, contact)
    assert not Proposal.objects.exists()


# --- Approving -----------------------------------------------------------------------------------------------------
def test_authz_06_a_second_advisor_approves_and_the_factor_is_gone(
    client, first, second, person, run_jobs, mailbox, now
):
    contact = _held(person, first)
    _, token = links.issue(contact=contact, holder=Voice.SENDER, now=now)
    _propose(client, contact)

    assert "approuvée, et faite" in _approve(second, Proposal.objects.get())

    assert not TotpDevice.objects.of(person).exists()
    contact.refresh_from_db()
    assert (contact.status, contact.treated_by, contact.outcome) == (
        RequestStatus.TREATED,
        second,
        Outcome.FACTOR_REMOVED,
    )
    removed = JournalEntry.objects.get(event="factor.removed")
    assert (removed.actor_id, removed.detail) == (second.public_id, {"request": str(contact.public_id)})
    run_jobs()
    assert [mail.subject for mail in mailbox if mail.to == [person.email]] == ["Votre second facteur est retiré"]
    page = Client().get(f"/suivi/{token}/").text
    assert "Le second facteur est retiré" in page
    assert "Un mot de passe temporaire est parti" not in page
    entered = Client()
    entered.post("/connexion/", {"identifier": person.identifier, "password": PASSWORD})
    assert entered.get("/profil/").status_code == 200
    assert "Retrait du second facteur" in client.get(_url(contact)).text


def test_authz_06_whoever_proposed_it_does_not_approve_it(client, first, person):
    _propose(client, _held(person, first))
    assert "se décide par un collègue" in _approve(first, Proposal.objects.get())
    assert TotpDevice.objects.of(person).exists()


def test_a_colleague_s_lost_factor_takes_two_others(client, first, second):
    colleague = UserFactory(advisor=True)
    contact = _held(colleague, first)
    _propose(client, contact)
    proposal = Proposal.objects.get()
    browser = Client()
    browser.force_login(colleague)
    assert browser.get(f"/conseiller/approbations/{proposal.public_id}/").status_code == 404
    _approve(second, proposal)
    assert not TotpDevice.objects.of(colleague).exists()


@pytest.mark.parametrize("state", ["blocked", "first_connection"])
def test_a_request_whose_account_must_still_be_opened_stays_open_for_that(client, first, second, state):
    traits = {"first_connection": True, "temporary_password_expires_at": "2026-01-01T00:00:00Z"}
    person = MembershipFactory(
        user=UserFactory(factor=True, **({"blocked": True} if state == "blocked" else traits))
    ).user
    contact = _held(person, first)
    _propose(client, contact)
    _approve(second, Proposal.objects.get())
    contact.refresh_from_db()
    assert (contact.status, contact.owner, contact.outcome) == (RequestStatus.TAKEN, first, "")
    assert not TotpDevice.objects.of(person).exists()
    page = client.get(_url(contact)).text
    assert "Accepter la réinitialisation" in page
    assert CARD not in page
    client.post(_url(contact, "accepter/"))
    contact.refresh_from_db()
    assert (contact.status, contact.outcome) == (RequestStatus.TREATED, Outcome.PASSWORD_SENT)


@pytest.mark.parametrize("edit", ["freeze", "another factor", "treated"])
def test_authz_06_what_changed_since_voids_it(client, first, second, person, edit, now):
    contact = _held(person, first)
    _propose(client, contact)
    proposal = Proposal.objects.get()
    if edit == "freeze":
        User.objects.filter(pk=person.pk).update(changes_frozen_at=now)
    elif edit == "another factor":
        TotpDevice.objects.of(person).delete()
        TotpDeviceFactory(user=person)
    else:
        ContactRequest.objects.filter(pk=contact.pk).update(
            status="treated", treated_at=now, treated_by=first, outcome=Outcome.UNBLOCKED
        )
    assert "annulée" in _approve(second, proposal)
    assert TotpDevice.objects.of(person).exists()
    assert not JournalEntry.objects.filter(event="factor.removed").exists()


def test_a_rejected_proposal_takes_nothing_away_and_writes_to_nobody(client, first, second, person):
    _propose(client, _held(person, first))
    actions.reject_proposal(
        proposal=Proposal.objects.get(), words="Voix douteuse.", by=second, browser=BROWSER, now=person.created_at
    )
    assert TotpDevice.objects.of(person).exists()
    assert not OutgoingMail.objects.exists()


@pytest.mark.django_db(transaction=True)
def test_two_advisors_at_once_approve_it_once(now):
    person = MembershipFactory(user=UserFactory(factor=True)).user
    contact = _held(person, UserFactory(advisor=True))
    proposal = ProposalFactory(reset=True, contact_request=contact, person=person)
    advisors = [UserFactory(advisor=True) for _ in range(4)]

    def approve(advisor):
        try:
            return actions.approve_proposal(proposal=proposal, by=advisor, browser=BROWSER, now=now)
        except IllegalMove:
            return None
        finally:
            connection.close()

    with ThreadPoolExecutor(max_workers=4) as pool:
        assert len([done for done in pool.map(approve, advisors) if done]) == 1
    assert JournalEntry.objects.filter(event="factor.removed").count() == OutgoingMail.objects.count() == 1


def test_a_telephone_changed_lately_is_said_to_both_advisors(client, first, second, person, now):
    asked_at = now - timedelta(hours=60)
    contact = _held(person, first)
    assert "moins de 48 heures" not in client.get(_url(contact)).text
    ContactChangeFactory(user=person, phone=True, effective=True, asked_at=asked_at)
    page = client.get(_url(contact)).text
    assert "Son téléphone a changé il y a moins de 48 heures" in page
    assert person.company.phone.as_national in page
    _propose(client, contact)
    client.force_login(second)
    page = client.get(f"/conseiller/approbations/{Proposal.objects.get().public_id}/").text
    assert "Changé il y a moins de 48 heures" in page
    assert person.phone.as_national in page


def test_the_pages_ask_little_of_the_database(client, first, person, django_assert_max_num_queries):
    contact = _held(person, first)
    ContactChangeFactory(user=person, phone=True, effective=True)
    client.get(_url(contact))
    with django_assert_max_num_queries(10):
        client.get(_url(contact))
    _propose(client, contact)
    with django_assert_max_num_queries(10):
        client.get(_url(contact))
