"""Why a signature is wrong: each classic slip is found by its name, and nothing secret is ever said."""

import base64
import hashlib
import hmac
import html
import json
import unicodedata
from pathlib import Path

import pytest

from backoffice.vads.signature import Algorithm
from certificates.keys import SigningKey
from payments.form import diagnosis
from payments.form.diagnosis import LONGEST_TEXT, MOST_HASHES, Diagnosis, diagnose
from payments.form.slips import UNEXPLAINED, Slip
from tests.payments import wire

OWN, OTHER = wire.TEST_CERTIFICATE, wire.PRODUCTION_CERTIFICATE
ALGORITHMS = ("SHA-1", "HMAC-SHA-256")
SHA_1, HMAC = ALGORITHMS
VECTORS = json.loads((Path(__file__).parent.parent / "data" / "vectors.json").read_text())["vectors"]
FIELDS = {
    "vads_action_mode": "INTERACTIVE",
    "vads_amount": "6490",
    "vads_ctx_mode": "TEST",
    "vads_currency": "978",
    "vads_cust_last_name": "L’Écuyer & fils",
    "vads_cust_first_name": " Zoé ",
    "vads_cust_zip": "",
    "vads_order_info": 'deux "crèmes"\r\nd’Isigny\\',
    "vads_page_action": "PAYMENT",
    "vads_payment_config": "SINGLE",
    "vads_site_id": "12345678",
    "vads_threeds_cavvAlgorithm": "2",
    "vads_threeds_cavv": "x",
    "vads_trans_date": "20261125103000",
    "vads_trans_id": "000042",
    "vads_version": "V2",
}


def found(fields, received, algorithm=HMAC, *, has_other=True):
    other = SigningKey(OTHER, Algorithm(algorithm)) if has_other else None
    return diagnose(fields, received, own=SigningKey(OWN, Algorithm(algorithm)), other=other)


def another(algorithm):
    return SHA_1 if algorithm == HMAC else HMAC


def signed_text(text, certificate, algorithm):
    """A signature over text made by hand."""
    if algorithm == SHA_1:
        return hashlib.sha1(text).hexdigest()
    return base64.b64encode(hmac.new(certificate.encode(), text, hashlib.sha256).digest()).decode()


def text_of(fields, names=None, certificate=OWN):
    return "+".join([*(fields[name] for name in names or sorted(fields)), certificate])


def changed(change):
    return {name: change(value) for name, value in FIELDS.items()}


# --- The wrong key ---------------------------------------------------------------------------------------------
@pytest.mark.parametrize("algorithm", ALGORITHMS)
@pytest.mark.parametrize("vector", [one for one in VECTORS if not one.get("refused")], ids=lambda one: one["name"])
def test_a_golden_form_signed_with_the_other_algorithm_is_told_exactly_that(vector, algorithm):
    golden = vector["sha1"] if algorithm == HMAC else vector["hmac_sha256"]
    own = SigningKey(vector["key"], Algorithm(algorithm))
    assert diagnose(vector["fields"], golden, own=own, other=None) == Diagnosis(slip=Slip.OTHER_ALGORITHM)


@pytest.mark.parametrize("algorithm", ALGORITHMS)
@pytest.mark.parametrize("vector", [one for one in VECTORS if not one.get("refused")], ids=lambda one: one["name"])
def test_a_golden_form_signed_with_the_other_mode_s_certificate_is_told_exactly_that(vector, algorithm):
    golden = {SHA_1: vector["sha1"], HMAC: vector["hmac_sha256"]}
    own = SigningKey(OTHER, Algorithm(algorithm))
    other = SigningKey(vector["key"], Algorithm(algorithm))
    told = {name: diagnose(vector["fields"], sign, own=own, other=other).slip for name, sign in golden.items()}
    assert told == {algorithm: Slip.OTHER_MODE, another(algorithm): Slip.OTHER_BOTH}


@pytest.mark.parametrize("algorithm", ALGORITHMS)
def test_the_other_mode_s_certificate_is_looked_at_with_both_algorithms_whatever_its_own_is(algorithm):
    own = SigningKey(OWN, Algorithm(algorithm))
    other = SigningKey(OTHER, Algorithm(another(algorithm)))
    slips = [diagnose(FIELDS, wire.signature(FIELDS, OTHER, one), own=own, other=other).slip for one in ALGORITHMS]
    assert set(slips) == {Slip.OTHER_MODE, Slip.OTHER_BOTH}


@pytest.mark.parametrize("vector", [one for one in VECTORS if one.get("refused")], ids=lambda one: one["name"])
def test_the_golden_form_signed_without_its_empty_fields_is_told_exactly_that(vector):
    for algorithm, golden in ((SHA_1, vector["sha1"]), (HMAC, vector["hmac_sha256"])):
        own = SigningKey(vector["key"], Algorithm(algorithm))
        assert diagnose(vector["fields"], golden, own=own, other=None).slip is Slip.EMPTY_LEFT_OUT


# --- What was signed -------------------------------------------------------------------------------------------
SLIPS = [
    (Slip.EMPTY_LEFT_OUT, {name: value for name, value in FIELDS.items() if value}),
    (Slip.TRIMMED, changed(str.strip)),
    (Slip.LINE_ENDS, changed(lambda value: value.replace("\r\n", "\n"))),
    (Slip.LINE_ENDS, changed(lambda value: value.replace("\r\n", ""))),
    (Slip.ESCAPED, changed(lambda value: html.escape(value).replace("&#x27;", "'"))),
    (
        Slip.ESCAPED,
        changed(
            lambda value: (
                html.escape(value, quote=False)
                .replace('"', "&quot;")
                .replace("É", "&Eacute;")
                .replace("é", "&eacute;")
                .replace("è", "&egrave;")
                .replace("’", "&rsquo;")
            )
        ),
    ),
    (Slip.QUOTES, changed(lambda value: value.replace('"', ""))),
    (Slip.QUOTES, changed(lambda value: value.replace("\\", "\\\\").replace('"', '\\"'))),
    (Slip.ENCODED_TWICE, changed(lambda value: value.encode().decode("latin-1"))),
    (Slip.COMPOSED, changed(lambda value: unicodedata.normalize("NFD", value))),
]


@pytest.mark.parametrize("algorithm", ALGORITHMS)
@pytest.mark.parametrize(("slip", "signed"), SLIPS)
def test_values_changed_between_the_calculation_and_the_form_are_found(slip, signed, algorithm):
    assert found(FIELDS, wire.signature(signed, OWN, algorithm), algorithm) == Diagnosis(slip=slip)


@pytest.mark.parametrize("algorithm", ALGORITHMS)
@pytest.mark.parametrize(
    ("slip", "value", "signed"),
    [
        (Slip.LINE_ENDS, "a\nb", "a\r\nb"),
        (Slip.UNESCAPED, "Fish &amp; chips &eacute;", "Fish & chips é"),
        (Slip.QUOTES, "l\\'été", "l'été"),
        (Slip.ENCODED_TWICE, "crÃ¨me", "crème"),
        (Slip.ESCAPED, "l'été & co", "l&#039;été &amp; co"),
        (Slip.EMPTY_LEFT_OUT, "0", None),
    ],
)
def test_values_changed_the_other_way_round_are_found_too(slip, value, signed, algorithm):
    sent = wire.fields(Shop, order_info=value)
    meant = wire.fields(Shop, order_info=signed)
    assert found(sent, wire.signature(meant, OWN, algorithm), algorithm).slip is slip


class Shop:
    site_id = "12345678"


@pytest.mark.parametrize("algorithm", ALGORITHMS)
@pytest.mark.parametrize("encoding", ["latin-1", "cp1252"])
def test_a_text_signed_in_latin_1_and_sent_in_utf_8_is_found(algorithm, encoding):
    fields = FIELDS | {"vads_cust_last_name": "Lefèvre € & fils" if encoding == "cp1252" else "Lefèvre & fils"}
    fields["vads_order_info"] = "crème"
    received = signed_text(text_of(fields).encode(encoding), OWN, algorithm)
    assert found(fields, received, algorithm).slip is Slip.LATIN_1


@pytest.mark.parametrize("algorithm", ALGORITHMS)
@pytest.mark.parametrize("names", [sorted(FIELDS, key=str.lower), list(FIELDS)], ids=["without case", "unsorted"])
def test_fields_signed_in_another_order_are_found(algorithm, names):
    fields = FIELDS if names == list(FIELDS) else FIELDS | {"vads_threeds_cavv_x": "y"}
    names = names if fields is FIELDS else sorted(fields, key=str.lower)
    received = signed_text(text_of(fields, names).encode(), OWN, algorithm)
    assert found(fields, received, algorithm).slip is Slip.ORDER


@pytest.mark.parametrize("algorithm", ALGORITHMS)
def test_numbered_fields_sorted_as_people_count_are_found(algorithm):
    numbered = {f"vads_product_label{number}": f"Fromage {number}" for number in (1, 2, 10)}
    names = [*sorted(FIELDS)[:9], "vads_product_label1", "vads_product_label2", "vads_product_label10"]
    names += sorted(FIELDS)[9:]
    names.sort(key=lambda name: (name.rstrip("0123456789"), int("0" + name[len(name.rstrip("0123456789")) :])))
    received = signed_text(text_of(FIELDS | numbered, names).encode(), OWN, algorithm)
    assert found(FIELDS | numbered, received, algorithm).slip is Slip.ORDER


@pytest.mark.parametrize("algorithm", ALGORITHMS)
@pytest.mark.parametrize("spaced", [f"{OWN} ", f"{OWN}\n", f"{OWN}\r\n", f" {OWN}"])
def test_a_certificate_copied_with_a_space_or_a_newline_is_found(algorithm, spaced):
    assert found(FIELDS, wire.signature(FIELDS, spaced, algorithm), algorithm).slip is Slip.CERTIFICATE_SPACED


def test_an_hmac_whose_text_does_not_end_with_the_certificate_is_found():
    text = text_of(FIELDS).removesuffix(f"+{OWN}")
    assert found(FIELDS, signed_text(text.encode(), OWN, HMAC)).slip is Slip.CERTIFICATE_MISSING


def test_a_sha_1_that_anybody_could_make_without_certificate_is_no_finding():
    text = text_of(FIELDS).removesuffix(f"+{OWN}")
    for ending in ("", "+"):
        assert found(FIELDS, signed_text((text + ending).encode(), OWN, SHA_1), SHA_1).slip is Slip.LOOKS_RIGHT


@pytest.mark.parametrize("algorithm", ALGORITHMS)
@pytest.mark.parametrize("added", [["contrib"], ["zz"], ["contrib", "language"], ["contrib", "language", "zz"]])
def test_fields_added_after_the_calculation_are_found_and_the_last_one_named(algorithm, added):
    received = wire.signature(FIELDS, OWN, algorithm)
    sent = FIELDS | {f"vads_{name}": "fr" for name in added}
    assert found(sent, received, algorithm) == Diagnosis(slip=Slip.FIELD_ADDED, field=f"vads_{added[-1]}")


# --- How the signature is written ------------------------------------------------------------------------------
def with_signs(algorithm=HMAC):
    """A form whose base64 holds both signs that change in addresses."""
    for number in range(10_000):
        fields = FIELDS | {"vads_trans_id": f"{number:06d}"}
        sign = wire.signature(fields, OWN, algorithm)
        if "+" in sign and "/" in sign:
            return fields, sign
    raise AssertionError("no such form")


def test_each_way_of_writing_the_right_signature_wrong_is_found():
    fields, sign = with_signs()
    raw = base64.b64decode(sign)
    written = {
        Slip.PLUS_LOST: sign.replace("+", " "),
        Slip.URLSAFE: sign.replace("+", "-").replace("/", "_"),
        Slip.UNPADDED: sign.rstrip("="),
        Slip.HEXADECIMAL: raw.hex(),
        Slip.SPACED: f" {sign}\r\n",
    }
    assert {slip: found(fields, received).slip for slip, received in written.items()} == {
        slip: slip for slip in written
    }
    assert found(fields, raw.hex().upper()).slip is Slip.HEXADECIMAL
    assert found(fields, base64.urlsafe_b64encode(raw).decode().rstrip("=")).slip is Slip.URLSAFE


def test_a_sha_1_in_capitals_or_in_base64_is_found():
    sign = wire.signature(FIELDS, OWN, SHA_1)
    assert found(FIELDS, sign.upper(), SHA_1).slip is Slip.UPPER_CASE
    assert found(FIELDS, base64.b64encode(bytes.fromhex(sign)).decode(), SHA_1).slip is Slip.BASE64


# --- Nothing fits ----------------------------------------------------------------------------------------------
@pytest.mark.parametrize(
    ("received", "algorithm", "slip"),
    [
        ("a" * 40, HMAC, Slip.LOOKS_SHA_1),
        ("A" * 40, SHA_1, Slip.LOOKS_RIGHT),
        ("A" * 43 + "=", SHA_1, Slip.LOOKS_HMAC),
        ("A" * 43 + "=", HMAC, Slip.LOOKS_RIGHT),
        ("a" * 32, HMAC, Slip.LOOKS_NEITHER),
        ("é\ud800\x00", SHA_1, Slip.LOOKS_NEITHER),
        ("1" * 300_000, HMAC, Slip.LOOKS_NEITHER),
    ],
)
def test_when_no_slip_fits_the_look_of_the_signature_is_told(received, algorithm, slip):
    assert found(FIELDS, received, algorithm) == Diagnosis(slip=slip)
    assert not slip.is_explained


def count_hashes(monkeypatch):
    calls = []
    real = diagnosis._digest
    monkeypatch.setattr(diagnosis, "_digest", lambda text, key: calls.append(len(text)) or real(text, key))
    return calls


def test_a_wrong_signature_costs_forty_hashes_at_most(monkeypatch):
    calls = count_hashes(monkeypatch)
    everything = FIELDS | {f"vads_ext_info_{number}": f" «\u00e9» & '\"\\\r\n0{number}" for number in range(150)}
    for algorithm in ALGORITHMS:
        calls.clear()
        found(everything, "a" * 40, algorithm)
        assert 30 < len(calls) <= MOST_HASHES


@pytest.mark.parametrize("value", ["x" * LONGEST_TEXT, "é" * (LONGEST_TEXT // 2), "\ud800" * (LONGEST_TEXT // 3)])
def test_a_text_above_64_kilobytes_costs_no_hash_at_all(monkeypatch, value):
    calls = count_hashes(monkeypatch)
    assert found(FIELDS | {"vads_order_info": value}, "a" * 40).slip is Slip.LOOKS_SHA_1
    assert calls == []


def test_values_that_are_no_text_are_looked_at_without_harm():
    hostile = {f"vads_ext_info_{n}": value for n, value in enumerate(["\ud800", "\0", "&#xD800;&#0;", "\u0130", "٣"])}
    for algorithm in ALGORITHMS:
        assert not found(FIELDS | hostile, "x", algorithm).slip.is_explained


# --- What is said ----------------------------------------------------------------------------------------------
def test_every_slip_says_what_happened_and_what_to_do():
    for slip in Slip:
        assert slip.label.endswith(".")
        assert slip.advice.endswith(".")
        assert slip.is_explained is (slip not in UNEXPLAINED)


def test_key_04_a_diagnosis_never_holds_a_signature_or_a_certificate():
    for algorithm in ALGORITHMS:
        for received in (wire.signature(FIELDS, OTHER, algorithm), "x"):
            told = repr(found(FIELDS, received, algorithm))
            for secret in (
                OWN,
                OTHER,
                *(wire.signature(FIELDS, key, one) for key in (OWN, OTHER) for one in ALGORITHMS),
            ):
                assert secret not in told
