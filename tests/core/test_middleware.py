"""Every page carries its security headers; a living session is renewed, a stranger's page touches none."""

from datetime import timedelta

import pytest
import time_machine
from django.test import Client
from django.utils import timezone

from accounts import actions
from accounts.models import Session
from tests.accounts.factories import MembershipFactory
from tests.shops.factories import ShopFactory


@pytest.fixture
def answer(client, db):
    return client.get("/connexion/")


def test_out_03_every_page_carries_the_security_headers(answer):
    policy = answer["Content-Security-Policy"]
    for directive in ("default-src 'self'", "object-src 'none'", "base-uri 'none'", "frame-ancestors 'none'"):
        assert directive in policy
    assert "unsafe" not in policy
    assert answer["X-Content-Type-Options"] == "nosniff"
    assert answer["X-Frame-Options"] == "DENY"
    assert answer["Referrer-Policy"] == "same-origin"
    assert answer["Cross-Origin-Opener-Policy"] == "same-origin"
    assert "camera=()" in answer["Permissions-Policy"]


def test_sess_04_no_page_is_kept_by_a_browser(answer):
    assert "no-store" in answer["Cache-Control"]


def test_out_05_a_page_that_does_not_exist_says_so_in_french_with_an_incident_number(client, db):
    answer = client.get("/nulle-part/")
    assert answer.status_code == 404
    assert 'lang="fr"' in answer.text
    assert answer.wsgi_request.incident in answer.text


def test_out_05_a_form_without_its_token_is_refused_with_a_page_that_says_what_to_do(db):
    answer = Client(enforce_csrf_checks=True).post("/connexion/", {"identifier": "beaufils", "password": "x"})
    assert answer.status_code == 403
    assert answer.wsgi_request.incident in answer.text


@pytest.mark.parametrize("content_type", ["application/json", "text/plain", "application/xml", "nonsense", ""])
def test_out_07_a_body_that_is_no_form_is_refused(db, content_type):
    body = b"identifier=beaufils&password=x"
    answer = Client().generic("POST", "/connexion/", body, content_type=content_type)
    assert answer.status_code == 400
    assert answer.wsgi_request.incident in answer.text
    assert Client().generic("POST", "/connexion/", body, "application/x-www-form-urlencoded").status_code == 200


@pytest.mark.parametrize("value", ["%FF%FE", "%ED%A0%80", "%C0%AF", "caf\xe9"])
def test_out_07_a_form_that_is_no_utf_8_is_refused(db, value):
    body = f"identifier={value}&password=x".encode("latin-1")
    assert Client().generic("POST", "/connexion/", body, "application/x-www-form-urlencoded").status_code == 400


def test_out_07_a_multipart_form_that_is_no_utf_8_is_refused(db):
    part = b'--xx\r\nContent-Disposition: form-data; name="identifier"\r\n\r\n%s\r\n--xx--\r\n'
    for value, status in ((b"caf\xe9", 400), ("café".encode(), 200)):
        answer = Client().generic("POST", "/connexion/", part % value, "multipart/form-data; boundary=xx")
        assert answer.status_code == status


def test_out_07_a_post_without_a_body_is_no_wrong_body(client, db):
    assert client.generic("POST", "/deconnexion/", b"", "").status_code == 302


def test_rel_08_the_health_addresses_answer_without_version_or_secret(client, db):
    assert client.get("/healthz").text == "ok\n"
    assert client.get("/readyz").text == "ok\n"


@pytest.mark.parametrize(
    ("former", "place"),
    [
        ("/vads-merchant/", "/"),
        ("/html/faq.html", "/faq/"),
        ("/html/faq/prod", "/faq/prod/"),
        ("/html/error_code/", "/faq/codes-erreur/"),
    ],
)
def test_former_addresses_lead_to_today_s(client, former, place):
    answer = client.get(former)
    assert (answer.status_code, answer["Location"]) == (301, place)


def test_the_home_address_leads_a_stranger_to_the_door(client, db):
    assert client.get("/")["Location"] == "/connexion/?next=/"


@pytest.fixture
def signed_in(client, db):
    member = MembershipFactory(user__active=True)
    ShopFactory(company=member.company)
    client.force_login(member.user)
    client.get("/boutiques/")
    return client


def test_a_session_in_use_is_renewed_once_a_minute_at_most(signed_in, now):
    [session] = Session.objects.all()
    with time_machine.travel(now + timedelta(seconds=30)):
        signed_in.get("/boutiques/")
        assert Session.objects.get().expire_date == session.expire_date
    with time_machine.travel(now + timedelta(seconds=90)):
        signed_in.get("/boutiques/")
        assert Session.objects.get().expire_date > session.expire_date + timedelta(seconds=60)


def test_a_session_left_alone_for_half_an_hour_leads_back_to_the_door(signed_in, now):
    with time_machine.travel(now + timedelta(minutes=31)):
        assert signed_in.get("/boutiques/")["Location"] == "/connexion/?next=/boutiques/"


def test_pay_01_the_payment_page_renews_no_session(signed_in, now):
    before = Session.objects.get().expire_date
    with time_machine.travel(now + timedelta(minutes=10)):
        answer = signed_in.get("/vads-payment/")
    assert not answer.cookies
    assert Session.objects.get().expire_date == before


def test_sessions_that_are_over_are_cleared_and_living_ones_stay(signed_in, now):
    with time_machine.travel(now + timedelta(minutes=10)):
        actions.forget_ended_sessions(now=timezone.now())
        assert Session.objects.count() == 1
    # A day more: a form sent late still finds whose it is.
    with time_machine.travel(now + timedelta(hours=25)):
        actions.forget_ended_sessions(now=timezone.now())
        assert Session.objects.count() == 0
