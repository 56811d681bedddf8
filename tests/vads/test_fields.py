"""The format of every field, and the faults of a form."""

import dataclasses
import json
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from backoffice.vads import fields
from backoffice.vads.dictionary import NAMED, NUMBERED, PAGE_ACTIONS, THEMES
from backoffice.vads.fields import Reason

VECTORS = json.loads((Path(__file__).parent.parent / "data" / "vectors.json").read_text(encoding="utf-8"))["vectors"]
MINIMAL = next(vector for vector in VECTORS if vector["name"] == "minimal")["fields"]
EVERY = [known for theme in THEMES for known in theme.fields]
TEXTS = [name for name, field in fields.FIELDS.items() if field.expected.startswith("texte") and "phone" not in name]
URLS = [name for name in fields.FIELDS if name.startswith("vads_url_") or name == "vads_shop_url"]
AMOUNTS = [
    "vads_tax_amount",
    "vads_shipping_amount",
    "vads_insurance_amount",
    "vads_sub_amount",
    "vads_product_amount0",
]

# One good value and the values refused, for each field that is neither free text nor an address.
STRICT = {
    "vads_version": (["V2"], ["V1", "v2", "V2 ", "2"]),
    "vads_site_id": (["12345678", "00000001"], ["1234567", "123456789", "1234567a", "١٢٣٤٥٦٧٨", " 2345678"]),
    "vads_trans_id": (
        ["000000", "899999", "aB3dE9", "zzzzzz", "90000a"],
        ["900000", "999999", "12345", "1234567", "12 456", "12345é", "12345_", "١٢٣٤٥٦", "12345\n"],
    ),
    "vads_trans_date": (["20240229235959"], ["20230229120000", "2026112312000", "20261123246000", "aaaaaaaaaaaaaa"]),
    "vads_validation_mode": (["0", "1"], ["2", "00", "a"]),
    "vads_capture_delay": (["0", "7", "365"], ["366", "-1", "07", "1.5", "1e2"]),
    "vads_payment_config": (
        ["SINGLE", "MULTI:first=1000;count=3;period=30", "MULTI_EXT:20261201=500;20270101=1490;"],
        ["single", "MULTI", "MULTI:count=3;first=1;period=30", "SINGLE;", "SINGLE+X"],
    ),
    "vads_payment_cards": (["CB", "CB;VISA", "VISA_ELECTRON;E-CARTEBLEUE;"], [";", "CB;;VISA", "CB VISA"]),
    "vads_amount": (
        ["1", "1990", "999999999999"],
        ["0", "-1", "+1", "1e3", "0x10", "01", "1.5", "1,5", "١٠", "1" * 13, "1" + "0" * 400, " 1", "1\n"],
    ),
    "vads_currency": (["978", "036", "392"], ["EUR", "36", "9780", "97a"]),
    "vads_ctx_mode": (["TEST", "PRODUCTION"], ["test", "PROD", "Production", "TEST "]),
    "vads_language": (["fr", "zh"], ["FR", "fr_FR", "xx", "français"]),
    "vads_cust_email": (
        ["zoe@example.org", "o'neil+tag@long.photography", "zoé@exemple.fr"],
        ["zoe", "zoe@example", "a@b@c.fr", "zoe @example.org", "<zoe@example.org>", "zoe@example.f"],
    ),
    "vads_cust_country": (["FR", "fr"], ["FRA", "F", "33", "FRANCE"]),
    "vads_ship_to_country": (["BE"], ["BEL"]),
    "vads_birth_day": (["1", "05", "31"], ["0", "32", "x"]),
    "vads_birth_month": (["12", "02"], ["13", "0"]),
    "vads_birth_year": (["1980"], ["80", "19800"]),
    "vads_cust_status": (["PRIVATE", "COMPANY"], ["private"]),
    "vads_ship_to_status": (["PRIVATE"], ["x"]),
    "vads_ship_to_type": (["RELAY_POINT"], ["RELAY"]),
    "vads_ship_to_speed": (["EXPRESS"], ["FAST"]),
    "vads_theme_config": (
        ["SUCCESS_FOOTER_MSG_RETURN=Retour à la boutique;SITE_ID_LABEL=Client;", "RESPONSIVE_MODEL=Model_1"],
        ["sans valeur", "=x", "A=<b>", ";"],
    ),
    "vads_redirect_success_timeout": (["0", "600"], ["601", "-1", "05"]),
    "vads_redirect_error_timeout": (["5"], ["1000"]),
    "vads_return_get_params": (
        ["panier=1187&langue=fr", "a=", "a=b&", "n%C3%A9=%26", "x=vads_amount"],
        [
            "abc",
            "=b",
            "a=<b>",
            "a=%ff",
            "a=%00",
            "vads_amount=1",
            "%76ads_amount=1",
            "a=b&signature=x",
            " Vads.amount=1",
        ],
    ),
    "vads_return_post_params": (["a=b&a=c"], ["signature=x", "signature[]=x", "Signature=x", "vads_=1"]),
    "vads_risk_primary_warranty": (["ENABLE"], ["a b", "é"]),
    "vads_return_mode": (["NONE", "GET", "POST"], ["get", "PUT"]),
    "vads_page_action": (["PAYMENT"], ["payment", "PAY"]),
    "vads_action_mode": (["INTERACTIVE"], ["interactive", "I"]),
    "vads_payment_src": (["EC", "MOTO"], ["WEB"]),
    "vads_contracts": (["CB=1234567;AMEX=9876543", "CB=1;"], ["CB", "CB=", "CB=1 AMEX=2"]),
    "vads_available_languages": (["fr;en", "fr;"], ["fr,en", ";;"]),
    "vads_threeds_mpi": (["0", "2"], ["9", "00"]),
    "vads_threeds_enrolled": (["Y"], ["y", "A"]),
    "vads_threeds_status": (["A"], ["X"]),
    "vads_threeds_cavv": (["Q2F2dkNhdnZDYXZ2Q2F2dkNhdnY="], ["é", "a" * 41]),
    "vads_threeds_xid": (["WXJsVXpHVFoyMktaNzh5QUw4d0E="], ["a b"]),
    "vads_threeds_eci": (["5", "02"], ["005", "x"]),
    "vads_threeds_cavvAlgorithm": (["2"], ["22"]),
    "vads_sub_desc": (["RRULE:FREQ=MONTHLY;COUNT=12;BYMONTHDAY=28,29,30,31;BYSETPOS=-1"], ["FREQ=MONTHLY", "RRULE:"]),
    "vads_sub_init_amount": (["0", "500"], ["-5"]),
    "vads_sub_init_amount_number": (["12"], ["1000"]),
    "vads_sub_currency": (["978"], ["EUR"]),
    "vads_sub_effect_date": (["20260228"], ["20260230", "2026-02-28"]),
    "vads_nb_products": (["3"], ["trois"]),
    "vads_product_type0": (["TRAVEL"], ["travel"]),
    "vads_product_qty12": (["2"], ["2.5"]),
    "vads_product_vat3": (["1990", "5.5", "19.6000"], ["5,5", "100.5", "5.55555"]),
    **{name: (["0", "990"], ["-1", "9.90", "9" * 13]) for name in AMOUNTS},
}


def faults(**changes: str) -> list[tuple[str, str, Reason]]:
    return [(fault.code, fault.field, fault.reason) for fault in fields.check({**MINIMAL, **changes})]


@pytest.mark.parametrize("vector", VECTORS, ids=lambda vector: vector["name"])
def test_the_forms_of_the_golden_vectors_have_no_fault(vector):
    assert fields.check(vector["fields"]) == []


@pytest.mark.parametrize(("name", "value"), [(name, good) for name, (goods, _) in STRICT.items() for good in goods])
def test_a_good_value_is_accepted(name, value):
    assert faults(**{name: value}) == []


@pytest.mark.parametrize(("name", "value"), [(name, bad) for name, (_, bads) in STRICT.items() for bad in bads])
def test_a_wrong_value_is_refused_with_the_code_of_its_field(name, value):
    assert [(code, field) for code, field, _ in faults(**{name: value})] == [(fields.field(name).code, name)]


def test_every_field_of_the_dictionary_is_under_a_test_of_its_format():
    covered = {*STRICT, *TEXTS, *URLS, "vads_cust_phone", "vads_cust_cell_phone", "vads_ship_to_phone_num"}
    typed_in_shop = {"vads_card_number", "vads_expiry_month", "vads_expiry_year", "vads_cvv"}
    assert set(fields.FIELDS) <= covered | typed_in_shop


@pytest.mark.parametrize("name", fields.MANDATORY)
@pytest.mark.parametrize("is_absent", [True, False])
def test_a_mandatory_field_absent_or_empty_is_refused(name, is_absent):
    values = {other: value for other, value in MINIMAL.items() if other != name} | ({} if is_absent else {name: ""})
    found = fields.check(values)
    assert [(fault.code, fault.field, fault.reason) for fault in found] == [
        (fields.FIELDS[name].code, name, Reason.MISSING)
    ]


def test_the_mandatory_fields_are_the_ten_of_the_minimal_form():
    assert set(fields.MANDATORY) == set(MINIMAL)


def test_any_optional_field_may_be_empty():
    assert faults(**dict.fromkeys(set(fields.FIELDS) - set(fields.MANDATORY), "")) == []


# --- The table speaks for every field --------------------------------------------------------------------------
def under(known):
    return known.name + {"N": "0", "XXX": "panier"}.get(known.ending, "")


def test_every_field_has_an_example_that_is_accepted():
    for known in EVERY:
        if known.example:
            assert faults(**{under(known): known.example}) == [], known.name
    assert [known.name for known in EVERY if not known.example] == [
        "vads_card_number",
        "vads_expiry_month",
        "vads_expiry_year",
        "vads_cvv",
    ]


def test_every_field_refuses_with_its_own_code_what_is_too_long_or_no_text():
    for known in EVERY:
        for value in ("é" * (known.max_length + 1), "\x00"):
            found = [(code, name) for code, name, _ in faults(**{under(known): value})]
            assert found == [(known.code, under(known))], known.name


def test_every_field_stands_under_one_theme():
    names = [known.name for known in EVERY]
    assert len(names) == len(set(names))
    assert set(names) == {*fields.FIELDS, *NUMBERED, *NAMED}
    assert len({theme.name for theme in THEMES}) == len(THEMES)


def test_a_card_number_in_the_name_of_a_field_is_sensitive():
    assert faults(vads_ext_info_4970100000000014="") == [("999", "vads_ext_info_4970100000000014", Reason.SENSITIVE)]
    assert faults(vads_4970100000000014="x")[0][0] == "999"
    assert faults(vads_ext_info_20261125103000="x") == []


@pytest.mark.parametrize(
    "changes",
    [
        {"vads_theme_config": "SECURE_MESSAGE=carte 4970100000000014"},
        {"vads_contracts": "CB=4970100000000014"},
        {"vads_return_get_params": "carte=4970%201000%200000%200014"},
        {"vads_cust_email": "4970100000000014@example.org"},
        {"vads_sub_desc": "x4970100000000014"},
    ],
)
def test_no_field_that_takes_free_words_takes_a_card_number(changes):
    assert faults(**changes)[0][0] in {"999", "64"}


@pytest.mark.parametrize(
    "shape", ["{}", "x{}", "A={}", "RRULE:FREQ={}", "{}=", "x={}&y=1", "https://a.example/{}", "{}@a.fr"]
)
def test_pay_09_no_field_at_all_takes_a_listed_card(shape):
    for known in EVERY:
        assert faults(**{under(known): shape.format("4970100000000014")}), known.name


@pytest.mark.parametrize("name", ["cvc", "card_cvv", "ext_info_cvv2", "ext_info_security_code", "CVV", "cryptogramme"])
def test_pay_09_a_security_code_under_a_name_of_the_shop_s_own_is_sensitive(name):
    for code in ("123", "1234"):
        assert faults(**{f"vads_{name}": code}) == [("999", f"vads_{name}", Reason.SECURITY_CODE)]
    assert faults(**{f"vads_{name}": "", "vads_threeds_cavv": "123", "vads_ext_info_x": "123"}) == []
    assert faults(**{f"vads_{name}": "required"}) == []


def test_an_empty_form_names_every_mandatory_field_in_order_of_code():
    found = fields.check({})
    assert [fault.code for fault in found] == ["01", "02", "03", "04", "07", "09", "10", "11", "46", "47"]


def test_faults_come_in_order_of_code_as_numbers():
    found = fields.check({**MINIMAL, "vads_ext_info_a": "<", "vads_product_label0": "<", "vads_product_ref0": "<"})
    assert [fault.code for fault in found] == ["91", "97", "100"]


class TestFreeText:
    """Every text field takes what real carts send and refuses what would hurt."""

    @pytest.mark.parametrize(
        "value",
        [
            "L’Haÿ-les-Roses",
            'O\'Brien & fils "SARL"',
            "1 + 1 = 2",
            "CMD-1001",
            "日本",
            "\U0001f9c0",
            "20261125-1030-000123",
            "1732351234567",
            "SIRET 443 061 841 00047",
        ],
    )
    def test_real_texts_are_accepted(self, value):
        for name in TEXTS:
            assert faults(**{name: value}) == [], name

    def test_the_longest_text_is_accepted_and_one_more_character_is_not(self):
        for name in TEXTS:
            length = fields.FIELDS[name].max_length
            assert faults(**{name: "é" * length}) == []
            assert faults(**{name: "é" * (length + 1)}) == [(fields.FIELDS[name].code, name, Reason.TOO_LONG)]

    @pytest.mark.parametrize(
        "value", ["<", ">", "a<b>c", "<script>alert(1)</script>", "a\x00b", "\x1b[31m", "\x7f", "\ud800"]
    )
    def test_angle_brackets_and_what_cannot_be_stored_are_refused(self, value):
        for name in TEXTS:
            assert faults(**{name: value}) == [(fields.FIELDS[name].code, name, Reason.CHARACTERS)], name

    @pytest.mark.parametrize("value", ["4970100000000014", "4111 1111 1111 1111", "3759000000000"])
    def test_what_looks_like_a_card_is_sensitive(self, value):
        for name in TEXTS:
            assert faults(**{name: value}) == [("999", name, Reason.SENSITIVE)], name


class TestAddresses:
    """Addresses are judged by their syntax here; who calls them judges the rest."""

    @pytest.mark.parametrize(
        "value",
        [
            "http://127.0.0.1:8000/retour?a=1&b=x+y",
            "https://boutique.example",
            "HTTPS://boutique.example/l'été",
            "https://café.example/?q=%C3%A9#fin",
            "https://[2001:db8::1]/",
            "https://boutique.example/retour?commande=CMD-2026-1187&t=1732351234567",
        ],
    )
    def test_http_addresses_are_accepted(self, value):
        for name in URLS:
            assert faults(**{name: value}) == [], name

    @pytest.mark.parametrize(
        "value",
        [
            "javascript:alert(1)",
            "data:text/html,x",
            "ftp://boutique.example/",
            "//boutique.example/",
            "/retour",
            "boutique.example",
            "https://",
            "https:///retour",
            "https://a@b.example/",
            "http://a.example\\@127.0.0.1/",
            "https://boutique.example/a b",
            "https://boutique.example/\r\nSet-Cookie: a=b",
            'https://boutique.example/"onclick="x',
            "https://boutique.example/<b>",
        ],
    )
    def test_anything_else_is_refused(self, value):
        for name in URLS:
            assert [(code, field) for code, field, _ in faults(**{name: value})] == [(fields.FIELDS[name].code, name)]

    def test_an_address_has_1024_characters_at_most(self):
        beginning = "https://boutique.example/"
        longest = beginning + "a" * (1024 - len(beginning))
        for name in URLS:
            assert faults(**{name: longest}) == []
            assert faults(**{name: longest + "a"}) == [(fields.FIELDS[name].code, name, Reason.TOO_LONG)]

    def test_no_card_number_travels_in_an_address(self):
        for name in URLS:
            value = "https://boutique.example/retour?carte=4970100000000014"
            assert faults(**{name: value}) == [("999", name, Reason.SENSITIVE)]


@pytest.mark.parametrize("value", [action for action in PAGE_ACTIONS if action != "PAYMENT"])
def test_other_page_actions_are_known_but_not_offered(value):
    assert faults(vads_page_action=value) == [("46", "vads_page_action", Reason.NOT_OFFERED)]


@pytest.mark.parametrize("value", ["SILENT", "IFRAME"])
def test_other_action_modes_are_known_but_not_offered(value):
    assert faults(vads_action_mode=value) == [("47", "vads_action_mode", Reason.NOT_OFFERED)]


@pytest.mark.parametrize("name", ["vads_card_number", "vads_expiry_month", "vads_expiry_year", "vads_cvv"])
def test_a_card_typed_in_the_shop_is_never_taken(name):
    assert faults(**{name: "123"}) == [(fields.FIELDS[name].code, name, Reason.NOT_OFFERED)]


@pytest.mark.parametrize("value", ["ALL", "TOUTES", "CB;PAYPAL"])
def test_a_method_outside_the_contract_is_not_offered(value):
    assert faults(vads_payment_cards=value) == [("08", "vads_payment_cards", Reason.NOT_OFFERED)]


def test_a_currency_of_no_country_is_not_offered():
    assert faults(vads_currency="000") == [("10", "vads_currency", Reason.NOT_OFFERED)]


@pytest.mark.parametrize("value", ["06 12 34 56 78", "+33 (0)6.12.34.56.78", "+49 1512 3456789", "4915123456789"])
@pytest.mark.parametrize("name", ["vads_cust_phone", "vads_cust_cell_phone", "vads_ship_to_phone_num"])
def test_telephone_numbers_are_not_taken_for_cards(name, value):
    assert faults(**{name: value}) == []
    assert faults(**{name: "4970100000000014"}) == [("999", name, Reason.SENSITIVE)]


def test_a_bar_code_is_not_taken_for_a_card():
    assert faults(vads_product_ref0="3017620422003") == []
    assert faults(vads_product_ref0="4970100000000014") == [("999", "vads_product_ref0", Reason.SENSITIVE)]


@pytest.mark.parametrize("name", ["vads_unknown", "vads_Été", "vads_", "vads_product_colour0", "vads_ext_info_"])
def test_unknown_fields_are_legal_and_only_refused_for_what_cannot_be_kept(name):
    assert faults(**{name: "anything, <even> this"}) == []
    assert faults(**{name: "\x00"}) == [("99", name, Reason.CHARACTERS)]
    assert faults(**{name: "x" * 4097}) == [("99", name, Reason.TOO_LONG)]
    assert faults(**{name: "4970100000000014"}) == [("999", name, Reason.SENSITIVE)]


def test_names_without_the_prefix_are_ignored():
    assert faults(submit="<\x00>", VADS_AMOUNT="-1") == []


def test_families_are_found_under_the_very_name_asked_for():
    assert fields.field("vads_product_label10") == dataclasses.replace(
        NUMBERED["vads_product_label"], name="vads_product_label10", ending=""
    )
    assert fields.field("vads_ext_info_Noël").code == NAMED["vads_ext_info_"].code == "91"
    assert fields.field("vads_product_label").code == "99"
    assert fields.field("vads_product_label٣").code == "99"


def test_a_fault_explains_itself_without_the_value():
    (fault,) = fields.check({**MINIMAL, "vads_amount": "12,50"})
    assert fault.explanation.startswith("La valeur n’a pas la forme attendue. Attendu\u00a0: nombre entier positif")
    assert "12,50" not in repr(fault)


@given(values=st.dictionaries(st.sampled_from([*fields.FIELDS, "vads_x", "x"]), st.text(max_size=60), max_size=12))
def test_no_value_whatever_makes_the_check_fail(values):
    for fault in fields.check(values):
        assert fault.code
        assert fault.explanation
