"""The golden vectors, and what any change does to a signature."""

import json
from pathlib import Path
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from backoffice.vads import signature
from backoffice.vads.signature import Algorithm

VECTORS: list[dict[str, Any]] = json.loads(
    (Path(__file__).parent.parent / "data" / "vectors.json").read_text(encoding="utf-8")
)["vectors"]
COLUMNS = {Algorithm.SHA1: "sha1", Algorithm.HMAC_SHA256: "hmac_sha256"}
RICHEST = next(vector for vector in VECTORS if vector["name"] == "empty_fields")

each_vector = pytest.mark.parametrize("vector", VECTORS, ids=lambda vector: vector["name"])
each_algorithm = pytest.mark.parametrize("algorithm", list(Algorithm))


@each_algorithm
@each_vector
def test_every_golden_vector_gets_its_verdict(vector, algorithm):
    received = vector[COLUMNS[algorithm]]
    expected = not vector.get("refused", False)
    assert signature.is_valid(vector["fields"], received, vector["key"], algorithm) is expected


@each_algorithm
@each_vector
def test_our_own_signature_is_the_golden_one(vector, algorithm):
    if vector.get("refused"):
        assert signature.sign(vector["fields"], vector["key"], algorithm) != vector[COLUMNS[algorithm]]
    else:
        assert signature.sign(vector["fields"], vector["key"], algorithm) == vector[COLUMNS[algorithm]]


@each_algorithm
@pytest.mark.parametrize("name", sorted(RICHEST["fields"]))
def test_one_character_changed_in_any_field_is_refused(name, algorithm):
    value = RICHEST["fields"][name]
    received = RICHEST[COLUMNS[algorithm]]
    changes = [value[:place] + "~" + value[place + 1 :] for place in range(len(value))] + [value + " ", value + "0"]
    for changed in changes:
        fields = {**RICHEST["fields"], name: changed}
        assert not signature.is_valid(fields, received, RICHEST["key"], algorithm), changed


@each_algorithm
@pytest.mark.parametrize("name", sorted(RICHEST["fields"]))
def test_any_field_removed_is_refused(name, algorithm):
    fields = {other: value for other, value in RICHEST["fields"].items() if other != name}
    assert not signature.is_valid(fields, RICHEST[COLUMNS[algorithm]], RICHEST["key"], algorithm)


@each_algorithm
@pytest.mark.parametrize("name", ["vads_", "vads_aaa", "vads_amount2", "vads_ext_info_gift", "vads_zzz"])
@pytest.mark.parametrize("value", ["", "1", "TEST"])
def test_any_field_added_is_refused(name, value, algorithm):
    fields = {**RICHEST["fields"], name: value}
    assert not signature.is_valid(fields, RICHEST[COLUMNS[algorithm]], RICHEST["key"], algorithm)


@each_algorithm
def test_names_without_the_prefix_do_not_count(algorithm):
    fields = {**RICHEST["fields"], "submit": "Payer", "csrfmiddlewaretoken": "x", "VADS_amount": "1", "signature": "y"}
    assert signature.is_valid(fields, RICHEST[COLUMNS[algorithm]], RICHEST["key"], algorithm)


@each_algorithm
@pytest.mark.parametrize("place", range(0, 40, 7))
def test_one_character_changed_in_the_signature_is_refused(place, algorithm):
    good = RICHEST[COLUMNS[algorithm]]
    received = good[:place] + ("A" if good[place] != "A" else "B") + good[place + 1 :]
    assert not signature.is_valid(RICHEST["fields"], received, RICHEST["key"], algorithm)


@pytest.mark.parametrize("received", ["", " ", "é" * 40, "\udc80" * 40, "\x00", "0" * 5000])
@each_algorithm
def test_a_hostile_signature_is_only_wrong(received, algorithm):
    assert not signature.is_valid(RICHEST["fields"], received, RICHEST["key"], algorithm)


def test_a_signature_in_the_other_case_or_with_blanks_around_is_refused():
    good = RICHEST["sha1"]
    for received in (good.upper(), f" {good}", f"{good}\n"):
        assert not signature.is_valid(RICHEST["fields"], received, RICHEST["key"], Algorithm.SHA1)


def test_the_other_algorithm_and_the_other_certificate_are_refused():
    fields, key = RICHEST["fields"], RICHEST["key"]
    assert not signature.is_valid(fields, RICHEST["sha1"], key, Algorithm.HMAC_SHA256)
    assert not signature.is_valid(fields, RICHEST["hmac_sha256"], key, Algorithm.SHA1)
    assert not signature.is_valid(fields, RICHEST["sha1"], "2233445566778899", Algorithm.SHA1)


def test_fields_are_signed_in_byte_order_of_their_names():
    fields = {
        "vads_threeds_cavv_x": "lower",
        "vads_threeds_cavvAlgorithm": "upper",
        "vads_product_label2": "two",
        "vads_product_label10": "ten",
    }
    assert signature.message(fields, "K") == "ten+two+upper+lower+K"


def test_values_are_signed_exactly_as_received():
    fields = {"vads_a": " trimmed? ", "vads_b": "1+1=2", "vads_c": "&amp;\r\n", "vads_d": ""}
    assert signature.message(fields, "K") == " trimmed? +1+1=2+&amp;\r\n++K"


def test_an_unnormalised_accent_is_not_the_composed_one():
    composed = signature.sign({"vads_a": "é"}, "K", Algorithm.SHA1)
    assert composed != signature.sign({"vads_a": "e\u0301"}, "K", Algorithm.SHA1)


@each_algorithm
def test_nothing_is_signed_without_a_certificate(algorithm):
    with pytest.raises(ValueError, match="certificate"):
        signature.sign({"vads_a": "1"}, "", algorithm)
    with pytest.raises(ValueError, match="certificate"):
        signature.is_valid({"vads_a": "1"}, "x", "", algorithm)


@each_algorithm
@given(fields=st.dictionaries(st.text(max_size=8).map("vads_".__add__), st.text(max_size=20), max_size=8))
def test_what_we_sign_we_accept_whatever_the_values(fields, algorithm):
    assert signature.is_valid(
        fields, signature.sign(fields, "1122334455667788", algorithm), "1122334455667788", algorithm
    )


def test_a_lone_surrogate_is_signed_without_a_crash():
    assert signature.sign({"vads_a": "\ud800"}, "1122334455667788", Algorithm.HMAC_SHA256)
