"""A lost code of first connection, lived through by the merchant on a phone and by the advisors at the counter."""

import re

import pytest
from playwright.sync_api import expect

from backoffice.demo.people import ADVISOR_PASSWORD, ADVISORS
from tests.journeys import steps
from tests.journeys.axe import faults
from tests.journeys.keyboard import Keyboard

pytestmark = pytest.mark.xdist_group("demo")
PHONE = {"width": 375, "height": 800}
FOUND, CHOSEN = "730582", "615203"
OWN = "Atelier-Vitrine-1987-Lin"


@pytest.fixture
def merchant(browser):
    context = browser.new_context(locale="fr-FR", viewport=PHONE)
    context.set_default_timeout(15_000)
    yield context.new_page()
    context.close()


@pytest.fixture
def second(browser):
    context = browser.new_context(locale="fr-FR")
    context.set_default_timeout(15_000)
    yield context.new_page()
    context.close()


def test_a_code_that_was_mislaid_is_found_again_by_an_advisor_with_a_keyboard_only(page, merchant, demo):
    _asks_to_be_called(merchant, demo, last_name="Vernet", first_name="Antoine")
    steps.sign_in_with_factor(page, demo, ADVISORS[0][0], ADVISOR_PASSWORD)
    page.wait_for_url("**/conseiller/")
    keys = Keyboard(page)
    # The newest request is the first of the list.
    keys.follow("Demande de code de première connexion")
    keys.press("Prendre en charge")
    keys.press("Commencer l’appel")
    read, answered = _words_of(merchant)
    keys.press(f"J’ai entendu « {read} »")
    expect(page.locator("#appel .spoken")).to_have_text(answered)

    _types(merchant, "000001")
    expect(merchant.locator("main")).to_contain_text("Ce n’est pas votre code")
    expect(page.locator("#appel")).to_contain_text("Code erroné")
    _types(merchant, FOUND)
    expect(merchant.locator("main")).to_contain_text("C’est bien votre code")
    expect(page.locator("#appel")).to_contain_text("Code juste")
    assert FOUND not in page.content()
    keys.press("Clore, le code est retrouvé")
    expect(page.locator("main")).to_contain_text("La demande est traitée : le code est retrouvé.")
    steps.reload_until(merchant, "Votre code est retrouvé")


def test_rst_08_a_code_that_is_lost_is_replaced_by_two_advisors_and_opens_the_door(page, merchant, second, demo):
    _asks_to_be_called(merchant, demo, last_name="Delmas", first_name="Hugo")
    _calls(page, demo, "Hugo Delmas")
    found = faults(page) + faults(merchant)
    _recognise_each_other(page, merchant)
    found += faults(page) + faults(merchant)

    merchant.get_by_role("link", name=re.compile("en choisir un autre")).click()
    found += faults(merchant)
    for label in ("Nouveau code de première connexion", "Le même code, encore une fois"):
        merchant.get_by_label(label).fill(CHOSEN)
    merchant.get_by_role("button", name="Choisir ce code").click()
    expect(merchant.locator("main")).to_contain_text("attend un second conseiller")
    expect(page.locator("#appel")).to_contain_text("Un second conseiller décide")
    assert found + faults(page) + faults(merchant) == []

    identifier = _approves(second, demo, "Hugo Delmas")
    steps.reload_until(merchant, "Votre nouveau code est en vigueur")
    _has_an_avenant(page)
    _enters_with_the_new_code(merchant, demo, identifier)
    assert not demo.keeps(CHOSEN)
    assert not demo.mails_hold(CHOSEN)


def _asks_to_be_called(page, demo, *, last_name, first_name):
    page.goto(f"{demo.url}/contact/?motif=code")
    for label, text in {
        "Enseigne": "Librairie Vernet",
        "SIRET": "904 172 657 00010",
        r"^\s*Nom\b": last_name,
        "Prénom": first_name,
        "Téléphone": "06 12 34 56 78",
    }.items():
        page.get_by_label(re.compile(label)).first.fill(text)
    page.get_by_role("button", name="Envoyer").click()
    page.get_by_role("link", name="Suivre ma demande").click()
    expect(page.get_by_role("heading", level=1)).to_have_text("Suivi de la demande")


def _calls(page, demo, name):
    """The advisor takes the request and calls a number on file; the one that was typed is not among them."""
    steps.sign_in_with_factor(page, demo, ADVISORS[0][0], ADVISOR_PASSWORD)
    page.wait_for_url("**/conseiller/")
    page.get_by_role("row").filter(has_text=name).filter(has_text="code de première").get_by_role("link").first.click()
    page.get_by_role("button", name="Prendre en charge").click()
    card = page.locator("#call_form")
    expect(card).not_to_contain_text("06 12 34 56 78")
    expect(card.get_by_label(re.compile(name)).first).to_be_checked()
    page.get_by_role("button", name="Commencer l’appel").click()
    expect(page.locator("#appel")).to_contain_text("Appel en cours")


def _words_of(merchant):
    """What the merchant reads, and what they must be answered; nobody reloads anything, the page follows the call."""
    expect(merchant.locator("#appel")).to_contain_text("Votre conseiller vous appelle")
    return merchant.locator("#appel .spoken").all_inner_texts()


def _types(merchant, code):
    merchant.get_by_label("Code de première connexion").fill(code)
    merchant.get_by_role("button", name="Vérifier mon code").click()


def _recognise_each_other(page, merchant):
    read, answered = _words_of(merchant)
    page.get_by_role("button", name=f"J’ai entendu « {read} »").click()
    expect(page.locator("#appel .spoken")).to_have_text(answered)
    expect(merchant.locator("#appel")).to_contain_text("Votre conseiller vous a reconnu")


def _approves(page, demo, name):
    steps.sign_in_with_factor(page, demo, ADVISORS[1][0], ADVISOR_PASSWORD)
    page.wait_for_url("**/conseiller/")
    steps.menu(page, "Approbations")
    page.get_by_role("row").filter(has_text=name).get_by_role("link").click()
    assert faults(page) == []
    page.get_by_role("button", name="Approuver").click()
    expect(page.locator("main")).to_contain_text("La proposition est approuvée, et faite.")
    return re.search(r"\bdelmas-\d+", page.locator("main").inner_text())[0]


def _has_an_avenant(page):
    page.get_by_role("link", name="Voir la société").click()
    page.get_by_role("link", name="Pièces du dossier").click()
    assert faults(page) == []
    with page.expect_download() as downloading:
        page.get_by_role("button", name=re.compile("Télécharger.*avenant n°")).first.click()
    expect(page.locator("main")).to_contain_text("Le document est prêt.")
    assert faults(page) == []
    assert re.fullmatch(r"avenant-A\d{7}\.pdf", downloading.value.suggested_filename)


def _enters_with_the_new_code(page, demo, identifier):
    page.goto(f"{demo.url}/demo/courriels/")
    row = page.get_by_role("row").filter(has_text="hugo@atelier-web.example")
    row.filter(has_text="Votre mot de passe temporaire").first.get_by_role("link").click()
    words = page.locator("main").inner_text()
    temporary = re.search(r"mot de passe temporaire\W+(\w{12,})", words)[1]
    steps.sign_in(page, demo, identifier, temporary)
    page.get_by_label("Code de première connexion").fill(CHOSEN)
    page.get_by_role("button", name="Continuer").click()
    page.get_by_label("Nouveau mot de passe").fill(OWN)
    page.get_by_label("Encore une fois").fill(OWN)
    page.get_by_role("button", name="Valider ce mot de passe").click()
    expect(page.locator("main")).to_contain_text("Votre mot de passe est enregistré.")
