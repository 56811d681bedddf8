"""How an e-mail address is spelled on file, and what is none."""

import json
import re
from pathlib import Path

import pytest

from accounts import addresses
from accounts.addresses import EmailRefused
from accounts.forms.contacts import EmailChangeForm, PhoneChangeForm

NAUGHTY = json.loads((Path(__file__).resolve().parents[1] / "data" / "naughty.json").read_text(encoding="utf-8"))


@pytest.mark.parametrize(
    ("typed", "kept"),
    [
        ("claire@fromagerie.example", "claire@fromagerie.example"),
        ("  claire@fromagerie.example\n", "claire@fromagerie.example"),
        ("Claire.Lefebvre+caisse@Fromagerie.EXAMPLE", "Claire.Lefebvre+caisse@fromagerie.example"),
        ("o'hara@fromagerie.example", "o'hara@fromagerie.example"),
        ("claire@crémerie.example", "claire@xn--crmerie-cya.example"),
        ("claire@CRÉMERIE.example", "claire@xn--crmerie-cya.example"),
        ("claire@straße.example", "claire@xn--strae-oqa.example"),
        ("claire@fromagerie。example", "claire@fromagerie.example"),
        ("c" * 64 + "@fromagerie.example", "c" * 64 + "@fromagerie.example"),
    ],
)
def test_one_mailbox_has_one_spelling(typed, kept):
    assert addresses.normalise(typed) == kept
    assert addresses.normalise(kept) == kept


@pytest.mark.parametrize(
    "typed",
    [
        "",
        "claire",
        "@fromagerie.example",
        "claire@",
        "claire@localhost",
        "claire@127.0.0.1",
        "claire@[127.0.0.1]",
        "claire@@fromagerie.example",
        "cl aire@fromagerie.example",
        '"claire b"@fromagerie.example',
        ".claire@fromagerie.example",
        "claire.@fromagerie.example",
        "cl..aire@fromagerie.example",
        "claire@fromagerie..example",
        "claire@fromagerie.example.",
        "claire@-fromagerie.example",
        "élise@fromagerie.example",
        "сlaire@fromagerie.example",
        "claire@fromagerie.example\r\nBcc: tiers@fromagerie.example",
        "claire\r\n@fromagerie.example",
        "claire@fromagerie.example,tiers@fromagerie.example",
        "Claire <claire@fromagerie.example>",
        "claire@from_agerie.example",
        "claire\x00@fromagerie.example",
        "claire@fromagerie\ud800.example",
        "c" * 65 + "@fromagerie.example",
        "claire@" + "f" * 64 + ".example",
        "claire@" + ".".join(["f" * 60] * 5) + ".example",
    ],
)
def test_what_cannot_be_mailed_to_is_refused(typed):
    with pytest.raises(EmailRefused):
        addresses.normalise(typed)


def test_case_alone_makes_no_other_address():
    assert addresses.is_same("Claire@Fromagerie.example", "claire@fromagerie.EXAMPLE")
    assert not addresses.is_same("claire@fromagerie.example", "clara@fromagerie.example")


def test_out_06_naughty_strings_are_kept_as_addresses_in_plain_ascii_or_refused_in_french():
    for typed in NAUGHTY:
        form = EmailChangeForm({"email": typed})
        if form.is_valid():
            assert re.fullmatch(r"[!-~]+@[a-z0-9.-]+", form.cleaned_data["email"]), typed
        else:
            [fault] = form.errors["email"]
            assert "adresse e-mail" in fault


def test_out_06_naughty_strings_are_kept_as_numbers_or_refused_in_french():
    for typed in NAUGHTY:
        form = PhoneChangeForm({"phone": typed})
        if form.is_valid():
            assert re.fullmatch(r"\+[0-9]{6,15}", form.cleaned_data["phone"]), typed
        else:
            [fault] = form.errors["phone"]
            assert "numéro" in fault


@pytest.mark.parametrize(
    "typed", ["01 99 00 77 77", "+33 1 99 00 77 77", "0033199007777", "01.99.00.77.77", "０１９９００７７７７"]
)
def test_a_number_is_one_number_however_it_is_typed(typed):
    form = PhoneChangeForm({"phone": typed})
    assert form.is_valid(), form.errors
    assert form.cleaned_data["phone"] == "+33199007777"


def test_a_number_with_an_extension_is_refused():
    assert PhoneChangeForm({"phone": "+33 1 99 00 77 77 ext. 12"}).errors["phone"] == [
        "Indiquez un numéro direct, sans poste."
    ]
