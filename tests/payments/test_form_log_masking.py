"""No card number stays in the log, however it is written, and nothing that a column could not hold."""

import json
import re
import time
from pathlib import Path

import pytest
from django.db import connection
from hypothesis import given
from hypothesis import strategies as st

from backoffice.vads.cards import TEST_CARDS, is_luhn_valid
from payments.form.masking import LONGEST_FORM, LONGEST_VALUE, REMOVED, SENSITIVE_REMOVED, keep, masked
from payments.models import LoggedForm
from tests.payments import wire

CARD = "4970100000000014"
NAUGHTY = json.loads((Path(__file__).parent.parent / "data" / "naughty.json").read_text())


@pytest.mark.parametrize("card", [card.number for card in TEST_CARDS])
@pytest.mark.parametrize(
    "shape", ["{}", "carte {} de Zoé", "1234{}5678", "https://a.example/?c={}&d=1", "a{}b", "0000000{}00000000"]
)
def test_pay_09_no_listed_card_survives_anywhere_in_a_text(card, shape):
    assert card not in masked(shape.format(card))
    assert REMOVED in masked(shape.format(card))


@pytest.mark.parametrize(
    "written",
    [
        "4970 1000 0000 0014",
        "4970-1000-0000-0014",
        "4970.1000.0000.0014",
        "4970%201000%200000%200014",
        "4970+1000+0000+0014",
        "4970\u00a01000\u202f0000\u20110014",
        "4\u200b9\u200b7\u200b0\u200b1000\ufeff0000\u00ad0014",
        "4970\r\n1000\t0000  0014",
        "4970        1000 0000 0014",
        "４９７０１００００００００ ０１４",
        "٤٩٧٠١٠٠٠٠٠٠٠٠٠١٤",
        "4111111111111111",
        "4111111111111112",
        "378282246310005",
        "6011111111111117 et autre chose",
        "2223000048400011",
    ],
)
def test_pay_09_a_card_is_found_however_its_digits_are_set_apart(written):
    digits = "".join(str(int(char)) if char.isdecimal() else "" for char in masked(written))
    assert len(digits) < 13


@pytest.mark.parametrize(
    "honest",
    [
        "CMD-2026-1187",
        "20261125103000",
        "+33 6 12 34 56 78",
        "73282932000074",
        "l’Épicerie, 12 rue de la Paix, 75002 Paris",
        "https://boutique.example/retour?commande=1187",
        "6490",
        "",
    ],
)
def test_what_is_no_card_stays_as_it_was(honest):
    assert masked(honest) == honest


@given(st.text(), st.text(), st.sampled_from([card.number for card in TEST_CARDS]))
def test_pay_09_a_card_between_any_two_texts_is_removed(before, after, card):
    assert card not in masked(before + card + after)


@given(
    st.from_regex(r"[0-9]{0,20}", fullmatch=True),
    st.from_regex(r"(4|5[1-5]|3[47]|6)[0-9]{11,16}", fullmatch=True),
    st.from_regex(r"[0-9]{0,20}", fullmatch=True),
)
def test_pay_09_a_card_of_nobody_s_list_glued_between_digits_is_removed(before, beginning, after):
    card = next(beginning + end for end in "0123456789" if is_luhn_valid(beginning + end))
    assert card not in masked(f"x{before}{card}{after}x")


@pytest.mark.parametrize("card", ["4970100000000014", "4111111111111111"])
@pytest.mark.parametrize(
    "shape", ["{}" + "a" * 24, "abcdef{}" + "0" * 18, "AAAA{}" + "A" * 23 + "=", "/" * 14 + "{}+/+/+/+/+/+/+="]
)
@pytest.mark.django_db
def test_pay_09_a_card_in_what_has_the_shape_of_a_signature_is_not_kept(post_form, shop, card, shape):
    post_form(wire.fields(shop) | {"signature": shape.format(card)})
    assert card not in LoggedForm.objects.get().signature


@given(st.text())
def test_whatever_is_kept_can_be_stored(text):
    kept = masked(text)
    assert "\0" not in kept
    kept.encode()


@pytest.mark.parametrize(
    "name",
    ["vads_card_number", "vads_cvv", "vads_expiry_month", "vads_expiry_year", "vads_CARD_NUMBER", "vads_ext_info_cvc"],
)
def test_pay_09_a_field_made_for_cards_keeps_nothing_of_its_value(name):
    assert keep({name: "123"}).fields == {name: SENSITIVE_REMOVED}
    assert keep({name: ""}).fields == {name: ""}


def test_a_long_value_and_a_long_form_are_cut_and_say_so():
    assert keep({"vads_a": "x" * LONGEST_VALUE}).is_cut is False
    kept = keep({"vads_a": "x" * (LONGEST_VALUE + 1)})
    assert (len(kept.fields["vads_a"]), kept.is_cut) == (LONGEST_VALUE, True)
    whole = keep({f"vads_ext_info_{number}": "é" * 1000 for number in range(100)})
    assert whole.is_cut
    assert 30_000 < sum(len(name) + len(value) for name, value in whole.fields.items()) <= LONGEST_FORM


@pytest.mark.parametrize("cut", [LONGEST_VALUE, 2 * LONGEST_VALUE])
def test_pay_09_a_card_across_the_cut_is_removed_whole(cut):
    # What stands before it shrinks once masked, which draws it towards what is kept.
    for before in ("x" * (cut - 8), ("4" * 64 + "x") * 40):
        shown = keep({"vads_a": before[: cut - 8] + CARD}).fields["vads_a"]
        assert CARD[:8] not in shown


@pytest.mark.parametrize(
    "run", ["4" * 64 + "x", "4" * 40 + "x", "41111111111112x", "4,,,", "1%2", "123456789012 ", "4" * 19 + "    "]
)
def test_a_form_full_of_numbers_is_masked_in_no_time(run):
    form = {f"vads_ext_info_{number}": run * (2500 // len(run)) for number in range(100)}
    began = time.process_time()
    keep(form)
    assert time.process_time() - began < 1


@pytest.mark.django_db
@pytest.mark.parametrize("name", ["order_id", "trans_id", "contrib", "cust_name", f"ext_info_{CARD}", "zz", "cvv"])
def test_pay_09_a_card_in_any_field_or_name_is_in_no_column_and_no_line_of_the_log(post_form, shop, caplog, name):
    post_form(wire.form_of(shop, **{name: CARD}))
    post_form(wire.fields(shop, **{name: CARD}) | {"signature": CARD})
    post_form(wire.fields(shop, **{name: f"a\0{CARD}"}) | {"signature": "x"})

    assert LoggedForm.objects.count() >= 2
    with connection.cursor() as cursor:
        cursor.execute("SELECT string_agg(t::text, ' ') FROM payments_loggedform t")
        assert CARD not in cursor.fetchone()[0]
    assert CARD not in caplog.text


@pytest.mark.django_db
def test_naughty_strings_are_refused_or_kept_unharmed_and_never_an_error_of_ours(client, shop):
    for text in (one for one in NAUGHTY if not re.search("[\ud800-\udfff]", one)):
        response = client.post("/vads-payment/", wire.form_of(shop, amount="0", zz=text))
        assert response.status_code == 400
    assert LoggedForm.objects.exists()


def test_a_card_across_the_place_where_a_long_value_is_cut_leaves_no_half_behind():
    for before in range(2 * LONGEST_VALUE - 20, 2 * LONGEST_VALUE + 4):
        for card in (CARD, "4970 1000 0000 0014", "4970%201000%200000%200014"):
            # Runs of digits are masked by something shorter, so that the end of what is read is shown.
            text = ("1" * 70 + "x") * (before // 71) + "y" * (before % 71) + card + "z" * 3000
            (shown,) = keep({"vads_x": text}).fields.values()
            assert not re.search(r"[0-9]{4,}|4970", shown), (before, shown[-80:])


def test_what_is_looked_at_is_bounded_whatever_it_is_replaced_by():
    many = {f"vads_{number:03d}": "4" * 2000 for number in range(120)}
    kept = keep(many)
    assert kept.is_cut
    assert set(kept.fields.values()) == {REMOVED}
    assert len(kept.fields) * LONGEST_VALUE <= 2 * LONGEST_FORM
