"""Two tabs, two clicks, two servers at the very same moment: one page, one transaction (PAY-06)."""

import threading

import pytest
from django.db import connection
from django.test import Client
from django.urls import reverse

from payments.models import Notification, PaymentSession, Transaction
from tests.payments import wire
from tests.payments.factories import shop_ready

pytestmark = pytest.mark.django_db(transaction=True)
CARD = {"number": "4970100000000014", "expiry": "12/39", "security_code": "123"}
TABS = 8


def at_once(request):
    """Make the same request from eight threads released together; give the answers."""
    gate = threading.Barrier(TABS)
    answers = []

    def tab():
        try:
            gate.wait(10)
            answers.append(request(Client()))
        finally:
            connection.close()

    threads = [threading.Thread(target=tab) for _ in range(TABS)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join(30)
    assert len(answers) == TABS
    return answers


def test_pay_06_eight_clicks_at_once_make_one_transaction_and_all_lead_to_it():
    shop = shop_ready()
    page = Client().post("/vads-payment/", wire.form_of(shop)).url

    answers = at_once(lambda browser: browser.post(page, CARD))

    assert {(one.status_code, one.url) for one in answers} == {(302, f"{page}resultat/")}
    assert Transaction.objects.count() == Notification.objects.count() == 1


def test_pay_06_eight_posts_of_the_same_form_at_once_open_one_page():
    form = wire.form_of(shop_ready())

    answers = at_once(lambda browser: browser.post("/vads-payment/", form))

    assert len({(one.status_code, one.url) for one in answers}) == 1
    assert PaymentSession.objects.count() == 1


def test_pay_06_different_forms_with_one_reference_at_once_leave_one_payable():
    shop = shop_ready()
    amounts = iter(range(100, 100 + TABS))

    answers = at_once(lambda browser: browser.post("/vads-payment/", wire.form_of(shop, amount=str(next(amounts)))))

    assert sorted(one.status_code for one in answers) == [302] + [400] * (TABS - 1)
    assert PaymentSession.objects.count() == 1


def test_pay_06_paying_and_cancelling_at_once_end_in_one_of_both():
    shop = shop_ready()
    page = Client().post("/vads-payment/", wire.form_of(shop)).url
    token = page.split("/")[2]
    cancel = reverse("payments:cancel", args=[token])
    turns = iter(range(TABS))

    at_once(lambda browser: browser.post(page, CARD) if next(turns) % 2 else browser.post(cancel))

    session = PaymentSession.objects.get()
    assert Transaction.objects.count() == (1 if session.state == "completed" else 0)
    assert session.state in {"completed", "cancelled"}
