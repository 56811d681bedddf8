"""The catalogue of test cards, and what looks like a card."""

import pytest

from backoffice.vads import cards

CURRENT = [card for card in cards.TEST_CARDS if card.is_current]
FORMER = [card for card in cards.TEST_CARDS if not card.is_current]


def test_the_catalogue_holds_both_generations_each_number_once():
    numbers = [card.number for card in cards.TEST_CARDS]
    assert len(numbers) == len(set(numbers)) == 62
    assert len(CURRENT) == 35
    assert len(FORMER) == 27


@pytest.mark.parametrize("card", cards.TEST_CARDS, ids=lambda card: card.number)
def test_each_card_is_found_as_people_type_it(card):
    grouped = " ".join(card.number[place : place + 4] for place in range(0, len(card.number), 4))
    assert cards.find(card.number) is card
    assert cards.find(grouped) is card
    assert cards.find(f"  {grouped.replace(' ', '-')} ") is card
    assert cards.find(grouped.replace(" ", "\u00a0")) is card


@pytest.mark.parametrize("card", CURRENT, ids=lambda card: card.number)
def test_the_current_numbers_have_a_right_check_digit(card):
    assert cards.is_luhn_valid(card.number)


def test_most_former_numbers_have_none_so_look_up_comes_first():
    assert sum(not cards.is_luhn_valid(card.number) for card in FORMER) > len(FORMER) // 2


@pytest.mark.parametrize(
    "number", ["", "4111111111111111", "4970100000000015", "497010000000001", "４９７０１０００００００００１４", "x"]
)
def test_any_other_number_is_not_a_test_card(number):
    assert cards.find(number) is None


@pytest.mark.parametrize("card", cards.TEST_CARDS, ids=lambda card: card.number)
def test_each_outcome_is_coherent_on_the_wire(card):
    assert card.scenario.startswith("Accepté" if card.is_accepted else "Refusé")
    assert card.result == ("00" if card.is_accepted else "05")
    assert (card.auth_result == "00") is card.is_accepted
    assert (card.warranty in ("YES", "NO")) is card.is_accepted
    if card.threeds_status == "N":
        assert (card.auth_result, card.payment_error) == ("", "39")
    if card.needs_challenge:
        assert card.threeds_enrolled == "Y"


@pytest.mark.parametrize(
    ("number", "brand", "product", "auth_result"),
    [
        ("4970100000000014", "CB", "F", "00"),
        ("4970100000000071", "CB", "F", "51"),
        ("4970100000000089", "CB", "F", "63"),
        ("4970100000000113", "CB", "F", "05"),
        ("4970100000000063", "CB", "F", ""),
        ("4970100000000002", "CB", "F", "02"),
        ("5970100300023006", "MASTERCARD", "MCS", "00"),
        ("5000550000023006", "MAESTRO", "MSI", "00"),
        ("5000550000000098", "MAESTRO", "MSI", "51"),
        ("36000000000057", "DINERS", "", "05"),
        ("375900000000016", "AMEX", "", "00"),
    ],
)
def test_known_numbers_play_their_part(number, brand, product, auth_result):
    card = cards.find(number)
    assert (card.brand, card.product, card.auth_result) == (brand, product, auth_result)


def test_the_indicator_follows_the_network():
    assert cards.find("4970100000000014").threeds_eci == "5"
    assert cards.find("4970110000000054").threeds_eci == "7"
    assert cards.find("5970100300000018").threeds_eci == "02"
    assert cards.find("5100010000000056").threeds_eci == ""


@pytest.mark.parametrize(
    ("number", "masked"),
    [
        ("4970100000000014", "497010XXXXXX0014"),
        ("4970 1000 0000 0014", "497010XXXXXX0014"),
        ("375900000000008", "375900XXXXX0008"),
        ("36000000000008", "360000XXXX0008"),
        ("123456", "XXXXXX"),
        ("", ""),
    ],
)
def test_masking_leaves_six_and_four_digits_at_most(number, masked):
    assert cards.masked(number) == masked


@pytest.mark.parametrize(
    "text",
    [
        "4111111111111111",
        "4111 1111 1111 1111",
        "4111-1111-1111-1111",
        "4111111111111112",  # as a whole value the check digit does not matter
        "3759000000000081"[:13],
        "4970100000000000",
        "5555555555554444",
        "2223003122003222",
        "6011111111111117",
        "carte 4970100000000014 merci",
        "carte 4970 1000 0000 0000 merci",
        "a4111111111111111b",
        "https://boutique.example/?card=4111111111111111",
        "https://boutique.example/?card=4111%201111%201111%201111&x=1",
        "4111+1111+1111+1111",
        "4111.1111.1111.1111",
        "4111  1111  1111  1111",
        "12 4111 1111 1111 1111 99",
        "3759 000000 00008",
        "0004111111111111111",  # glued after zeros
        "41111111111111111228",  # followed by an expiry date
        "4111111111111111202812123",
        "3759000000000081228",
        "98765497010000000001498765",  # a listed card glued anywhere
        "montant 12 4111111111111111",
        "carte ４１１１１１１１１１１１１１１１",
        "4111\u200b1111\u200b1111\u200b1111",
        "٤١١١١١١١١١١١١١١١",
    ],
)
def test_these_look_like_a_card(text):
    assert cards.looks_like_card(text)


@pytest.mark.parametrize(
    "text",
    [
        "",
        "CMD-1001",
        "20260115103000",
        "2026011510300012",
        "1732351234567",
        "123456789012",
        "41111111111111112222",
        "commande 4111111111111112 du jour",
        "FR76 3000 6000 0112 3456 7890 189",
        "+33 6 12 34 56 78",
        "SIRET 443 061 841 00047",
        "code-barres 3017620422003",
        "41111111111111111999",  # no month 19, no month 99
        "1732351234567890123",  # nanoseconds since 1970
        "20261125103000123456",
        "2026-11-25 10:30:00.123456",
        "04 50 12 34 56 / 06 12 34 56 78",
        "0450123456 0612345678",
        "+33 4 50 12 34 56, +33 6 12 34 56 78",
        "SSCC 340123450000000018",
        "DE89 3704 0044 0532 0130 00",
        "FR1420041010050500013M02606",
        "de 2021, 2022, 2023 et 2024",
        "4f7e1234-5678-4abc-9012-345678901234",
        "https://boutique.example/commande/CMD-2026-1187?t=1732351234567",
    ],
)
def test_these_do_not_look_like_a_card(text):
    assert not cards.looks_like_card(text)


def test_every_network_of_the_catalogue_has_a_name_people_write():
    names = {cards.network_name(card.brand) for card in cards.TEST_CARDS}
    assert {"CB", "Mastercard", "Maestro", "Visa Electron", "American Express", "Diners Club"} <= names
    assert not any("_" in name for name in names)
    assert cards.network_name("NEW_ONE") == "NEW_ONE"
