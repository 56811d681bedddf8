"""Being blocked and coming back, with a keyboard only and on a phone."""

import re

import pytest
from playwright.sync_api import expect

from backoffice.demo.people import ADVISOR_PASSWORD, ADVISORS, COLLEAGUE, COLLEAGUE_CODE
from tests.journeys import steps
from tests.journeys.keyboard import Keyboard

pytestmark = pytest.mark.xdist_group("demo")
OWN = "Reliure-Toile-1952-Index"


def test_a_blocked_colleague_comes_back_without_a_mouse(page, demo, browser):
    keys = Keyboard(page)
    _is_refused_and_asks_for_help(page, demo, keys)
    _is_treated(browser, demo)
    temporary, link = _mailed(page, demo)

    page.goto(link)
    keys.press("Continuer vers la connexion")
    _sign_in(keys, temporary)
    keys.fill("Code de première connexion", COLLEAGUE_CODE)
    keys.press("Continuer")
    keys.fill("Nouveau mot de passe", OWN)
    expect(page.locator("main")).to_contain_text("Sécurité OK")
    keys.fill("Encore une fois", OWN)
    keys.press("Valider ce mot de passe")
    expect(page.locator("main")).to_contain_text("Votre mot de passe est enregistré.")

    _ends_the_session_of_another_browser(page, demo, keys, browser)


# Whatever a script keeps is also noted under `seen`, however soon it is taken out again.
NOTED = """
const keep = Storage.prototype.setItem;
Storage.prototype.setItem = function (key, value) {
  keep.call(localStorage, "seen", (localStorage.getItem("seen") ?? "") + value);
  keep.call(this, key, value);
};
"""


def test_pwd_09_what_was_typed_as_a_password_stays_nowhere_in_the_browser(page, demo):
    page.add_init_script(NOTED)
    steps.sign_in(page, demo, COLLEAGUE, "Essai-Manque-77-Tiroir")
    expect(page.get_by_role("alert")).to_contain_text("Connexion refusée")
    kept = page.evaluate("JSON.stringify([{...localStorage}, {...sessionStorage}, document.cookie, history.state])")
    assert COLLEAGUE in kept
    assert "Essai-Manque-77-Tiroir" not in kept + page.content() + page.url


def _is_refused_and_asks_for_help(page, demo, keys):
    page.goto(f"{demo.url}/connexion/")
    _sign_in(keys, "Encre-Papier-1874-Marge")
    expect(page.get_by_role("alert")).to_contain_text("Connexion refusée")
    keys.follow("écrivez-nous par la page de contact")
    for label, text in {
        "Enseigne": "Librairie Vernet",
        "SIRET": "90417265700010",
        r"^\s*Nom\b": "Marchal",
        "Prénom": "Lucie",
        "Identifiant de connexion": COLLEAGUE,
    }.items():
        keys.fill(label, text)
    keys.press("Envoyer")
    expect(page.get_by_role("heading", level=1)).to_have_text(re.compile("envoyée|reçue"))


def _is_treated(browser, demo):
    context = browser.new_context(locale="fr-FR")
    desk = context.new_page()
    steps.sign_in_with_factor(desk, demo, ADVISORS[0][0], ADVISOR_PASSWORD)
    desk.wait_for_url("**/conseiller/")
    desk.get_by_role("row").filter(has_text="Marchal").get_by_role("link").first.click()
    desk.get_by_role("button", name="Prendre en charge").click()
    desk.get_by_role("button", name="Accepter la réinitialisation").click()
    expect(desk.locator("main")).to_contain_text("La demande est acceptée.")
    context.close()


def _mailed(page, demo):
    """The temporary password and the link of the mail that arrived last."""
    page.goto(f"{demo.url}/demo/courriels/")
    steps.reload_until(page, "Votre compte est débloqué")
    row = page.get_by_role("row").filter(has_text="lucie@librairie.example").filter(has_text="Votre mot de passe temp")
    row.first.get_by_role("link").click()
    words = page.locator("main").inner_text()
    return (
        re.search(r"mot de passe temporaire\W+(\w{12,})", words)[1],
        re.search(r"\S+/premiere-connexion/navigateur/\S+/", words)[0],
    )


def _sign_in(keys, password):
    keys.fill("Identifiant", COLLEAGUE)
    keys.fill(r"^\s*Mot de passe", password)
    keys.press("Se connecter")


def _ends_the_session_of_another_browser(page, demo, keys, browser):
    context = browser.new_context(locale="fr-FR")
    elsewhere = context.new_page()
    steps.sign_in(elsewhere, demo, COLLEAGUE, OWN)
    elsewhere.wait_for_url("**/boutiques/**")
    page.goto(f"{demo.url}/profil/")
    keys.press("Terminer toutes les autres sessions")
    expect(page.locator("main")).to_contain_text("Vos autres sessions sont terminées.")
    elsewhere.reload()
    elsewhere.wait_for_url("**/connexion/**")
    context.close()
