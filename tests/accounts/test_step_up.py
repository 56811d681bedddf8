"""Confirming who is there before a secret is shown or an address of production changes."""

from datetime import timedelta

import pytest
import time_machine
from django.conf import settings
from django.http import HttpResponse

from accounts import actions
from accounts.guards import confirmation_required
from accounts.models import ContactChange, KeptForm
from backoffice.core.models import JournalEntry
from tests.accounts.factories import BROWSER, PASSWORD, TotpDeviceFactory, confirm, one_time_code, wrong_code
from tests.certificates.factories import CertificateFactory
from tests.shops.factories import ShopFactory, member_of

pytestmark = pytest.mark.django_db
VALUE = "1122334455667788"
REVEAL = "/boutiques/12345678/certificats/test/afficher/"
URLS = "/boutiques/12345678/url-serveur/"
CONFIRM = "/profil/confirmer/?next=/connexion/reprise/"


@pytest.fixture
def shop():
    shop = ShopFactory(site_id="12345678")
    CertificateFactory(shop=shop, value=VALUE)
    return shop


@pytest.fixture
def member(shop):
    return member_of(shop)


@pytest.fixture
def signed_in(client, member):
    client.force_login(member)
    client.get("/profil/")
    return client


def events(name):
    return JournalEntry.objects.filter(event=name).count()


def test_key_03_a_certificate_asks_who_is_there_then_shows_once_the_kept_request_is_sent(signed_in):
    answer = signed_in.post(REVEAL)
    assert answer["Location"] == CONFIRM
    answer = signed_in.post("/profil/confirmer/", {"password": PASSWORD, "next": "/connexion/reprise/"}, follow=True)
    assert f'action="{REVEAL}"' in answer.text
    assert "Afficher le certificat" in answer.text
    ticket = KeptForm.objects.get().public_id

    shown = signed_in.post(REVEAL, {"kept_form": ticket})
    assert VALUE in shown.text
    assert shown["Cache-Control"] == "no-store"
    assert not KeptForm.objects.exists()
    assert (events("identity.confirmed"), events("certificate.revealed")) == (1, 1)


def test_a_request_that_is_renounced_is_forgotten(signed_in):
    signed_in.post(REVEAL)
    confirm(signed_in)
    page = signed_in.get("/connexion/reprise/").text
    assert "Afficher le certificat" in page
    signed_in.post("/connexion/reprise/", {"kept_form": KeptForm.objects.get().public_id})
    assert not KeptForm.objects.exists()
    assert events("certificate.revealed") == 0


def test_key_03_the_confirmation_is_worth_five_minutes(signed_in, now):
    confirm(signed_in)
    with time_machine.travel(now + timedelta(minutes=4)):
        assert VALUE in signed_in.post(REVEAL).text
    with time_machine.travel(now + timedelta(minutes=6)):
        assert signed_in.post(REVEAL)["Location"] == CONFIRM


def test_sess_01_a_new_id_at_the_confirmation_and_the_former_one_is_dead(signed_in):
    before = signed_in.cookies[settings.SESSION_COOKIE_NAME].value
    confirm(signed_in)
    assert signed_in.cookies[settings.SESSION_COOKIE_NAME].value != before
    signed_in.cookies[settings.SESSION_COOKIE_NAME] = before
    assert signed_in.get("/profil/").status_code == 302


def test_sess_03_after_fifteen_idle_minutes_a_secret_asks_for_the_door(signed_in, now):
    confirm(signed_in)
    with time_machine.travel(now + timedelta(minutes=16)):
        assert signed_in.post(REVEAL)["Location"] == "/connexion/?next=/connexion/reprise/"
        assert signed_in.get("/profil/").status_code == 302


def test_auth_11_wrong_confirmations_spend_the_door_s_budget_and_the_third_ends_the_session(signed_in, member):
    for _ in range(2):
        answer = signed_in.post("/profil/confirmer/", {"password": "Wrong-Horse-1"})
        assert "Ce n’est pas votre mot de passe." in answer.text
        assert "Wrong-Horse-1" not in answer.text
    answer = signed_in.post("/profil/confirmer/", {"password": "Wrong-Horse-1"})
    assert "Connexion refusée" in answer.text
    member.refresh_from_db()
    assert member.state == "blocked"
    assert events("identity.refused") == 3
    assert signed_in.get("/profil/").status_code == 302


def test_whoever_has_a_second_factor_confirms_with_its_code_and_not_with_the_password(signed_in, member, now):
    TotpDeviceFactory(user=member)
    recovery = actions.draw_recovery_codes(user=member, browser=BROWSER, now=now)[0]
    page = signed_in.get("/profil/confirmer/").text
    assert "Code à usage unique" in page
    assert 'type="password"' not in page
    for refused in ({"password": PASSWORD}, {"code": recovery}):
        assert signed_in.post("/profil/confirmer/", refused).status_code == 200
        assert signed_in.post(REVEAL)["Location"] == CONFIRM
    before = signed_in.cookies[settings.SESSION_COOKIE_NAME].value
    assert signed_in.post("/profil/confirmer/", {"code": one_time_code(now)})["Location"] == "/profil/"
    assert signed_in.cookies[settings.SESSION_COOKIE_NAME].value != before
    assert VALUE in signed_in.post(REVEAL).text
    assert events("identity.confirmed") == 1


def test_auth_11_wrong_codes_at_the_confirmation_spend_the_door_s_budget_too(signed_in, member, now):
    TotpDeviceFactory(user=member)
    for _ in range(2):
        page = signed_in.post("/profil/confirmer/", {"code": wrong_code(now)}).text
        assert "Ce code est faux, ou il a déjà servi." in page
    assert "Connexion refusée" in signed_in.post("/profil/confirmer/", {"code": wrong_code(now)}).text
    member.refresh_from_db()
    assert member.state == "blocked"
    assert events("identity.refused") == 3
    assert events("factor.refused") == 0
    assert signed_in.get("/profil/").status_code == 302


def test_auth_18_a_closed_factor_says_when_at_the_confirmation_too(signed_in, member, now):
    TotpDeviceFactory(user=member, failures=[now.timestamp()] * 5)
    answer = signed_in.post("/profil/confirmer/", {"code": one_time_code(now)})
    assert answer.status_code == 429
    assert answer["Retry-After"]


def test_auth_13_an_endless_password_is_refused_unhashed(signed_in, member):
    answer = signed_in.post("/profil/confirmer/", {"password": "a" * 100_000})
    assert "Ce n’est pas votre mot de passe." in answer.text
    member.refresh_from_db()
    assert member.failed_tries == 0


@pytest.mark.parametrize("elsewhere", ["https://evil.example/", "//evil.example/", "javascript:alert(1)"])
def test_a_confirmation_never_leads_to_another_site(signed_in, elsewhere):
    answer = signed_in.post("/profil/confirmer/", {"password": PASSWORD, "next": elsewhere})
    assert answer["Location"] == "/profil/"


def test_a_production_address_asks_who_is_there_and_a_test_one_does_not(signed_in, shop):
    typed = "https://fromagerie.example/ipn"
    answer = signed_in.post(URLS, {"mode": "PRODUCTION", "production-url": typed})
    assert answer["Location"] == CONFIRM
    assert ("production-url", typed) in KeptForm.objects.get().form().fields
    assert signed_in.post(URLS, {"mode": "TEST", "test-url": ""}).status_code == 200


@pytest.mark.parametrize(("page", "field"), [("e-mail", "email"), ("telephone", "phone")])
def test_another_e_mail_or_telephone_asks_who_is_there_and_keeps_what_was_typed(signed_in, page, field):
    path, typed = f"/profil/coordonnees/{page}/", {"email": "new@fromagerie.example", "phone": "01 99 00 77 77"}[field]
    assert signed_in.get(path)["Location"] == f"/profil/confirmer/?next={path}"
    assert signed_in.post(path, {field: typed})["Location"] == CONFIRM
    assert not ContactChange.objects.exists()
    kept = signed_in.post("/profil/confirmer/", {"password": PASSWORD, "next": "/connexion/reprise/"}, follow=True)
    assert typed in kept.text
    signed_in.post(path, {field: typed, "kept_form": KeptForm.objects.get().public_id})
    assert ContactChange.objects.get().kind == field


def test_another_merchant_s_certificate_does_not_exist_before_anything_is_asked(signed_in):
    ShopFactory(site_id="23456789")
    assert signed_in.post("/boutiques/23456789/certificats/test/afficher/").status_code == 404


def test_the_decorator_leads_a_get_to_the_confirmation_and_back(signed_in, member, rf):
    @confirmation_required
    def view(request):
        return HttpResponse("shown")

    request = rf.get("/utilisateurs/?page=2")
    request.user, request.session = member, signed_in.session
    assert view(request)["Location"] == "/profil/confirmer/?next=/utilisateurs/%3Fpage%3D2"
    confirm(signed_in)
    request.session = signed_in.session
    assert view(request).content == b"shown"
