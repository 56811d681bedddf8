"""The four layouts: what each shows, to whom, and what the entrance never looks at."""

import re
from types import SimpleNamespace

import pytest
from django.template import engines
from django.test import RequestFactory
from django.urls import resolve

from payments.page.texts import FRENCH, TEXTS

NO_BREAK_SPACE = "\N{NO-BREAK SPACE}"
SHOP = SimpleNamespace(label="Fromagerie en ligne", site_id="12345678", url="https://fromagerie.example")


class Untouchable:
    """Whoever looks at it fails the test."""

    def __getattribute__(self, name):
        raise AssertionError(f"the layout looked at {name}")


def page(layout, *, path="/", messages=(), **context):
    request = RequestFactory().get(path)
    request.user = SimpleNamespace(full_name="Claire Beaufils")
    request.resolver_match = resolve(path)
    request._messages = messages
    source = f'{{% extends "layouts/{layout}.html" %}}{{% block title %}}Essai{{% endblock %}}'
    words = {"texts": TEXTS[FRENCH]} if layout == "payment" else {}
    return re.sub(r"[ \n]+", " ", engines["django"].from_string(source).render(words | context, request))


LAYOUTS = ["entrance", "merchant", "advisor", "payment"]


@pytest.mark.parametrize("layout", LAYOUTS)
def test_every_page_speaks_french_skips_to_its_content_and_loads_only_its_own_files(layout):
    html = page(layout)
    assert '<html lang="fr">' in html
    assert '<a class="skip" href="#contenu">Aller au contenu</a>' in html
    assert html.count('<main id="contenu"') == 1
    assert f"<title>Essai · {'Banque Exemple' if layout == 'payment' else 'Gestion de caisse'}</title>" in html
    assert all(address.startswith(("/", "#")) for address in re.findall(r'(?:src|href)="([^"]*)"', html))


def test_the_entrance_looks_at_neither_the_person_nor_the_session():
    request = RequestFactory().get("/connexion/")
    request.user = request.session = request._messages = Untouchable()
    request.resolver_match = resolve("/connexion/")
    source = '{% extends "layouts/entrance.html" %}{% block content %}<h1>Connexion</h1>{% endblock %}'
    html = engines["django"].from_string(source).render({}, request)
    assert "<h1>Connexion</h1>" in html
    assert "Se déconnecter" not in html


def test_the_menu_of_a_shop_appears_with_a_shop_only():
    without, inside = page("merchant"), page("merchant", shop=SHOP)
    assert "Certificats" not in without
    assert "Boutiques" in without
    for name in (
        "Transactions",
        "Boutique",
        "Certificats",
        "URL serveur",
        "Contrat",
        "Questions fréquentes",
        "Contact",
    ):
        assert f"<span>{name}</span>" in inside
    assert '<span class="shop-id">12345678</span>' in inside


def test_the_menu_marks_the_page_one_is_on():
    html = page("merchant", path="/boutiques/12345678/certificats/", shop=SHOP)
    current = re.findall(r'href="([^"]*)" aria-current="page"', html)
    assert set(current) == {"/boutiques/12345678/certificats/"}


@pytest.mark.parametrize(
    ("mode", "words"),
    [("TEST", "<strong>Mode TEST</strong> — aucun paiement réel"), ("PRODUCTION", "<strong>Mode PRODUCTION</strong>")],
)
def test_a_page_that_speaks_of_one_mode_says_so_above_its_content(mode, words):
    html = page("merchant", shop=SHOP, mode=mode)
    assert words in html
    assert html.index(words) < html.index("<main")
    assert "mode-band" not in page("merchant", shop=SHOP)


def test_an_advisors_screen_cannot_be_taken_for_a_merchants():
    html = page("advisor")
    assert "Espace conseiller" in html
    assert "Demandes de contact" in html
    assert "Espace conseiller" not in page("merchant", shop=SHOP)


def test_a_payment_in_test_says_that_no_card_is_charged_and_shows_no_menu():
    html = page("payment", shop=SHOP, mode="TEST")
    assert f"Paiement de TEST{NO_BREAK_SPACE}: aucune carte ne sera débitée" in html
    assert "Fromagerie en ligne" in html
    assert "<nav" not in html
    assert "aucune carte" not in page("payment", shop=SHOP, mode="PRODUCTION")


def test_a_flash_message_stays_on_the_page_with_its_tone():
    class Said(str):
        level_tag = "error"

    html = page("merchant", messages=[Said("Cette demande a déjà reçu une réponse.")])
    assert re.search(r'<div class="callout flash tone-danger" role="alert">.*déjà reçu une réponse', html)
