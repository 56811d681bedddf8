"""The desk's page that asks why before an advisor sees somebody's pages: who finds it, and what it refuses."""

import html
from datetime import timedelta
from uuid import uuid4

import pytest

from accounts.enums import ViewReason
from backoffice.core.models import JournalEntry
from tests.accounts.factories import AssignmentFactory, MembershipFactory, UserFactory
from tests.support.viewing import look_as, page_from

pytestmark = pytest.mark.django_db


@pytest.fixture
def place():
    return MembershipFactory(user__first_name="Claire", user__last_name="Beaufils")


@pytest.fixture
def advisor(client):
    user = UserFactory(advisor=True)
    client.force_login(user)
    return user


def company_page(client, place):
    return client.get(f"/conseiller/societes/{place.company.public_id}/").text


def test_anonymous_people_are_sent_to_the_sign_in_page(client, place):
    answer = client.get(page_from(place))
    assert (answer.status_code, answer["Location"]) == (302, f"/connexion/?next={page_from(place)}")


def test_a_merchant_gets_the_page_that_does_not_exist(client, place):
    client.force_login(place.user)
    assert client.get(page_from(place)).status_code == 404
    assert client.post(page_from(place), {"reason": "going_live"}).status_code == 404


def test_the_page_says_whose_space_for_how_long_and_who_reads_of_it(client, advisor, place):
    page = html.unescape(client.get(page_from(place)).text).replace("\u00a0", " ")
    assert "Claire Beaufils" in page
    assert "Gérant" in page
    assert all(label in page for label in ViewReason.labels)
    assert "La vue dure 15 minutes" in page
    assert "ses gérants et gestionnaires le lisent" in page
    assert not JournalEntry.objects.filter(event="account.viewed").exists()


def test_a_reason_starts_the_view_at_the_merchant_s_first_page(client, advisor, place):
    look_as(client, place.user, reason="security_check")
    assert client.get("/")["Location"] == "/boutiques/"
    assert JournalEntry.objects.get(event="account.viewed").detail == {"reason": "security_check"}


@pytest.mark.parametrize("typed", [{}, {"reason": ""}, {"reason": "curiosity"}])
def test_without_a_reason_of_the_list_nothing_starts(client, advisor, place, typed):
    answer = client.post(page_from(place), typed)
    assert answer.status_code == 200
    assert "Choisissez" in answer.text
    assert not JournalEntry.objects.filter(event="account.viewed").exists()
    assert client.get("/")["Location"] == "/conseiller/"


def test_authz_08_somebody_who_may_not_be_viewed_is_a_page_that_does_not_exist(client, advisor, place, now):
    foreign = MembershipFactory(company=AssignmentFactory().company)
    shared = MembershipFactory()
    MembershipFactory(user=shared.user, company=foreign.company)
    closed = MembershipFactory(user__closed=True)
    past = MembershipFactory(ends_at=now - timedelta(days=1))
    paths = [page_from(one) for one in (foreign, shared, closed, past)]
    paths.append(f"/conseiller/societes/{place.company.public_id}/voir-comme/{uuid4()}/")
    paths.append(f"/conseiller/societes/{uuid4()}/voir-comme/{place.user.public_id}/")
    paths.append(f"/conseiller/societes/{place.company.public_id}/voir-comme/{advisor.public_id}/")
    for path in paths:
        assert client.get(path).status_code == 404
        assert client.post(path, {"reason": "going_live"}).status_code == 404
    assert not JournalEntry.objects.filter(event="account.viewed").exists()


def test_the_company_s_page_leads_there_for_those_who_may_be_viewed_alone(client, advisor, place):
    shared = MembershipFactory(company=place.company)
    MembershipFactory(user=shared.user, company=AssignmentFactory().company)
    closed = MembershipFactory(company=place.company, user__closed=True)
    page = company_page(client, place)
    assert f'href="{page_from(place)}"' in page
    assert page_from(shared) not in page
    assert page_from(closed) not in page


def test_the_journal_s_lines_are_at_the_desk_as_well(client, advisor, place):
    look_as(client, place.user)
    client.post("/voir-comme/quitter/")
    page = client.get(f"/journal/?societe={place.company.public_id}").text
    assert "Espace consulté par un conseiller" in page
    assert "vérification" not in page
