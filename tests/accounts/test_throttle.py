"""Throttles bind unknown browsers only, count failures only, and answer before anything is hashed."""

from concurrent.futures import ThreadPoolExecutor
from datetime import timedelta

import pytest
import time_machine
from django.db import connection
from django.test import Client
from django.utils import timezone

from accounts import rules, throttle
from accounts.models import TryWindow
from backoffice.core.hashers import HouseArgon2PasswordHasher
from tests.accounts.factories import PASSWORD, MembershipFactory, UserFactory, stranger

URL = "/connexion/"


def _try(client, identifier="nobody-00001", password="Wrong-Password-9", **more):
    return client.post(URL, {"identifier": identifier, "password": password}, **more)


@pytest.mark.django_db
def test_auth_08_the_eleventh_failure_of_an_address_in_five_minutes_waits_unhashed(client, monkeypatch):
    for _ in range(10):
        assert _try(client).status_code == 200
    hashed = []
    monkeypatch.setattr(HouseArgon2PasswordHasher, "encode", lambda *given: hashed.append(1))
    monkeypatch.setattr(HouseArgon2PasswordHasher, "verify", lambda *given: hashed.append(1))
    answer = _try(client)
    assert answer.status_code == 429
    assert 0 < int(answer["Retry-After"]) <= 301
    assert "Attendez 5\N{NO-BREAK SPACE}minutes" in answer.content.decode().replace("&nbsp;", "\N{NO-BREAK SPACE}")
    assert hashed == []


@pytest.mark.django_db
def test_auth_07_time_alone_reopens_the_throttle(client):
    user = MembershipFactory().user
    for _ in range(11):
        _try(client)
    assert _try(client, user.identifier, PASSWORD).status_code == 429
    with time_machine.travel(timezone.now() + timedelta(minutes=5, seconds=1), tick=False):
        assert _try(client, user.identifier, PASSWORD).status_code == 302


@pytest.mark.django_db
def test_auth_08_successes_count_for_nothing():
    people = [MembershipFactory(user__identifier=f"person-{number}").user for number in range(12)]
    for person in people:
        assert _try(Client(), person.identifier, PASSWORD).status_code == 302
    assert set(TryWindow.objects.values_list("tries", flat=True)) == {0}


@pytest.mark.django_db
def test_auth_08_a_known_browser_is_not_held_back_by_its_address():
    user = MembershipFactory().user
    known = Client()
    _try(known, user.identifier, PASSWORD)
    known.post("/deconnexion/")
    for _ in range(11):
        _try(Client())
    assert _try(Client(), user.identifier, PASSWORD).status_code == 429
    assert _try(known, user.identifier, PASSWORD).status_code == 302


@pytest.mark.django_db
def test_auth_08_a_thousand_failures_overall_hold_back_every_unknown_browser(monkeypatch):
    monkeypatch.setattr(rules, "TRIES_OVERALL", 5)
    for number in range(5):
        assert _try(Client(REMOTE_ADDR=f"198.51.100.{number + 1}")).status_code == 200
    assert _try(Client(REMOTE_ADDR="198.51.100.200")).status_code == 429
    assert TryWindow.objects.get(key="198.51.100.200").tries == 0


def test_auth_08_the_limits_are_those_of_the_checklist():
    assert (10, 1000, timedelta(minutes=5)) == (rules.TRIES_PER_ADDRESS, rules.TRIES_OVERALL, rules.TRY_WINDOW)


@pytest.mark.django_db
def test_auth_09_an_ipv6_network_is_one_caller_and_headers_of_the_client_change_nothing(client):
    for number in range(10):
        _try(client, REMOTE_ADDR=f"2001:db8:7::{number + 1}", HTTP_X_FORWARDED_FOR=f"203.0.113.{number}")
    assert _try(client, REMOTE_ADDR="2001:db8:7::ffff", HTTP_X_REAL_IP="203.0.113.99").status_code == 429
    assert _try(client, REMOTE_ADDR="2001:db8:8::1").status_code == 200


@pytest.mark.django_db
def test_auth_09_behind_a_trusted_proxy_the_address_it_saw_counts(client, settings):
    settings.TRUSTED_PROXY_COUNT = 1
    for number in range(10):
        _try(client, HTTP_X_FORWARDED_FOR=f"10.0.0.{number}, 203.0.113.5")
    assert _try(client, HTTP_X_FORWARDED_FOR="10.0.0.99, 203.0.113.5").status_code == 429
    assert _try(client, HTTP_X_FORWARDED_FOR="10.0.0.1, 203.0.113.6").status_code == 200


@pytest.mark.django_db
def test_auth_11_wrong_codes_count_for_the_address_too():
    for number in range(4):
        user = UserFactory(identifier=f"newcomer-{number}", first_connection=True)
        client = Client()
        _try(client, user.identifier, "Rk7mWq4xTz9b")
        for _ in range(3):
            answer = client.post("/premiere-connexion/", {"code": "113355"})
    assert answer.status_code in {302, 429}
    assert _try(Client()).status_code == 429


@pytest.mark.django_db
def test_windows_that_are_over_are_deleted(now):
    throttle.take(stranger(1), now=now - timedelta(hours=1))
    throttle.take(stranger(2), now=now)
    throttle.forget_old(now=now)
    assert set(TryWindow.objects.values_list("key", flat=True)) == {stranger(2).origin, "*"}


@pytest.mark.django_db(transaction=True)
def test_auth_10_forty_tries_over_as_many_connections_share_one_limit(now):
    def take(_):
        try:
            throttle.take(stranger(1), now=now)
        except throttle.TooManyTries:
            return 0
        else:
            return 1
        finally:
            connection.close()

    with ThreadPoolExecutor(max_workers=8) as pool:
        assert sum(pool.map(take, range(40))) == 10
    assert TryWindow.objects.get(key=stranger(1).origin).tries == 10
