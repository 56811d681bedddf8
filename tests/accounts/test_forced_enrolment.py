"""Whoever must have a second factor and has none meets its enrolment, and nothing else (AUTH-18)."""

from datetime import timedelta

import pytest
import time_machine

from accounts.enums import Role
from accounts.models import Company, TotpDevice
from tests.accounts.factories import PASSWORD, MembershipFactory, UserFactory, one_time_code
from tests.house.test_addresses import SIGNED_IN, is_public, patterns

pytestmark = pytest.mark.django_db
URL = "/profil/second-facteur/"
# The last one asks who is there before a key is shown, when the sign-in was a while ago.
ENROLMENT = {"accounts:second_factor", "accounts:begin_enrolment", "accounts:enrol", "accounts:confirm"}
METHODS = ["get", "post", "put", "patch", "delete", "head", "options"]


def closed_addresses():
    """Every address of the house that asks who is there, but the enrolment."""
    return sorted(name for name, entry in patterns() if not is_public(entry) and name not in ENROLMENT)


def test_auth_18_an_advisor_without_a_factor_meets_the_enrolment_on_every_address_and_method(client):
    client.force_login(UserFactory(advisor=True, factor=False))
    met = {
        (name, method): getattr(client, method)(SIGNED_IN[name]) for name in closed_addresses() for method in METHODS
    }
    assert len(met) > 100
    assert {key: answer.get("Location") for key, answer in met.items() if answer.get("Location") != URL} == {}


def test_auth_18_the_enrolment_says_why_and_has_no_menu(client):
    client.force_login(UserFactory(advisor=True, factor=False))
    page = client.get(URL).text
    assert "Il est obligatoire pour les conseillers." in page
    assert "Se déconnecter" in page
    assert "/conseiller/" not in page


def test_auth_18_enrolling_opens_everything_at_once_and_asks_nothing_again(client, now):
    advisor = UserFactory(advisor=True, factor=False)
    client.force_login(advisor)
    client.post(URL + "commencer/")
    key = TotpDevice.objects.get().secret()
    page = client.post(URL + "activer/", {"code": one_time_code(now, key=key)}).text
    assert 'href="/conseiller/"' in page
    assert client.get("/conseiller/").status_code == 200


def test_signing_out_stays_open(client):
    client.force_login(UserFactory(advisor=True, factor=False))
    assert client.post("/deconnexion/")["Location"] == "/connexion/"
    assert client.get(URL)["Location"].startswith("/connexion/")


def test_a_key_that_was_never_confirmed_is_no_factor(client, now):
    client.force_login(UserFactory(advisor=True, factor=False))
    client.post(URL + "commencer/")
    assert client.get("/conseiller/")["Location"] == URL


def test_authz_05_a_company_that_asks_for_it_counts_from_the_very_next_page(client):
    member = MembershipFactory(role=Role.READER)
    client.force_login(member.user)
    assert client.get("/boutiques/").status_code == 200
    Company.objects.update(requires_second_factor=True)
    assert client.get("/boutiques/")["Location"] == URL
    assert f"{member.company} l’exige de toute son équipe." in client.get(URL).text
    Company.objects.update(requires_second_factor=False)
    assert client.get("/boutiques/").status_code == 200


def test_another_company_s_decision_concerns_nobody_else(client):
    MembershipFactory(company__requires_second_factor=True)
    client.force_login(MembershipFactory().user)
    assert client.get("/boutiques/").status_code == 200


def test_a_company_one_no_longer_works_for_asks_nothing(client, now):
    past = MembershipFactory(
        company__requires_second_factor=True, role=Role.INTEGRATOR, ends_at=now - timedelta(days=1)
    )
    MembershipFactory(user=past.user)
    client.force_login(past.user)
    assert client.get("/boutiques/").status_code == 200


def test_whether_it_is_owed_costs_no_query_of_its_own(client, django_assert_num_queries):
    client.force_login(UserFactory(advisor=True, factor=False))
    client.get("/conseiller/")
    with django_assert_num_queries(2):  # the session, and its person
        client.get("/conseiller/")


def test_a_session_that_is_no_longer_fresh_confirms_who_is_there_before_it_enrols(client, now):
    member = MembershipFactory()
    client.force_login(member.user)
    client.get("/boutiques/")
    Company.objects.update(requires_second_factor=True)
    with time_machine.travel(now + timedelta(minutes=14)):
        assert client.post(URL + "commencer/")["Location"] == URL + "activer/"
    with time_machine.travel(now + timedelta(minutes=25)):
        client.get(URL)
    with time_machine.travel(now + timedelta(minutes=31)):
        assert client.get(URL + "activer/")["Location"].startswith("/profil/confirmer/")
        page = client.get("/profil/confirmer/").text
        assert "Mot de passe" in page
        assert 'aria-label="Menu principal"' in page
        assert "/boutiques/" not in page
        client.post("/profil/confirmer/", {"password": PASSWORD})
        assert client.post(URL + "commencer/")["Location"] == URL + "activer/"


def test_what_was_being_sent_when_the_company_decided_is_given_back_after(client, now):
    member = MembershipFactory()
    client.force_login(member.user)
    Company.objects.update(requires_second_factor=True)
    typed = "nouvelle@fromagerie.example"
    assert client.post("/profil/coordonnees/e-mail/", {"email": typed})["Location"] == URL
    client.post(URL + "commencer/")
    key = TotpDevice.objects.get().secret()
    page = client.post(URL + "activer/", {"code": one_time_code(now, key=key)}).text
    assert 'href="/connexion/reprise/"' in page
    assert typed in client.get("/connexion/reprise/").text


def test_the_pages_open_to_all_stay_open(client):
    client.force_login(UserFactory(advisor=True, factor=False))
    assert client.get("/contact/").status_code == 200
    assert client.get("/healthz").status_code == 200
