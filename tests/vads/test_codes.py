"""The code tables and the currencies."""

import pytest

from backoffice.vads import cards, codes
from backoffice.vads.currencies import CURRENCIES
from backoffice.vads.dictionary import FIELDS, NAMED, NUMBERED

TABLES = (
    codes.RESULTS,
    codes.AUTH_RESULTS,
    codes.EXTRA_RESULTS,
    codes.PAYMENT_ERRORS,
    codes.TRANSACTION_STATUSES,
    codes.FORM_ERRORS,
)


@pytest.mark.parametrize("table", TABLES)
def test_every_code_stands_under_its_own_name_with_a_label(table):
    assert table
    for code, entry in table.items():
        assert entry.code == code
        assert entry.label.strip() == entry.label != ""


@pytest.mark.parametrize("table", TABLES)
def test_every_code_says_what_to_do(table):
    assert [code for code, entry in table.items() if not entry.advice.endswith(".")] == []


def test_every_code_a_field_can_give_is_explained():
    given = {field.code for field in (*FIELDS.values(), *NUMBERED.values(), *NAMED.values())}
    assert given <= set(codes.FORM_ERRORS)
    assert {"00", "03", "04", "07", "46", "47", "70", "99", "999"} <= set(codes.FORM_ERRORS)


def test_every_form_error_says_what_to_do_and_names_its_fields():
    for error in codes.FORM_ERRORS.values():
        assert error.advice.endswith("."), error
        assert error.fields or error.code in ("99", "999")
    assert codes.FORM_ERRORS["97"].fields == ("vads_product_labelN",)
    assert codes.FORM_ERRORS["91"].fields == ("vads_ext_info_XXX",)
    assert codes.FORM_ERRORS["00"].fields == ("signature",)


def test_form_errors_come_in_order_of_code():
    assert list(codes.FORM_ERRORS) == sorted(codes.FORM_ERRORS, key=int)


@pytest.mark.parametrize("code", ["03", "04", "05", "07", "41", "43", "59", "63"])
def test_answers_that_speak_of_fraud_are_marked(code):
    assert codes.AUTH_RESULTS[code].is_fraud


@pytest.mark.parametrize("code", ["00", "02", "51", "61", "68", "91"])
def test_other_answers_are_not(code):
    assert not codes.AUTH_RESULTS[code].is_fraud


def test_shops_read_the_outcome_of_a_status():
    statuses = codes.TRANSACTION_STATUSES
    success = {code for code, status in statuses.items() if status.outcome is codes.Outcome.SUCCESS}
    assert {"AUTHORISED", "AUTHORISED_TO_VALIDATE", "CAPTURED", "CAPTURE_FAILED", "ACCEPTED"} <= success
    assert statuses["WAITING_AUTHORISATION"].outcome is codes.Outcome.PENDING
    assert statuses["ABANDONED"].outcome is codes.Outcome.CANCELLED
    assert statuses["REFUSED"].outcome is codes.Outcome.FAILURE
    assert "CANCELED" not in statuses


def test_every_answer_a_test_card_gives_is_in_the_tables():
    for card in cards.TEST_CARDS:
        assert card.result in codes.RESULTS
        assert not card.auth_result or card.auth_result in codes.AUTH_RESULTS
        assert not card.payment_error or card.payment_error in codes.PAYMENT_ERRORS


@pytest.mark.parametrize(
    ("number", "alpha", "decimals"),
    [("978", "EUR", 2), ("392", "JPY", 0), ("953", "XPF", 0), ("788", "TND", 3), ("036", "AUD", 2)],
)
def test_currencies_know_where_the_point_stands(number, alpha, decimals):
    currency = CURRENCIES[number]
    assert (currency.number, currency.alpha, currency.decimals) == (number, alpha, decimals)


def test_every_currency_is_written_with_three_digits_and_three_letters():
    for number, currency in CURRENCIES.items():
        assert len(number) == len(currency.alpha) == 3
        assert number.isdigit()
        assert currency.symbol
