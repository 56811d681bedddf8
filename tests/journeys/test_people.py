"""An owner invites an integrator and tells the code; the integrator signs in, and sees TEST alone."""

import re
from datetime import date, timedelta

import pytest
from playwright.sync_api import expect

from backoffice.demo.people import REGULAR, REGULAR_PASSWORD
from tests.journeys import steps

pytestmark = pytest.mark.xdist_group("demo")
EMAIL, CODE = "nora@atelier-toile.example", "603 918"
OWN = "Boussole-Granit-58-Marais"


def test_an_invited_integrator_signs_in_with_the_code_told_and_sees_test_alone(page, demo, browser):
    steps.sign_in(page, demo, REGULAR, REGULAR_PASSWORD)
    steps.menu(page, "Utilisateurs")
    _invite(page)
    code = _read_the_code_again(page)
    assert code == CODE.replace(" ", "")

    identifier, temporary = _mailed(page, demo)
    context = browser.new_context(locale="fr-FR")
    theirs = context.new_page()
    steps.sign_in(theirs, demo, identifier, temporary)
    theirs.get_by_label("Code de première connexion").fill(code)
    theirs.get_by_role("button", name="Continuer").click()
    theirs.get_by_label("Nouveau mot de passe").fill(OWN)
    theirs.get_by_label("Encore une fois").fill(OWN)
    theirs.get_by_role("button", name="Valider ce mot de passe").click()
    _sees_test_alone(theirs)
    context.close()

    page.goto(f"{demo.url}/utilisateurs/")
    page.get_by_role("link", name=re.compile("Nora Keller")).click()
    expect(page.locator("main")).to_contain_text("Actif")
    expect(page.locator("main")).not_to_contain_text("Code de première connexion")


def _invite(page):
    page.get_by_role("link", name="Inviter une personne").click()
    page.get_by_label(re.compile(r"^\s*Mot de passe")).fill(REGULAR_PASSWORD)
    page.get_by_role("button", name="Confirmer").click()
    page.get_by_label("Prénom").fill("Nora")
    page.get_by_label(re.compile(r"^\s*Nom\b")).fill("Keller")
    page.get_by_label("Adresse e-mail").fill(EMAIL)
    last_day = page.get_by_label("Dernier jour de l’accès")
    expect(last_day).to_be_hidden()
    page.get_by_label(re.compile(r"^\s*Intégrateur")).check()
    last_day.fill((date.today() + timedelta(days=30)).isoformat())
    expect(page.get_by_label(re.compile("23456789"))).to_be_checked()
    page.get_by_label(re.compile(r"^\s*Code de première connexion")).fill(CODE)
    page.get_by_label(re.compile(r"^\s*Le même code")).fill(CODE)
    page.get_by_role("button", name="Envoyer l’invitation").click()
    expect(page.get_by_role("heading", level=1)).to_have_text("Nora Keller")
    expect(page.locator("main")).to_contain_text("Dites-lui maintenant son code")


def _read_the_code_again(page):
    page.get_by_role("button", name=re.compile("Afficher")).click()
    expect(page.get_by_role("heading", level=1)).to_have_text("Code de première connexion")
    # What paper holds: the code and its words, none of the frame.
    page.emulate_media(media="print")
    expect(page.get_by_role("navigation").first).to_be_hidden()
    expect(page.get_by_role("button", name="Imprimer")).to_be_hidden()
    page.emulate_media(media="screen")
    return page.locator("[data-secret-value]").inner_text()


def _mailed(page, demo):
    """The identifier and the temporary password, each from its own message."""
    page.goto(f"{demo.url}/demo/courriels/")
    steps.reload_until(page, EMAIL)
    words = []
    for subject in ("Votre identifiant", "Votre mot de passe temp"):
        page.goto(f"{demo.url}/demo/courriels/")
        steps.reload_until(page, subject)
        row = page.get_by_role("row").filter(has_text=EMAIL).filter(has_text=subject)
        row.first.get_by_role("link").click()
        words.append(page.locator("main").inner_text())
    assert CODE.replace(" ", "") not in "".join(words)
    return (
        re.search(r"keller-\d+", words[0])[0],
        re.search(r"mot de passe temporaire\W+(\w{12,})", words[1])[1],
    )


def _sees_test_alone(page):
    expect(page.locator("main")).to_contain_text("23456789")
    for entry in ("Contrat", "Utilisateurs", "Journal"):
        expect(page.get_by_role("link", name=entry, exact=True)).to_have_count(0)
    steps.menu(page, "Transactions")
    expect(page.locator("main")).to_contain_text("TEST")
    expect(page.get_by_role("link", name="PRODUCTION")).to_have_count(0)
    steps.menu(page, "Certificats")
    expect(page.locator("main")).not_to_contain_text("Certificat de PRODUCTION")
