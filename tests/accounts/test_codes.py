"""Which codes can be chosen, and how they are kept (RST-09, RST-10)."""

import uuid

import pytest

from accounts import codes
from accounts.codes import CodeFault, CodeRefused

FACTS = ["73282932000074", "+33199005678", "14/07/1989"]


@pytest.mark.parametrize("code", ["482917", "90412765", "731946802517"])
def test_rst_10_a_code_of_6_to_12_digits_that_nobody_guesses_is_accepted(code):
    codes.require_acceptable(code, facts=FACTS)


@pytest.mark.parametrize(
    ("code", "fault"),
    [
        ("", CodeFault.FORMAT),
        ("48291", CodeFault.FORMAT),
        ("4829170000001", CodeFault.FORMAT),
        ("48291a", CodeFault.FORMAT),
        ("٤٨٢٩١٧", CodeFault.FORMAT),
        ("482917\n", CodeFault.FORMAT),
        ("000000", CodeFault.TRIVIAL),
        ("123456", CodeFault.TRIVIAL),
        ("987654", CodeFault.TRIVIAL),
        ("890123", CodeFault.TRIVIAL),
        ("246802", CodeFault.TRIVIAL),
        ("121212", CodeFault.TRIVIAL),
        ("123123", CodeFault.TRIVIAL),
        ("112112", CodeFault.TRIVIAL),
        ("111112", CodeFault.TRIVIAL),
        ("732829", CodeFault.PERSONAL),
        ("3282932", CodeFault.PERSONAL),
        ("990056", CodeFault.PERSONAL),
        # As people dial it, from its first digit on.
        ("019900", CodeFault.PERSONAL),
        ("0199005678", CodeFault.PERSONAL),
        ("14071989", CodeFault.PERSONAL),
        ("140719895", CodeFault.PERSONAL),
    ],
)
def test_rst_10_a_trivial_or_personal_code_is_refused(code, fault):
    with pytest.raises(CodeRefused) as refused:
        codes.require_acceptable(code, facts=FACTS)
    assert refused.value.fault is fault
    assert not code or code not in str(refused.value)


@pytest.mark.parametrize(
    "typed", ["482917", "482 917", "48.29.17", "482-917", "４８２９１７", "482\u00a0917", "482\u202f917"]
)
def test_a_code_is_read_however_it_was_spaced(typed):
    assert codes.normalise(typed) == "482917"


def test_rst_09_a_code_is_kept_as_argon2id_over_a_key_outside_the_database(settings):
    owner, other = uuid.uuid4(), uuid.uuid4()
    kept = codes.hash_code("482917", owner=owner)
    assert kept.startswith("argon2$argon2id$")
    assert "482917" not in kept
    assert codes.is_right("482917", owner=owner, encoded=kept)
    assert not codes.is_right("482918", owner=owner, encoded=kept)
    assert not codes.is_right("482917", owner=other, encoded=kept)
    settings.CODE_PEPPER = "another key, which whoever stole the database does not have"
    assert not codes.is_right("482917", owner=owner, encoded=kept)
