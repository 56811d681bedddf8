"""Sessions: their limits hold on the server, their owner sees them and ends them."""

from datetime import timedelta

import pytest
import time_machine
from django.conf import settings
from django.test import Client

from accounts import actions, agents
from accounts.models import Device, Session
from backoffice.core.models import JournalEntry
from tests.accounts.factories import BROWSER, PASSWORD, MembershipFactory, UserFactory, give_code_if_asked
from tests.shops.factories import ShopFactory

pytestmark = pytest.mark.django_db


@pytest.fixture
def user():
    member = MembershipFactory(user__active=True)
    ShopFactory(company=member.company)
    return member.user


def signed_in(user, **headers):
    client = Client(headers={"User-Agent": BROWSER.agent, **headers})
    answer = client.post("/connexion/", {"identifier": user.identifier, "password": PASSWORD})
    assert give_code_if_asked(client, answer).status_code == 302
    return client


def door(path):
    return f"/connexion/?next={path}"


def test_sess_01_a_new_id_at_sign_in_and_a_preset_one_is_never_adopted(user):
    client = Client()
    client.cookies[settings.SESSION_COOKIE_NAME] = "a" * 32
    client.post("/connexion/", {"identifier": user.identifier, "password": PASSWORD})
    assert client.cookies[settings.SESSION_COOKIE_NAME].value != "a" * 32


def test_sess_02_the_cookie_is_out_of_reach_of_scripts_and_of_other_sites(user):
    cookie = signed_in(user).cookies[settings.SESSION_COOKIE_NAME]
    assert cookie["httponly"]
    assert cookie["samesite"] == "Lax"
    assert cookie["path"] == "/"
    assert bool(cookie["secure"]) is settings.SESSION_COOKIE_NAME.startswith("__Host-")
    assert not cookie["max-age"]


@pytest.mark.parametrize(("minutes", "lives"), [(29, True), (31, False)])
def test_sess_03_a_merchant_s_idle_session_ends_after_thirty_minutes(user, now, minutes, lives):
    client = signed_in(user)
    with time_machine.travel(now + timedelta(minutes=minutes)):
        answer = client.get("/profil/")
    assert answer.status_code == (200 if lives else 302)


@pytest.mark.parametrize(("minutes", "lives"), [(14, True), (16, False)])
def test_sess_03_an_advisor_s_idle_session_ends_after_fifteen_minutes(now, minutes, lives):
    client = signed_in(UserFactory(active=True, advisor=True))
    with time_machine.travel(now + timedelta(minutes=minutes)):
        answer = client.get("/profil/")
    assert (answer.status_code == 200) is lives
    if not lives:
        assert answer["Location"] == door("/profil/")


@pytest.mark.parametrize(("is_advisor", "hours"), [(False, 12), (True, 8)])
def test_sess_03_a_busy_session_ends_at_its_absolute_limit(user, now, is_advisor, hours):
    client = signed_in(UserFactory(active=True, advisor=True) if is_advisor else user)
    for minutes in range(10, hours * 60, 10):
        with time_machine.travel(now + timedelta(minutes=minutes)):
            assert client.get("/profil/").status_code == 200
    with time_machine.travel(now + timedelta(hours=hours, minutes=1)):
        assert client.get("/profil/")["Location"] == door("/profil/")


def test_sess_04_after_signing_out_the_cookie_played_again_opens_nothing(user):
    client = signed_in(user)
    cookie = client.cookies[settings.SESSION_COOKIE_NAME].value
    assert client.get("/deconnexion/").status_code == 405
    answer = client.post("/deconnexion/")
    assert answer["Clear-Site-Data"] == '"cache", "storage"'
    client.cookies[settings.SESSION_COOKIE_NAME] = cookie
    assert client.get("/profil/")["Location"] == door("/profil/")


def test_sess_05_closing_an_account_ends_its_sessions_at_the_next_request(user):
    client = signed_in(user)
    user.close()
    user.save()
    assert client.get("/profil/")["Location"] == door("/profil/")


def test_sess_05_ending_everything_leaves_no_session(user):
    client = signed_in(user)
    assert actions.end_sessions(user=user) == 1
    assert client.get("/profil/").status_code == 302


def test_sess_06_the_owner_sees_each_session_and_which_is_this_one(user):
    signed_in(user, **{"User-Agent": "Mozilla/5.0 (Windows NT 10.0) Chrome/140.0 Safari/537.36 Edg/140.0"})
    page = signed_in(user).get("/profil/").text
    assert "Firefox sur Linux" in page
    assert "Edge sur Windows" in page
    assert page.count("Cette session") == 1
    assert "127.0.0.1" in page


def test_sess_06_ending_one_session_ends_that_one_and_tells_the_journal(user):
    other, mine = signed_in(user), signed_in(user)
    ended = Session.objects.order_by("started_at").first()
    answer = mine.post(f"/profil/sessions/{ended.public_id}/terminer/", follow=True)
    assert "La session est terminée." in answer.text
    assert other.get("/profil/").status_code == 302
    assert mine.get("/profil/").status_code == 200
    assert JournalEntry.objects.get(event="session.ended").actor_id == user.public_id


def test_sess_06_ending_this_session_leads_to_the_door(user):
    client = signed_in(user)
    answer = client.post(f"/profil/sessions/{Session.objects.get().public_id}/terminer/")
    assert answer["Location"] == "/connexion/"
    assert not Session.objects.of(user).exists()


def test_sess_06_ending_all_others_keeps_this_one(user):
    others, mine = [signed_in(user), signed_in(user)], signed_in(user)
    mine.post("/profil/sessions/terminer-les-autres/")
    assert [client.get("/profil/").status_code for client in [*others, mine]] == [302, 302, 200]
    assert JournalEntry.objects.filter(event="session.ended").count() == 1


def test_sess_06_somebody_else_s_session_does_not_exist(user):
    stranger = signed_in(UserFactory(active=True, advisor=True))
    signed_in(user)
    theirs = Session.objects.of(user).get()
    assert stranger.post(f"/profil/sessions/{theirs.public_id}/terminer/").status_code == 404
    assert Session.objects.of(user).exists()


def test_a_forgotten_browser_is_unknown_again_and_what_is_open_in_it_ends(user):
    other, mine = signed_in(user), signed_in(user)
    theirs = Device.objects.of(user).order_by("known_since").first()
    answer = mine.post(f"/profil/navigateurs/{theirs.public_id}/oublier/", follow=True)
    assert "Ce navigateur n’est plus reconnu." in answer.text
    assert other.get("/profil/").status_code == 302
    assert mine.get("/profil/").status_code == 200
    assert list(Device.objects.of(user).exclude(pk=theirs.pk)) == list(Device.objects.of(user))
    assert JournalEntry.objects.get(event="browser.forgotten").actor_id == user.public_id
    # Its cookie counts for nothing: three strangers' tries now close the door to it too.
    user.refresh_from_db()
    user.block()
    user.save()
    other.post("/connexion/", {"identifier": user.identifier, "password": PASSWORD})
    assert other.get("/profil/").status_code == 302


def test_forgetting_this_browser_keeps_the_session_that_asks(user):
    client = signed_in(user)
    page = client.get("/profil/").text
    assert page.count("Ce navigateur</span>") == 1
    client.post(f"/profil/navigateurs/{Device.objects.of(user).get().public_id}/oublier/")
    page = client.get("/profil/").text
    assert "Aucun pour l’instant." in page
    assert not Device.objects.of(user).exists()


def test_sess_06_somebody_else_s_browser_does_not_exist(user):
    stranger = signed_in(UserFactory(active=True, advisor=True))
    signed_in(user)
    theirs = Device.objects.of(user).get()
    assert stranger.post(f"/profil/navigateurs/{theirs.public_id}/oublier/").status_code == 404
    assert Device.objects.of(user).exists()


def test_sess_07_the_table_holds_no_cookie(user):
    client = signed_in(user)
    cookie = client.cookies[settings.SESSION_COOKIE_NAME].value
    assert len(cookie) >= 32
    assert cookie not in str(Session.objects.values().get())


def test_sess_08_what_a_page_asks_in_the_background_renews_nothing_and_rester_connecte_does(user, now):
    client = signed_in(user)
    before = Session.objects.get().expire_date
    with time_machine.travel(now + timedelta(minutes=20)):
        answer = client.get("/profil/session/prolonger/", headers={"X-Background": "1"})
        assert answer.status_code == 200
        assert Session.objects.get().expire_date == before
        assert client.post("/profil/session/prolonger/").json()["seconds"] > 29 * 60
        assert Session.objects.get().expire_date > before + timedelta(minutes=19)


def test_the_pages_of_signed_in_people_know_when_their_session_ends(user):
    page = signed_in(user).get("/profil/").text
    assert 'id="session-end"' in page
    assert 'data-session-warning="120"' in page


@pytest.mark.parametrize("path", ["/profil/", "/profil/confirmer/"])
def test_a_passer_by_is_led_to_the_door(client, path):
    assert client.get(path)["Location"] == door(path)


@pytest.mark.parametrize(
    ("agent", "words"),
    [
        (BROWSER.agent, "Firefox sur Linux"),
        ("Mozilla/5.0 (iPhone; CPU iPhone OS 18_0 like Mac OS X) Version/18.0 Safari/604.1", "Safari sur iPhone"),
        ("Mozilla/5.0 (Linux; Android 15) Chrome/140.0 Mobile Safari/537.36", "Chrome sur Android"),
        ("curl/8", "Navigateur inconnu"),
        ("", "Navigateur inconnu"),
    ],
)
def test_a_browser_is_named_in_words_its_owner_recognises(agent, words):
    assert agents.describe(agent) == words
