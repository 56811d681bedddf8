"""Extra tries after a refusal, as the shop grants them: one visit, one payment, and what was refused before it."""

import re

import pytest
from django.urls import reverse

from certificates.models import Evidence
from payments.enums import SessionState
from payments.models import Notification, PaymentSession, RefusedCard, Transaction
from tests.payments.conftest import ACCEPTED, LIMIT_EXCEEDED
from tests.payments.factories import shop_ready
from tests.payments.reading import source_of

pytestmark = pytest.mark.django_db
NOT_AUTHENTICATED, CHALLENGED = "4970 1000 0000 0063", "4970 1000 0000 0022"


@pytest.fixture
def shop(db):
    return shop_ready(extra_attempts=2)


def test_a_refused_card_leaves_the_page_open_and_says_how_many_tries_are_left(client, shop, open_page, pay):
    session = open_page(shop)

    for words in ("Il vous reste 2 essais", "Il vous reste un essai"):
        response = pay(session, LIMIT_EXCEEDED)
        assert response.url == reverse("payments:page", args=[session.token])
        page = source_of(client.get(response.url))
        assert words in page
        assert "Votre banque n’a pas accepté cette carte" in page
    assert not Transaction.objects.exists()
    assert not Notification.objects.exists()


def test_pay_06_a_double_click_on_a_refused_card_spends_one_try(client, shop, open_page):
    session = open_page(shop)
    path = reverse("payments:page", args=[session.token])

    def click():
        shown = re.findall(r'<input type="hidden" name="([a-z_]+)" value="([0-9]+)">', page)
        return client.post(path, {"number": LIMIT_EXCEEDED, "expiry": "12/39", "security_code": "123"} | dict(shown))

    page = client.get(path).text
    answers = [click(), click(), click()]

    assert {one["Location"] for one in answers} == {path}
    assert RefusedCard.objects.count() == 1
    page = client.get(path).text
    assert "Il vous reste 2 essais" in page
    click()
    assert RefusedCard.objects.count() == 2


@pytest.mark.parametrize("seen", ["", "x", "-1", "9" * 5000, "٣"])
def test_a_page_that_does_not_say_what_it_saw_pays_all_the_same(client, shop, open_page, pay, seen):
    session = open_page(shop)
    pay(session, LIMIT_EXCEEDED)
    assert pay(session, ACCEPTED, refusals=seen)["Location"] == reverse("payments:result", args=[session.token])


def test_the_last_refusal_is_the_payment_s_result_and_the_only_one_told(shop, open_page, pay):
    session = open_page(shop)
    for number in (LIMIT_EXCEEDED, NOT_AUTHENTICATED, LIMIT_EXCEEDED):
        response = pay(session, number)

    assert response.url == reverse("payments:result", args=[session.token])
    assert Transaction.objects.get().status == "REFUSED"
    assert Notification.objects.count() == 1
    tried = [
        (one.number, one.masked_number, one.auth_result, one.payment_error) for one in RefusedCard.objects.in_order()
    ]
    assert tried == [(1, "497010XXXXXX0071", "51", ""), (2, "497010XXXXXX0063", "", "39")]


def test_another_card_pays_after_a_refusal(shop, open_page, pay):
    session = open_page(shop)
    pay(session, LIMIT_EXCEEDED)

    assert pay(session, ACCEPTED).url == reverse("payments:result", args=[session.token])

    assert Transaction.objects.get().is_accepted
    assert Notification.objects.count() == 1
    assert PaymentSession.objects.get().refusals == 1


def test_a_buyer_refused_by_the_bank_s_page_may_try_another_card(shop, open_page, pay, answer_bank):
    session = open_page(shop)
    pay(session, CHALLENGED)

    assert answer_bank(session, "refuse").url == reverse("payments:page", args=[session.token])
    assert pay(session, ACCEPTED).url == reverse("payments:result", args=[session.token])
    assert RefusedCard.objects.get().payment_error == "39"


def test_turning_back_after_a_refusal_tells_of_no_payment(client, shop, open_page, pay):
    session = open_page(shop)
    pay(session, LIMIT_EXCEEDED)

    client.post(reverse("payments:cancel", args=[session.token]))

    assert PaymentSession.objects.get().state == SessionState.CANCELLED
    assert not Transaction.objects.exists()


def test_without_the_setting_the_first_refusal_ends_the_visit(open_page, pay):
    session = open_page(shop_ready())
    assert pay(session, LIMIT_EXCEEDED).url == reverse("payments:result", args=[session.token])
    assert not RefusedCard.objects.exists()


def test_only_the_final_refusal_proves_the_test_phase(shop, open_page, pay):
    session = open_page(shop)
    pay(session, LIMIT_EXCEEDED)
    assert not Evidence.objects.exists()
    pay(session, LIMIT_EXCEEDED)
    pay(session, LIMIT_EXCEEDED)
    assert Evidence.objects.get().reference == str(Transaction.objects.get().public_id)


def test_the_merchant_reads_the_cards_refused_before_the_payment(client, shop, open_page, pay):
    from tests.shops.factories import member_of

    session = open_page(shop)
    pay(session, LIMIT_EXCEEDED)
    pay(session, ACCEPTED)
    client.force_login(member_of(shop))

    page = source_of(
        client.get(reverse("payments:transaction", args=[shop.site_id, Transaction.objects.get().public_id]))
    )

    assert "Cartes refusées avant ce paiement" in page
    assert "497010XXXXXX0071" in page
    assert "51 : " in page
