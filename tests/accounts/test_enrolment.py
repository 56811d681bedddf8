"""Having a second factor: the picture, the first code, the recovery codes shown once, replacing, giving up."""

import re
from datetime import timedelta

import pytest
import time_machine
from django.conf import settings as django_settings
from django.test import Client

from accounts import actions, one_time_codes, rules
from accounts.enums import SignInStep
from accounts.models import RecoveryCode, Session, TotpDevice, User
from backoffice.core.models import JournalEntry, OutgoingMail
from tests.accounts.factories import (
    BROWSER,
    FACTOR_KEY,
    PASSWORD,
    MembershipFactory,
    TotpDeviceFactory,
    UserFactory,
    confirm,
    just_confirmed,
    one_time_code,
    wrong_code,
)

pytestmark = pytest.mark.django_db
URL = "/profil/second-facteur/"
BEGIN, ENROL, DRAW, REMOVE = (URL + part for part in ("commencer/", "activer/", "codes-de-secours/", "retirer/"))
PRINTED = re.compile(r"<code>([2-9A-HJKMNP-Z]{5}-[2-9A-HJKMNP-Z]{5})</code>")


@pytest.fixture
def merchant():
    return MembershipFactory(user__identifier="lefebvre-58204").user


@pytest.fixture
def enrolled():
    return MembershipFactory(user__identifier="lefebvre-58204", user__factor=True).user


def signed_in(client, user):
    """Somebody who confirmed a moment ago who they are."""
    client.force_login(user)
    just_confirmed(client)
    return client


def waiting_key(user):
    return TotpDevice.objects.of(user).unconfirmed().get().secret()


def enrol(client, user, now):
    """Go through the pages as a person does; return the last one."""
    client.post(BEGIN)
    return client.post(ENROL, {"code": one_time_code(now, key=waiting_key(user))})


def sign_in(user, code, now):
    return actions.give_second_factor(user=user, code=one_time_codes.normalise(code), browser=BROWSER, now=now).step


def test_the_page_says_what_is_needed_and_draws_nothing(client, merchant):
    page = signed_in(client, merchant).get(URL).text
    assert "<h1>Second facteur</h1>" in page
    assert "Activer le second facteur" in page
    assert client.get(ENROL)["Location"] == URL
    assert not TotpDevice.objects.exists()


def test_the_key_is_shown_as_a_picture_and_in_words(client, merchant):
    signed_in(client, merchant)
    assert client.post(BEGIN)["Location"] == ENROL
    page = client.get(ENROL).text
    assert "<svg" in page
    assert one_time_codes.typed_key(waiting_key(merchant)) in page
    assert 'autocomplete="one-time-code"' in page
    assert waiting_key(merchant).hex() not in page


def test_the_first_right_code_activates_it_and_shows_ten_codes_once(client, merchant, now, run_jobs, mailbox):
    signed_in(client, merchant)
    page = enrol(client, merchant, now)
    codes = PRINTED.findall(page.text)
    assert len(set(codes)) == 10
    assert page["Cache-Control"] == "no-store"
    assert "Votre second facteur est activé" in page.text
    assert sign_in(merchant, codes[0], now) == SignInStep.SIGNED_IN
    assert not PRINTED.findall(client.get(URL).text)
    assert client.post(ENROL, {"code": one_time_code(now)})["Location"] == URL
    run_jobs()
    (told,) = [message for message in mailbox if message.subject == "Votre second facteur est activé"]
    assert "Si ce n’était pas vous" in told.body
    assert all(code not in message.body for message in mailbox for code in codes)
    entry = JournalEntry.objects.get(event="factor.enrolled")
    assert entry.detail == {"replaced": False}


def test_rst_09_neither_key_nor_recovery_codes_are_kept_in_clear(client, merchant, now):
    signed_in(client, merchant)
    codes = PRINTED.findall(enrol(client, merchant, now).text)
    rows = str([list(model.objects.values()) for model in (TotpDevice, RecoveryCode, Session, OutgoingMail)])
    assert all(code not in rows and code.replace("-", "") not in rows for code in codes)
    assert TotpDevice.objects.get().secret().hex() not in rows


def test_a_wrong_first_code_activates_nothing_counts_at_no_door_and_keeps_the_picture(client, merchant, now):
    signed_in(client, merchant)
    client.post(BEGIN)
    key = waiting_key(merchant)
    code = next(code for code in ("000000", "111111", "222222") if code != one_time_code(now, key=key))
    page = client.post(ENROL, {"code": code}).text
    assert "Ce n’est pas le code de cette clé en ce moment." in page
    assert one_time_codes.typed_key(key) in page
    assert not rules.has_factor(merchant)
    merchant.refresh_from_db()
    assert merchant.failed_tries == 0


def test_auth_18_five_wrong_first_codes_in_five_minutes_wait_too(client, merchant, now):
    signed_in(client, merchant)
    client.post(BEGIN)
    TotpDevice.objects.update(failures=[now.timestamp()] * 5)
    answer = client.post(ENROL, {"code": one_time_code(now, key=waiting_key(merchant))})
    assert answer.status_code == 429
    assert int(answer["Retry-After"]) <= 301
    assert not rules.has_factor(merchant)


def test_a_key_waits_half_an_hour_and_no_longer(client, merchant, now):
    signed_in(client, merchant)
    client.post(BEGIN)
    key = waiting_key(merchant)
    later = now + timedelta(minutes=31)
    TotpDevice.objects.update(created_at=now - timedelta(minutes=31))
    assert client.get(ENROL)["Location"] == URL
    with pytest.raises(actions.NothingToConfirm):
        actions.confirm_enrolment(
            user=merchant, code=one_time_code(later, key=key), session="", browser=BROWSER, now=later
        )
    client.post(BEGIN)
    assert waiting_key(merchant) != key


def test_asking_twice_keeps_the_picture_under_the_camera(client, merchant):
    signed_in(client, merchant)
    client.post(BEGIN)
    key = waiting_key(merchant)
    client.post(BEGIN)
    assert waiting_key(merchant) == key


def test_auth_18_the_code_that_activated_it_does_not_open_the_door_again(client, merchant, now):
    signed_in(client, merchant)
    enrol(client, merchant, now)
    code = one_time_code(now, key=TotpDevice.objects.get().secret())
    assert sign_in(merchant, code, now) == SignInStep.FACTOR_DUE


def test_sess_01_activating_gives_a_new_session_id_and_ends_the_sessions_opened_without_it(client, merchant, now):
    elsewhere = signed_in(Client(), merchant)
    before = signed_in(client, merchant).cookies[django_settings.SESSION_COOKIE_NAME].value
    enrol(client, merchant, now)
    assert client.cookies[django_settings.SESSION_COOKIE_NAME].value != before
    assert client.get(URL).status_code == 200
    assert elsewhere.get(URL)["Location"].startswith("/connexion/")
    assert Session.objects.count() == 1


def test_another_application_takes_the_place_of_the_former_at_its_first_code(client, enrolled, now):
    signed_in(client, enrolled)
    actions.draw_recovery_codes(user=enrolled, browser=BROWSER, now=now)
    client.post(BEGIN)
    assert sign_in(enrolled, one_time_code(now), now) == SignInStep.SIGNED_IN
    key = waiting_key(enrolled)
    page = client.post(ENROL, {"code": one_time_code(now, key=key)})
    assert TotpDevice.objects.get().secret() == key != FACTOR_KEY
    assert len(PRINTED.findall(page.text)) == RecoveryCode.objects.count() == 10
    later = now + timedelta(seconds=60)
    assert sign_in(enrolled, one_time_code(later), later) == SignInStep.FACTOR_DUE
    assert JournalEntry.objects.get(event="factor.enrolled").detail == {"replaced": True}


def test_other_recovery_codes_kill_the_earlier_ones(client, enrolled, now, run_jobs, mailbox):
    earlier = actions.draw_recovery_codes(user=enrolled, browser=BROWSER, now=now)
    drawn = PRINTED.findall(signed_in(client, enrolled).post(DRAW).text)
    assert len(drawn) == 10
    assert not set(drawn) & set(earlier)
    assert sign_in(enrolled, earlier[0], now) == SignInStep.FACTOR_DUE
    assert sign_in(enrolled, drawn[0], now) == SignInStep.SIGNED_IN
    run_jobs()
    assert [message.subject for message in mailbox].count("Vos codes de secours sont remplacés") == 2
    assert JournalEntry.objects.filter(event="recovery_codes.drawn").count() == 2


@pytest.mark.parametrize(("left", "said"), [(10, "Il en reste 10."), (3, "Bientôt plus"), (0, "aucun code de secours")])
def test_few_recovery_codes_left_are_worth_a_word(client, enrolled, now, left, said):
    actions.draw_recovery_codes(user=enrolled, browser=BROWSER, now=now)
    used = RecoveryCode.objects.all()[: 10 - left]
    RecoveryCode.objects.filter(pk__in=[code.pk for code in used]).update(used_at=now)
    assert said in signed_in(client, enrolled).get(URL).text


def test_giving_it_up_asks_the_password_alone_again_and_is_told(client, enrolled, now, run_jobs, mailbox):
    actions.draw_recovery_codes(user=enrolled, browser=BROWSER, now=now)
    elsewhere = signed_in(Client(), enrolled)
    page = signed_in(client, enrolled).post(REMOVE, follow=True).text
    assert "Le second facteur est retiré." in page
    assert not TotpDevice.objects.exists()
    assert not RecoveryCode.objects.exists()
    assert elsewhere.get(URL).status_code == 302
    assert Client().post("/connexion/", {"identifier": enrolled.identifier, "password": PASSWORD})["Location"] == "/"
    run_jobs()
    assert "Votre second facteur est retiré" in [message.subject for message in mailbox]
    assert JournalEntry.objects.filter(event="factor.removed").count() == 1


def test_auth_18_whoever_must_have_one_replaces_it_and_never_gives_it_up(client, enrolled):
    advisor = UserFactory(advisor=True)
    enrolled.company.requires_second_factor = True
    enrolled.company.save()
    for user in (advisor, enrolled):
        browser = signed_in(Client(), user)
        assert "Retirer le second facteur" not in browser.get(URL).text
        assert "il se remplace, il ne se retire pas" in browser.post(REMOVE, follow=True).text
        assert rules.has_factor(user)


@pytest.mark.parametrize("path", [BEGIN, DRAW, REMOVE])
def test_looking_changes_nothing(client, enrolled, path):
    assert signed_in(client, enrolled).get(path).status_code == 405


@pytest.mark.parametrize("path", [DRAW, REMOVE])
def test_without_a_factor_there_is_nothing_to_draw_or_to_give_up(client, merchant, path):
    assert signed_in(client, merchant).post(path)["Location"] == URL
    assert not JournalEntry.objects.exists()


def test_auth_16_a_frozen_account_keeps_its_factor_as_it_is(client, enrolled, now):
    signed_in(client, enrolled).post(BEGIN)
    key = waiting_key(enrolled)
    User.objects.filter(pk=enrolled.pk).update(changes_frozen_at=now)
    page = client.get(URL).text
    assert "Les modifications de ce compte sont gelées." in page
    assert "Remplacer l’application" not in page
    assert client.get(ENROL)["Location"] == URL
    for path in (BEGIN, DRAW, REMOVE):
        assert client.post(path)["Location"] == URL
    assert client.post(ENROL, {"code": one_time_code(now, key=key)})["Location"] == URL
    assert TotpDevice.objects.confirmed().get().secret() == FACTOR_KEY
    assert not RecoveryCode.objects.exists()


def test_two_keys_of_two_people_differ(client, merchant):
    other = MembershipFactory().user
    for user in (merchant, other):
        actions.begin_enrolment(user=user, now=user.created_at)
    assert waiting_key(merchant) != waiting_key(other)


def test_after_a_recovery_code_the_page_offers_another_application(client, enrolled, now):
    code = actions.draw_recovery_codes(user=enrolled, browser=BROWSER, now=now)[0]
    client.post("/connexion/", {"identifier": enrolled.identifier, "password": PASSWORD})
    client.post("/connexion/second-facteur/?moyen=secours", {"code": code})
    page = client.get(URL).text
    assert "Remplacer l’application" in page
    assert client.post(BEGIN)["Location"] == ENROL


def test_a_wrong_code_here_says_nothing_about_a_confirmed_factor(enrolled, now):
    TotpDeviceFactory(user=enrolled, pending=True, created_at=now)
    outcome = actions.confirm_enrolment(user=enrolled, code=wrong_code(now), session="", browser=BROWSER, now=now)
    assert outcome is None
    assert TotpDevice.objects.confirmed().get().failures == []


# --- Who is there, asked before -------------------------------------------------------------------------------------


@pytest.mark.parametrize("path", [BEGIN, DRAW, REMOVE])
def test_nothing_changes_before_the_person_confirmed_who_they_are(client, enrolled, path):
    client.force_login(enrolled)
    assert client.post(path)["Location"] == "/profil/confirmer/?next=/connexion/reprise/"
    factor = TotpDevice.objects.get()
    assert factor.secret() == FACTOR_KEY
    assert not RecoveryCode.objects.exists()


def test_a_merchant_confirms_with_the_password_then_begins(client, merchant):
    client.force_login(merchant)
    assert client.post(BEGIN)["Location"].startswith("/profil/confirmer/")
    confirm(client)
    assert "Activer le second facteur" in client.get("/connexion/reprise/").text
    assert client.post(BEGIN)["Location"] == ENROL


def test_the_key_is_shown_to_nobody_who_did_not_confirm(client, merchant, now):
    TotpDeviceFactory(user=merchant, pending=True, created_at=now)
    client.force_login(merchant)
    assert client.get(ENROL)["Location"] == f"/profil/confirmer/?next={ENROL}"
    for code in ("", wrong_code(now)):
        assert client.post(ENROL, {"code": code})["Location"].startswith("/profil/confirmer/")
    assert not rules.has_factor(merchant)


def test_installing_an_application_may_take_longer_than_a_confirmation_lasts(client, merchant, now):
    signed_in(client, merchant).post(BEGIN)
    later = now + timedelta(minutes=12)
    with time_machine.travel(later):
        page = client.post(ENROL, {"code": one_time_code(later, key=waiting_key(merchant))})
    assert "Votre second facteur est activé" in page.text


def test_after_a_recovery_code_another_application_asks_no_confirmation_and_the_rest_does(client, enrolled, now):
    code = actions.draw_recovery_codes(user=enrolled, browser=BROWSER, now=now)[0]
    client.post("/connexion/", {"identifier": enrolled.identifier, "password": PASSWORD})
    client.post("/connexion/second-facteur/?moyen=secours", {"code": code})
    for path in (DRAW, REMOVE):
        assert client.post(path)["Location"].startswith("/profil/confirmer/")
    assert client.post(BEGIN)["Location"] == ENROL
    page = client.post(ENROL, {"code": one_time_code(now, key=waiting_key(enrolled))})
    assert "Votre second facteur est activé" in page.text
    assert client.post(BEGIN)["Location"].startswith("/profil/confirmer/")


def test_half_an_hour_after_a_recovery_code_another_application_asks_who_is_there(client, enrolled, now):
    code = actions.draw_recovery_codes(user=enrolled, browser=BROWSER, now=now)[0]
    client.post("/connexion/", {"identifier": enrolled.identifier, "password": PASSWORD})
    client.post("/connexion/second-facteur/?moyen=secours", {"code": code})
    for minutes in (10, 20, 31):
        with time_machine.travel(now + timedelta(minutes=minutes)):
            answer = client.get(URL) if minutes < 30 else client.post(BEGIN)
    assert answer["Location"].startswith("/profil/confirmer/")


@pytest.mark.parametrize("path", [URL, ENROL])
def test_the_pages_ask_little_of_the_database(client, enrolled, django_assert_max_num_queries, path):
    signed_in(client, enrolled).post(BEGIN)
    with django_assert_max_num_queries(10):
        assert client.get(path).status_code == 200


@pytest.mark.parametrize("path", ["/profil/second-facteur/", "/faq/", "/contact/", "/donnees-personnelles/"])
def test_whoever_owes_a_factor_meets_no_menu_whose_entries_would_not_open(client, path):
    owing, enrolled = UserFactory(advisor=True, factor=False), UserFactory(advisor=True)
    client.force_login(enrolled)
    assert "Espace conseiller" in client.get(path).text
    client.force_login(owing)
    page = client.get(path)
    assert page.status_code == 200
    assert "Espace conseiller" not in page.text
