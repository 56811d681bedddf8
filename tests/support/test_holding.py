"""Answering for a request: taking it, handing it over, asking, answering, refusing; one advisor at a time."""

import re
from concurrent.futures import ThreadPoolExecutor
from uuid import uuid4

import pytest
from django.db import connection

from accounts.actions import OwnAccount
from accounts.models import User
from backoffice.core.models import JournalEntry, OutgoingMail
from backoffice.core.moves import IllegalMove
from support import actions
from support.enums import RefusalReason, RequestStatus, Voice
from support.models import ContactRequest, RequestMessage
from tests.accounts.factories import BROWSER, AssignmentFactory, MembershipFactory, UserFactory
from tests.support.factories import ContactRequestFactory

pytestmark = pytest.mark.django_db

ENDS = ["prendre/", "transmettre/", "questionner/", "repondre/", "refuser/"]
GIVEN = {"question": "Quel SIRET ?", "answer": "Videz le cache.", "reason": "unmatched", "words": "Vérifiez le SIRET."}


@pytest.fixture
def advisor(client):
    user = UserFactory(advisor=True, first_name="Nadia", last_name="Ferrand")
    client.force_login(user)
    return user


@pytest.fixture
def colleague():
    return UserFactory(advisor=True, first_name="Karim", last_name="Castaing")


@pytest.fixture
def blocked():
    return MembershipFactory(user__identifier="lefebvre-58204", user__blocked=True).user


def _about(person, **more):
    return ContactRequestFactory(identifier=person.identifier, siret=person.company.siret, **more)


def _url(contact, end=""):
    return f"/conseiller/demandes/{contact.public_id}/{end}"


def _post(client, contact, end, **given):
    return client.post(_url(contact, end), GIVEN | given, follow=True)


def _state(contact):
    return ContactRequest.objects.values().get(pk=contact.pk)


# --- Who -----------------------------------------------------------------------------------------------------------
@pytest.mark.parametrize("end", ENDS)
def test_anonymous_people_are_sent_to_the_sign_in_page(client, end):
    contact = ContactRequestFactory()
    assert client.post(_url(contact, end), GIVEN)["Location"].startswith("/connexion/?next=")
    assert contact.status == _state(contact)["status"]


@pytest.mark.parametrize("end", ENDS)
def test_a_merchant_gets_the_page_that_does_not_exist(client, blocked, end):
    contact = _about(blocked)
    client.force_login(MembershipFactory().user)
    before = _state(contact)
    assert client.post(_url(contact, end), GIVEN).status_code == 404
    assert _state(contact) == before


@pytest.mark.parametrize("end", ENDS)
def test_authz_08_a_request_of_another_portfolio_is_a_page_that_does_not_exist(
    client, advisor, colleague, blocked, end
):
    AssignmentFactory(advisor=colleague, company=blocked.company)
    contact = _about(blocked, taken=True, owner=colleague)
    before = _state(contact)
    answer = client.post(_url(contact, end), GIVEN | {"to": advisor.public_id})
    assert answer.status_code == client.post(f"/conseiller/demandes/{uuid4()}/{end}", GIVEN).status_code == 404
    assert _state(contact) == before


@pytest.mark.parametrize("end", ENDS)
def test_looking_at_an_act_does_nothing(client, advisor, end):
    contact = ContactRequestFactory(taken=True, owner=advisor)
    assert client.get(_url(contact, end)).status_code == 405


# --- Taking --------------------------------------------------------------------------------------------------------
def test_a_new_request_is_taken_in_charge(client, advisor, blocked):
    contact = _about(blocked)
    assert "Accepter la réinitialisation" not in client.get(_url(contact)).text
    page = _post(client, contact, "prendre/").text
    assert "Vous vous occupez de cette demande." in page
    assert "Accepter la réinitialisation" in page
    contact.refresh_from_db()
    assert (contact.status, contact.owner) == (RequestStatus.TAKEN, advisor)
    entry = JournalEntry.objects.get()
    assert (entry.event, entry.actor_id, entry.subject_id) == (
        "contact_request.taken",
        advisor.public_id,
        contact.public_id,
    )
    assert entry.company == blocked.company.public_id


def test_whoever_comes_second_is_told_who_has_it(client, advisor, colleague, blocked):
    contact = _about(blocked, taken=True, owner=colleague)
    before = _state(contact)
    assert "Karim Castaing s’occupe de cette demande." in _post(client, contact, "prendre/").text
    assert _state(contact) == before
    assert not JournalEntry.objects.exists()


@pytest.mark.django_db(transaction=True)
def test_of_eight_advisors_at_once_one_has_it_and_the_others_are_told_who(now):
    contact = ContactRequestFactory()
    advisors = [UserFactory(advisor=True) for _ in range(8)]

    def take(advisor):
        try:
            return actions.take_request(contact=contact, by=advisor, browser=BROWSER, now=now).owner
        except actions.HeldBySomebodyElse as held:
            return held.owner
        finally:
            connection.close()

    with ThreadPoolExecutor(8) as desk:
        holders = list(desk.map(take, advisors))
    contact.refresh_from_db()
    assert set(holders) == {contact.owner}
    assert JournalEntry.objects.filter(event="contact_request.taken").count() == 1


@pytest.mark.parametrize("end", ["questionner/", "refuser/", "accepter/"])
@pytest.mark.parametrize("is_held", [False, True], ids=["nobody's", "a colleague's"])
def test_rst_01_only_whoever_holds_a_request_acts_on_it(client, advisor, colleague, blocked, end, is_held):
    contact = _about(blocked, **({"taken": True, "owner": colleague} if is_held else {}))
    before = _state(contact), User.objects.values().get(pk=blocked.pk)
    said = _post(client, contact, end).text
    assert ("Karim Castaing s’occupe de cette demande" if is_held else "prenez d’abord la demande en charge") in said
    assert (_state(contact), User.objects.values().get(pk=blocked.pk)) == before
    assert not OutgoingMail.objects.exists()


def test_nobody_takes_or_closes_a_request_about_their_own_account(client, advisor, colleague):
    contact = ContactRequestFactory(identifier=advisor.identifier)
    page = client.get(_url(contact)).text
    assert "C’est votre propre compte" in page
    assert "Prendre en charge</button>" not in page
    assert "par un autre conseiller" in _post(client, contact, "prendre/").text
    ContactRequest.objects.filter(pk=contact.pk).update(status="taken", owner=colleague, taken_at=contact.received_at)
    third = UserFactory(advisor=True)
    for end, to in (("transmettre/", advisor), ("transmettre/", third), ("refuser/", third)):
        page = _post(client, contact, end, to=to.public_id, held_by=colleague.public_id).text
        assert "par un autre conseiller" in page
        assert "Transmettre la demande" not in page
    for to in (advisor, third):
        with pytest.raises(OwnAccount):
            actions.hand_over_request(
                contact=contact, held_by=colleague, to=to, by=advisor, browser=BROWSER, now=contact.received_at
            )
    contact.refresh_from_db()
    assert (contact.status, contact.owner) == (RequestStatus.TAKEN, colleague)


# --- Handing over --------------------------------------------------------------------------------------------------
def test_a_request_is_handed_over_to_a_colleague_of_the_portfolio(client, advisor, colleague, blocked):
    stranger = UserFactory(advisor=True, last_name="Ailleurs")
    for one in (advisor, colleague):
        AssignmentFactory(advisor=one, company=blocked.company)
    contact = _about(blocked, waiting=True, owner=advisor)
    page = client.get(_url(contact)).text
    assert "Karim Castaing</option>" in page
    assert "Ailleurs" not in page
    refused = _post(client, contact, "transmettre/", to=stranger.public_id).text
    assert "Ce conseiller ne voit pas cette demande" in refused
    said = _post(client, contact, "transmettre/", to=colleague.public_id, held_by=advisor.public_id).text
    assert "Karim Castaing s’occupe maintenant de cette demande." in said
    contact.refresh_from_db()
    assert (contact.status, contact.owner) == (RequestStatus.WAITING, colleague)
    entry = JournalEntry.objects.get()
    assert (entry.event, entry.actor_id, entry.subject_id) == (
        "contact_request.handed_over",
        advisor.public_id,
        colleague.public_id,
    )
    assert entry.detail == {"request": str(contact.public_id)}


def test_a_request_is_handed_over_to_nobody_who_does_not_see_it(advisor, colleague, blocked, now):
    AssignmentFactory(advisor=advisor, company=blocked.company)
    contact = _about(blocked, taken=True, owner=advisor)
    left = UserFactory(advisor=True, closed=True)
    for to in (colleague, blocked, left):
        with pytest.raises(actions.NotAColleague):
            actions.hand_over_request(contact=contact, held_by=advisor, to=to, by=advisor, browser=BROWSER, now=now)
    about_a_colleague = ContactRequestFactory(identifier=colleague.identifier, taken=True, owner=advisor)
    with pytest.raises(actions.NotAColleague):
        actions.hand_over_request(
            contact=about_a_colleague, held_by=advisor, to=colleague, by=advisor, browser=BROWSER, now=now
        )


def test_a_request_is_taken_over_from_a_colleague_who_is_away(client, advisor, colleague, blocked):
    contact = _about(blocked, taken=True, owner=colleague)
    page = client.get(_url(contact)).text
    assert "Un autre conseiller s’en occupe" in page
    assert ">Moi</option>" in page
    said = _post(client, contact, "transmettre/", to=advisor.public_id, held_by=colleague.public_id).text
    assert "Vous vous occupez maintenant de cette demande." in said
    contact.refresh_from_db()
    assert contact.owner == advisor


def test_a_request_that_changed_hands_meanwhile_is_not_handed_over(client, advisor, colleague, blocked):
    third = UserFactory(advisor=True, first_name="Lise", last_name="Morel")
    contact = _about(blocked, taken=True, owner=third)
    said = _post(client, contact, "transmettre/", to=advisor.public_id, held_by=colleague.public_id).text
    assert "Lise Morel s’occupe de cette demande" in said
    contact.refresh_from_db()
    assert contact.owner == third


@pytest.mark.parametrize("to", ["", "x", "00000000-0000-4000-8000-000000000000"])
def test_handing_over_to_nobody_is_refused_in_words(client, advisor, colleague, blocked, to):
    contact = _about(blocked, taken=True, owner=advisor)
    page = _post(client, contact, "transmettre/", to=to).text
    assert "Un point est à corriger" in page
    contact.refresh_from_db()
    assert contact.owner == advisor


def test_a_new_request_is_not_handed_over(client, advisor, colleague, blocked):
    contact = _about(blocked)
    assert "Rien n’a changé" in _post(client, contact, "transmettre/", to=colleague.public_id).text
    contact.refresh_from_db()
    assert contact.owner is None


# --- Asking --------------------------------------------------------------------------------------------------------
def test_a_question_puts_the_request_on_hold_and_the_owner_is_mailed_a_link(
    client, advisor, blocked, run_jobs, mailbox
):
    contact = _about(blocked, taken=True, owner=advisor, email="elsewhere@evil.example")
    said = _post(client, contact, "questionner/").text
    assert "Votre question est sur la page de suivi du demandeur." in said
    assert "Quel SIRET ?" in said
    contact.refresh_from_db()
    assert contact.status == RequestStatus.WAITING
    message = RequestMessage.objects.get()
    assert (message.voice, message.by, message.text) == (Voice.DESK, advisor, "Quel SIRET ?")
    assert JournalEntry.objects.get().event == "contact_request.put_on_hold"
    run_jobs()
    [told] = mailbox
    assert (told.to, told.subject) == ([blocked.email], "Une question sur votre demande")
    assert "Quel SIRET ?" in client.get(re.search(r"/suivi/[\w-]{32}/", told.body)[0]).text


@pytest.mark.parametrize(
    ("end", "field", "value"),
    [
        ("questionner/", "question", ""),
        ("questionner/", "question", "x" * 1001),
        ("questionner/", "question", "a\x1bb"),
        ("refuser/", "reason", ""),
        ("refuser/", "reason", "parce que"),
        ("refuser/", "words", "x" * 1001),
        ("repondre/", "answer", ""),
        ("repondre/", "answer", "x" * 1001),
    ],
)
def test_a_form_that_says_nothing_or_too_much_is_refused_and_keeps_what_was_typed(client, advisor, end, field, value):
    contact = ContactRequestFactory(technical=True, taken=True, owner=advisor)
    before = _state(contact)
    answer = _post(client, contact, end, **{field: value})
    assert answer.status_code == 200
    assert "Un point est à corriger" in answer.text
    [card] = re.findall(r'<a href="#(\w+)">Corrigez ce que vous avez saisi', answer.text)
    assert f'id="{card}"' in answer.text
    if end == "refuser/" and field == "reason":
        assert "Vérifiez le SIRET." in answer.text
    assert _state(contact) == before


# --- Refusing and answering ----------------------------------------------------------------------------------------
def test_a_refusal_says_why_in_words(client, advisor, blocked, run_jobs, mailbox):
    contact = _about(blocked, taken=True, owner=advisor)
    page = _post(client, contact, "refuser/").text
    assert "La demande est refusée." in page
    assert "Ce qui est écrit ne correspond pas à un dossier" in page
    contact.refresh_from_db()
    assert (contact.status, contact.treated_by) == (RequestStatus.REFUSED, advisor)
    assert (contact.refusal_reason, contact.closing_words) == (RefusalReason.UNMATCHED, "Vérifiez le SIRET.")
    entry = JournalEntry.objects.get()
    assert (entry.event, entry.detail) == (
        "contact_request.refused",
        {"motive": "reinitialisation", "reason": "unmatched"},
    )
    run_jobs()
    assert [message.to for message in mailbox] == [[blocked.email]]
    blocked.refresh_from_db()
    assert blocked.is_blocked


def test_a_refusal_that_names_no_account_writes_to_nobody(client, advisor, run_jobs, mailbox):
    contact = ContactRequestFactory(identifier="personne-00000", taken=True, owner=advisor, email="a@evil.example")
    _post(client, contact, "refuser/", words="")
    contact.refresh_from_db()
    assert contact.status == RequestStatus.REFUSED
    run_jobs()
    assert mailbox == []


@pytest.mark.parametrize("end", ["questionner/", "repondre/", "refuser/", "accepter/"])
@pytest.mark.parametrize("state", ["treated", "refused"])
def test_a_closed_request_stays_closed(client, advisor, blocked, end, state):
    contact = _about(blocked, **{state: True})
    before = _state(contact)
    assert "Rien n’a changé" in _post(client, contact, end).text
    assert _state(contact) == before


def test_a_question_is_answered_in_words_that_its_sender_reads(client, advisor, now, run_jobs, mailbox):
    contact = ContactRequestFactory(technical=True, taken=True, owner=advisor)
    assert "Votre réponse est sur la page de suivi" in _post(client, contact, "repondre/").text
    contact.refresh_from_db()
    assert (contact.status, contact.closing_words) == (RequestStatus.TREATED, "Videz le cache.")
    run_jobs()
    assert mailbox == []


def test_a_reset_is_not_treated_by_words(client, advisor, blocked):
    contact = _about(blocked, taken=True, owner=advisor)
    assert "Répondre et clore" not in client.get(_url(contact)).text
    assert "Rien n’a changé" in _post(client, contact, "repondre/").text
    contact.refresh_from_db()
    assert contact.is_open


@pytest.mark.parametrize("end", ["questionner/", "repondre/", "refuser/"])
def test_auth_16_a_report_is_neither_put_on_hold_nor_closed_without_lifting_its_freeze(client, advisor, end):
    person = MembershipFactory(user__frozen=True).user
    contact = _about(person, report=True, taken=True, owner=advisor)
    page = client.get(_url(contact)).text
    assert "Refuser la demande" not in page
    assert "Rouvrir les modifications" in page
    assert "Rien n’a changé" in _post(client, contact, end).text
    contact.refresh_from_db()
    assert contact.status == RequestStatus.TAKEN


def test_a_decision_taken_twice_is_taken_once(advisor, blocked, now):
    contact = _about(blocked, taken=True, owner=advisor)
    actions.accept_reset(contact=contact, by=advisor, browser=BROWSER, now=now)
    with pytest.raises(IllegalMove):
        actions.refuse_request(
            contact=contact, reason=RefusalReason.UNMATCHED, words="", by=advisor, browser=BROWSER, now=now
        )
    contact.refresh_from_db()
    assert (contact.status, contact.refusal_reason) == (RequestStatus.TREATED, "")
