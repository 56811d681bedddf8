"""The second factor of a merchant from the first picture to the last code, on a telephone and with a keyboard only."""

import re

import pytest
from playwright.sync_api import expect

from backoffice.demo.people import ADVISOR_PASSWORD, ADVISORS, REGULAR, REGULAR_PASSWORD
from tests.journeys import steps
from tests.journeys.keyboard import Keyboard
from tests.journeys.test_accessibility import faults

pytestmark = pytest.mark.xdist_group("demo")
PRINTED = re.compile(r"[2-9A-HJKMNP-Z]{5}-[2-9A-HJKMNP-Z]{5}")
CODE = "Code à usage unique"


def test_a_merchant_enrols_signs_in_with_it_and_gives_it_up(page, demo):
    keys = Keyboard(page)
    _sign_in(keys, demo, REGULAR, REGULAR_PASSWORD)
    page.wait_for_url("**/boutiques/**")
    page.goto(f"{demo.url}/profil/second-facteur/")
    keys.press("Activer le second facteur")
    keys.fill("Mot de passe", REGULAR_PASSWORD)
    keys.press("Confirmer")
    keys.press("Activer le second facteur")
    keys.fill(CODE, steps.current_code(page, demo, REGULAR))
    keys.press("^Activer$")
    _title(page, "Codes de secours")
    assert len(set(PRINTED.findall(page.locator("main").inner_text()))) == 10

    keys.follow("J’ai gardé mes codes")
    page.wait_for_url("**/boutiques/**")
    _sign_out(page, demo)
    _sign_in(keys, demo, REGULAR, REGULAR_PASSWORD)
    _title(page, CODE)
    page.keyboard.type(steps.current_code(page, demo, REGULAR))
    page.keyboard.press("Enter")
    page.wait_for_url("**/boutiques/**")

    page.goto(f"{demo.url}/profil/second-facteur/")
    keys.press("Retirer le second facteur")
    page.keyboard.press("Tab")
    page.keyboard.press("Enter")
    keys.fill(CODE, steps.current_code(page, demo, REGULAR))
    keys.press("Confirmer")
    keys.press("Retirer le second facteur")
    expect(page.locator("main")).to_contain_text("Le second facteur est retiré.")


def test_an_advisor_who_lost_the_telephone_comes_in_with_a_recovery_code_and_enrols_another(page, demo):
    advisor = ADVISORS[1][0]
    steps.sign_in_with_factor(page, demo, advisor, ADVISOR_PASSWORD)
    page.wait_for_url("**/conseiller/")
    page.goto(f"{demo.url}/profil/second-facteur/")
    page.get_by_role("button", name="Créer de nouveaux codes").click()
    page.get_by_role("dialog").get_by_role("button", name="Créer de nouveaux codes").click()
    steps.give_code(page, demo, advisor, button="Confirmer")
    page.get_by_role("button", name="Créer de nouveaux codes de secours").click()
    _title(page, "Codes de secours")
    found = faults(page)
    code = PRINTED.search(page.locator("main").inner_text())[0]

    _sign_out(page, demo)
    steps.sign_in(page, demo, advisor, ADVISOR_PASSWORD)
    _title(page, CODE)
    found += faults(page)
    page.get_by_role("link", name="saisir un code de secours").click()
    _title(page, "Code de secours")
    found += faults(page)
    page.get_by_label("Code de secours").fill(code.lower())
    page.get_by_role("button", name="Se connecter").click()
    expect(page.locator("main")).to_contain_text("Ce code de secours ne sert plus.")
    found += faults(page)
    page.get_by_role("button", name="Remplacer l’application").click()
    _title(page, "Remplacer l’application")
    found += faults(page)
    steps.give_code(page, demo, advisor, button="Remplacer")
    _title(page, "Codes de secours")
    assert found == []


def _title(page, words):
    expect(page.get_by_role("heading", level=1)).to_have_text(words)


def _sign_in(keys, demo, identifier, password):
    keys.page.goto(f"{demo.url}/connexion/")
    keys.fill("Identifiant", identifier)
    keys.fill("Mot de passe", password)
    keys.press("Se connecter")


def _sign_out(page, demo):
    page.goto(f"{demo.url}/profil/second-facteur/")
    page.set_viewport_size({"width": 1280, "height": 900})
    page.get_by_role("button", name="Se déconnecter").first.click()
    page.wait_for_url("**/connexion/")
    page.set_viewport_size({"width": 375, "height": 800})
