"""The second verb of a reset: lifting a block that strangers caused, and leaving the owner's password."""

from concurrent.futures import ThreadPoolExecutor
from uuid import uuid4

import pytest
from django.db import IntegrityError, connection, transaction
from django.test import Client

from accounts.enums import AccountState
from backoffice.core.models import JournalEntry, OutgoingMail
from backoffice.core.moves import IllegalMove
from support import actions, links
from support.enums import Outcome, RequestStatus, Voice
from support.models import ContactRequest
from tests.accounts.factories import BROWSER, AssignmentFactory, MembershipFactory, UserFactory
from tests.support.factories import ContactRequestFactory

pytestmark = pytest.mark.django_db
VERB = "Débloquer sans changer le mot de passe"


@pytest.fixture
def advisor(client):
    user = UserFactory(advisor=True)
    client.force_login(user)
    return user


@pytest.fixture
def blocked():
    return MembershipFactory(user__blocked=True).user


def _held(person, advisor, **more):
    siret = person.company.siret if person.company else ""
    return ContactRequestFactory(identifier=person.identifier, taken=True, owner=advisor, **{"siret": siret} | more)


def _url(contact, end=""):
    return f"/conseiller/demandes/{contact.public_id}/{end}"


def _unblock(client, contact):
    return client.post(_url(contact, "debloquer/"), follow=True).text


# --- Who -----------------------------------------------------------------------------------------------------------
def test_anonymous_people_are_sent_to_the_sign_in_page(client, blocked):
    contact = _held(blocked, UserFactory(advisor=True))
    assert client.post(_url(contact, "debloquer/"))["Location"].startswith("/connexion/?next=")


def test_a_merchant_and_an_advisor_of_another_portfolio_get_the_page_that_does_not_exist(client, blocked):
    AssignmentFactory(company=blocked.company)
    contact = _held(blocked, UserFactory(advisor=True))
    for other in (MembershipFactory().user, UserFactory(advisor=True)):
        client.force_login(other)
        assert client.post(_url(contact, "debloquer/")).status_code == 404
    assert client.post(f"/conseiller/demandes/{uuid4()}/debloquer/").status_code == 404
    blocked.refresh_from_db()
    assert blocked.is_blocked


def test_unblocking_is_a_post_with_its_token(client, advisor, blocked):
    contact = _held(blocked, advisor)
    assert client.get(_url(contact, "debloquer/")).status_code == 405
    browser = Client(enforce_csrf_checks=True)
    browser.force_login(advisor)
    assert browser.post(_url(contact, "debloquer/")).status_code == 403


# --- What it does --------------------------------------------------------------------------------------------------
def test_rst_01_unblocking_leaves_the_password_and_treats_the_request(client, advisor, blocked, run_jobs, mailbox):
    contact = _held(blocked, advisor)
    before = blocked.password
    assert VERB in client.get(_url(contact)).text

    shown = _unblock(client, contact)

    assert "Le compte est débloqué, sans changer de mot de passe." in shown
    assert "Compte débloqué, mot de passe inchangé" in shown
    blocked.refresh_from_db()
    contact.refresh_from_db()
    assert (blocked.state, blocked.password) == (AccountState.ACTIVE, before)
    assert (contact.status, contact.treated_by, contact.outcome) == (RequestStatus.TREATED, advisor, Outcome.UNBLOCKED)
    unblocked = JournalEntry.objects.get(event="account.unblocked")
    assert (unblocked.actor_id, unblocked.detail) == (advisor.public_id, {"request": str(contact.public_id)})
    assert JournalEntry.objects.filter(event="contact_request.treated").count() == 1
    assert not JournalEntry.objects.filter(event="temporary_password.drawn").exists()
    run_jobs()
    assert [message.subject for message in mailbox] == ["Votre compte est débloqué"]


def test_the_follow_up_page_says_what_was_done_and_not_that_a_password_left(client, advisor, blocked, now):
    contact = _held(blocked, advisor)
    _, token = links.issue(contact=contact, holder=Voice.SENDER, now=now)
    _unblock(client, contact)
    page = Client().get(f"/suivi/{token}/").text
    assert "son mot de passe n’a pas changé" in page
    assert "Un mot de passe temporaire est parti" not in page


def test_the_follow_up_page_of_a_reset_still_says_that_a_password_left(client, advisor, blocked, now):
    contact = _held(blocked, advisor)
    _, token = links.issue(contact=contact, holder=Voice.SENDER, now=now)
    client.post(_url(contact, "accepter/"))
    contact.refresh_from_db()
    assert contact.outcome == Outcome.PASSWORD_SENT
    page = Client().get(f"/suivi/{token}/").text
    assert "Un mot de passe temporaire est parti" in page
    assert "n’a pas changé" not in page


def test_a_colleague_s_account_is_unblocked_with_its_own_password_and_its_pages_say_so(client, advisor, now):
    colleague = UserFactory(advisor=True, blocked=True)
    contact = _held(colleague, advisor, siret="73282932000074")
    _, token = links.issue(contact=contact, holder=Voice.SENDER, now=now)
    page = client.get(_url(contact)).text
    assert "avec son mot de passe actuel" in page
    assert VERB not in page
    client.post(_url(contact, "accepter/"))
    contact.refresh_from_db()
    assert contact.outcome == Outcome.UNBLOCKED
    assert "Un mot de passe temporaire est parti" not in Client().get(f"/suivi/{token}/").text


# --- When it is not ------------------------------------------------------------------------------------------------
REFUSED = {
    "active": ({"user__active": True}, "le compte n’est pas bloqué"),
    "waiting for its first connection": ({"user__first_connection": True}, "le compte n’est pas bloqué"),
    "closed": ({"user__closed": True}, "le compte n’est pas bloqué"),
    "frozen": ({"user__blocked": True, "user__frozen": True}, "Traitez d’abord l’opération signalée"),
}


@pytest.mark.parametrize("case", REFUSED)
def test_an_account_that_is_not_blocked_or_is_frozen_stays_as_it_is(client, advisor, case):
    traits, words = REFUSED[case]
    person = MembershipFactory(**traits).user
    contact, before = _held(person, advisor), person.state
    assert VERB not in client.get(_url(contact)).text
    assert words in _unblock(client, contact)
    person.refresh_from_db()
    contact.refresh_from_db()
    assert (person.state, contact.status) == (before, RequestStatus.TAKEN)
    assert not OutgoingMail.objects.exists()


def test_rst_01_only_whoever_holds_the_request_unblocks(client, advisor, blocked):
    free, others = ContactRequestFactory(identifier=blocked.identifier), _held(blocked, UserFactory(advisor=True))
    for contact in (free, others):
        assert VERB not in client.get(_url(contact)).text
        assert "Rien n’a changé" in _unblock(client, contact)
    blocked.refresh_from_db()
    assert blocked.is_blocked


@pytest.mark.parametrize("motive", ["code_request", "report", "technical"])
def test_another_motive_unblocks_nothing(client, advisor, blocked, motive):
    contact = _held(blocked, advisor, **{motive: True})
    assert "celui d’aucun compte" in _unblock(client, contact)
    blocked.refresh_from_db()
    assert blocked.is_blocked


def test_nobody_unblocks_their_own_account(client):
    advisor = UserFactory(advisor=True, blocked=True)
    client.force_login(advisor)
    contact = _held(advisor, advisor, siret="73282932000074")
    assert "par un autre conseiller" in _unblock(client, contact)
    advisor.refresh_from_db()
    assert advisor.is_blocked


@pytest.mark.parametrize("state", [{"treated": True}, {"refused": True}])
def test_a_closed_request_unblocks_nothing(client, advisor, blocked, state):
    contact = ContactRequestFactory(identifier=blocked.identifier, **state)
    assert "Rien n’a changé" in _unblock(client, contact)
    blocked.refresh_from_db()
    assert blocked.is_blocked


def test_a_waiting_request_can_be_treated_so(client, advisor, blocked):
    contact = _held(blocked, advisor, waiting=True)
    _unblock(client, contact)
    contact.refresh_from_db()
    assert contact.is_treated


@pytest.mark.django_db(transaction=True)
def test_the_two_verbs_at_once_do_one_thing(now):
    advisor = UserFactory(advisor=True)
    blocked = MembershipFactory(user__blocked=True).user
    contact = _held(blocked, advisor)

    def act(number):
        verb = (actions.accept_reset, actions.unblock_account)[number % 2]
        try:
            return verb(contact=contact, by=advisor, browser=BROWSER, now=now)
        except IllegalMove:
            return None
        finally:
            connection.close()

    with ThreadPoolExecutor(max_workers=6) as pool:
        assert len([done for done in pool.map(act, range(6)) if done]) == 1
    contact.refresh_from_db()
    blocked.refresh_from_db()
    states = {Outcome.PASSWORD_SENT: AccountState.FIRST_CONNECTION, Outcome.UNBLOCKED: AccountState.ACTIVE}
    assert blocked.state == states[Outcome(contact.outcome)]
    assert JournalEntry.objects.filter(event="account.unblocked").count() == 1


# --- What the database holds to ------------------------------------------------------------------------------------
@pytest.mark.parametrize(
    ("changes", "constraint"),
    [
        ({"treated": True, "outcome": ""}, "request_treated_reset_says_what_was_done"),
        ({"treated": True, "outcome": "x"}, "request_treated_reset_says_what_was_done"),
        ({"outcome": Outcome.UNBLOCKED}, "request_treated_reset_says_what_was_done"),
        ({"refused": True, "outcome": Outcome.UNBLOCKED}, "request_treated_reset_says_what_was_done"),
        ({"technical": True, "treated": True, "outcome": "unblocked"}, "request_treated_reset_says_what_was_done"),
        ({"channel": "telephone"}, "request_opened_by_advisor_says_how"),
        ({"opened": True, "channel": ""}, "request_opened_by_advisor_says_how"),
        ({"opened": True, "channel": "fax"}, "request_opened_by_advisor_says_how"),
    ],
)
def test_the_database_refuses_a_request_without_what_it_says(changes, constraint):
    with pytest.raises(IntegrityError, match=constraint), transaction.atomic():
        ContactRequestFactory(**changes)
    assert not ContactRequest.objects.exists()
