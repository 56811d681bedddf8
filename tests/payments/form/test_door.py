"""The door of the entry: whoever comes, by which method, and what is looked at (PAY-01, PAY-11)."""

from datetime import timedelta

import pytest
import time_machine
from django.urls import reverse

from certificates.models import Certificate
from payments.models import PaymentSession, Transaction
from tests.payments import wire
from tests.payments.form.answers import URL, assert_taken
from tests.shops.factories import member_of

pytestmark = pytest.mark.django_db


# --- PAY-01: no cookie, no token -------------------------------------------------------------------------------
def test_pay_01_a_cross_site_post_needs_no_csrf_token_and_touches_no_session(shop, django_assert_num_queries):
    from django.test import Client

    browser = Client(enforce_csrf_checks=True)
    person = member_of(shop)
    browser.force_login(person)
    cookie = browser.cookies["session"].value

    response = browser.post(URL, wire.form_of(shop), headers={"Origin": "https://boutique.example"})
    page = browser.get(response.url)
    paid = browser.post(response.url, {"number": "4970100000000014", "expiry": "12/39", "security_code": "123"})

    assert (response.status_code, page.status_code, paid.status_code) == (302, 200, 302)
    assert not any(one.cookies for one in (response, page, paid))
    assert person.identifier not in page.content.decode()
    assert browser.cookies["session"].value == cookie
    with django_assert_num_queries(1):
        assert browser.get(f"/paiement/{'A' * 22}/").status_code == 404


def test_the_page_of_a_token_asks_the_database_once_and_never_for_a_session(
    client, shop, open_page, django_assert_num_queries
):
    session = open_page(shop)
    client.force_login(member_of(shop))

    with django_assert_num_queries(1) as captured:
        client.get(reverse("payments:page", args=[session.token]))

    assert not any("django_session" in query["sql"] for query in captured.captured_queries)


# --- PAY-11, PAY-13: methods and sizes -------------------------------------------------------------------------
@pytest.mark.parametrize("method", ["put", "delete", "trace", "patch", "options"])
def test_pay_11_other_methods_are_not_allowed(client, method):
    assert getattr(client, method)(URL).status_code == 405


def test_pay_11_the_bare_address_says_what_it_is_for(client, db):
    page = client.get(URL)
    assert page.status_code == 200
    assert "Cette adresse reçoit les formulaires de paiement signés" in page.content.decode()
    assert client.head(URL).status_code == 200


def test_pay_11_a_get_opens_the_page_and_neither_pays_nor_burns(client, shop):
    form = wire.form_of(shop)

    first, again = client.get(URL, form), client.get(URL, form)

    assert first.status_code == again.status_code == 302
    assert first.url == again.url
    session = PaymentSession.objects.get()
    assert not session.holds_reference
    assert not Transaction.objects.exists()
    # Another form may still take the reference.
    assert client.post(URL, wire.form_of(shop, amount="100")).status_code == 302


# --- What a form costs -----------------------------------------------------------------------------------------
def test_a_form_is_taken_in_three_queries_and_in_two_once_its_certificate_was_seen_at_work(
    post_form, shop, django_assert_num_queries
):
    first, second = (wire.form_of(shop, trans_id=number) for number in ("000001", "000002"))
    with django_assert_num_queries(3):
        response = post_form(first)
    assert_taken(response, first)
    with django_assert_num_queries(2) as captured:
        response = post_form(second)
    assert_taken(response, second)
    assert not any("SAVEPOINT" in query["sql"] for query in captured.captured_queries)


def test_the_same_form_again_asks_who_holds_its_reference_and_writes_nothing(
    post_form, shop, django_assert_num_queries
):
    form = wire.form_of(shop)
    opened = post_form(form)
    with django_assert_num_queries(3) as captured:
        again = post_form(form)
    assert again.url == opened.url
    assert not any("UPDATE" in query["sql"] for query in captured.captured_queries)


def test_only_a_form_with_a_notification_address_of_its_own_asks_for_the_shops(
    post_form, shop, django_assert_num_queries
):
    post_form(wire.form_of(shop, trans_id="000001"))
    with django_assert_num_queries(3):
        response = post_form(wire.form_of(shop, url_check="https://boutique.example/ipn"))
    assert_taken(response)


def test_the_use_of_a_certificate_is_written_down_at_most_once_a_minute(post_form, shop, now):
    for number, (seconds, noted) in enumerate(((0, 0), (59, 0), (60, 60), (61, 60))):
        with time_machine.travel(now + timedelta(seconds=seconds), tick=False):
            assert_taken(post_form(wire.form_of(shop, trans_id=f"{number:06d}")))
        assert Certificate.objects.get().last_used_at == now + timedelta(seconds=noted)


def test_a_refused_form_is_no_use_of_the_certificate(post_form, shop):
    assert post_form(wire.form_of(shop, amount="0")).status_code == 400
    assert Certificate.objects.get().last_used_at is None
