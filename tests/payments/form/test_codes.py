"""Every error code of the dictionary can be earned, and names its field in TEST (PAY-03)."""

from urllib.parse import urlencode

import pytest

from backoffice.vads.codes import FORM_ERRORS
from backoffice.vads.dictionary import THEMES
from backoffice.vads.fields import MANDATORY
from tests.certificates.factories import CertificateFactory
from tests.payments import wire
from tests.payments.form.answers import assert_refused, assert_taken, first_code, urlencoded
from tests.shops.factories import ShopFactory

pytestmark = pytest.mark.django_db


def name_of(known):
    return known.name + {"N": "0", "XXX": "panier"}.get(known.ending, "")


# The first field of each code, under a name of its own.
FIELD_OF = {}
for theme in THEMES:
    for known in theme.fields:
        FIELD_OF.setdefault(known.code, known)


def wrong_signature(shop):
    return wire.form_of(shop) | {"vads_amount": "1"}, "signature"


def another_shop(shop):
    return wire.form_of(shop, site_id="87654321"), "vads_site_id"


def mode_without_certificate(shop):
    other = ShopFactory()
    CertificateFactory(shop=other, production=True, value=wire.TEST_CERTIFICATE)
    return wire.form_of(other), "vads_ctx_mode"


def no_signature(shop):
    return wire.fields(shop), "signature"


def unknown_field_unreadable(shop):
    return wire.form_of(shop, option="\x07"), "vads_option"


def card_number(shop):
    return wire.form_of(shop, order_info="carte 4970100000000014"), "vads_order_info"


# What is no matter of one field's format.
OTHERWISE = {
    "00": wrong_signature,
    "02": another_shop,
    "11": mode_without_certificate,
    "70": no_signature,
    "99": unknown_field_unreadable,
    "999": card_number,
}


def earn(code, shop):
    """A form whose first fault is `code`, and the field it names."""
    if code in OTHERWISE:
        return OTHERWISE[code](shop)
    known = FIELD_OF[code]
    name = name_of(known)
    # Too long for every field, and no digit, no letter of any list.
    return wire.form_of(shop, **{name.removeprefix("vads_"): "é" * (known.max_length + 1)}), name


@pytest.mark.parametrize("code", FORM_ERRORS)
def test_pay_03_each_code_is_earned_by_a_form_and_names_its_field(post_form, shop, code):
    form, field = earn(code, shop)

    assert_refused(post_form(form), code=code, field=field)


def test_no_code_is_without_a_way_to_earn_it():
    assert set(FORM_ERRORS) == {*FIELD_OF, *OTHERWISE}


def test_pay_03_every_documented_field_is_refused_by_its_own_code(client, shop):
    for known in (known for theme in THEMES for known in theme.fields):
        if known.code in {"02", "11"}:
            continue  # Whose form it is, and in which mode, is asked before any format.
        name = name_of(known)
        form = wire.form_of(shop, **{name.removeprefix("vads_"): "é" * (known.max_length + 1)})
        page = urlencoded(client, form).content.decode()
        assert first_code(page) == known.code, name
        assert f'<span class="mono">{name}</span>' in page


def test_every_documented_field_is_taken_with_its_example(client, shop):
    known = [one for theme in THEMES for one in theme.fields if one.example and not one.is_mandatory]
    examples = {name_of(one).removeprefix("vads_"): one.example for one in known}
    # What calls home must be at home.
    examples["url_check"] = "https://boutique.example/notification"
    form = wire.form_of(shop, **examples)
    assert len(form) > 100

    assert_taken(urlencoded(client, form), form)


@pytest.mark.parametrize("name", [name for name in MANDATORY if name != "vads_ctx_mode"])
def test_pay_03_a_mandatory_field_left_out_or_empty_is_told_by_its_code(post_form, shop, name):
    code = next(known.code for known in FIELD_OF.values() if known.name == name)
    for value in (None, ""):
        assert_refused(post_form(wire.form_of(shop, **{name.removeprefix("vads_"): value})), code=code, field=name)


@pytest.mark.parametrize("mode", [None, "", "test", "PROD", "TEST "])
def test_pay_03_a_form_without_a_known_mode_is_error_11_in_the_log_and_silent_on_the_page(client, shop, caplog, mode):
    response = urlencoded(client, urlencode(wire.form_of(shop, ctx_mode=mode)))

    assert_refused(response)
    assert first_code(response.content.decode()) is None
    assert "payment form refused: 11 vads_ctx_mode" in caplog.text


def test_pay_03_several_faults_are_told_in_the_order_of_their_codes(post_form, shop):
    page = post_form(wire.form_of(shop, amount="0", currency="EUR", order_id="<")).content.decode()
    places = [page.index(f"#erreur-{code}") for code in ("09", "10", "13")]
    assert places == sorted(places)


@pytest.mark.parametrize(
    "changes",
    [
        {"return_get_params": "a=b&vads_result=00"},
        {"return_get_params": "%76ads_amount=1"},
        {"return_post_params": "signature=x"},
        {"return_post_params": "a=1&Signature%5B%5D=x"},
    ],
)
def test_pay_12_parameters_of_the_way_back_never_pass_for_the_result(post_form, shop, changes):
    (name,) = changes
    code = "39" if "get" in name else "38"
    assert_refused(post_form(wire.form_of(shop, **changes)), code=code, field=f"vads_{name}")


@pytest.mark.parametrize("code", ["24", "25", "26", "27", "28", "29", "33", "73"])
@pytest.mark.parametrize("value", ["javascript:alert(1)", "JaVaScRiPt://a.example/%0aalert(1)", "data:text/html,x"])
def test_pay_12_an_address_is_http_or_https_and_nothing_else(post_form, shop, code, value):
    name = FIELD_OF[code].name
    assert_refused(post_form(wire.form_of(shop, **{name.removeprefix("vads_"): value})), code=code, field=name)


def test_ssrf_16_a_notification_address_elsewhere_is_error_33(post_form, shop):
    for url in (
        "https://ailleurs.example/ipn",
        "https://boutique.example.ailleurs.example/",
        "https://ailleurs.example/?boutique.example",
        "https://boutique.example@ailleurs.example/",
        "http://127.0.0.1/",
    ):
        assert_refused(post_form(wire.form_of(shop, url_check=url)), code="33", field="vads_url_check")


def test_pay_09_no_card_number_passes_in_any_text_address_or_name(post_form, shop):
    for changes in (
        {"order_id": "4970100000000014"},
        {"url_return": "https://boutique.example/?c=4970100000000014"},
        {"theme_config": "SECURE_MESSAGE=4970 1000 0000 0014"},
        {"ext_info_4970100000000014": "x"},
        {"unknown": "(4970100000000014)"},
        {"contrib": "0004970100000000014"},
        {"cust_address": "49701000000000141228"},
    ):
        assert_refused(post_form(wire.form_of(shop, **changes)), code="999")
