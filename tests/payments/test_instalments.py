"""A payment in several times: a row for each instalment, the first one asked of the bank and told."""

from datetime import timedelta
from typing import ClassVar
from urllib.parse import parse_qsl, urlsplit

import pytest
from django.urls import reverse

from payments.acquirer import Simulator
from payments.models import Notification, Transaction
from payments.notifications import payload
from tests.payments import wire
from tests.payments.conftest import LIMIT_EXCEEDED
from tests.payments.factories import go_live
from tests.payments.reading import source_of
from tests.shops.factories import member_of

pytestmark = pytest.mark.django_db
CHALLENGED = "4970 1000 0000 0022"
THREE_TIMES = "MULTI:first=3000;count=3;period=30"


class Bank(Simulator):
    """The acquirer of a bank that remembers what it was asked for."""

    asked: ClassVar[list[int]] = []

    def authorise(self, order, *, card_number):
        self.asked.append(order.amount_cents)
        return super().authorise(order, card_number=card_number)

    def conclude(self, order, *, token, is_authenticated):
        self.asked.append(order.amount_cents)
        return super().conclude(order, token=token, is_authenticated=is_authenticated)


@pytest.mark.parametrize(("config", "asked"), [("SINGLE", 6490), (THREE_TIMES, 3000)])
def test_the_bank_is_asked_for_what_is_due_at_once_and_no_more(
    shop, open_page, pay, answer_bank, settings, config, asked
):
    Bank.asked.clear()
    settings.ACQUIRER = f"{__name__}.Bank"
    go_live(shop)
    terms = {"ctx_mode": "PRODUCTION", "payment_config": config, "certificate": wire.PRODUCTION_CERTIFICATE}

    pay(open_page(shop, **terms))
    challenged = open_page(shop, trans_id="000043", **terms)
    pay(challenged, CHALLENGED)
    answer_bank(challenged, "confirm")

    assert Bank.asked == [asked, asked, asked]
    assert {one.amount_cents for one in rows() if one.sequence_number == 1} == {asked}


def rows():
    return list(Transaction.objects.order_by("sequence_number"))


def test_compatibility_11_each_instalment_has_its_row_amount_and_number(shop, open_page, pay):
    pay(open_page(shop, payment_config=THREE_TIMES))

    assert [(one.sequence_number, one.amount_cents, one.capture_delay) for one in rows()] == [
        (1, 3000, 0),
        (2, 1745, 30),
        (3, 1745, 60),
    ]
    assert [one.status for one in rows()] == ["AUTHORISED", "WAITING_AUTHORISATION", "WAITING_AUTHORISATION"]
    assert len({one.trans_uuid for one in rows()}) == 3


def test_an_instalment_of_the_same_week_waits_for_its_own_authorisation(shop, open_page, pay):
    pay(open_page(shop, payment_config="MULTI:first=3000;count=2;period=3"))
    assert [one.status for one in rows()] == ["AUTHORISED", "WAITING_AUTHORISATION"]
    assert [one.auth_result for one in rows()] == ["00", ""]


def test_compatibility_11_the_remainder_is_on_the_last_one(shop, open_page, pay):
    pay(open_page(shop, amount="1000", payment_config="MULTI:first=334;count=3;period=7"))
    assert [one.amount_cents for one in rows()] == [334, 333, 333]


def test_compatibility_11_dated_instalments_are_captured_on_their_dates(shop, open_page, pay, now):
    first, second = (f"{now + timedelta(days=days):%Y%m%d}" for days in (0, 40))
    pay(open_page(shop, amount="1000", payment_config=f"MULTI_EXT:{first}=400;{second}=600"))
    assert [(one.amount_cents, one.capture_delay) for one in rows()] == [(400, 0), (600, 40)]


def test_the_shop_is_told_of_the_first_one_with_its_text_unchanged(shop, open_page, pay):
    pay(open_page(shop, payment_config=THREE_TIMES))

    first = Notification.objects.get().transaction
    told = payload.result_fields(first)
    assert first.sequence_number == 1
    assert told["vads_payment_config"] == THREE_TIMES
    assert (told["vads_sequence_number"], told["vads_amount"], told["vads_effective_amount"]) == ("1", "6490", "3000")
    assert payload.result_fields(rows()[2])["vads_sequence_number"] == "3"


def test_a_refusal_makes_one_row_whatever_the_schedule(shop, open_page, pay):
    pay(open_page(shop, payment_config=THREE_TIMES), LIMIT_EXCEEDED)
    assert [(one.sequence_number, one.status) for one in rows()] == [(1, "REFUSED")]


def test_a_validation_by_hand_holds_for_each(shop, open_page, pay):
    pay(open_page(shop, payment_config=THREE_TIMES, validation_mode="1"))
    assert [one.status for one in rows()] == [
        "AUTHORISED_TO_VALIDATE",
        "WAITING_AUTHORISATION_TO_VALIDATE",
        "WAITING_AUTHORISATION_TO_VALIDATE",
    ]


def test_the_receipt_and_the_way_back_tell_the_schedule(client, shop, open_page, pay):
    session = open_page(shop, payment_config=THREE_TIMES, return_mode="GET", url_return="https://boutique.example/r")
    pay(session)

    receipt = client.get(reverse("payments:result", args=[session.token]))

    page = source_of(receipt)
    assert "Échéances" in page
    assert all(amount in page for amount in ("64,90 €", "30,00 €", "17,45 €"))
    link = page.split('href="https://boutique.example/r')[1].split('"')[0]
    received = dict(parse_qsl(urlsplit(link).query, keep_blank_values=True))
    assert wire.is_genuine(received)
    assert received["vads_sequence_number"] == "1"


def test_the_merchant_reads_the_whole_schedule_on_each_one_s_page(client, shop, open_page, pay):
    pay(open_page(shop, payment_config=THREE_TIMES))
    client.force_login(member_of(shop))

    page = source_of(client.get(reverse("payments:transaction", args=[shop.site_id, rows()[1].public_id])))

    assert "2 sur 3" in page
    assert "2, cette page" in page
    for other in (rows()[0], rows()[2]):
        assert reverse("payments:transaction", args=[shop.site_id, other.public_id]) in page


def test_a_delay_asked_for_moves_each_date(shop, open_page, pay):
    pay(open_page(shop, payment_config=THREE_TIMES, capture_delay="3"))
    assert [one.capture_delay for one in rows()] == [3, 33, 63]
