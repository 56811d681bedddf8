"""Which networks a payment may use, and under which brand a card pays."""

import pytest

from backoffice.vads import cards
from backoffice.vads.formats import PAYMENT_CARDS
from backoffice.vads.networks import brand_paid, eligible, offered, serves

CB, MASTERCARD, AMEX = map(cards.find, ("4970100000000014", "5970100300000018", "375900000000008"))


@pytest.mark.parametrize(
    ("listed", "networks"),
    [
        ("", PAYMENT_CARDS),
        ("CB", ("CB",)),
        ("CB;", ("CB",)),
        ("VISA;CB", ("CB", "VISA")),
        ("AMEX;AMEX;", ("AMEX",)),
        ("E-CARTEBLEUE;VPAY", ("VPAY", "E-CARTEBLEUE")),
    ],
)
def test_a_list_names_the_eligible_networks_and_an_empty_one_means_all(listed, networks):
    assert eligible(listed) == networks


@pytest.mark.parametrize(
    ("among", "tiles"),
    [
        (("CB",), ()),
        (("CB", "VISA"), ("CB", "VISA")),
        (("MAESTRO", "AMEX", "DINERS"), ("MAESTRO", "AMEX", "DINERS")),
        (PAYMENT_CARDS, ("CB", "VISA", "MASTERCARD", "AMEX")),
    ],
)
def test_a_choice_is_offered_where_there_is_one_and_never_drowns_the_form(among, tiles):
    assert offered(among) == tiles


def test_a_co_badged_card_serves_three_networks_and_the_others_their_own():
    assert serves(CB) == ("CB", "VISA", "E-CARTEBLEUE")
    assert {card.brand for card in cards.TEST_CARDS if len(serves(card)) > 1} == {"CB"}
    assert all(serves(card)[0] == card.brand for card in cards.TEST_CARDS)


@pytest.mark.parametrize("card", cards.TEST_CARDS, ids=lambda card: card.number)
def test_every_card_of_the_catalogue_serves_networks_of_the_offer(card):
    assert set(serves(card)) <= set(PAYMENT_CARDS)
    assert brand_paid(card, chosen="", among=PAYMENT_CARDS) == card.brand


@pytest.mark.parametrize(
    ("card", "chosen", "among", "brand"),
    [
        (CB, "", ("CB", "VISA"), "CB"),
        (CB, "VISA", ("CB", "VISA"), "VISA"),
        (CB, "", ("VISA", "AMEX"), "VISA"),
        (CB, "", ("E-CARTEBLEUE",), "E-CARTEBLEUE"),
        (CB, "", ("VPAY", "VISA_ELECTRON"), None),
        (CB, "MASTERCARD", ("CB", "MASTERCARD"), None),
        (CB, "VISA", ("CB",), None),
        (MASTERCARD, "", ("CB", "VISA"), None),
        (AMEX, "AMEX", ("AMEX",), "AMEX"),
    ],
)
def test_the_shop_is_told_the_brand_the_buyer_chose_else_the_first_one_it_takes(card, chosen, among, brand):
    assert brand_paid(card, chosen=chosen, among=among) == brand
