"""What existing shop software expects of values: compatibility.md 8 to 12, one by one, over HTTP."""

from datetime import UTC, datetime, timedelta

import pytest
import time_machine
from django.urls import reverse

from backoffice.vads.instalments import Breach
from payments.models import PaymentSession
from tests.payments import wire
from tests.payments.factories import go_live
from tests.payments.form.answers import (
    ALGORITHMS,
    assert_refused,
    assert_taken,
    with_algorithm,
)

pytestmark = pytest.mark.django_db


# --- 8: transaction numbers ------------------------------------------------------------------------------------
@pytest.mark.parametrize("trans_id", ["000000", "000042", "899999", "aB3dE9", "zzzzzz", "90000a"])
def test_compatibility_8_six_characters_are_kept_as_a_text(post_form, shop, trans_id):
    assert assert_taken(post_form(wire.form_of(shop, trans_id=trans_id))).trans_id == trans_id


@pytest.mark.parametrize("trans_id", ["42", "0000042", "900000", "999999", "00 042", "00004é", "٠٠٠٠٤٢"])
def test_compatibility_8_anything_else_and_the_platforms_own_numbers_are_error_03(post_form, shop, trans_id):
    assert_refused(post_form(wire.form_of(shop, trans_id=trans_id)), code="03", field="vads_trans_id")


def test_compatibility_8_a_number_serves_once_a_utc_day_for_a_shop_and_a_mode_whatever_its_case(
    client, post_form, shop, settings
):
    settings.ACQUIRER = "payments.acquirer.Simulator"
    go_live(shop)
    with time_machine.travel(datetime(2026, 11, 25, 23, 50, tzinfo=UTC), tick=False):
        form = wire.fields(shop, trans_id="abc123")
        session = assert_taken(post_form(wire.signed(form)))
        again = post_form(wire.form_of(shop, trans_id="ABC123", amount="1"))
        assert again.status_code == 400
        assert "#erreur-03" in again.content.decode()
        live = wire.fields(shop, trans_id="abc123", ctx_mode="PRODUCTION")
        assert_taken(post_form(wire.signed(live, wire.PRODUCTION_CERTIFICATE)))
        client.post(reverse("payments:cancel", args=[session.token]))
        # Cancelled counts as used, even for the same bytes.
        assert "#erreur-03" in post_form(wire.signed(form)).content.decode()
    with time_machine.travel(datetime(2026, 11, 26, 0, 1, tzinfo=UTC), tick=False):
        assert_taken(post_form(wire.form_of(shop, trans_id="abc123")))


# --- 9: dates --------------------------------------------------------------------------------------------------
def test_compatibility_9_fourteen_digits_utc_within_a_day(post_form, shop, now):
    for number, hours in enumerate((-23, -0.1, 0, 0.1, 23)):
        moment = now + timedelta(hours=hours)
        form = wire.form_of(shop, trans_id=f"{number:06d}", trans_date=wire.trans_date(moment))
        assert assert_taken(post_form(form)).trans_day == moment.astimezone(UTC).date()
    PaymentSession.objects.all().delete()
    far = (now - timedelta(hours=25)).strftime("%Y%m%d%H%M%S")
    for wrong in (far, "20261125", "2026-11-25 10:30", "20261325000000", "20261125240000", "", "20260229120000"):
        assert_refused(post_form(wire.form_of(shop, trans_date=wrong)), code="04", field="vads_trans_date")


# --- 10: amounts and currencies --------------------------------------------------------------------------------
@pytest.mark.parametrize(
    ("currency", "shown"),
    [
        ("978", "64,90"),
        ("036", "64,90"),
        ("392", "6\u202f490"),
        ("953", "6\u202f490"),
        ("788", "6,490"),
        ("414", "6,490"),
    ],
)
def test_compatibility_10_an_amount_has_the_decimals_of_its_currency(client, post_form, shop, currency, shown):
    form = wire.form_of(shop, currency=currency, language="fr")

    session = assert_taken(post_form(form), form)

    assert session.amount_cents == 6490
    page = client.get(reverse("payments:page", args=[session.token])).content.decode()
    assert shown in page.replace("\u00a0", "\u202f")


@pytest.mark.parametrize("currency", ["36", "EUR", "000", "0978", "97８"])
def test_compatibility_10_a_currency_is_three_digits_of_a_known_one(post_form, shop, currency):
    assert_refused(post_form(wire.form_of(shop, currency=currency)), code="10", field="vads_currency")


# --- 11: payment in several times ------------------------------------------------------------------------------
SCHEDULES = (
    "SINGLE",
    "MULTI:first=2163;count=3;period=30",
    "MULTI:first=6490;count=1;period=1;",
    "MULTI_EXT:20261125=3000;20270125=3490",
    "MULTI_EXT:20261201=6490;",
)


@pytest.mark.parametrize("algorithm", ALGORITHMS)
def test_compatibility_11_a_schedule_is_signed_as_raw_text_and_kept_unchanged(post_form, shop, now, algorithm):
    with_algorithm(shop, algorithm, now)
    with time_machine.travel(datetime(2026, 11, 25, 12, 0, tzinfo=UTC), tick=False):
        for number, config in enumerate(SCHEDULES):
            form = wire.signed(wire.fields(shop, payment_config=config, trans_id=f"{number:06d}"), algorithm=algorithm)
            assert_taken(post_form(form), form)


@pytest.mark.parametrize(
    ("config", "breach"),
    [
        ("MULTI:first=7000;count=3;period=30", Breach.FIRST),
        ("MULTI:first=2000;count=0;period=30", Breach.COUNT),
        ("MULTI:first=2000;count=3;period=0", Breach.PERIOD),
        ("MULTI:first=2000;count=3;period=300", Breach.TOO_FAR),
        ("MULTI:first=6489;count=3;period=30", Breach.NOTHING_LEFT),
        ("MULTI_EXT:20261124=6490", Breach.PAST),
        ("MULTI_EXT:20261131=6490", Breach.NO_SUCH_DATE),
        ("MULTI_EXT:20261201=3000;20261201=3490", Breach.ORDER),
        ("MULTI_EXT:20261201=3000;20270101=3000", Breach.SUM),
    ],
)
def test_compatibility_11_a_schedule_that_breaks_a_rule_is_error_07_and_says_which(post_form, shop, config, breach):
    with time_machine.travel(datetime(2026, 11, 25, 12, 0, tzinfo=UTC), tick=False):
        response = post_form(wire.form_of(shop, payment_config=config))

    assert_refused(response, code="07", field="vads_payment_config")
    assert breach.label in response.content.decode()


@pytest.mark.parametrize("config", ["MULTI:count=3;first=2163;period=30", "MULTI", "3X", "single"])
def test_compatibility_11_another_shape_is_error_07(post_form, shop, config):
    assert_refused(post_form(wire.form_of(shop, payment_config=config)), code="07", field="vads_payment_config")


# --- 12: what real carts send ----------------------------------------------------------------------------------
REAL = (
    {"order_id": "CMD-2026-1187"},
    {"order_id": "wc_order_5a0f-1187#2"},
    {"order_id": "20261125103000123"},
    {"order_id": "1732351234567"},
    {"cust_email": "zoe.o'neil+commandes@fromagerie.photography"},
    {"cust_email": "z@xn--caf-dma.example"},
    {"cust_name": "O’Brien-d'Artagnan, Zoé"},
    {"cust_first_name": "Anne-Marie", "cust_last_name": "Lefèvre d'Ormesson"},
    {"cust_phone": "+33 (0)4 77 12 34 56"},
    {"cust_phone": "04.77.12.34.56", "cust_cell_phone": "0033 6 12 34 56 78"},
    {"cust_address": "12 bis, rue de l’Église — Bât. “B”, n° 3/4"},
    {"cust_zip": "SW1A 1AA", "cust_country": "GB"},
    {"cust_title": "M. & Mme"},
    {"contrib": "WooCommerce_1.13.0/8.9.3/8.2.20"},
    {"product_label0": "Comté 24 mois (500 g) à 64,90 €", "product_ref0": "3017620422003", "nb_products": "1"},
    {"theme_config": "SUCCESS_FOOTER_MSG_RETURN=Revenir à la boutique;RESPONSIVE_MODEL=Model_1"},
    {"url_return": "https://boutique.example/index.php?fc=module&module=paiement&id_cart=1187&key=a1b2c3"},
    {"return_get_params": "fc=module&id=1187"},
    {"shop_url": "http://localhost:8001/"},
    {"ext_info_session": "f3a9-11ee", "ext_info_Été": "oui"},
    {"order_info": 'Menu "découverte" ; 2 × 3 € = 6 €'},
)


def test_compatibility_12_what_real_carts_send_is_taken(post_form, shop):
    for number, changes in enumerate(REAL):
        form = wire.form_of(shop, trans_id=f"{number:06d}", **changes)
        response = post_form(form)
        assert response.status_code == 302, (changes, response.content.decode())
        assert_taken(response, form)
