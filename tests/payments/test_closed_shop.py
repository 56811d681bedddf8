"""A closed shop: its forms get error 02 in both modes, and a buyer who was already on the page may finish."""

import logging
from datetime import timedelta

import pytest
import time_machine

from payments.models import Notification, PaymentSession, Transaction
from shops.actions import close_shop
from shops.enums import ShopClosingReason
from tests.accounts.factories import BROWSER, UserFactory
from tests.payments import wire
from tests.payments.factories import go_live

pytestmark = pytest.mark.django_db
INCIDENT = "Suite à un incident technique, nous ne sommes pas en mesure de traiter votre demande de paiement"


@pytest.fixture
def close(now):
    def close_(shop):
        advisor = UserFactory(advisor=True)
        close_shop(shop=shop, reason=ShopClosingReason.CONTRACT_OVER, by=advisor, browser=BROWSER, now=now)

    return close_


def test_pay_03_a_signed_form_of_a_closed_shop_gets_error_02_in_test(post_form, shop, close):
    form = wire.form_of(shop)
    close(shop)
    answer = post_form(form)
    assert answer.status_code == 400
    assert INCIDENT in answer.text
    assert '<span class="mono">02</span>' in answer.text
    assert '<span class="mono">vads_site_id</span>' in answer.text
    assert not PaymentSession.objects.exists()


def test_pay_03_a_signed_form_of_a_closed_shop_gets_error_02_in_production(post_form, shop, close, caplog, settings):
    settings.ACQUIRER = "payments.acquirer.Simulator"
    go_live(shop)
    form = wire.signed(wire.fields(shop, ctx_mode="PRODUCTION"), wire.PRODUCTION_CERTIFICATE)
    assert post_form(form).status_code == 302
    close(shop)
    again = wire.fields(shop, ctx_mode="PRODUCTION", trans_id="000043")
    with caplog.at_level(logging.WARNING):
        answer = post_form(wire.signed(again, wire.PRODUCTION_CERTIFICATE))
    assert answer.status_code == 400
    assert INCIDENT in answer.text
    # In PRODUCTION the page tells no detail: the log does.
    assert "payment form refused: 02 vads_site_id" in caplog.text
    assert PaymentSession.objects.count() == 1


def test_a_form_in_an_address_gets_error_02_too(client, shop, close):
    form = wire.form_of(shop)
    close(shop)
    assert client.get("/vads-payment/", form).status_code == 400
    assert not PaymentSession.objects.exists()


def test_a_buyer_who_was_on_the_page_may_finish_and_the_shop_is_told(open_page, pay, shop, close):
    session = open_page(shop)
    close(shop)
    answer = pay(session)
    assert answer["Location"] == f"/paiement/{session.token}/resultat/"
    assert Transaction.objects.get().shop == shop
    assert Notification.objects.get().transaction == Transaction.objects.get()


def test_that_buyer_has_the_page_s_ten_minutes_and_no_more(open_page, pay, post_form, shop, close, now):
    session = open_page(shop)
    close(shop)
    # The same bytes posted again lead nowhere: the form is judged first.
    assert post_form(wire.signed(session.fields)).status_code == 400
    with time_machine.travel(now + timedelta(minutes=11), tick=False):
        assert pay(session).status_code == 410
    assert not Transaction.objects.exists()
