"""The names of the fields are not signed: what a buyer types may come back under another one (PAY-05)."""

import pytest

from tests.payments import wire
from tests.payments.form.answers import assert_refused, assert_taken, urlencoded

pytestmark = pytest.mark.django_db


def again(genuine, dropped, forgery):
    """The same signed text under other names, and its signature, which stays right."""
    form = {name: value for name, value in genuine.items() if name not in dropped} | forgery
    sign = wire.signature(genuine, wire.TEST_CERTIFICATE)
    assert wire.signature(form, wire.TEST_CERTIFICATE) == sign
    return form | {"signature": sign}


@pytest.mark.parametrize("free", ["vads_comment", "vads_basket", "vads_cart_note", "vads_ctx"])
def test_pay_05_a_currency_typed_into_a_shop_s_own_field_never_becomes_the_form_s(client, shop, free):
    genuine = wire.fields(shop) | {free: "TEST+392"}
    for swallowing in ({"vads_cust_name": "TEST+978"}, {"vads_d": "TEST", "vads_e": "978"}):
        response = urlencoded(client, again(genuine, {free}, {"vads_currency": "392"} | swallowing))
        assert_refused(response)
        assert "#erreur-00" not in response.content.decode()


def test_pay_05_an_amount_typed_into_a_shop_s_own_field_before_all_others_never_becomes_the_form_s(client, shop):
    genuine = wire.fields(shop) | {"vads_account": "INTERACTIVE+1+TEST+978"}
    for swallowing in (
        {"vads_cust_name": "INTERACTIVE+6490+TEST+978"},
        {"vads_d": "INTERACTIVE", "vads_e": "6490", "vads_f": "TEST", "vads_g": "978"},
    ):
        response = urlencoded(client, again(genuine, {"vads_account"}, {"vads_amount": "1"} | swallowing))
        assert_refused(response)
        assert "#erreur-00" not in response.content.decode()


def test_pay_05_a_date_and_a_number_typed_by_a_buyer_never_become_the_reference(client, shop, now):
    tomorrow = wire.trans_date(now)[:8] + "235959"
    genuine = wire.fields(shop, ship_to_city=f"{shop.site_id}+{tomorrow}+000043")
    real = f"{genuine['vads_site_id']}+{genuine['vads_trans_date']}+000042"
    forgery = {"vads_trans_date": tomorrow, "vads_trans_id": "000043"}
    for swallowing in (
        {"vads_user_info": real},
        {"vads_u1": shop.site_id, "vads_u2": genuine["vads_trans_date"], "vads_u3": "000042"},
    ):
        assert_refused(urlencoded(client, again(genuine, {"vads_ship_to_city"}, forgery | swallowing)))
    assert_taken(urlencoded(client, genuine | {"signature": wire.signature(genuine, wire.TEST_CERTIFICATE)}))


@pytest.mark.parametrize(
    "honest",
    [
        {"cust_first_name": "TEST", "cust_last_name": "TEST", "sub_currency": "978"},
        {"cust_city": "TEST", "cust_country": "FR", "cust_id": "978"},
        {"order_id": "20261125103000", "order_info": "12345678", "ext_info_site": "12345678"},
        {"order_info": "PRODUCTION", "product_label0": "INTERACTIVE 978"},
        {"user_info": "20261125103000"},
    ],
)
def test_compatibility_12_what_honest_forms_hold_is_no_shift(client, shop, honest):
    assert_taken(urlencoded(client, wire.form_of(shop, **honest)), wire.fields(shop, **honest))
