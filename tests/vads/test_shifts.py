"""PAY-05: text slid from one field into another keeps the signature and must be refused by the formats."""

import itertools
import json
from pathlib import Path

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from backoffice.vads import fields, signature
from backoffice.vads.signature import Algorithm

KEY = "1122334455667788"
VECTORS = json.loads((Path(__file__).parent.parent / "data" / "vectors.json").read_text(encoding="utf-8"))["vectors"]
FORMS = {
    "minimal": next(vector for vector in VECTORS if vector["name"] == "minimal")["fields"],
    "rich": {
        **next(vector for vector in VECTORS if vector["name"] == "accents")["fields"],
        "vads_available_languages": "fr;en",
        "vads_contrib": "Boutique_1.2/7.0.33-0+deb9u12",
        "vads_cust_address": "12 rue 1+1",
        "vads_payment_cards": "CB;VISA",
    },
}
MONEY = ("vads_amount", "vads_currency", "vads_ctx_mode", "vads_payment_config")


def is_taken(values: dict[str, str], original: dict[str, str]) -> bool:
    """Whether the platform would take these values with the original's signature."""
    received = signature.sign(original, KEY, Algorithm.SHA1)
    return signature.is_valid(values, received, KEY, Algorithm.SHA1) and not fields.check(values)


@pytest.mark.parametrize("form", FORMS)
def test_the_forms_themselves_are_taken(form):
    assert is_taken(FORMS[form], FORMS[form])


@pytest.mark.parametrize("form", FORMS)
def test_no_boundary_between_two_neighbours_can_move(form):
    original = FORMS[form]
    for left, right in itertools.pairwise(sorted(original)):
        joined = f"{original[left]}+{original[right]}"
        cuts = [place for place, character in enumerate(joined) if character == "+"]
        for values in (
            *({**original, left: joined[:cut], right: joined[cut + 1 :]} for cut in cuts),
            {**{name: value for name, value in original.items() if name != right}, left: joined},
            {**{name: value for name, value in original.items() if name != left}, right: joined},
        ):
            if any(values.get(name) != original[name] for name in MONEY):
                assert not is_taken(values, original), (left, right, values)


def test_the_amount_cannot_be_swallowed_by_a_field_invented_before_it():
    original = {**FORMS["minimal"], "vads_capture_delay": "7"}
    values = {name: value for name, value in original.items() if name != "vads_capture_delay"}
    values |= {"vads_ada": original["vads_amount"], "vads_amount": "7"}
    assert signature.message(values, KEY) == signature.message(original, KEY)
    assert not is_taken(values, original)


def test_the_currency_cannot_be_replaced_by_what_the_buyer_typed_as_address():
    original = {**FORMS["minimal"], "vads_cust_address": "392"}
    values = {name: value for name, value in original.items() if name != "vads_cust_address"}
    values |= {"vads_ctx_z": "978", "vads_currency": "392"}
    assert signature.message(values, KEY) == signature.message(original, KEY)
    assert not is_taken(values, original)


@pytest.mark.parametrize(
    "swallowing",
    [
        {"vads_aaa": "INTERACTIVE+1990+TEST+978"},
        {"vads_aaa": "INTERACTIVE", "vads_aab": "1990", "vads_aac": "TEST", "vads_aad": "978"},
        {"vads_aaa": "INTERACTIVE+1990", "vads_abc": "TEST+978"},
    ],
)
def test_the_whole_beginning_cannot_be_swallowed_and_typed_again_as_address(swallowing):
    original = {**FORMS["minimal"], "vads_cust_address": "INTERACTIVE+1+TEST+978"}
    values = {name: value for name, value in original.items() if name != "vads_cust_address"}
    values |= {"vads_amount": "1", **swallowing}
    assert signature.message(values, KEY) == signature.message(original, KEY)
    assert not is_taken(values, original)


def test_the_name_of_the_module_cannot_swallow_mode_and_currency():
    original = {**FORMS["minimal"], "vads_cust_address": "TEST+392"}
    values = {name: value for name, value in original.items() if name != "vads_cust_address"}
    values |= {"vads_contrib": "TEST+978", "vads_currency": "392"}
    assert signature.message(values, KEY) == signature.message(original, KEY)
    assert not is_taken(values, original)


@pytest.mark.parametrize(
    ("signed", "typed", "swallowing"),
    [
        ("SINGLE", "PAYMENT+MULTI:first=1;count=9;period=30", "vads_payment_z"),
        ("MULTI:first=1;count=9;period=30", "PAYMENT+SINGLE", "vads_product_label0"),
    ],
)
def test_the_schedule_cannot_be_swallowed_and_typed_again_as_address(signed, typed, swallowing):
    original = {**FORMS["minimal"], "vads_cust_address": typed, "vads_payment_config": signed}
    values = {name: value for name, value in original.items() if name != "vads_cust_address"}
    values |= {"vads_payment_config": typed.split("+")[1], swallowing: f"PAYMENT+{signed}"}
    assert signature.message(values, KEY) == signature.message(original, KEY)
    assert is_taken(original, original) is False
    assert not is_taken(values, original)


def test_a_single_room_may_be_sold():
    values = {**FORMS["minimal"], "vads_product_label0": "SINGLE", "vads_order_info": "MULTIPRISE"}
    assert is_taken(values, values)


NAMES_BEFORE = ["vads_a", "vads_aa", "vads_ada", "vads_amb", "vads_contrib", "vads_cs", "vads_ctx_z", "vads_cua"]


@settings(max_examples=400)
@given(
    address=st.lists(
        st.sampled_from(["INTERACTIVE", "1", "TEST", "PRODUCTION", "978", "392", "rue", ""]), min_size=1, max_size=6
    ).map("+".join),
    delay=st.sampled_from(["", "7", "365"]),
    drawn=st.data(),
)
def test_no_sharing_out_of_the_signed_text_changes_a_money_field(address, delay, drawn):
    original = {**FORMS["minimal"], "vads_cust_address": address, "vads_capture_delay": delay}
    pieces = signature.message(original, KEY).split("+")[:-1]
    names = sorted(
        {*FORMS["minimal"], *drawn.draw(st.sets(st.sampled_from(NAMES_BEFORE), max_size=5)), "vads_cust_city"}
    )
    if len(pieces) < len(names):
        return
    cuts = sorted(
        drawn.draw(st.sets(st.integers(1, len(pieces) - 1), min_size=len(names) - 1, max_size=len(names) - 1))
    )
    bounds = [0, *cuts, len(pieces)]
    values = {
        name: "+".join(pieces[begin:end]) for name, (begin, end) in zip(names, itertools.pairwise(bounds), strict=True)
    }
    if any(values[name] != original[name] for name in MONEY):
        assert not is_taken(values, original)
