"""The page of one of a company's people at the desk: what it tells, ending sessions, closing an access."""

import re
from datetime import timedelta
from uuid import uuid4

import pytest
from django.test import Client

from accounts.enums import AccountState, Role
from accounts.models import Membership, User
from backoffice.core.models import JournalEntry, OutgoingMail
from tests.accounts.factories import (
    PASSWORD,
    AssignmentFactory,
    ContactChangeFactory,
    MembershipFactory,
    UserFactory,
    just_confirmed,
)
from tests.support.factories import ContactRequestFactory

pytestmark = pytest.mark.django_db


@pytest.fixture
def advisor(client):
    user = UserFactory(advisor=True)
    client.force_login(user)
    return user


@pytest.fixture
def place():
    return MembershipFactory(role=Role.MANAGER, user__first_name="Marc", user__last_name="Petit")


def _url(place, end=""):
    return f"/conseiller/societes/{place.company.public_id}/personnes/{place.user.public_id}/{end}"


def _shown(client, place):
    """The page, its tags and its layout left out."""
    text = re.sub(r"<[^>]+>", " ", client.get(_url(place)).text)
    return re.sub(r"[ \n]+", " ", text)


def _sign_in(user):
    browser = Client()
    browser.post("/connexion/", {"identifier": user.identifier, "password": PASSWORD})
    assert browser.get("/profil/").status_code == 200
    return browser


# --- Who -----------------------------------------------------------------------------------------------------------
ENDS = ["", "demande/", "sessions/terminer/", "fermer/"]


def _ask(client, place, end):
    return client.get(_url(place)) if not end else client.post(_url(place, end), {"reason": "left"})


@pytest.mark.parametrize("end", ENDS)
def test_anonymous_people_are_sent_to_the_sign_in_page(client, place, end):
    assert _ask(client, place, end)["Location"].startswith("/connexion/?next=")


@pytest.mark.parametrize("end", ENDS)
def test_authz_08_merchants_and_advisors_of_other_portfolios_get_the_page_that_does_not_exist(client, place, end):
    AssignmentFactory(company=place.company)
    for other in (MembershipFactory(company=place.company).user, UserFactory(advisor=True)):
        client.force_login(other)
        just_confirmed(client)
        assert _ask(client, place, end).status_code == 404
    place.refresh_from_db()
    assert place.ends_at is None


@pytest.mark.parametrize("end", ENDS)
def test_authz_02_somebody_of_another_company_is_not_found_under_this_one(client, advisor, place, end):
    stranger = MembershipFactory()
    just_confirmed(client)
    for user in (stranger.user, UserFactory(), UserFactory.build(public_id=uuid4())):
        assert _ask(client, MembershipFactory.build(user=user, company=place.company), end).status_code == 404


def test_the_company_s_page_leads_to_each_of_its_people(client, advisor, place):
    page = client.get(f"/conseiller/societes/{place.company.public_id}/").text
    assert f'<a href="{_url(place)}">Marc Petit</a>' in page


# --- What it tells -------------------------------------------------------------------------------------------------
def test_the_page_tells_the_account_as_it_is(client, advisor, place):
    _sign_in(place.user)
    page = _shown(client, place)
    assert "Marc Petit" in page
    for words in (place.user.identifier, place.user.email, "01 99 00 56 78", "Gestionnaire", "Actif", "Aucun"):
        assert words in page
    assert re.search(r"Sessions ouvertes 1, dernière utilisation (à l’instant|il y a)", page)
    assert re.search(r"Navigateurs connus 1 ", page)
    # Nothing that would tell where from.
    assert "127.0.0.1" not in page
    assert "Le second facteur" not in page


def test_a_second_factor_is_told(client, advisor):
    place = MembershipFactory(user=UserFactory(factor=True))
    assert "Second facteur Activé" in _shown(client, place)


STATES = {
    "blocked": ({"blocked": True}, ["Bloqué", "Il se débloque par une demande de réinitialisation"]),
    "frozen": ({"frozen": True}, ["Modifications gelées", "Traitez d’abord cette demande"]),
    "closed": ({"closed": True}, ["Fermé"]),
    "first connection": ({"first_connection": True}, ["Connexion attendue", "temporaire sert jusqu’au"]),
}


@pytest.mark.parametrize("case", STATES)
def test_the_page_tells_each_state_and_what_to_do(client, advisor, case):
    traits, words = STATES[case]
    page = _shown(client, MembershipFactory(user=UserFactory(**traits)))
    assert all(one in page for one in words), page


def test_a_temporary_password_that_is_over_is_said(client, advisor, now):
    over = UserFactory(first_connection=True, temporary_password_expires_at=now - timedelta(hours=1))
    page = _shown(client, MembershipFactory(user=over))
    assert "Son mot de passe temporaire a expiré" in page
    assert "ouvrez une demande de réinitialisation" in page


def test_a_change_under_way_and_a_telephone_just_changed_are_told(client, advisor, place, now):
    ContactChangeFactory(user=place.user)
    ContactChangeFactory(user=place.user, phone=True, effective=True, asked_at=now - timedelta(hours=95))
    page = _shown(client, place)
    assert "Une autre adresse e-mail" in page
    assert "pas encore confirmée" in page
    assert "Son téléphone a changé il y a moins de 48 heures" in page


def test_a_telephone_changed_two_days_ago_is_like_any_other(client, advisor, place, now):
    ContactChangeFactory(user=place.user, phone=True, effective=True, asked_at=now - timedelta(hours=97))
    ContactChangeFactory(user=place.user, effective=True, asked_at=now - timedelta(hours=50))
    ContactChangeFactory(user=place.user, cancelled=True)
    page = _shown(client, place)
    assert "moins de 48 heures" not in page
    assert "En attente" not in page


def test_open_requests_of_the_person_are_listed_and_no_others(client, advisor, place):
    own = ContactRequestFactory(identifier=place.user.identifier)
    closed = ContactRequestFactory(identifier=place.user.identifier, treated=True)
    other = ContactRequestFactory(siret=place.company.siret)
    page = client.get(_url(place)).text
    assert f"/conseiller/demandes/{own.public_id}/" in page
    assert str(closed.public_id) not in page
    assert str(other.public_id) not in page


def test_of_whoever_left_the_page_tells_and_does_nothing(client, advisor, now):
    place = MembershipFactory(ends_at=now - timedelta(days=1), user__closed=True)
    page = _shown(client, place)
    assert "Son accès à cette société est terminé" in page
    for verb in ("Ouvrir la demande", "Terminer ses sessions", "Fermer son accès"):
        assert verb not in page
    just_confirmed(client)
    for end, typed in (
        ("demande/", {"motive": "code", "channel": "counter"}),
        ("sessions/terminer/", {}),
        ("fermer/", {"reason": "left"}),
    ):
        assert "son accès à cette société est terminé" in client.post(_url(place, end), typed, follow=True).text
    assert not JournalEntry.objects.exclude(event__startswith="identity").exists()


# --- Ending sessions -----------------------------------------------------------------------------------------------
def test_sess_05_ending_sessions_signs_the_person_out_everywhere(client, advisor, place, run_jobs, mailbox):
    browser = _sign_in(place.user)
    assert 'data-dialog="end-sessions"' in client.get(_url(place)).text

    shown = client.post(_url(place, "sessions/terminer/"), follow=True).text

    assert "Ses sessions sont terminées. Un e-mail l’en prévient." in shown
    assert browser.get("/profil/")["Location"].startswith("/connexion/")
    assert client.get("/conseiller/").status_code == 200
    entry = JournalEntry.objects.get(event="session.ended")
    assert (entry.actor_id, entry.subject_id) == (advisor.public_id, place.user.public_id)
    run_jobs()
    assert [message.to for message in mailbox] == [[place.user.email]]


def test_without_an_open_session_there_is_nothing_to_end(client, advisor, place):
    assert "Terminer ses sessions" not in client.get(_url(place)).text
    assert "Aucune session n’était ouverte." in client.post(_url(place, "sessions/terminer/"), follow=True).text
    assert not OutgoingMail.objects.exists()


def test_acting_is_a_post_with_its_token(client, advisor, place):
    browser = Client(enforce_csrf_checks=True)
    browser.force_login(advisor)
    for end in ("demande/", "sessions/terminer/"):
        assert client.get(_url(place, end)).status_code == 405
        assert browser.post(_url(place, end)).status_code == 403


# --- Closing an access ---------------------------------------------------------------------------------------------
def test_closing_an_access_asks_who_is_there_and_says_what_stops(client, advisor, place):
    MembershipFactory(company=place.company)
    assert client.get(_url(place, "fermer/"))["Location"].startswith("/profil/confirmer/")
    just_confirmed(client)
    page = client.get(_url(place, "fermer/")).text
    assert "Son compte est fermé" in page
    assert "toutes ses sessions se terminent" in page
    assert "ainsi que les gérants de la société" in page
    assert "dernier gérant" not in page


def test_closing_an_access_ends_it_and_tells_everybody(client, advisor, place, run_jobs, mailbox):
    owner = MembershipFactory(company=place.company).user
    browser = _sign_in(place.user)
    just_confirmed(client)

    shown = client.post(_url(place, "fermer/"), {"reason": "company_asked"}, follow=True).text

    assert "L’accès de Marc Petit est fermé." in shown
    place.refresh_from_db()
    assert (place.user.state, place.ends_at is not None) == (AccountState.CLOSED, True)
    assert browser.get("/profil/")["Location"].startswith("/connexion/")
    entry = JournalEntry.objects.get(event="person.removed")
    assert (entry.actor_id, entry.detail) == (advisor.public_id, {"role": "manager", "reason": "company_asked"})
    assert "Accès d’une personne retiré" in client.get(f"/conseiller/societes/{place.company.public_id}/").text
    run_jobs()
    assert {message.to[0] for message in mailbox} == {place.user.email, owner.email}


def test_a_closing_without_a_reason_of_the_list_closes_nothing(client, advisor, place):
    just_confirmed(client)
    assert "Choisissez le motif de la fermeture." in client.post(_url(place, "fermer/")).text
    assert "Ce motif n’existe pas." in client.post(_url(place, "fermer/"), {"reason": "parce que"}).text
    assert Membership.objects.current().get() == place


def test_closing_the_last_owner_s_access_warns_first(client, advisor):
    place = MembershipFactory()
    MembershipFactory(company=place.company, role=Role.MANAGER)
    just_confirmed(client)
    page = client.get(_url(place, "fermer/")).text
    assert "C’est le dernier gérant de cette société" in page
    assert place.company.email in page
    client.post(_url(place, "fermer/"), {"reason": "left"})
    assert not Membership.objects.of_company(place.company).owners().exists()


def test_who_works_for_another_company_too_is_told_so_and_stays(client, advisor, place):
    MembershipFactory(user=place.user)
    just_confirmed(client)
    assert "Son compte reste ouvert" in client.get(_url(place, "fermer/")).text
    client.post(_url(place, "fermer/"), {"reason": "left"})
    assert User.objects.get(pk=place.user_id).state == AccountState.ACTIVE


def test_auth_16_an_advisor_whose_account_is_frozen_closes_nothing(client, place):
    frozen = UserFactory(advisor=True, frozen=True)
    client.force_login(frozen)
    just_confirmed(client)
    for method in (client.get, client.post):
        assert method(_url(place, "fermer/")).status_code == 409
    assert Membership.objects.current().get() == place


def test_a_closing_sent_before_the_confirmation_comes_back_in_words(client, advisor, place):
    client.post(_url(place, "fermer/"), {"reason": "misused"})
    just_confirmed(client)
    page = client.get("/connexion/reprise/").text
    assert "Fermer l’accès" in page
    assert "Compte utilisé par quelqu’un d’autre" in page


def test_a_request_leads_to_the_person_it_is_about(client, advisor, place):
    page = client.get(f"/conseiller/demandes/{ContactRequestFactory(identifier=place.user.identifier).public_id}/").text
    assert f'<a href="{_url(place)}">Voir la personne</a>' in page


def test_the_page_leads_to_what_the_person_sees_where_it_may_be_seen(client, advisor, place):
    leads = f'href="/conseiller/societes/{place.company.public_id}/voir-comme/{place.user.public_id}/"'
    assert leads in client.get(_url(place)).text
    User.objects.filter(pk=place.user_id).update(state=AccountState.CLOSED)
    assert leads not in client.get(_url(place)).text
