"""The shop's own words on the buyer's page: its name, its address, and the sentences it replaces."""

import html

import pytest
from django.urls import reverse

from payments.page.texts import ENGLISH, FRENCH, TEXTS
from payments.page.theme import LONGEST, themed, themed_after_success
from tests.payments.conftest import LIMIT_EXCEEDED

THEME = ";".join(
    [
        "SUCCESS_FOOTER_MSG_RETURN=Retour à l’atelier",
        "CANCEL_FOOTER_MSG_RETURN=Je renonce",
        "SECURE_MESSAGE=Page chiffrée",
        "SITE_ID_LABEL=Numéro de vendeur",
        "CTRL_RISK_CARD_NOT_ACCEPTED=Nous ne prenons pas {network}, désolés",
    ]
)
CB = "4970 1000 0000 0014"


def shown(client, session, name="page"):
    page = client.get(reverse(f"payments:{name}", args=[session.token]))
    return html.unescape(page.content.decode()).replace("\N{NO-BREAK SPACE}", " ")


@pytest.mark.parametrize(
    "config", ["", ";", "x", "=", "A=b", "CSS_FOR_PAYMENT=a.css;SHOP_LOGO=l.png", "SECURE_MESSAGE= "]
)
def test_unknown_codes_and_empty_words_change_nothing(config):
    assert themed_after_success(TEXTS[FRENCH], config) == TEXTS[FRENCH]


def test_each_code_replaces_its_sentence_and_the_last_one_wins():
    texts = themed_after_success(TEXTS[ENGLISH], f"SITE_ID_LABEL=x;{THEME};")
    assert texts.back == "Retour à l’atelier"
    assert texts.cancel == "Je renonce"
    assert texts.secure == "Page chiffrée"
    assert texts.shop_id == "Numéro de vendeur"
    assert texts.network_refused == "Nous ne prenons pas {network}, désolés"
    assert texts.pay == TEXTS[ENGLISH].pay


def test_the_words_of_the_button_after_success_are_for_success_alone():
    assert themed(TEXTS[FRENCH], THEME).back == TEXTS[FRENCH].back


def test_words_keep_their_equal_signs_and_become_one_line_of_120_characters():
    texts = themed(TEXTS[FRENCH], f"SECURE_MESSAGE=a = b\n\tc  d;CANCEL_FOOTER_MSG_RETURN={'é' * 300}")
    assert texts.secure == "a = b c d"
    assert texts.cancel == "é" * LONGEST == "é" * 120


@pytest.mark.django_db
def test_the_page_and_the_receipt_speak_the_shops_words(client, shop, open_page, pay):
    session = open_page(shop, theme_config=THEME)

    page = shown(client, session)
    pay(session)
    receipt = shown(client, session, "result")

    assert "Je renonce</button>" in page
    assert "Annuler et retourner à la boutique" not in page
    assert "Page de paiement de Banque Exemple. Page chiffrée" in page
    assert "Retour à l’atelier</a>" in receipt
    assert "Numéro de vendeur" in receipt


@pytest.mark.django_db
def test_after_a_refusal_the_button_keeps_its_own_words(client, shop, open_page, pay):
    session = open_page(shop, theme_config=THEME)
    pay(session, LIMIT_EXCEEDED)
    assert "Retour à la boutique</a>" in shown(client, session, "result")


@pytest.mark.django_db
def test_the_words_for_a_network_that_is_not_accepted_are_the_shops(shop, open_page, pay):
    refused = pay(open_page(shop, payment_cards="AMEX", theme_config=THEME), CB)
    assert "Nous ne prenons pas CB, désolés" in html.unescape(refused.content.decode())


@pytest.mark.django_db
def test_out_01_a_shops_words_are_shown_as_text_and_fill_nothing(client, shop, open_page):
    hostile = "{{ 7*7 }} {bank} {0.__class__} &\"'"
    session = open_page(
        shop, theme_config=f"SECURE_MESSAGE={hostile};CANCEL_FOOTER_MSG_RETURN={hostile}", shop_name=hostile
    )
    page = client.get(reverse("payments:page", args=[session.token])).content.decode()
    assert page.count("{{ 7*7 }} {bank} {0.__class__} &amp;&quot;&#x27;") == 4


@pytest.mark.django_db
def test_a_shop_names_itself_on_the_page_and_on_the_receipt(client, shop, open_page, pay):
    session = open_page(shop, shop_name="Atelier du Buis", shop_url="https://atelier.example/boutique")

    page = shown(client, session)
    pay(session)
    receipt = shown(client, session, "result")

    for text in (page, receipt):
        assert '<p class="masthead-shop">Atelier du Buis</p>' in text
        assert "· Atelier du Buis</title>" in text
        assert "https://atelier.example/boutique" in text
        assert shop.label not in text
    assert receipt.count("Atelier du Buis") == 3  # the title, the head, the receipt
    assert shop.site_id in receipt


@pytest.mark.django_db
def test_the_simulated_bank_names_the_shop_as_the_page_does(client, shop, open_page, pay):
    session = open_page(shop, shop_name="Atelier du Buis")
    pay(session, "4970 1000 0000 0022")
    assert "Votre banque vous demande de confirmer ce paiement à Atelier du Buis." in shown(client, session, "bank")


@pytest.mark.django_db
def test_without_a_name_of_its_own_the_shop_is_the_back_offices(client, shop, open_page):
    page = shown(client, open_page(shop, shop_name="", shop_url=""))
    assert f'<p class="masthead-shop">{shop.label}</p>' in page
    assert shop.url in page
