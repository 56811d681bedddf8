"""A request that an advisor opens for somebody who telephoned or came: from the file, held at once, and told."""

import re
from concurrent.futures import ThreadPoolExecutor

import pytest
from django.db import connection
from django.test import Client

from accounts.actions import OwnAccount
from backoffice.core.models import JournalEntry, OutgoingMail
from support import actions
from support.enums import Channel, Motive, RequestStatus
from support.models import ContactRequest
from tests.accounts.factories import BROWSER, AssignmentFactory, MembershipFactory, UserFactory
from tests.support.factories import ContactRequestFactory

pytestmark = pytest.mark.django_db


@pytest.fixture
def advisor(client):
    user = UserFactory(advisor=True)
    client.force_login(user)
    return user


@pytest.fixture
def place():
    return MembershipFactory(user__blocked=True, company__phone="+33199001234")


def _url(place):
    return f"/conseiller/societes/{place.company.public_id}/personnes/{place.user.public_id}/demande/"


def _open(client, place, motive="reinitialisation", channel="telephone"):
    return client.post(_url(place), {"motive": motive, "channel": channel}, follow=True)


def _open_as(advisor, person, now, motive=Motive.ACCOUNT_RESET):
    return actions.open_request(
        person=person, motive=motive, channel=Channel.COUNTER, by=advisor, browser=BROWSER, now=now
    )


# --- Opening it ----------------------------------------------------------------------------------------------------
def test_rst_01_a_request_is_filled_from_the_file_and_held_by_who_opens_it(client, advisor, place):
    answer = _open(client, place)

    contact = ContactRequest.objects.get()
    person, company = place.user, place.company
    assert answer.redirect_chain == [(f"/conseiller/demandes/{contact.public_id}/", 302)]
    assert "La demande est ouverte, et vous vous en occupez." in answer.text
    assert (contact.motive, contact.channel, contact.opened_by) == (Motive.ACCOUNT_RESET, "telephone", advisor)
    assert (contact.status, contact.owner) == (RequestStatus.TAKEN, advisor)
    assert (contact.identifier, contact.last_name, contact.first_name) == (
        person.identifier,
        person.last_name,
        person.first_name,
    )
    assert (contact.shop_label, contact.siret, contact.email) == (company.legal_name, company.siret, "")
    # Nobody sent it: no address, and nobody's share.
    assert (contact.address, contact.origin) == (None, "")
    entry = JournalEntry.objects.get(event="contact_request.opened")
    assert (entry.actor_id, entry.subject_id) == (advisor.public_id, contact.public_id)
    assert (entry.company, entry.detail) == (company.public_id, {"motive": "reinitialisation", "channel": "telephone"})


def test_it_can_be_treated_at_once(client, advisor, place):
    _open(client, place)
    contact = ContactRequest.objects.get()
    client.post(f"/conseiller/demandes/{contact.public_id}/debloquer/")
    place.user.refresh_from_db()
    assert place.user.is_active


@pytest.mark.parametrize("phone", ["+33199005678", ""])
def test_a_request_for_the_code_holds_the_number_on_file_or_the_company_s(client, advisor, place, phone):
    place.user.phone = phone
    place.user.save()
    _open(client, place, motive="code", channel="counter")
    contact = ContactRequest.objects.get()
    assert (contact.motive, contact.channel) == (Motive.CODE_REQUEST, Channel.COUNTER)
    assert contact.identifier == place.user.identifier
    assert contact.phone == (phone or "+33199001234")


def test_a_request_for_the_code_leads_to_the_call_back(client, advisor, place):
    page = _open(client, place, motive="code", channel="counter").text
    assert "Rappeler le titulaire" in page
    assert f"{place.user.public_id}:person" in page


@pytest.mark.parametrize(("channel", "words"), [("telephone", "à la suite de votre appel"), ("counter", "au guichet")])
def test_rst_11_the_owner_is_told_at_the_address_on_file_with_a_link_of_their_own(
    client, advisor, place, run_jobs, mailbox, channel, words
):
    _open(client, place, channel=channel)
    run_jobs()
    [told] = mailbox
    assert told.to == [place.user.email]
    assert "un conseiller a ouvert une demande" in told.body
    assert words in told.body
    assert "page de contact" not in told.body
    [path] = re.findall(r"http://127\.0\.0\.1:8000(/suivi/\S+/)", told.body)
    page = Client().get(path).text
    assert "par un conseiller" in page
    assert "Demande ouverte par un conseiller" in page
    assert Channel(channel).label in page
    assert "Demande envoyée" not in page
    assert advisor.last_name not in page
    # The owner may say that it is not theirs.
    Client().post(path, {"message": "Ce n’est pas moi."})
    assert ContactRequest.objects.get().messages.get().text == "Ce n’est pas moi."


def test_the_desk_says_who_opened_it_and_how(client, advisor, place):
    contact = ContactRequestFactory(identifier=place.user.identifier, opened=True)
    page = client.get(f"/conseiller/demandes/{contact.public_id}/").text
    assert f"par {contact.opened_by.full_name}" in page
    assert "Au téléphone" in page
    # Filled from the file: beside the file it would look proven.
    assert "Identique" not in page
    assert f"ouverte par {contact.opened_by.full_name}" in client.get("/conseiller/").text


def test_rst_12_it_spends_nobody_s_share(client, advisor, place, now):
    for _ in range(3):
        ContactRequestFactory(identifier=place.user.identifier, opened=True, treated=True)
    sent = {
        "shop_label": "Fromagerie",
        "siret": "73282932000074",
        "last_name": "Lefebvre",
        "first_name": "Claire",
        "identifier": place.user.identifier,
    }
    ContactRequestFactory(identifier=place.user.identifier, opened=True)
    Client().post("/contact/?motif=reinitialisation", sent | {"motive": "reinitialisation"})
    newest = ContactRequest.objects.newest_first()[0]
    assert (newest.opened_by, newest.repeats) == (None, 0)


# --- Not twice, and not for everybody ------------------------------------------------------------------------------
@pytest.mark.parametrize("state", [{}, {"taken": True}, {"waiting": True}])
def test_one_that_waits_already_is_led_to_instead_of_a_double(client, advisor, place, state):
    waiting = ContactRequestFactory(identifier=place.user.identifier, **state)
    answer = _open(client, place)
    assert answer.redirect_chain == [(f"/conseiller/demandes/{waiting.public_id}/", 302)]
    assert "attend déjà pour ce compte" in answer.text
    assert ContactRequest.objects.get() == waiting
    assert not JournalEntry.objects.exists()


def test_a_closed_one_and_one_of_another_motive_prevent_nothing(client, advisor, place):
    ContactRequestFactory(identifier=place.user.identifier, treated=True)
    ContactRequestFactory(identifier=place.user.identifier, report=True)
    _open(client, place)
    assert ContactRequest.objects.filter(opened_by=advisor).count() == 1


def test_motive_and_channel_come_from_their_lists(client, advisor, place):
    for motive, channel in (("", ""), ("technique", "telephone"), ("securite", "telephone"), ("code", "fax")):
        page = _open(client, place, motive=motive, channel=channel)
        assert page.status_code == 200
        assert "error" in page.text
    assert "Choisissez le motif de la demande." in _open(client, place, motive="").text
    assert not ContactRequest.objects.exists()


@pytest.mark.parametrize("motive", [Motive.TECHNICAL, Motive.BILLING, Motive.OTHER, Motive.SECURITY])
def test_the_other_motives_are_not_opened_so(advisor, place, now, motive):
    with pytest.raises(actions.NoSuchAccount):
        _open_as(advisor, place.user, now, motive)


def test_nobody_opens_one_about_themselves_nor_for_a_closed_account(client, advisor, now):
    with pytest.raises(OwnAccount):
        _open_as(advisor, advisor, now)
    closed = MembershipFactory(user__closed=True)
    assert "ce compte est fermé" in _open(client, closed).text
    assert "Ouvrir la demande" not in client.get(_url(closed).removesuffix("demande/")).text
    assert not ContactRequest.objects.exists()


def test_authz_08_requests_of_who_works_for_another_portfolio_first_stay_there(client, advisor, now):
    first = MembershipFactory()
    AssignmentFactory(company=first.company)
    here = MembershipFactory(user=first.user)
    answer = _open(client, here)
    assert "celles d’une autre société" in answer.text
    assert first.company.legal_name not in answer.text.replace(here.company.legal_name, "")
    assert not ContactRequest.objects.exists()
    assert not OutgoingMail.objects.exists()
    assert not JournalEntry.objects.exists()


@pytest.mark.django_db(transaction=True)
def test_two_advisors_at_once_open_one(now):
    place, advisors = MembershipFactory(user__blocked=True), [UserFactory(advisor=True) for _ in range(4)]

    def open_one(advisor):
        try:
            return _open_as(advisor, place.user, now)
        except actions.AlreadyOpen:
            return None
        finally:
            connection.close()

    with ThreadPoolExecutor(max_workers=4) as pool:
        [opened] = [done for done in pool.map(open_one, advisors) if done]
    assert ContactRequest.objects.get() == opened
    assert JournalEntry.objects.filter(event="contact_request.opened").count() == 1
