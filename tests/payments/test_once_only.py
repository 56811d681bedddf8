"""What happens once, and what is forgotten: the bank’s answer, a reference, a card typed in the wrong field."""

from datetime import timedelta
from urllib.parse import urlencode

import pytest
import time_machine
from django.urls import reverse

from payments import acquirer
from payments.models import PaymentSession, Transaction
from tests.payments import wire


class CountingAcquirer(acquirer.Simulator):
    asked = 0

    def authorise(self, order, *, card_number):
        type(self).asked += 1
        return super().authorise(order, card_number=card_number)


@pytest.fixture
def two_previews(client, shop):
    """Two visits opened by GET for one reference, for different amounts."""
    tokens = []
    for amount in ("1990", "2990"):
        form = wire.signed(wire.fields(shop, amount=amount), wire.TEST_CERTIFICATE)
        tokens.append(client.get(reverse("payments:entry"), form).url.split("/")[2])
    return [PaymentSession.objects.of_token(token).get() for token in tokens]


def test_pay_06_two_visits_of_one_reference_ask_the_bank_once(two_previews, pay, monkeypatch):
    monkeypatch.setattr(CountingAcquirer, "asked", 0)
    monkeypatch.setattr(acquirer, "Simulator", CountingAcquirer)

    first, second = (pay(session) for session in two_previews)

    assert (first.status_code, second.status_code) == (302, 410)
    assert CountingAcquirer.asked == 1
    assert Transaction.objects.count() == 1


def test_an_expired_visit_signs_nothing_about_a_reference_another_one_paid(client, two_previews, pay, now):
    expired, paid = two_previews
    pay(paid)
    with time_machine.travel(now + timedelta(minutes=11)):
        page = client.get(reverse("payments:page", args=[expired.token]))
    assert page.status_code == 410
    assert "ABANDONED" not in page.text
    assert "signature" not in page.text


def test_pay_09_a_card_number_typed_as_a_date_is_not_shown_again(client, shop, open_page, pay):
    page = pay(open_page(shop), expiry="4539578763621486")
    assert page.status_code == 200
    assert "4539578763621486" not in page.text


def test_pay_03_a_field_sent_twice_is_named_with_its_code_in_test_and_not_in_production(client, shop):
    for mode, is_told in (("TEST", True), ("PRODUCTION", False)):
        form = wire.signed(wire.fields(shop, ctx_mode=mode), wire.TEST_CERTIFICATE)
        body = urlencode([*form.items(), ("vads_amount", "1")])
        page = client.post(reverse("payments:entry"), body, content_type="application/x-www-form-urlencoded")
        assert page.status_code == 400
        assert "Suite à un incident technique" in page.text
        assert ("vads_amount" in page.text, ">99<" in page.text) == (is_told, is_told)


def test_pay_06_a_form_opened_by_get_then_posted_is_one_visit_whichever_page_is_paid(client, shop, pay):
    form = wire.signed(wire.fields(shop), wire.TEST_CERTIFICATE)
    opened = client.get(reverse("payments:entry"), form).url
    posted = client.post(reverse("payments:entry"), form).url
    first, second = (PaymentSession.objects.of_token(url.split("/")[2]).get() for url in (opened, posted))

    assert pay(first)["Location"] == posted
    assert pay(second).status_code == 302
    late = pay(first)

    assert late.status_code == 410
    assert "connaît le résultat" in late.text
    result = client.get(posted, follow=True)
    assert "Paiement accepté" in result.text
    assert Transaction.objects.count() == 1


def test_a_reference_another_form_took_says_that_nothing_is_charged_here(two_previews, pay):
    first, second = two_previews
    pay(first)
    page = pay(second)
    assert "Ce numéro de transaction a déjà servi" in page.text
    assert "connaît le résultat" not in page.text
