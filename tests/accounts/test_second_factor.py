"""The one-time code at the door: after the password, once, for ten minutes, on the account's own budget of tries."""

from datetime import timedelta

import pytest
from django.conf import settings as django_settings
from django.contrib.auth import SESSION_KEY
from django.test import Client

from accounts import actions, links, one_time_codes
from accounts.enums import AccountState, Comparison, LinkPurpose, SignInStep, Way
from accounts.models import Device, RecoveryCode, Session, TotpDevice, User
from backoffice.core.models import JournalEntry, OutgoingMail
from tests.accounts.factories import (
    BROWSER,
    CODE,
    PASSWORD,
    TEMPORARY_PASSWORD,
    MembershipFactory,
    TotpDeviceFactory,
    UserFactory,
    one_time_code,
    stranger,
    wrong_code,
)

pytestmark = pytest.mark.django_db
DOOR, URL = "/connexion/", "/connexion/second-facteur/"
RECOVERY = URL + "?moyen=secours"
NEW = "Meule-Alpage-31-Cuivre"


@pytest.fixture
def owner():
    return MembershipFactory(user__identifier="lefebvre-58204", user__factor=True).user


@pytest.fixture
def half_in(client, owner):
    """A browser where the password was right."""
    assert give_password(client, owner)["Location"] == URL
    return client


def give_password(client, user, password=PASSWORD, **more):
    return client.post(DOOR, {"identifier": user.identifier, "password": password, **more})


def give(client, code, url=URL, **more):
    return client.post(url, {"code": code}, **more)


def is_in(client):
    return SESSION_KEY in client.session


def cookie(client):
    return client.cookies[django_settings.SESSION_COOKIE_NAME].value


def recovery_codes(user, now):
    return actions.draw_recovery_codes(user=user, browser=BROWSER, now=now)


def compare(user, code, now, browser=BROWSER):
    return actions.give_second_factor(user=user, code=code, browser=browser, now=now)


def events():
    return list(JournalEntry.objects.order_by("pk").values_list("event", flat=True))


def known_browsers(user, count):
    """Browsers that signed in once; each has a budget of its own."""
    found = []
    for number in range(count):
        browser = stranger(number)
        device_cookie = actions.make_browser_known(user=user, browser=browser, now=user.created_at)
        found.append(type(browser)(address=browser.address, agent=browser.agent, device_cookie=device_cookie))
    return found


def test_auth_18_the_right_password_opens_no_session_before_the_code(half_in, owner):
    assert not is_in(half_in)
    assert half_in.get("/")["Location"] == "/connexion/?next=/"
    page = half_in.get(URL).text
    assert "<h1>Code à usage unique</h1>" in page
    assert 'inputmode="numeric"' in page
    assert 'autocomplete="one-time-code"' in page
    assert not Device.objects.exists()
    assert django_settings.DEVICE_COOKIE_NAME not in half_in.cookies
    assert events() == ["factor.asked"]


def test_auth_18_the_code_opens_the_session_and_makes_the_browser_known(half_in, owner, now):
    answer = give(half_in, one_time_code(now))
    assert (answer.status_code, answer["Location"]) == (302, "/")
    assert is_in(half_in)
    assert half_in.cookies[django_settings.DEVICE_COOKIE_NAME].value
    assert Device.objects.of(owner).count() == 1
    assert events() == ["factor.asked", "factor.accepted", "account.signed_in"]


def test_auth_18_a_known_browser_is_asked_too(half_in, owner, now):
    give(half_in, one_time_code(now))
    half_in.post("/deconnexion/")
    assert give_password(half_in, owner)["Location"] == URL
    assert not is_in(half_in)


def test_somebody_without_factor_is_asked_nothing_more(client):
    assert give_password(client, MembershipFactory().user)["Location"] == "/"
    assert is_in(client)


def test_a_factor_that_was_never_confirmed_is_not_asked(client):
    user = MembershipFactory().user
    TotpDeviceFactory(user=user, pending=True)
    assert give_password(client, user)["Location"] == "/"


def test_an_advisor_signs_in_with_both(client, now):
    give_password(client, UserFactory(advisor=True))
    assert give(client, one_time_code(now))["Location"] == "/conseiller/"


def test_the_page_asked_for_before_signing_in_opens_after_the_code(client, owner, now):
    give_password(client, owner, next="/boutiques/")
    assert give(client, one_time_code(now))["Location"] == "/boutiques/"


@pytest.mark.parametrize("method", ["get", "post"])
def test_without_a_right_password_the_page_leads_to_the_door(client, owner, now, method):
    answer = client.get(URL) if method == "get" else give(client, one_time_code(now))
    assert answer["Location"] == DOOR
    assert not is_in(client)


def test_the_door_leads_back_to_the_code_that_is_awaited(half_in):
    assert half_in.get(DOOR)["Location"] == URL


def test_sess_01_a_new_session_at_each_step_and_the_former_ones_are_dead(client, owner, now):
    session = client.session
    session["planted"] = "by somebody else"
    session.save()
    client.cookies[django_settings.SESSION_COOKIE_NAME] = planted = session.session_key
    give_password(client, owner)
    between = cookie(client)
    give(client, one_time_code(now))
    after = cookie(client)
    assert len({planted, between, after}) == 3
    assert "planted" not in client.session
    client.cookies[django_settings.SESSION_COOKIE_NAME] = between
    assert client.get(URL)["Location"] == DOOR
    assert Session.objects.count() == 1


# --- Right once, one step of tolerance ------------------------------------------------------------------------------


@pytest.mark.parametrize(("steps", "is_taken"), [(-2, False), (-1, True), (0, True), (1, True), (2, False)])
def test_auth_18_one_step_before_and_after_is_taken_and_no_more(owner, now, steps, is_taken):
    expected = SignInStep.SIGNED_IN if is_taken else SignInStep.FACTOR_DUE
    assert compare(owner, one_time_code(now, steps=steps), now).step == expected


def test_auth_18_a_code_works_once(half_in, owner, now):
    code = one_time_code(now)
    give(half_in, code)
    other = Client()
    give_password(other, owner)
    page = give(other, code).text
    assert "Ce code est faux, ou il a déjà servi." in page
    assert not is_in(other)


def test_auth_18_an_older_code_does_not_work_after_a_newer_one(owner, now):
    assert compare(owner, one_time_code(now, steps=1), now).step == SignInStep.SIGNED_IN
    for steps in (-1, 0, 1):
        assert compare(owner, one_time_code(now, steps=steps), now).step != SignInStep.SIGNED_IN


def test_auth_18_the_next_code_works_again(owner, now):
    later = now + timedelta(seconds=30)
    assert compare(owner, one_time_code(now), now).step == SignInStep.SIGNED_IN
    assert compare(owner, one_time_code(later), later).step == SignInStep.SIGNED_IN


def test_the_package_s_own_functions_are_no_way_in(owner, now):
    assert TotpDevice.objects.get().verify_token(one_time_code(now)) is False


# --- Wrong ones -----------------------------------------------------------------------------------------------------


def test_auth_11_wrong_codes_spend_the_account_s_budget_and_the_third_blocks(half_in, owner, now, run_jobs, mailbox):
    for _ in range(2):
        assert "Ce code est faux, ou il a déjà servi." in give(half_in, wrong_code(now)).text
    page = give(half_in, wrong_code(now)).text
    assert "Connexion refusée" in page
    assert "bloqué" in page
    owner.refresh_from_db()
    assert (owner.state, owner.failed_tries) == (AccountState.BLOCKED, 3)
    assert half_in.get(URL)["Location"] == DOOR
    assert events().count("factor.refused") == 3
    run_jobs()
    assert [message.subject for message in mailbox] == ["Votre compte est bloqué"]


def test_auth_11_passwords_and_codes_share_one_budget_that_the_right_password_does_not_forgive(client, owner, now):
    give_password(client, owner, "Wrong-Password-9")
    give_password(client, owner)
    give(client, wrong_code(now))
    give_password(client, owner)
    assert "Connexion refusée" in give(client, wrong_code(now)).text
    owner.refresh_from_db()
    assert owner.state == AccountState.BLOCKED


def test_auth_07_the_right_code_forgives_the_wrong_ones(half_in, owner, now):
    give(half_in, wrong_code(now))
    give(half_in, wrong_code(now))
    give(half_in, one_time_code(now))
    owner.refresh_from_db()
    assert (owner.state, owner.failed_tries) == (AccountState.ACTIVE, 0)


def test_auth_05_a_known_browser_has_its_own_budget_here_too(owner, now):
    (known,) = known_browsers(owner, 1)
    steps = [compare(owner, wrong_code(now), now, browser=known).step for _ in range(3)]
    assert steps == [SignInStep.FACTOR_DUE, SignInStep.FACTOR_DUE, SignInStep.REFUSED]
    owner.refresh_from_db()
    assert (owner.state, owner.failed_tries) == (AccountState.ACTIVE, 0)


def test_auth_18_five_wrong_codes_in_five_minutes_close_the_factor_wherever_they_came_from(owner, now):
    browsers = known_browsers(owner, 3)
    for browser in [*browsers, *browsers[:2]]:
        compare(owner, wrong_code(now), now, browser=browser)
    for moment in (now, now + timedelta(minutes=4, seconds=59)):
        with pytest.raises(actions.FactorClosed) as closed:
            compare(owner, one_time_code(moment), moment, browser=browsers[2])
        assert closed.value.until == now + timedelta(minutes=5)
    later = now + timedelta(minutes=5)
    assert compare(owner, one_time_code(later), later, browser=browsers[2]).step == SignInStep.SIGNED_IN


def test_auth_18_the_closed_factor_says_when_and_compares_nothing(half_in, owner, now):
    TotpDevice.objects.update(failures=[now.timestamp()] * 5)
    answer = give(half_in, one_time_code(now))
    assert answer.status_code == 429
    assert 290 <= int(answer["Retry-After"]) <= 301
    assert "Attendez 5&nbsp;minutes" in answer.text
    owner.refresh_from_db()
    assert owner.failed_tries == 0
    assert TotpDevice.objects.get().last_step is None


def test_auth_18_wrong_recovery_codes_close_it_as_well(owner, now):
    browsers = known_browsers(owner, 3)
    for browser in [*browsers, *browsers[:2]]:
        compare(owner, "ABCDE23456", now, browser=browser)
    with pytest.raises(actions.FactorClosed):
        compare(owner, one_time_code(now), now, browser=browsers[2])


def test_auth_08_a_throttled_network_is_answered_before_anything_is_compared(half_in, owner, now):
    for number in range(10):
        Client().post(DOOR, {"identifier": f"nobody-{number}", "password": "Wrong-Password-9"})
    answer = give(half_in, one_time_code(now))
    assert answer.status_code == 429
    assert not is_in(half_in)


def test_auth_15_a_refused_code_is_written_down_without_the_code(half_in, owner, now):
    give(half_in, wrong_code(now))
    entry = JournalEntry.objects.get(event="factor.refused")
    assert entry.detail == {"way": "application", "known": False}
    assert entry.company == owner.company.public_id
    assert wrong_code(now) not in str(JournalEntry.objects.values().get(pk=entry.pk))


@pytest.mark.parametrize(
    ("url", "code", "said"),
    [
        (URL, "", "Saisissez le code."),
        (URL, "12345", "Le code compte 6 chiffres."),
        (URL, "abcdef", "Le code compte 6 chiffres."),
        (URL, "1" * 65, "Ce texte est trop long"),
        (URL, "12\x003456", "caractère illisible"),
        (RECOVERY, "123456", "Un code de secours compte 10 signes"),
        (RECOVERY, "ABCDE-2345O", "Un code de secours compte 10 signes"),
    ],
)
def test_what_has_not_the_shape_of_a_code_costs_no_try(half_in, owner, url, code, said):
    page = give(half_in, code, url=url)
    assert page.status_code == 200
    assert said in page.text
    owner.refresh_from_db()
    assert owner.failed_tries == 0
    assert TotpDevice.objects.get().failures == []


# --- Recovery codes -------------------------------------------------------------------------------------------------


def test_a_recovery_code_opens_leads_to_the_factor_and_is_told(half_in, owner, now, run_jobs, mailbox):
    code = recovery_codes(owner, now)[0]
    assert "<h1>Code de secours</h1>" in half_in.get(RECOVERY).text
    answer = give(half_in, code.lower().replace("-", " "), url=RECOVERY)
    assert answer["Location"] == "/profil/second-facteur/"
    page = half_in.get(answer["Location"]).text
    assert "Ce code de secours ne sert plus." in page
    assert "Il en reste 9." in page
    run_jobs()
    told = mailbox[-1]
    assert told.subject == "Connexion avec un code de secours"
    assert "Il vous en reste 9." in told.body
    assert "Si ce n’était pas vous" in told.body
    assert code not in told.body
    entry = JournalEntry.objects.get(event="recovery_code.used")
    assert entry.detail == {"left": 9}


def test_auth_18_a_recovery_code_works_once(half_in, owner, now):
    code = recovery_codes(owner, now)[0]
    give(half_in, code, url=RECOVERY)
    other = Client()
    give_password(other, owner)
    assert "faux, ou il a déjà servi" in give(other, code, url=RECOVERY).text
    assert not is_in(other)


def test_somebody_else_s_recovery_code_opens_nothing(half_in, owner, now):
    theirs = recovery_codes(MembershipFactory(user__factor=True).user, now)[0]
    give(half_in, theirs, url=RECOVERY)
    assert not is_in(half_in)
    assert RecoveryCode.objects.unused().count() == 10


def test_the_recovery_page_leads_to_the_counter_when_all_is_lost(half_in):
    assert "/contact/?motif=autre" in half_in.get(RECOVERY).text


# --- Where a first connection and a forgotten password end ----------------------------------------------------------


@pytest.mark.parametrize("way", list(Way))
def test_auth_18_the_new_password_is_followed_by_the_code_whatever_led_to_it(client, owner, now, way):
    owner = _in_recovery(owner, way, now)
    _come_in(client, owner, way, now)
    client.post("/premiere-connexion/", {"code": CODE})
    answer = client.post("/premiere-connexion/mot-de-passe/", {"password": NEW, "again": NEW})
    assert answer["Location"] == URL
    assert not is_in(client)
    give(client, one_time_code(now))
    assert is_in(client)


def test_an_advisor_s_reset_leaves_the_factor(owner, now):
    User.objects.filter(pk=owner.pk).update(state=AccountState.BLOCKED, failed_tries=3, code_hash="x")
    advisor = UserFactory(advisor=True)
    actions.reset_account(user=owner, by=advisor, browser=BROWSER, now=now, request="")
    assert TotpDevice.objects.of(owner).confirmed().exists()


def _in_recovery(owner, way, now):
    fresh = UserFactory.build(first_connection=True, public_id=owner.public_id)
    owner.code_hash = fresh.code_hash
    if way is Way.TEMPORARY_PASSWORD:
        owner.state, owner.password = AccountState.FIRST_CONNECTION, fresh.password
        owner.temporary_password_expires_at = now + timedelta(hours=1)
    owner.save()
    return owner


def _come_in(client, owner, way, now):
    if way is Way.TEMPORARY_PASSWORD:
        give_password(client, owner, TEMPORARY_PASSWORD)
        return
    token = links.issue(purpose=LinkPurpose.FORGOTTEN, user=owner, now=now)
    client.post(f"/mot-de-passe-oublie/lien/{token}/")


def test_auth_16_a_new_browser_after_failures_is_told_once_the_code_was_right(half_in, owner, now):
    User.objects.filter(pk=owner.pk).update(failed_tries=2)
    Device.objects.create(
        user=owner, nonce_digest="d" * 64, known_since=now, last_used_at=now, life_failures=1, origin="sign_in"
    )
    assert not OutgoingMail.objects.exists()
    give(half_in, one_time_code(now))
    assert [mail.template for mail in OutgoingMail.objects.all()] == ["accounts/emails/new_browser.txt"]


# --- Asked again inside ---------------------------------------------------------------------------------------------


def test_auth_11_a_code_asked_again_counts_as_at_the_door_and_takes_no_recovery_code(owner, now):
    def ask(code):
        return actions.confirm_identity_with_code(user=owner, code=code, browser=BROWSER, now=now)

    recovery = one_time_codes.normalise(recovery_codes(owner, now)[0])
    assert ask(one_time_code(now)) is Comparison.RIGHT
    assert ask(one_time_code(now)) is Comparison.WRONG
    assert ask(recovery) is Comparison.WRONG
    assert RecoveryCode.objects.unused().count() == 10
    assert ask(wrong_code(now)) is Comparison.CLOSED
    owner.refresh_from_db()
    assert owner.state == AccountState.BLOCKED
    assert ask(one_time_code(now, steps=1)) is Comparison.CLOSED
