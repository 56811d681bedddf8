"""What existing shop software expects of the wire: compatibility.md 1 to 7, one by one, over HTTP."""

import unicodedata

import pytest
from django.test import Client

from payments.models import PaymentSession
from shops.enums import Mode
from tests.payments import wire
from tests.payments.factories import go_live
from tests.payments.form.answers import (
    ALGORITHMS,
    URL,
    assert_refused,
    assert_taken,
    urlencoded,
    with_algorithm,
)
from tests.payments.full_form import full_form

pytestmark = pytest.mark.django_db


# --- 1: every vads_ field, in byte order -----------------------------------------------------------------------
@pytest.mark.parametrize("algorithm", ALGORITHMS)
def test_compatibility_1_every_field_is_signed_in_byte_order_of_its_name(post_form, shop, now, algorithm):
    with_algorithm(shop, algorithm, now)
    form = wire.fields(
        shop,
        threeds_cavvAlgorithm="2",
        threeds_cavv_x="after the capital",
        ext_info_10="before two",
        ext_info_2="two",
        future_option="unknown",
        Zebra="capitals first",
    )

    assert_taken(post_form(wire.signed(form, algorithm=algorithm)), form)


def test_compatibility_1_a_signature_in_another_order_is_refused(post_form, shop):
    form = wire.fields(shop, ext_info_10="a", ext_info_2="b", Zebra="c")
    for order in (str.lower, lambda name: (len(name), name)):
        renamed = {f"vads_{place:03d}": form[name] for place, name in enumerate(sorted(form, key=order))}
        assert_refused(post_form(form | {"signature": wire.signature(renamed, wire.TEST_CERTIFICATE)}), code="00")


def test_compatibility_1_names_without_the_prefix_are_neither_signed_nor_kept(post_form, shop):
    form = wire.form_of(shop)
    assert_taken(post_form(form | {"payer": "Payer", "VADS_AMOUNT": "1", "csrf_token": "<x>"}), form)


# --- 2: empty fields count -------------------------------------------------------------------------------------
def test_compatibility_2_a_form_with_39_empty_fields_is_taken_and_keeps_them(post_form, shop):
    empty = [f"ext_info_{number}" for number in range(30)]
    empty += ["cust_city", "cust_zip", "capture_delay", "validation_mode", "payment_cards", "language"]
    empty += ["url_return", "return_mode", "theme_config"]
    assert len(empty) == 39
    form = wire.form_of(shop, **dict.fromkeys(empty, ""))

    session = assert_taken(post_form(form), form)

    assert sum(1 for value in session.fields.values() if value == "") == 39


def test_compatibility_2_the_same_fields_left_out_are_another_form_just_as_right(post_form, shop):
    assert_taken(post_form(wire.form_of(shop, order_info="", trans_id="000001")))
    assert_taken(post_form(wire.form_of(shop, trans_id="000002")))


# --- 3: values exactly as received -----------------------------------------------------------------------------
AS_RECEIVED = {
    "order_info": "  two spaces before and after  ",
    "order_info2": "Straße MAJUSCULES minuscules",
    "order_info3": "l&#039;&eacute;t&eacute; &amp; co &quot;x&quot;",
    "cust_address": "line\r\nline\nline\rend",
    "cust_city": unicodedata.normalize("NFD", "Saint-Étienne"),
    "cust_state": unicodedata.normalize("NFC", "Saint-Étienne"),
    "ext_info_sum": "1+1=2 & 100 % + =",
    "user_info": "\u00a0\u202f\ufeff\u200b",
    "shop_name": "\U0001f9c0 日本 עברית",
}


@pytest.mark.parametrize("algorithm", ALGORITHMS)
def test_compatibility_3_values_are_signed_kept_and_told_exactly_as_received(
    client, post_form, shop, now, pay, algorithm
):
    from payments.models import Transaction
    from payments.notifications import payload

    with_algorithm(shop, algorithm, now)
    form = wire.signed(wire.fields(shop, **AS_RECEIVED), algorithm=algorithm)

    session = assert_taken(post_form(form), form)
    pay(session)

    told = payload.result_fields(Transaction.objects.get(session=session))
    assert {name: told[f"vads_{name}"] for name in AS_RECEIVED} == AS_RECEIVED


# --- 4: three encodings, no cookie, no token -------------------------------------------------------------------
@pytest.mark.parametrize("way", ["urlencoded", "multipart", "get"])
def test_compatibility_4_three_encodings_without_token_or_cookie(shop, way):
    browser = Client(enforce_csrf_checks=True)
    form = wire.form_of(shop, cust_city="Saint-Étienne + Ñandú", order_info="a=b&c", order_info2="")
    send = {
        "urlencoded": lambda: urlencoded(browser, form),
        "multipart": lambda: browser.post(URL, form),
        "get": lambda: browser.get(URL, form),
    }[way]

    response = send()

    assert_taken(response, form)
    assert not response.cookies
    assert not browser.cookies


@pytest.mark.parametrize("algorithm", ALGORITHMS)
def test_compatibility_4_fifty_five_fields_come_through_each_encoding(client, shop, now, algorithm):
    with_algorithm(shop, algorithm, now)
    ways = (lambda form: urlencoded(client, form), lambda form: client.post(URL, form), lambda f: client.get(URL, f))
    for number, send in enumerate(ways):
        form = wire.signed(full_form(shop, number), algorithm=algorithm)
        assert len(form) == 56
        assert_taken(send(form), form)


# --- 5: nothing twice, lists in one value ----------------------------------------------------------------------
def test_compatibility_5_a_field_given_twice_is_refused(client, shop):
    form = wire.form_of(shop)
    for name in ("vads_amount", "vads_order_id", "vads_unknown", "signature"):
        twice = form | {"vads_unknown": "x"}
        assert_refused(urlencoded(client, [*twice.items(), (name, twice[name])]))
        assert_refused(client.post(URL, twice | {name: [twice[name]] * 2}))


def test_compatibility_5_a_list_is_one_value_and_may_end_with_its_separator(post_form, shop):
    lists = {"payment_cards": "CB;VISA;MASTERCARD;", "available_languages": "fr;en;", "contracts": "CB=1234567;"}
    form = wire.form_of(shop, **lists)
    assert_taken(post_form(form), form)


# --- 6: the shape of a signature -------------------------------------------------------------------------------
def test_compatibility_6_only_the_exact_signature_opens_the_page(post_form, shop, now):
    form = wire.fields(shop)
    hmac = wire.signature(form, wire.TEST_CERTIFICATE)
    assert len(hmac) == 44
    for wrong in (hmac.rstrip("="), f" {hmac}", f"{hmac}\n", hmac.swapcase(), hmac[:-1], f"{hmac}=", "x" * 44):
        assert_refused(post_form(form | {"signature": wrong}), code="00", field="signature")
    assert_taken(post_form(form | {"signature": hmac}))

    with_algorithm(shop, "SHA-1", now)
    sha1 = wire.signature(form, wire.TEST_CERTIFICATE, "SHA-1")
    assert len(sha1) == 40
    PaymentSession.objects.all().delete()
    for wrong in (sha1.upper(), sha1[:-1], f"{sha1}0"):
        assert_refused(post_form(form | {"signature": wrong}), code="00")
    assert_taken(post_form(form | {"signature": sha1}))


# --- 7: one algorithm per mode ---------------------------------------------------------------------------------
def test_compatibility_7_each_mode_signs_by_its_own_algorithm(post_form, shop, now, settings):
    settings.ACQUIRER = "payments.acquirer.Simulator"
    go_live(shop)
    with_algorithm(shop, "SHA-1", now, mode=Mode.PRODUCTION)
    live = wire.fields(shop, ctx_mode="PRODUCTION")

    assert_refused(post_form(wire.signed(live, wire.PRODUCTION_CERTIFICATE, "HMAC-SHA-256")))
    assert_refused(post_form(wire.signed(wire.fields(shop), wire.TEST_CERTIFICATE, "SHA-1")))
    assert_taken(post_form(wire.signed(live, wire.PRODUCTION_CERTIFICATE, "SHA-1")))
    assert_taken(post_form(wire.signed(wire.fields(shop), wire.TEST_CERTIFICATE, "HMAC-SHA-256")))
