"""The choice of means: what a form allows, what the buyer is asked, which cards are taken and under which brand."""

import html
import re

import pytest
from django.urls import reverse

from backoffice.vads import cards, networks
from payments.models import PaymentSession, Transaction

pytestmark = pytest.mark.django_db
CB, MASTERCARD, AMEX = "4970 1000 0000 0014", "5970 1003 0000 0018", "3759 000000 00008"


def shown(client, session):
    page = client.get(reverse("payments:page", args=[session.token]))
    return html.unescape(page.content.decode()).replace("\N{NO-BREAK SPACE}", " ")


def tiles_in(page):
    """Value, whether it is ticked, and words of each tile."""
    tiles = re.findall(r'<label class="means-tile"><input type="radio"([^>]*)><span>([^<]+)</span></label>', page)
    return [
        (re.search(r'value="([^"]*)"', attributes)[1], "checked" in attributes, words) for attributes, words in tiles
    ]


@pytest.mark.parametrize(
    ("listed", "tiles"),
    [
        ("", ["", "CB", "VISA", "MASTERCARD", "AMEX"]),
        ("CB;VISA", ["", "CB", "VISA"]),
        ("MAESTRO;DINERS;", ["", "MAESTRO", "DINERS"]),
        ("CB", []),
        ("VPAY;", []),
    ],
)
def test_several_networks_are_a_choice_on_the_same_page_and_one_is_none(client, shop, open_page, listed, tiles):
    page = shown(client, open_page(shop, payment_cards=listed))

    assert [value for value, _, _ in tiles_in(page)] == tiles
    assert ("Moyen de paiement" in page) == bool(tiles)
    assert 'autocomplete="cc-number"' in page


def test_the_number_decides_until_the_buyer_does(client, shop, open_page):
    tiles = tiles_in(shown(client, open_page(shop)))
    assert tiles[0] == ("", True, "Reconnu par son numéro")
    assert [checked for _, checked, _ in tiles[1:]] == [False] * 4
    assert tiles[-1][2] == "American Express"


@pytest.mark.parametrize("listed", ["", "CB", "VISA", "MASTERCARD;MAESTRO", "AMEX", "DINERS;VISA_ELECTRON"])
def test_the_test_cards_are_those_the_form_allows_and_say_what_they_serve(client, shop, open_page, listed):
    page = shown(client, open_page(shop, payment_cards=listed))
    among = networks.eligible(listed)

    listed_there = dict(re.findall(r'data-fill-card="(\d+)"[^>]*data-networks="([^"]*)"', page))

    expected = {
        card.number: " ".join(network for network in networks.serves(card) if network in among)
        for card in cards.TEST_CARDS
        if set(networks.serves(card)) & set(among)
    }
    assert listed_there == expected
    # The first group is never behind a fold.
    assert page.index("data-fill-card") < (page.find("<details>") if "<details>" in page else len(page))


def test_a_network_without_test_cards_says_so(client, shop, open_page):
    page = shown(client, open_page(shop, payment_cards="VPAY"))
    assert "Aucune carte de test n’existe pour V PAY." in page
    assert "data-fill-card" not in page


@pytest.mark.parametrize(
    ("listed", "number", "chosen", "brand"),
    [
        ("", CB, "", "CB"),
        ("", CB, "VISA", "VISA"),
        ("", CB, "CB", "CB"),
        ("VISA", CB, "", "VISA"),
        ("E-CARTEBLEUE", CB, "", "E-CARTEBLEUE"),
        ("MASTERCARD;AMEX", MASTERCARD, "MASTERCARD", "MASTERCARD"),
        ("", AMEX, "forged", "AMEX"),
        ("", "4917 4800 0000 0008", "", "VISA_ELECTRON"),
    ],
)
def test_the_shop_is_told_the_brand_that_was_chosen_or_the_cards(shop, open_page, pay, listed, number, chosen, brand):
    code = "1234" if number == AMEX else "123"
    assert pay(open_page(shop, payment_cards=listed), number, network=chosen, security_code=code).status_code == 302
    assert Transaction.objects.get().card_brand == brand


@pytest.mark.parametrize(
    ("listed", "number", "words"),
    [
        ("MASTERCARD;AMEX", CB, "La boutique n’accepte pas CB pour ce paiement. Utilisez une carte Mastercard ou "),
        ("CB", MASTERCARD, "La boutique n’accepte pas Mastercard pour ce paiement. Utilisez une carte CB."),
        ("VPAY", AMEX, "La boutique n’accepte pas American Express pour ce paiement. Utilisez une carte V PAY."),
    ],
)
def test_a_card_of_a_network_the_shop_does_not_accept_is_refused_under_its_number(
    client, shop, open_page, pay, listed, number, words
):
    session = open_page(shop, payment_cards=listed)

    page = html.unescape(pay(session, number).content.decode())

    assert page.count(words) == 2  # in the summary and under the field
    assert 'id="id_number_error"' in page
    assert not Transaction.objects.exists()
    assert PaymentSession.objects.get().state == "open"


def test_a_card_of_another_network_than_the_chosen_one_is_refused_and_the_choice_stays(shop, open_page, pay):
    page = html.unescape(pay(open_page(shop), CB, network="AMEX").content.decode())

    assert page.count("Ce numéro n’est pas celui d’une carte American Express. Choisissez un autre moyen") == 2
    assert [value for value, checked, _ in tiles_in(page) if checked] == ["AMEX"]
    assert not Transaction.objects.exists()


def test_pay_09_a_number_on_no_list_is_refused_the_same_whatever_the_means(shop, open_page, pay):
    page = html.unescape(pay(open_page(shop, payment_cards="AMEX"), "4532 0151 1283 0366").content.decode())
    assert "Ce numéro n’est pas une carte de test" in page
    assert "n’accepte pas" not in page
