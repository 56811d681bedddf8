"""Changing one's password: the current one first, the same judge as ever, one session left, and a mail."""

import json
from datetime import timedelta

import pytest
from django.contrib.auth import SESSION_KEY
from django.contrib.auth.hashers import make_password
from django.core import serializers
from django.db import connection
from django.test import Client
from django.views.debug import SafeExceptionReporterFilter

from accounts import actions, links, passwords
from accounts.enums import AccountState, LinkPurpose
from accounts.models import MailedLink, PasswordRecord, Session, User
from backoffice.core.models import JournalEntry, OutgoingMail
from backoffice.core.moves import IllegalMove
from tests.accounts.factories import (
    BROWSER,
    CODE,
    PASSWORD,
    TEMPORARY_PASSWORD,
    MembershipFactory,
    UserFactory,
)

pytestmark = pytest.mark.django_db
URL = "/mot-de-passe/"
NEW = "Meule-Alpage-31-Cuivre"


@pytest.fixture
def merchant():
    return MembershipFactory(user__identifier="lefebvre-58204").user


@pytest.fixture
def browser(client, merchant):
    client.force_login(merchant)
    return client


def _change(client, current=PASSWORD, password=NEW, again=None):
    return client.post(URL, {"current": current, "password": password, "again": password if again is None else again})


def _act(user, now, password=NEW, current=PASSWORD):
    return actions.change_password(user=user, current=current, password=password, session="", now=now, browser=BROWSER)


def _opens(user, password):
    user.refresh_from_db()
    return passwords.verify(password, user.password)[0]


def test_a_stranger_is_led_to_the_door(client, merchant):
    assert client.get(URL)["Location"] == "/connexion/?next=/mot-de-passe/"
    assert _change(client)["Location"] == "/connexion/?next=/mot-de-passe/"
    assert _opens(merchant, PASSWORD)


def test_somebody_in_first_connection_is_led_back_to_it(client):
    newcomer = MembershipFactory(user__first_connection=True).user
    client.post("/connexion/", {"identifier": newcomer.identifier, "password": TEMPORARY_PASSWORD})
    assert _change(client, TEMPORARY_PASSWORD)["Location"].startswith("/connexion/")
    assert _opens(newcomer, TEMPORARY_PASSWORD)


@pytest.mark.parametrize(("trait", "menu"), [({}, "Boutiques"), ({"advisor": True}, "Espace conseiller")])
def test_merchants_and_advisors_change_it_on_the_same_page(client, trait, menu):
    user = UserFactory(**trait)
    client.force_login(user)
    page = client.get(URL).content.decode()
    assert "<h1>Mot de passe</h1>" in page
    assert menu in page
    assert _change(client)["Location"] == URL
    assert _opens(user, NEW)


def test_pwd_07_every_field_is_made_for_password_managers_and_can_be_shown(browser):
    page = browser.get(URL).content.decode()
    assert page.count('type="password"') == 3
    assert page.count('autocomplete="current-password"') == 1
    assert page.count('autocomplete="new-password"') == 2
    assert page.count("data-show-password=") == 3
    assert page.count("autofocus") == 1
    assert 'value="lefebvre-58204" autocomplete="username"' in page
    assert "onpaste" not in page
    assert 'data-meter-for="id_password"' in page


def test_pwd_01_the_current_password_is_needed(browser, merchant):
    page = _change(browser, current="").content.decode()
    assert "Saisissez votre mot de passe actuel." in page
    assert _opens(merchant, PASSWORD)
    assert merchant.failed_tries == 0


def test_pwd_01_a_wrong_current_password_counts_and_says_so(browser, merchant):
    page = _change(browser, current="Wrong-Password-9").content.decode()
    assert "Ce n’est pas votre mot de passe actuel." in page
    assert "après 3 essais manqués de suite, le compte est bloqué" in page
    assert _opens(merchant, PASSWORD)
    assert merchant.failed_tries == 1
    entry = JournalEntry.objects.get()
    assert (entry.event, entry.actor_id) == ("identity.refused", merchant.public_id)


def test_pwd_01_the_third_wrong_one_ends_the_session_and_shows_the_door(browser, merchant, run_jobs, mailbox):
    for _ in range(3):
        answer = _change(browser, current="Wrong-Password-9")
    assert "Connexion refusée" in answer.content.decode()
    assert SESSION_KEY not in browser.session
    assert browser.get(URL)["Location"].startswith("/connexion/")
    merchant.refresh_from_db()
    assert merchant.state == AccountState.BLOCKED
    run_jobs()
    assert [message.subject for message in mailbox] == ["Votre compte est bloqué"]


def test_pwd_01_the_right_one_forgets_the_wrong_ones(browser, merchant):
    _change(browser, current="Wrong-Password-9")
    _change(browser)
    assert _opens(merchant, NEW)
    assert merchant.failed_tries == 0


def test_pwd_01_tries_at_the_door_and_here_share_one_budget(browser, merchant):
    for _ in range(2):
        Client().post("/connexion/", {"identifier": merchant.identifier, "password": "Wrong-Password-9"})
    assert "Connexion refusée" in _change(browser, current="Wrong-Password-9").content.decode()


@pytest.mark.parametrize(
    ("password", "said"),
    [
        ("short1A", "Il faut au moins 8 caractères."),
        ("no-capital-letter-42-here", "Il manque une majuscule."),
        ("NO-SMALL-LETTER-42-HERE", "Il manque une minuscule."),
        ("No-Digit-Anywhere-Here", "Il manque un chiffre."),
        ("No-Latin-Digit-٣٣٣-Here", "Il manque un chiffre."),
        ("Motdepasse1", "Il contient un mot courant du français."),
        ("Fqrg7cs493", "Il figure parmi les mots de passe les plus répandus."),
        ("Lefebvre-58204", "Il contient un mot qui vous concerne"),
        ("A1" + "a" * 127, "dépasse 128 caractères"),
        ("nul\x00Inside-42-Alpage", "caractère nul"),
        ("", "Saisissez votre nouveau mot de passe."),
    ],
)
def test_pwd_02_pwd_05_the_server_judges_whatever_the_meter_said(browser, merchant, password, said):
    answer = _change(browser, password=password)
    page = answer.content.decode()
    assert answer.status_code == 200
    assert said in page
    assert password == "" or password not in page
    assert _opens(merchant, PASSWORD)


def test_pwd_05_the_companys_words_are_refused_with_their_reason(browser, merchant):
    actions.note_trade_name(company=merchant.company, name="Alpagine")
    page = _change(browser, password="Alpagine-2").content.decode()
    assert "Il contient un mot qui vous concerne" in page
    assert 'data-level="weak"' in page
    assert _opens(merchant, PASSWORD)


def test_pwd_02_two_different_entries_are_refused(browser, merchant):
    assert "Les deux saisies diffèrent" in _change(browser, again="Another-One-42-xy").content.decode()
    assert _opens(merchant, PASSWORD)
    assert merchant.failed_tries == 0


def test_pwd_04_the_current_password_is_the_same_from_another_keyboard(client):
    user = UserFactory(password=make_password("Éléphant-Rosé-42-Cîme"))
    client.force_login(user)
    _change(client, current="E\u0301le\u0301phant-Rose\u0301-42-Ci\u0302me")
    assert _opens(user, NEW)


def test_pwd_06_neither_the_current_nor_one_of_the_last_four(merchant, now):
    chosen = [f"Tangerine-Velvet-{number}7-Orbit" for number in range(5)]
    current = PASSWORD
    for place, password in enumerate(chosen):
        _act(User.objects.get(pk=merchant.pk), now + timedelta(minutes=place), password, current)
        current = password
    for password in chosen[1:]:
        with pytest.raises(actions.PasswordAlreadyUsed):
            _act(User.objects.get(pk=merchant.pk), now, password, current)
    assert PasswordRecord.objects.of(merchant).chosen().count() == 4
    _act(User.objects.get(pk=merchant.pk), now + timedelta(hours=1), chosen[0], current)


def test_pwd_06_the_current_one_is_refused_even_before_any_history(browser, merchant):
    assert not PasswordRecord.objects.exists()
    page = _change(browser, password=PASSWORD).content.decode()
    assert "Ce mot de passe a déjà servi pour ce compte." in page
    assert PASSWORD not in page


def test_pwd_06_the_mailed_one_is_refused_long_after_the_first_connection(client, now):
    user = MembershipFactory(user__first_connection=True).user
    client.post("/connexion/", {"identifier": user.identifier, "password": TEMPORARY_PASSWORD})
    client.post("/premiere-connexion/", {"code": CODE})
    client.post("/premiere-connexion/mot-de-passe/", {"password": PASSWORD, "again": PASSWORD})
    current = PASSWORD
    for number in range(5):
        password = f"Tangerine-Velvet-{number}7-Orbit"
        _act(User.objects.get(pk=user.pk), now + timedelta(hours=1, minutes=number), password, current)
        current = password
    with pytest.raises(actions.PasswordAlreadyUsed):
        _act(User.objects.get(pk=user.pk), now + timedelta(hours=2), TEMPORARY_PASSWORD, current)


def test_pwd_08_this_session_goes_on_under_a_new_id_and_the_others_end(browser, merchant):
    other = Client()
    other.force_login(merchant)
    stranger = Client()
    stranger.force_login(UserFactory())
    before = browser.session.session_key
    _change(browser)
    # Before anybody asks for a page: the rows themselves are gone.
    assert Session.objects.of(merchant).count() == 1
    assert browser.session.session_key != before
    page = browser.get(URL)
    assert page.status_code == 200
    assert "Votre mot de passe est changé. Vos autres sessions sont terminées." in page.content.decode()
    assert other.get(URL)["Location"].startswith("/connexion/")
    assert stranger.get(URL).status_code == 200
    browser.cookies["session"] = before
    assert browser.get(URL)["Location"].startswith("/connexion/")


def test_pwd_08_the_owner_is_told_by_mail_and_the_journal_keeps_who_and_where(browser, merchant, run_jobs, mailbox):
    _change(browser)
    run_jobs()
    [message] = mailbox
    assert (message.to, message.subject) == ([merchant.email], "Votre mot de passe est changé")
    assert "vos autres sessions sont terminées" in message.body
    assert "Si ce n’était pas vous" in message.body
    entry = JournalEntry.objects.get()
    assert (entry.event, entry.actor_id, entry.company) == (
        "password.changed",
        merchant.public_id,
        merchant.company.public_id,
    )


def test_a_link_of_a_forgotten_password_dies_with_it(merchant, now):
    token = links.issue(purpose=LinkPurpose.FORGOTTEN, user=merchant, now=now)
    kept = links.issue(purpose=LinkPurpose.NOT_ME, user=merchant, now=now)
    _act(merchant, now)
    assert links.find(token, purpose=LinkPurpose.FORGOTTEN, now=now) is None
    assert links.find(kept, purpose=LinkPurpose.NOT_ME, now=now) is not None


def test_pwd_09_what_was_typed_is_in_no_page_row_job_or_mail(browser, merchant, run_jobs, mailbox, caplog):
    typed = ["Wrong-Cur-Pwd-9", "Weak-Lefebvre-1", NEW, PASSWORD]
    pages = [
        _change(browser, current=typed[0]),
        _change(browser, password=typed[1]),
        _change(browser, again="Another-One-42-xy"),
        _change(browser),
        browser.get(URL),
    ]
    run_jobs()
    kept = "".join(page.content.decode() + str(page.headers) for page in pages)
    kept += "".join(message.body for message in mailbox) + caplog.text + json.dumps(dict(browser.session))
    for model in (User, PasswordRecord, JournalEntry, OutgoingMail, MailedLink, Session):
        kept += serializers.serialize("json", model.objects.all())
    with connection.cursor() as cursor:
        cursor.execute("SELECT string_agg(args::text, '') FROM procrastinate_jobs")
        kept += str(cursor.fetchone())
    assert [password for password in typed if password in kept] == []


def test_pwd_09_an_error_report_would_hide_the_three_fields(browser):
    request = _change(browser, password="Motdepasse1").wsgi_request
    reported = str(SafeExceptionReporterFilter().get_post_parameters(request))
    assert "current" in reported
    assert "Motdepasse1" not in reported
    assert PASSWORD not in reported


def test_advisors_need_twelve_characters(client):
    advisor = UserFactory(advisor=True)
    client.force_login(advisor)
    page = _change(client, password="Xk9-mQ4-vT7").content.decode()
    assert "Il faut au moins 12 caractères." in page
    assert '"minimum": 12' in page
    assert _opens(advisor, PASSWORD)


def test_a_frozen_account_keeps_its_password_and_is_told_the_way_out(browser, merchant, now):
    User.objects.filter(pk=merchant.pk).update(changes_frozen_at=now)
    page = browser.get(URL).content.decode()
    assert "Les modifications de ce compte sont gelées." in page
    assert "/contact/" in page
    assert '<form class="form"' not in page
    assert _change(browser)["Location"] == URL
    assert _opens(merchant, PASSWORD)
    with pytest.raises(actions.ChangesFrozen):
        _act(merchant, now)


def test_of_two_changes_at_once_the_second_finds_its_current_password_replaced(merchant, now):
    first, second = User.objects.get(pk=merchant.pk), User.objects.get(pk=merchant.pk)
    _act(first, now)
    with pytest.raises(actions.CurrentPasswordRefused):
        _act(second, now, "Tangerine-Velvet-27-Orbit")
    with pytest.raises(IllegalMove):
        _act(second, now, "Tangerine-Velvet-27-Orbit", NEW)
    assert _opens(merchant, NEW)


@pytest.mark.parametrize("trait", ["blocked", "closed"])
def test_no_try_is_taken_for_an_account_that_takes_none(trait, now):
    user = UserFactory(**{trait: True})
    with pytest.raises(actions.CurrentPasswordRefused) as refused:
        _act(user, now)
    assert refused.value.comparison == "closed"
    assert _opens(user, PASSWORD)


@pytest.mark.parametrize("method", ["put", "delete", "patch"])
def test_other_methods_are_refused(browser, method):
    assert getattr(browser, method)(URL).status_code == 405


def test_the_form_needs_its_token(merchant):
    client = Client(enforce_csrf_checks=True)
    client.force_login(merchant)
    assert _change(client).status_code == 403
