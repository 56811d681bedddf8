"""The language of the buyer's pages: chosen there, asked by the form, preferred by the browser, or French."""

import html
import re

import pytest
from django.urls import reverse

from payments.models import PaymentSession, Transaction
from tests.payments import wire

pytestmark = pytest.mark.django_db
GERMAN = {"Accept-Language": "de-AT,de;q=0.9,en;q=0.5"}


def page_of(client, session, name="page", **more):
    return client.get(reverse(f"payments:{name}", args=[session.token]), **more)


def language_in(response):
    return re.search(r'<html lang="([^"]+)">', response.content.decode())[1]


def offered_in(response):
    """Code, whether it is the one being read, and own name of each language at the foot of a page."""
    buttons = re.findall(
        r'<button type="submit" name="language" value="(\w+)" lang="(\w+)"( aria-current="true")?>([^<]+)</button>',
        response.content.decode(),
    )
    assert all(value == lang for value, lang, _, _ in buttons)
    return [(value, bool(current), name) for value, _, current, name in buttons]


def choose(client, session, language):
    return client.post(reverse("payments:language", args=[session.token]), {"language": language})


@pytest.mark.parametrize(
    ("asked", "browser", "language"),
    [
        ("", "", "fr"),
        ("", "*", "fr"),
        ("", "en-GB,en;q=0.9", "en"),
        ("", "fr-CA", "fr"),
        ("", "de", "de"),
        ("", "sv,ja;q=0.9", "en"),
        ("", "sv,pt-BR;q=0.9", "pt"),
        ("", "nl;q=0,it;q=0.1", "it"),
        ("fr", "en", "fr"),
        ("de", "fr", "de"),
        ("zh", "fr", "en"),
    ],
)
def test_the_language_is_the_forms_then_the_browsers_then_french(client, shop, open_page, asked, browser, language):
    page = page_of(client, open_page(shop, language=asked), headers={"Accept-Language": browser})
    assert language_in(page) == language


@pytest.mark.parametrize(
    ("listed", "browser", "language"),
    [
        ("fr;en", "de", "en"),
        ("fr;de;", "de", "de"),
        ("de;it", "fr", "de"),
        ("it;es;ja", "", "es"),
        ("ja;zh", "fr", "en"),
        ("ja;pl;nl", "ja,nl;q=0.8", "nl"),
    ],
)
def test_the_browser_picks_among_the_languages_the_shop_allows(client, shop, open_page, listed, browser, language):
    session = open_page(shop, available_languages=listed)
    assert language_in(page_of(client, session, headers={"Accept-Language": browser})) == language


@pytest.mark.parametrize(
    ("fields", "offered"),
    [
        ({}, ["fr", "en", "de", "es", "it", "nl", "pt"]),
        ({"available_languages": ""}, ["fr", "en", "de", "es", "it", "nl", "pt"]),
        ({"available_languages": "it;fr;"}, ["fr", "it"]),
        ({"available_languages": "fr;en", "language": "de"}, ["fr", "en", "de"]),
        ({"available_languages": "fr"}, []),
        ({"available_languages": "ja;pl", "language": "en"}, []),
    ],
)
def test_the_foot_of_the_page_offers_what_the_shop_allows_and_nothing_where_there_is_no_choice(
    client, shop, open_page, fields, offered
):
    assert [code for code, _, _ in offered_in(page_of(client, open_page(shop, **fields)))] == offered


def test_each_language_has_its_own_name_and_the_one_being_read_is_marked(client, shop, open_page):
    page = page_of(client, open_page(shop, language="es"))

    assert [(name, current) for _, current, name in offered_in(page)] == [
        ("Français", False),
        ("English", False),
        ("Deutsch", False),
        ("Español", True),
        ("Italiano", False),
        ("Nederlands", False),
        ("Português", False),
    ]


def test_a_choice_wins_over_the_form_and_the_browser_and_lasts_the_whole_visit(client, shop, open_page, pay):
    session = open_page(shop, language="en")

    chosen = choose(client, session, "it")

    assert (chosen.status_code, chosen.url) == (302, reverse("payments:page", args=[session.token]))
    assert language_in(client.get(chosen.url, headers=GERMAN)) == "it"
    assert "Inserisca il numero della carta" in pay(session, "").content.decode()
    pay(session)
    receipt = page_of(client, session, "result", headers=GERMAN)
    assert language_in(receipt) == "it"
    assert "Pagamento accettato" in receipt.content.decode()


def test_a_choice_on_the_banks_page_stays_there_and_on_the_receipt_it_stays_there(client, shop, open_page, pay):
    session = open_page(shop)
    pay(session, "4970 1000 0000 0022")

    bank = choose(client, session, "nl")

    assert bank.url == reverse("payments:bank", args=[session.token])
    assert "Betaling bevestigen" in client.get(bank.url).content.decode()
    client.post(bank.url, {"answer": "confirm"})
    receipt = choose(client, session, "pt")
    assert receipt.url == reverse("payments:result", args=[session.token])
    assert "Pagamento aceite" in client.get(receipt.url).content.decode()


@pytest.mark.parametrize("language", ["", "ja", "de", "xx", "fr;en", "<b>"])
def test_a_language_that_is_not_on_offer_changes_nothing(client, shop, open_page, language):
    session = open_page(shop, available_languages="fr;en")

    assert choose(client, session, language).status_code == 302

    assert PaymentSession.objects.get().language == ""
    assert language_in(page_of(client, session)) == "fr"


def test_a_language_is_chosen_by_a_post_only_and_of_a_page_that_exists(client, shop, open_page):
    session = open_page(shop)
    assert page_of(client, session, "language").status_code == 405
    assert client.post(reverse("payments:language", args=["A" * 22]), {"language": "de"}).status_code == 404


def test_the_shop_gets_the_language_it_asked_for_back_whatever_the_buyer_read(client, shop, open_page, pay):
    session = open_page(shop, language="fr", url_return="https://boutique.example/r", return_mode="GET")
    choose(client, session, "de")
    pay(session)

    page = html.unescape(page_of(client, session, "result").content.decode())

    assert "vads_language=fr" in page


def test_choosing_a_language_pays_nothing_and_takes_nothing(client, shop):
    opened = client.get(reverse("payments:entry"), wire.form_of(shop))
    session = PaymentSession.objects.get()

    choose(client, session, "es")

    session.refresh_from_db()
    assert (session.language, session.holds_reference) == ("es", False)
    assert not Transaction.objects.exists()
    assert language_in(client.get(opened.url)) == "es"


def test_scenarios_of_the_test_cards_say_their_own_language(client, shop, open_page):
    german = page_of(client, open_page(shop, language="de")).content.decode()
    assert '<small lang="en">Accepted, nothing asked of the buyer</small>' in german
    assert "Akzeptiert" not in german


@pytest.mark.parametrize(
    ("language", "words"),
    [
        ("de", "64,90 € bezahlen"),
        ("es", "Pagar 64,90 €"),
        ("it", "Paga 64,90 €"),
        ("nl", "€ 64,90 betalen"),
        ("pt", "Pagar 64,90 €"),
    ],
)
def test_the_button_says_the_amount_as_the_language_does(client, shop, open_page, language, words):
    page = html.unescape(page_of(client, open_page(shop, language=language)).content.decode())
    assert words in page.replace("\N{NO-BREAK SPACE}", " ")


@pytest.mark.parametrize("name", ["page", "result"])
@pytest.mark.parametrize("language", ["en", "de", "es", "it", "nl", "pt"])
def test_no_french_is_left_on_a_page_of_another_language(client, shop, open_page, pay, language, name):
    session = open_page(shop, language=language, shop_name="Atelier", shop_url="https://atelier.example")
    if name == "result":
        pay(session)
    body = page_of(client, session, name).content.decode().partition("<body")[2]
    spoken = re.sub(r"<[^>]+>", " ", html.unescape(body)).replace("Français", "").replace("Banque Exemple", "")
    found = re.search(r"\b(votre|boutique|paiement|numéro|retour|commande|prélevée|nouvel)\b", spoken, re.I)
    assert found is None, found
