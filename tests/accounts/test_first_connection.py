"""The first connection: temporary password, code, own password, in this order and nothing else meanwhile."""

from datetime import timedelta

import pytest
from django.contrib.auth import SESSION_KEY
from django.test import Client
from django.urls import reverse
from django.utils import timezone

from accounts import actions
from accounts.enums import AccountState
from accounts.models import PasswordRecord, User
from backoffice.core.models import JournalEntry
from tests.accounts.factories import BROWSER, CODE, PASSWORD, TEMPORARY_PASSWORD, MembershipFactory, stranger

pytestmark = pytest.mark.django_db
SIGN_IN, CODE_PAGE, PASSWORD_PAGE = "/connexion/", "/premiere-connexion/", "/premiere-connexion/mot-de-passe/"


@pytest.fixture
def newcomer():
    return MembershipFactory(user__first_connection=True).user


def _sign_in(client, user, password=TEMPORARY_PASSWORD):
    return client.post(SIGN_IN, {"identifier": user.identifier, "password": password})


def _to_password_page(client, user):
    _sign_in(client, user)
    return client.post(CODE_PAGE, {"code": CODE})


def _choose(client, password=PASSWORD, again=None):
    return client.post(PASSWORD_PAGE, {"password": password, "again": again or password})


def _is_signed_in(client):
    return SESSION_KEY in client.session


@pytest.mark.parametrize("code", ["482918", "482917\0", "48 29", "4829171234567"])
def test_rst_08_no_page_shows_a_typed_code_again(client, newcomer, code):
    _sign_in(client, newcomer)
    page = client.post(CODE_PAGE, {"code": code})
    assert page.status_code == 200
    assert "is-invalid" in page.text
    assert code not in page.text


def test_rst_06_temporary_password_then_code_then_own_password_open_the_house(client, newcomer, run_jobs, mailbox):
    assert _sign_in(client, newcomer)["Location"] == CODE_PAGE
    page = client.get(CODE_PAGE).content.decode()
    assert "Code de première connexion" in page
    assert 'inputmode="numeric"' in page
    assert client.post(CODE_PAGE, {"code": "482 917"})["Location"] == PASSWORD_PAGE
    page = client.get(PASSWORD_PAGE).content.decode()
    assert page.count('autocomplete="new-password"') == 2
    assert page.count('type="password"') == 2
    assert not _is_signed_in(client)
    response = _choose(client)
    assert (response.status_code, response["Location"]) == (302, "/")
    assert _is_signed_in(client)
    newcomer.refresh_from_db()
    assert (newcomer.state, newcomer.temporary_password_expires_at) == (AccountState.ACTIVE, None)
    assert PasswordRecord.objects.chosen().get().password == newcomer.password
    run_jobs()
    assert [message.subject for message in mailbox] == ["Votre mot de passe est enregistré"]
    events = list(JournalEntry.objects.order_by("pk").values_list("event", flat=True))
    assert events == ["temporary_password.accepted", "code.accepted", "password.chosen"]


@pytest.mark.parametrize("address", ["/", "/boutiques/", "/boutiques/12345678/contrat/pdf/", "/conseiller/"])
@pytest.mark.parametrize("is_code_proven", [False, True])
def test_rst_05_no_other_page_opens_before_the_own_password(client, newcomer, address, is_code_proven):
    _to_password_page(client, newcomer) if is_code_proven else _sign_in(client, newcomer)
    response = client.get(address, follow=True)
    assert response.redirect_chain[-1][0] == (PASSWORD_PAGE if is_code_proven else CODE_PAGE)


def test_rst_06_the_new_password_page_cannot_be_reached_before_the_code(client, newcomer):
    _sign_in(client, newcomer)
    assert client.get(PASSWORD_PAGE)["Location"] == CODE_PAGE
    assert _choose(client)["Location"] == CODE_PAGE
    newcomer.refresh_from_db()
    assert newcomer.state == AccountState.FIRST_CONNECTION


def test_rst_06_without_the_temporary_password_both_pages_lead_to_the_sign_in(client, newcomer):
    for page in (CODE_PAGE, PASSWORD_PAGE):
        assert client.get(page)["Location"] == SIGN_IN
        assert client.post(page, {"code": CODE, "password": PASSWORD, "again": PASSWORD})["Location"] == SIGN_IN
    newcomer.refresh_from_db()
    assert newcomer.state == AccountState.FIRST_CONNECTION


def test_a_wrong_code_leads_nowhere_and_says_what_to_do(client, newcomer):
    _sign_in(client, newcomer)
    response = client.post(CODE_PAGE, {"code": "113355"})
    assert response.status_code == 200
    assert "Ce n’est pas votre code" in response.content.decode()
    assert client.get(PASSWORD_PAGE)["Location"] == CODE_PAGE
    assert not _is_signed_in(client)


@pytest.mark.parametrize("typed", ["", "12345", "1234567890123", "48291a", "\x00", "x" * 100, "４８"])
def test_a_code_of_another_shape_costs_no_try(client, newcomer, typed):
    _sign_in(client, newcomer)
    response = client.post(CODE_PAGE, {"code": typed})
    assert 'class="invalid-feedback"' in response.content.decode()
    newcomer.refresh_from_db()
    assert newcomer.failed_tries == 0


def test_rst_07_the_third_wrong_code_blocks_and_ends_the_flow(client, newcomer):
    _sign_in(client, newcomer)
    for _ in range(3):
        response = client.post(CODE_PAGE, {"code": "113355"})
    assert "Connexion refusée" in response.content.decode()
    newcomer.refresh_from_db()
    assert newcomer.state == AccountState.BLOCKED
    assert client.get(CODE_PAGE)["Location"] == SIGN_IN
    assert "Connexion refusée" in _sign_in(client, newcomer).content.decode()


def test_rst_07_passwords_and_codes_share_the_budget_and_another_browser_changes_nothing(client, newcomer):
    _sign_in(client, newcomer, "Wrong-Password-9")
    _sign_in(client, newcomer)
    client.post(CODE_PAGE, {"code": "113355"})
    other = Client()
    _sign_in(other, newcomer)
    other.post(CODE_PAGE, {"code": "224466"})
    newcomer.refresh_from_db()
    assert newcomer.state == AccountState.BLOCKED


def test_blocking_elsewhere_ends_a_flow_before_the_code_and_not_after_it(client, newcomer):
    _sign_in(client, newcomer)
    for _ in range(3):
        _sign_in(Client(), newcomer, "Wrong-Password-9")
    assert client.get(CODE_PAGE)["Location"] == SIGN_IN
    User.objects.filter(pk=newcomer.pk).update(state=AccountState.FIRST_CONNECTION, failed_tries=0)
    _to_password_page(client, newcomer)
    for _ in range(3):
        _sign_in(Client(REMOTE_ADDR="198.51.100.9"), newcomer, "Wrong-Password-9")
    assert _choose(client)["Location"] == "/"
    newcomer.refresh_from_db()
    assert newcomer.state == AccountState.ACTIVE


def test_rst_04_the_temporary_password_serves_72_hours(newcomer, now, client):
    User.objects.filter(pk=newcomer.pk).update(temporary_password_expires_at=timezone.now() - timedelta(seconds=1))
    response = _sign_in(client, newcomer)
    assert "Un mot de passe temporaire sert une fois, pendant 72 heures" in response.content.decode()
    assert "Connexion refusée" in response.content.decode()
    assert client.get(CODE_PAGE)["Location"] == SIGN_IN


def test_rst_04_it_expires_in_the_middle_of_the_flow_too(client, newcomer):
    _to_password_page(client, newcomer)
    User.objects.filter(pk=newcomer.pk).update(temporary_password_expires_at=timezone.now() - timedelta(seconds=1))
    assert _choose(client)["Location"] == SIGN_IN


def test_rst_04_the_temporary_password_is_used_up_by_the_own_one(client, newcomer):
    _to_password_page(client, newcomer)
    _choose(client)
    client.post("/deconnexion/")
    assert "Connexion refusée" in _sign_in(client, newcomer).content.decode()
    assert _sign_in(client, newcomer, PASSWORD)["Location"] == "/"


def test_rst_04_a_second_drawing_kills_the_first_and_the_flow_it_opened(client, newcomer, now):
    _to_password_page(client, newcomer)
    drawn = actions.redraw_temporary_password(user=newcomer, now=now)
    assert _choose(client)["Location"] == SIGN_IN
    assert "Connexion refusée" in _sign_in(client, newcomer).content.decode()
    assert _sign_in(client, newcomer, drawn)["Location"] == CODE_PAGE


@pytest.mark.parametrize(
    ("password", "said"),
    [
        ("short1A", "Il faut au moins 8 caractères."),
        ("no-capital-letter-42-here", "Il manque une majuscule."),
        ("NO-SMALL-LETTER-42-HERE", "Il manque une minuscule."),
        ("No-Digit-Anywhere-Here", "Il manque un chiffre."),
        ("No-Latin-Digit-٣٣٣-Here", "Il manque un chiffre."),
        ("Motdepasse1", "Il contient un mot courant du français."),
        ("Lefebvre1", "Il contient un mot qui vous concerne"),
        ("Fqrg7cs493", "Il figure parmi les mots de passe les plus répandus."),
        ("A1" + "a" * 127, "dépasse 128 caractères"),
        (TEMPORARY_PASSWORD, "Ce mot de passe a déjà servi pour ce compte."),
    ],
)
def test_pwd_02_the_server_judges_whatever_the_meter_said(client, newcomer, password, said):
    _to_password_page(client, newcomer)
    response = _choose(client, password)
    page = response.content.decode()
    assert response.status_code == 200
    assert said in page
    assert password not in page
    assert not _is_signed_in(client)
    newcomer.refresh_from_db()
    assert newcomer.state == AccountState.FIRST_CONNECTION


def test_pwd_02_two_different_entries_are_refused(client, newcomer):
    _to_password_page(client, newcomer)
    assert "Les deux saisies diffèrent" in _choose(client, PASSWORD, "Another-One-42-xy").content.decode()


def test_pwd_04_a_password_composed_on_another_keyboard_is_the_same_password(client, newcomer):
    _to_password_page(client, newcomer)
    _choose(client, "Éléphant-Rosé-42-Cîme")
    client.post("/deconnexion/")
    decomposed = "E\u0301le\u0301phant-Rose\u0301-42-Ci\u0302me"
    assert _sign_in(client, newcomer, decomposed)["Location"] == "/"


def test_pwd_06_after_a_reset_none_of_the_last_four_passwords_is_accepted(now, newcomer):
    chosen = [f"Tangerine-Velvet-{number}7-Orbit" for number in range(6)]
    for days, password in enumerate(chosen):
        _reset(newcomer, now + timedelta(days=days))
        actions.choose_password(user=newcomer, password=password, now=now, browser=BROWSER)
        newcomer.refresh_from_db()
    _reset(newcomer, now)
    for password in chosen[2:]:
        with pytest.raises(actions.PasswordAlreadyUsed):
            actions.choose_password(user=newcomer, password=password, now=now, browser=BROWSER)
    assert newcomer.password_records.chosen().count() == 4
    assert newcomer.password_records.mailed().count() == 1
    assert actions.choose_password(user=newcomer, password=chosen[0], now=now, browser=BROWSER).user.is_active


def _reset(user, now):
    if user.state == AccountState.ACTIVE:
        for number in range(3):
            actions.sign_in(identifier=user.identifier, password="Wrong-Password-9", browser=stranger(number), now=now)
    actions.redraw_temporary_password(user=user, now=now)
    user.refresh_from_db()


def test_each_step_has_a_new_session_id(client, newcomer):
    seen = set()
    _sign_in(client, newcomer)
    seen.add(client.session.session_key)
    client.post(CODE_PAGE, {"code": CODE})
    seen.add(client.session.session_key)
    _choose(client)
    seen.add(client.session.session_key)
    assert len(seen) == 3


def test_the_flow_can_be_left(client, newcomer):
    _sign_in(client, newcomer)
    assert client.get(SIGN_IN)["Location"] == CODE_PAGE
    client.post(reverse("accounts:sign_out"))
    assert client.get(SIGN_IN).status_code == 200


def test_the_meter_gets_the_persons_words_and_loads_its_library_there_alone(client, newcomer):
    _to_password_page(client, newcomer)
    page = client.get(PASSWORD_PAGE).content.decode()
    assert "lefebvre" in page
    assert newcomer.company.siret in page
    assert "vendor/zxcvbn/zxcvbn.js" in page
    assert 'data-meter-for="id_password"' in page
    assert "zxcvbn" not in Client().get(SIGN_IN).content.decode()
    assert CODE not in page
