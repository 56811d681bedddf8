"""A company's owner asks a second factor of all its people, or lets them choose."""

import pytest
from django.test import Client

from accounts.enums import Role
from accounts.models import Company
from backoffice.core.models import JournalEntry
from tests.accounts.factories import MembershipFactory, TotpDeviceFactory, UserFactory, just_confirmed

pytestmark = pytest.mark.django_db
URL = "/utilisateurs/second-facteur/"
REQUIRE, FREE = URL + "exiger/", URL + "au-choix/"


@pytest.fixture
def owner():
    return MembershipFactory(user__factor=True).user


@pytest.fixture
def signed_in(client, owner):
    client.force_login(owner)
    just_confirmed(client)
    return client


def required(owner):
    owner.company.refresh_from_db()
    return owner.company.requires_second_factor


@pytest.mark.parametrize("path", [URL, REQUIRE, FREE])
def test_a_stranger_is_led_to_the_door(client, path):
    assert client.post(path)["Location"] == f"/connexion/?next={path}"


@pytest.mark.parametrize("role", [Role.MANAGER, Role.READER, Role.INTEGRATOR])
@pytest.mark.parametrize("path", [URL, REQUIRE, FREE])
def test_nobody_but_the_owner_decides(client, owner, role, path):
    client.force_login(MembershipFactory(company=owner.company, role=role).user)
    answers = client.get(path) if path == URL else client.post(path)
    assert answers.status_code == 404
    assert not required(owner)


@pytest.mark.parametrize("path", [URL, REQUIRE, FREE])
def test_an_advisor_decides_for_no_company(client, path):
    client.force_login(UserFactory(advisor=True))
    assert (client.get(path) if path == URL else client.post(path)).status_code == 404


def test_the_owner_asks_it_of_all_and_the_journal_tells(signed_in, owner):
    colleague = MembershipFactory(company=owner.company, role=Role.MANAGER, user__first_name="Lucie").user
    assert "Lucie Lefebvre" in signed_in.get(URL).text
    page = signed_in.post(REQUIRE, follow=True).text
    assert "Le second facteur est exigé de toute l’équipe" in page
    assert required(owner)
    entry = JournalEntry.objects.get(event="factor.required")
    assert (entry.company, entry.actor_id) == (owner.company.public_id, owner.public_id)
    theirs = Client()
    theirs.force_login(colleague)
    assert theirs.get("/boutiques/")["Location"] == "/profil/second-facteur/"


@pytest.mark.parametrize("path", [REQUIRE, FREE])
def test_the_owner_confirms_who_is_there_first(client, owner, path):
    client.force_login(owner)
    assert client.post(path)["Location"] == "/profil/confirmer/?next=/connexion/reprise/"
    assert not required(owner)


def test_asking_twice_tells_the_journal_once(signed_in, owner):
    signed_in.post(REQUIRE)
    signed_in.post(REQUIRE)
    assert JournalEntry.objects.filter(event="factor.required").count() == 1


def test_an_owner_without_one_cannot_ask_it_of_others(client):
    owner = MembershipFactory().user
    client.force_login(owner)
    just_confirmed(client)
    assert "Activez d’abord le vôtre" in client.get(URL).text
    assert "Activez d’abord votre propre second facteur" in client.post(REQUIRE, follow=True).text
    assert not required(owner)
    assert not JournalEntry.objects.exists()


def test_letting_them_choose_leaves_the_factors_there_are(signed_in, owner):
    colleague = MembershipFactory(company=owner.company, role=Role.MANAGER).user
    factor = TotpDeviceFactory(user=colleague)
    signed_in.post(REQUIRE)
    assert "Chacun décide à nouveau." in signed_in.post(FREE, follow=True).text
    assert not required(owner)
    factor.refresh_from_db()
    assert factor.confirmed
    assert JournalEntry.objects.filter(event="factor.not_required").count() == 1


def test_another_company_is_left_alone(signed_in, owner):
    other = MembershipFactory().user
    signed_in.post(REQUIRE)
    assert not required(other)


def test_everybody_has_one(signed_in, owner):
    assert "Personne\u00a0: chacun en a un" in signed_in.get(URL).text


def test_the_page_asks_little_of_the_database(signed_in, owner, django_assert_max_num_queries):
    MembershipFactory.create_batch(12, company=owner.company, role=Role.READER)
    with django_assert_max_num_queries(10):
        signed_in.get(URL)


@pytest.mark.parametrize(("path", "before"), [(REQUIRE, False), (FREE, True)])
def test_auth_16_a_frozen_owner_decides_nothing_for_the_team(signed_in, owner, now, path, before):
    Company.objects.filter(pk=owner.company.pk).update(requires_second_factor=before)
    owner.freeze(at=now)
    owner.save()
    answer = signed_in.post(path)
    assert answer.status_code == 409
    assert "Modifications gelées" in answer.text
    assert required(owner) is before
    assert not JournalEntry.objects.exists()
