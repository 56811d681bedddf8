"""Known and unknown browsers are counted apart: strangers close an account to strangers, never to its owner."""

from datetime import timedelta

import pytest
import time_machine
from django.contrib.auth import SESSION_KEY
from django.test import Client
from django.utils import timezone

from accounts import actions, devices
from accounts.actions import tries
from accounts.enums import AccountState, DeviceOrigin
from accounts.models import Device, User
from backoffice.core.models import JournalEntry
from backoffice.core.moves import IllegalMove
from tests.accounts.factories import (
    CODE,
    PASSWORD,
    TEMPORARY_PASSWORD,
    MembershipFactory,
    UserFactory,
    one_time_code,
    stranger,
)

pytestmark = pytest.mark.django_db
URL = "/connexion/"
WRONG = "Wrong-Password-9"


@pytest.fixture
def owner():
    return MembershipFactory(user__identifier="lefebvre-58204").user


def _try(client, user, password=PASSWORD, **more):
    return client.post(URL, {"identifier": user.identifier, "password": password}, **more)


def _is_signed_in(client):
    return SESSION_KEY in client.session


@pytest.fixture
def known(owner):
    """A browser in which the owner signed in once, and signed out."""
    client = Client()
    _try(client, owner)
    client.post("/deconnexion/")
    return client


def _strangers_try(user, times=3):
    for number in range(times):
        client = Client(REMOTE_ADDR=f"198.51.100.{number + 1}")
        _try(client, user, WRONG)


def test_signing_in_makes_the_browser_known_under_a_cookie_scripts_cannot_read(client, owner):
    cookie = _try(client, owner).cookies["device"]
    assert (cookie["httponly"], cookie["samesite"], cookie["path"], cookie["max-age"]) == (True, "Lax", "/", 31536000)
    [device] = Device.objects.all()
    [(account, nonce)] = devices.read(cookie.value).items()
    assert account == owner.public_id
    assert device.nonce_digest == devices.digest_of(nonce)
    assert nonce not in device.nonce_digest


def test_sess_02_over_https_the_cookie_is_bound_to_the_host(settings):
    settings.PLAIN_HTTP, settings.DEVICE_COOKIE_NAME = False, "__Host-device"
    from django.http import HttpResponse

    response = HttpResponse()
    devices.remember(response, "x")
    cookie = response.cookies["__Host-device"]
    assert (cookie["secure"], cookie["path"], cookie["domain"]) == (True, "/", "")


def test_each_sign_in_gives_a_fresh_nonce_and_the_former_serves_five_minutes_more(known, owner):
    before = known.cookies["device"].value
    _try(known, owner)
    assert known.cookies["device"].value != before
    assert Device.objects.count() == 1
    _strangers_try(owner)
    twice, late = Client(), Client()
    twice.cookies["device"] = late.cookies["device"] = before
    with time_machine.travel(timezone.now() + timedelta(minutes=6), tick=False):
        _try(late, owner)
        assert not _is_signed_in(late)
    _try(twice, owner)
    assert _is_signed_in(twice)


def test_design_4_5_strangers_do_not_end_the_work_of_the_owner(known, owner):
    _try(known, owner)
    elsewhere = Client()
    elsewhere.force_login(owner)
    _strangers_try(owner)
    assert known.get("/boutiques/").status_code == 200
    assert elsewhere.get("/boutiques/")["Location"] == "/connexion/?next=/boutiques/"


def test_auth_08_a_browser_known_to_one_account_is_throttled_at_the_others(known):
    for number in range(10):
        assert known.post(URL, {"identifier": f"nobody-{number}", "password": WRONG}).status_code == 200
    assert known.post(URL, {"identifier": "nobody-99", "password": WRONG}).status_code == 429


def test_auth_05_the_owner_enters_from_a_known_browser_while_strangers_are_refused(known, owner, client):
    _give_code(owner)
    _strangers_try(owner)
    owner.refresh_from_db()
    assert owner.state == AccountState.BLOCKED
    assert _try(known, owner)["Location"] == "/connexion/debloquer/"
    assert _is_signed_in(known)
    assert known.get("/boutiques/").status_code == 200
    assert "Connexion refusée" in _try(client, owner).content.decode()
    owner.refresh_from_db()
    assert owner.state == AccountState.BLOCKED


def test_auth_05_two_hundred_tries_from_fifty_addresses_do_not_touch_the_owner(known, owner):
    for number in range(200):
        _try(Client(REMOTE_ADDR=f"203.0.113.{number % 50 + 1}"), owner, WRONG)
    _try(known, owner)
    assert _is_signed_in(known)
    newcomer = Client(REMOTE_ADDR="192.0.2.77")
    assert "Connexion refusée" in _try(newcomer, owner).content.decode()
    assert JournalEntry.objects.filter(event="account.blocked").count() == 1


def test_auth_05_a_known_browser_has_three_tries_of_its_own_then_the_shared_three(known, owner):
    for _ in range(3):
        _try(known, owner, WRONG)
    owner.refresh_from_db()
    assert (owner.failed_tries, owner.state) == (0, AccountState.ACTIVE)
    for _ in range(2):
        _try(known, owner, WRONG)
    owner.refresh_from_db()
    assert (owner.failed_tries, owner.state) == (2, AccountState.ACTIVE)
    _try(known, owner, WRONG)
    owner.refresh_from_db()
    assert owner.state == AccountState.BLOCKED
    _try(known, owner)
    assert not _is_signed_in(known)


def test_auth_05_a_locked_nonce_is_known_again_after_half_an_hour(known, owner):
    for _ in range(3):
        _try(known, owner, WRONG)
    _strangers_try(owner)
    with time_machine.travel(timezone.now() + timedelta(minutes=29), tick=False):
        _try(known, owner)
        assert not _is_signed_in(known)
    with time_machine.travel(timezone.now() + timedelta(minutes=31), tick=False):
        _try(known, owner)
        assert _is_signed_in(known)


def test_a_nonce_with_thirty_failures_in_its_life_is_dead(known, owner):
    Device.objects.update(life_failures=29)
    _try(known, owner, WRONG)
    _strangers_try(owner)
    _try(known, owner)
    assert not _is_signed_in(known)


def _forged(cookie, owner, other):
    entry = cookie.split(".")
    return {
        "cut": cookie[:-1],
        "forged": f"{entry[0]}.{entry[1]}.{'0' * 64}",
        "of another account": f"{other.public_id.hex}.{entry[1]}.{entry[2]}",
        "rubbish": "~~..é\x00~" * 40,
        "empty": "",
    }


@pytest.mark.parametrize("kind", ["cut", "forged", "of another account", "rubbish", "empty"])
def test_auth_06_a_cookie_that_is_not_ours_counts_as_none_and_breaks_nothing(known, owner, kind):
    _strangers_try(owner)
    known.cookies["device"] = _forged(known.cookies["device"].value, owner, UserFactory())[kind]
    assert "Connexion refusée" in _try(known, owner).content.decode()
    assert not _is_signed_in(known)


def test_auth_06_a_cookie_under_an_old_server_key_counts_as_none(known, owner, settings):
    _strangers_try(owner)
    settings.DEVICE_COOKIE_KEY = "another key, drawn after the former one was found somewhere"
    _try(known, owner)
    assert not _is_signed_in(known)


def test_auth_07_success_resets_its_own_counter_only(known, owner):
    _strangers_try(owner, times=2)
    _try(known, owner, WRONG)
    _try(known, owner)
    owner.refresh_from_db()
    assert owner.failed_tries == 2
    assert Device.objects.get().failures == 0


def test_auth_02_the_state_and_the_last_try_are_told_to_a_known_browser_only(known, owner, client):
    assert "Il reste un essai" not in _try(known, owner, WRONG).content.decode()
    assert "Il reste un essai depuis ce navigateur" in _try(known, owner, WRONG).content.decode()
    assert "Trop d’essais ont échoué depuis ce navigateur" in _try(known, owner, WRONG).content.decode()
    for _ in range(4):
        page = _try(client, owner, WRONG).content.decode()
        assert "Il reste un essai" not in page
        assert "depuis ce navigateur" not in page


def test_auth_02_a_known_browser_is_told_that_the_account_is_blocked_elsewhere(known, owner):
    _strangers_try(owner)
    assert (
        "Ce compte est bloqué pour les navigateurs qu’il ne connaît pas" in _try(known, owner, WRONG).content.decode()
    )


def test_eight_people_may_share_a_browser_and_the_ninth_pushes_the_oldest_out(client):
    people = [MembershipFactory(user__identifier=f"person-{number}").user for number in range(9)]
    for person in people:
        _try(client, person)
        client.post("/deconnexion/")
    assert list(devices.read(client.cookies["device"].value)) == [person.public_id for person in people[:0:-1]]


def test_the_owner_opens_the_account_again_with_the_code_from_a_known_browser(known, owner, run_jobs, mailbox):
    _give_code(owner)
    _strangers_try(owner)
    _try(known, owner)
    page = known.get("/connexion/debloquer/").content.decode()
    assert "Compte bloqué" in page
    assert "Ce n’est pas votre code" in known.post("/connexion/debloquer/", {"code": "113355"}).content.decode()
    assert known.post("/connexion/debloquer/", {"code": CODE})["Location"] == "/"
    owner.refresh_from_db()
    assert (owner.state, owner.failed_tries) == (AccountState.ACTIVE, 0)
    newcomer = Client()
    _try(newcomer, owner)
    assert _is_signed_in(newcomer)
    run_jobs()
    assert "Votre compte est débloqué" in [message.subject for message in mailbox]
    assert JournalEntry.objects.filter(event="account.unblocked", actor_id=owner.public_id).exists()


def test_three_wrong_codes_end_the_visit_and_lock_the_browser(known, owner):
    _give_code(owner)
    _strangers_try(owner)
    _try(known, owner)
    for _ in range(3):
        response = known.post("/connexion/debloquer/", {"code": "113355"})
    assert "Trop d’essais ont échoué depuis ce navigateur" in response.content.decode()
    assert not _is_signed_in(known)
    owner.refresh_from_db()
    assert owner.state == AccountState.BLOCKED


def test_nobody_unblocks_from_an_unknown_browser_or_without_a_block(owner, now):
    _give_code(owner)
    with pytest.raises(IllegalMove):
        actions.unblock_with_code(user=owner, code=CODE, browser=stranger(1), now=now)
    _strangers_try(owner)
    with pytest.raises(IllegalMove):
        actions.unblock_with_code(user=owner, code=CODE, browser=stranger(1), now=now)
    owner.refresh_from_db()
    assert owner.state == AccountState.BLOCKED


def test_somebody_not_blocked_is_led_on_from_the_unblocking_page(client, owner):
    client.force_login(owner)
    assert client.get("/connexion/debloquer/")["Location"] == "/"


def test_design_4_5_strangers_guessing_all_along_do_not_stop_a_recovery(now):
    user = MembershipFactory(user__first_connection=True).user
    cookie = tries.make_known(user, browser=stranger(0), origin=DeviceOrigin.RECOVERY_LINK, now=now)
    client = Client()
    client.cookies["device"] = cookie
    _strangers_try(user)
    assert _try(client, user, TEMPORARY_PASSWORD)["Location"] == "/premiere-connexion/"
    _strangers_try(user)
    assert client.post("/premiere-connexion/", {"code": CODE})["Location"] == "/premiere-connexion/mot-de-passe/"
    _strangers_try(user)
    chosen = client.post("/premiere-connexion/mot-de-passe/", {"password": PASSWORD, "again": PASSWORD})
    assert chosen["Location"] == "/"
    assert _is_signed_in(client)
    user.refresh_from_db()
    assert (user.state, user.failed_tries) == (AccountState.ACTIVE, 0)


def test_rst_13_a_reset_forgets_all_browsers_but_the_one_of_the_recovery_link(known, owner, now):
    _give_code(owner)
    _try(known, owner)
    tries.make_known(owner, browser=stranger(1), origin=DeviceOrigin.RECOVERY_LINK, now=now)
    _strangers_try(owner)
    actions.redraw_temporary_password(user=owner, now=now)
    assert [device.origin for device in Device.objects.all()] == [DeviceOrigin.RECOVERY_LINK]
    assert known.get("/boutiques/").status_code == 302


def test_auth_11_a_password_asked_again_spends_the_same_budget(owner, now):
    from accounts.enums import Comparison

    answers = [
        tries.compare_password(user=owner, password=WRONG, browser=stranger(number), now=now) for number in range(3)
    ]
    assert answers == [Comparison.WRONG, Comparison.WRONG, Comparison.CLOSED]
    owner.refresh_from_db()
    assert owner.state == AccountState.BLOCKED
    right = tries.compare_password(user=owner, password=PASSWORD, browser=stranger(9), now=now)
    assert right is Comparison.CLOSED


def test_auth_16_a_sign_in_from_a_new_browser_after_three_failures_is_told(known, owner, run_jobs, mailbox):
    for _ in range(2):
        _try(known, owner, WRONG)
    _try(Client(), owner, WRONG)
    _try(Client(), owner)
    run_jobs()
    [message] = mailbox
    assert message.subject == "Connexion depuis un nouveau navigateur"
    assert message.to == [owner.email]


def test_auth_16_failures_far_apart_in_a_known_browser_count_together(known, owner, now, run_jobs, mailbox):
    for hours in range(3):
        with time_machine.travel(now + timedelta(hours=hours)):
            _try(known, owner, WRONG)
    _try(Client(), owner)
    run_jobs()
    assert [message.subject for message in mailbox] == ["Connexion depuis un nouveau navigateur"]


def test_auth_16_an_advisor_is_not_promised_a_code(run_jobs, mailbox):
    advisor = UserFactory(advisor=True)
    _strangers_try(advisor)
    run_jobs()
    [message] = mailbox
    assert "code de première connexion" not in message.body
    assert "un collègue du guichet" in message.body


def test_auth_15_the_journal_says_whether_the_browser_was_known(known, owner):
    _try(known, owner, WRONG)
    _strangers_try(owner, times=1)
    refused = JournalEntry.objects.filter(event="account.sign_in_refused").order_by("pk")
    assert [entry.detail["known"] for entry in refused] == [True, False]


def test_a_closed_account_is_refused_from_a_known_browser_too(known, owner):
    owner.close()
    owner.save()
    assert "Connexion refusée" in _try(known, owner).content.decode()


def test_a_browser_unused_for_a_year_is_forgotten(known, owner, now):
    actions.forget_unused_browsers(now=now + timedelta(days=364))
    assert Device.objects.count() == 1
    actions.forget_unused_browsers(now=now + timedelta(days=366))
    assert Device.objects.count() == 0


def test_whoever_has_no_code_is_told_of_the_block_and_goes_on(client, now):
    advisor = UserFactory(advisor=True)
    _try(client, advisor)
    client.post("/connexion/second-facteur/", {"code": one_time_code(now)})
    client.post("/deconnexion/")
    _strangers_try(advisor)
    _try(client, advisor)
    answer = client.post("/connexion/second-facteur/", {"code": one_time_code(now, steps=1)})
    assert answer["Location"] == "/conseiller/"
    assert "bloqué pour les autres navigateurs" in client.get("/conseiller/").content.decode()


def _give_code(user):
    from accounts import codes

    User.objects.filter(pk=user.pk).update(code_hash=codes.hash_code(CODE, owner=user.public_id))
