"""Each fault gets its code, and its field is named to the webmaster in TEST alone (PAY-03, PAY-08)."""

import json

import pytest

from payments.models import LoggedForm, PaymentSession
from tests.payments import wire
from tests.payments.factories import go_live, shop_ready
from tests.payments.form.answers import assert_refused
from tests.shops.factories import ShopFactory

pytestmark = pytest.mark.django_db


# --- PAY-03: the incident page ---------------------------------------------------------------------------------
@pytest.mark.parametrize(
    ("changes", "code", "field"),
    [
        ({"version": "V1"}, "01", "vads_version"),
        ({"version": None}, "01", "vads_version"),
        ({"site_id": "87654321"}, "02", "vads_site_id"),
        ({"site_id": None}, "02", "vads_site_id"),
        ({"trans_id": "42"}, "03", "vads_trans_id"),
        ({"trans_id": None}, "03", "vads_trans_id"),
        ({"trans_id": "900000"}, "03", "vads_trans_id"),
        ({"trans_date": "2026"}, "04", "vads_trans_date"),
        ({"validation_mode": "2"}, "05", "vads_validation_mode"),
        ({"capture_delay": "x"}, "06", "vads_capture_delay"),
        ({"payment_config": "DOUBLE"}, "07", "vads_payment_config"),
        ({"payment_cards": "PAYBOX"}, "08", "vads_payment_cards"),
        ({"amount": None}, "09", "vads_amount"),
        ({"currency": "36"}, "10", "vads_currency"),
        ({"ctx_mode": "TESTS"}, None, None),
        ({"ctx_mode": None}, None, None),
        ({"language": "xx"}, "12", "vads_language"),
        ({"order_id": "<b>"}, "13", "vads_order_id"),
        ({"cust_email": "zoe"}, "15", "vads_cust_email"),
        ({"url_success": "javascript:alert(1)"}, "24", "vads_url_success"),
        ({"url_refused": "https://a.example\\@b.example/"}, "25", "vads_url_refused"),
        ({"url_cancel": "ftp://a.example/"}, "27", "vads_url_cancel"),
        ({"url_return": "//a.example/"}, "28", "vads_url_return"),
        ({"url_error": "data:text/html,x"}, "29", "vads_url_error"),
        ({"url_check": "https://ailleurs.example/ipn"}, "33", "vads_url_check"),
        ({"page_action": "REGISTER"}, "46", "vads_page_action"),
        ({"action_mode": "SILENT"}, "47", "vads_action_mode"),
        ({"return_mode": "PUT"}, "48", "vads_return_mode"),
        ({"order_id": "4970100000000014"}, "999", "vads_order_id"),
    ],
    ids=lambda value: json.dumps(value) if isinstance(value, dict) else None,
)
def test_pay_03_a_wrong_or_missing_field_gets_the_incident_page_which_names_it_in_test(
    post_form, shop, changes, code, field
):
    response = post_form(wire.form_of(shop, **changes))

    assert_refused(response, code=code, field=field)
    page = response.content.decode()
    assert "01 99 00 12 34" in page
    if code:
        assert f'href="/faq/codes-erreur/#erreur-{code}"' in page


@pytest.mark.parametrize("changes", [{"amount": "0"}, {"url_check": "https://ailleurs.example/"}, {"order_id": "<b>"}])
def test_pay_03_production_says_nothing_more_than_the_sentence(post_form, shop, settings, changes):
    settings.ACQUIRER = "payments.acquirer.Simulator"
    go_live(shop)
    form = wire.fields(shop, ctx_mode="PRODUCTION", **changes)

    response = post_form(wire.signed(form, wire.PRODUCTION_CERTIFICATE))

    assert_refused(response)
    page = response.content.decode()
    assert not any(word in page for word in ("vads_", "Code", "codes-erreur", "webmestre"))


def test_a_closed_shop_takes_no_form(post_form):
    shop = shop_ready(closed=True)
    assert_refused(post_form(wire.form_of(shop)), code="02", field="vads_site_id")


def test_a_shop_without_certificate_takes_no_form(post_form):
    assert_refused(post_form(wire.form_of(ShopFactory())), code="11")


@pytest.mark.parametrize("url", ["https://boutique.example/autre?a=1", "https://BOUTIQUE.example:443/ipn"])
def test_ssrf_16_a_notification_address_on_the_shops_own_site_is_accepted(post_form, shop, url):
    assert post_form(wire.form_of(shop, url_check=url)).status_code == 302


# --- PAY-08: amounts -------------------------------------------------------------------------------------------
@pytest.mark.parametrize(
    "amount",
    [
        "0",
        "-1",
        "+1",
        "1e3",
        "0x10",
        "١٠",
        "01",
        "1.00",
        "1,00",
        " 1",
        "1 ",
        "9" * 13,
        "1" + "0" * 400,
        "1\n",
        "1+1",
        "²",
        "NaN",
        "0x1",
    ],
)
def test_pay_08_an_amount_that_is_no_plain_integer_is_error_09(post_form, shop, amount):
    assert_refused(post_form(wire.form_of(shop, amount=amount)), code="09", field="vads_amount")


@pytest.mark.parametrize("amount", ["1", "999999999999"])
def test_pay_08_the_smallest_and_the_largest_amount_are_taken(post_form, shop, amount):
    assert post_form(wire.form_of(shop, amount=amount)).status_code == 302
    assert PaymentSession.objects.get().amount_cents == int(amount)


@pytest.mark.parametrize("url", ["http://boutique.example/ipn", "https://boutique.example:22/ipn"])
def test_ssrf_16_an_address_that_could_never_be_called_is_refused_before_anybody_pays(post_form, shop, settings, url):
    settings.ACQUIRER = "payments.acquirer.Simulator"
    go_live(shop)
    form = wire.signed(wire.fields(shop, ctx_mode="PRODUCTION", url_check=url), wire.PRODUCTION_CERTIFICATE)

    assert post_form(form).status_code == 400

    assert (LoggedForm.objects.get().code, LoggedForm.objects.get().field) == ("33", "vads_url_check")
    assert not PaymentSession.objects.exists()
