"""A new merchant comes in: enrolled on a phone, accepted at the counter, contract printed, first connection, signed."""

import re
from io import BytesIO

import pypdf
import pytest
from playwright.sync_api import expect

from backoffice.demo.people import ADVISOR_PASSWORD, ADVISORS
from tests.accounts.factories import siret_of
from tests.journeys import steps
from tests.journeys.axe import faults

pytestmark = pytest.mark.xdist_group("demo")
PHONE = {"width": 375, "height": 800}
SIRET, CODE, IBAN = siret_of(812_345), "850417", "FR1420041010050500013M02606"
EMAIL = "jeanne@alpages.example"
OWN = "Meule-Lac-1958-Cuivre"
STEPS = [
    {
        "SIRET": SIRET,
        "Raison sociale": "Fromagerie des Alpages",
        r"^\s*Adresse": "12 rue du Lac",
        "Code postal": "74000",
        "Ville": "Annecy",
    },
    {
        r"^\s*Nom\b": "Morel",
        "Prénom": "Jeanne",
        "Qualité": "Gérante",
        "Adresse e-mail": EMAIL,
        "Téléphone": "01 99 00 43 21",
    },
    {"Nom de la boutique": "Alpages en ligne", "Adresse du site": "https://alpages.example", "Activité": "Fromages"},
    {"IBAN": IBAN},
    {"Code de première connexion": CODE, "Le même code, encore une fois": CODE},
]


@pytest.fixture
def merchant(browser):
    context = browser.new_context(locale="fr-FR", viewport=PHONE, accept_downloads=True)
    context.set_default_timeout(20_000)
    yield context.new_page()
    context.close()


def test_doc_06_from_the_enrolment_to_the_signed_contract(page, merchant, demo):
    link = _enrols(merchant, demo)
    _accepts(page, demo)
    merchant.goto(link)
    expect(merchant.locator("main")).to_contain_text("Imprimez le contrat, signez-le")
    merchant.get_by_role("link", name="Imprimer le contrat").click()
    assert CODE in _printed(merchant)
    _connects_for_the_first_time(merchant, demo)

    _marks_signed(page)
    merchant.goto(link)
    expect(merchant.locator("main")).to_contain_text("effacé de nos systèmes")
    merchant.goto(f"{demo.url}/inscription/contrat/")
    expect(merchant.locator("main")).to_contain_text("détruit chez nous")
    expect(merchant.get_by_role("button", name="Préparer le contrat avec le code")).to_have_count(0)
    for secret in (CODE, IBAN):
        assert not demo.keeps(secret)
        assert not demo.mails_hold(secret)


def _enrols(page, demo):
    """Step by step, the tab closed once on the way; the link that follows it."""
    page.goto(f"{demo.url}/inscription/")
    found = faults(page)
    page.get_by_role("link", name="Commencer l’inscription").click()
    for number, fields in enumerate(STEPS):
        if number == 2:
            page.goto("about:blank")
            page.goto(f"{demo.url}/inscription/")
            page.get_by_label("Un module de paiement").check()
        for label, text in fields.items():
            page.get_by_label(re.compile(label)).first.fill(text)
        found += faults(page)
        page.get_by_role("button", name="Enregistrer et continuer").click()
    expect(page.get_by_role("heading", level=1)).to_have_text("Récapitulatif")
    expect(page.locator("main")).not_to_contain_text(CODE)
    found += faults(page)
    page.get_by_label(re.compile("Je certifie")).check()
    page.get_by_role("button", name="Déposer mon inscription").click()
    expect(page.get_by_role("heading", level=1)).to_have_text("Inscription déposée")
    found += faults(page)
    page.get_by_role("link", name="Suivre mon inscription").click()
    expect(page.locator("main")).to_contain_text("Un conseiller étudie l’inscription")
    assert found + faults(page) == []
    return page.url


def _accepts(page, demo):
    steps.sign_in_with_factor(page, demo, ADVISORS[1][0], ADVISOR_PASSWORD)
    page.wait_for_url("**/conseiller/")
    steps.menu(page, "Inscriptions")
    found = faults(page)
    page.get_by_role("link", name="Fromagerie des Alpages").click()
    expect(page.locator("main")).not_to_contain_text(CODE)
    assert found + faults(page) == []
    page.get_by_role("button", name="Accepter l’inscription").click()
    expect(page.locator("main")).to_contain_text("L’inscription est acceptée")


def _printed(page):
    """The text of the paper copy that the browser downloads by itself once it is ready."""
    found = faults(page)
    with page.expect_download(timeout=60_000) as downloading:
        page.get_by_role("button", name="Préparer le contrat avec le code").click()
        expect(page.locator("#impression")).to_contain_text("Le document est prêt", timeout=60_000)
    assert found + faults(page) == []
    reader = pypdf.PdfReader(BytesIO(downloading.value.path().read_bytes()))
    assert "jamais" in reader.pages[-1].extract_text()
    return "".join(reader.pages[-1].extract_text().split())


def _connects_for_the_first_time(page, demo):
    page.goto(f"{demo.url}/demo/courriels/")
    steps.reload_until(page, "Votre mot de passe temporaire")
    mails = page.get_by_role("row").filter(has_text=EMAIL)
    mails.filter(has_text="Votre identifiant").first.get_by_role("link").click()
    identifier = re.search(r"\bmorel-\d{5}\b", page.locator("main").inner_text())[0]
    page.go_back()
    mails.filter(has_text="Votre mot de passe temporaire").first.get_by_role("link").click()
    temporary = re.search(r"mot de passe temporaire\W+(\w{12,})", page.locator("main").inner_text())[1]
    steps.sign_in(page, demo, identifier, temporary)
    page.get_by_label("Code de première connexion").fill(CODE)
    page.get_by_role("button", name="Continuer").click()
    page.get_by_label("Nouveau mot de passe").fill(OWN)
    page.get_by_label("Encore une fois").fill(OWN)
    page.get_by_role("button", name="Valider ce mot de passe").click()
    expect(page.locator("main")).to_contain_text("Votre mot de passe est enregistré.")


def _marks_signed(page):
    page.get_by_role("link", name="Voir la société").click()
    page.get_by_role("link", name="Pièces du dossier").click()
    page.get_by_role("link", name=re.compile("Marquer comme signé")).click()
    found = faults(page)
    page.get_by_label("Empreinte de la copie numérisée").fill("0123456789abcdef" * 4)
    page.get_by_role("button", name="Marquer comme signé").click()
    expect(page.locator("main")).to_contain_text("Le contrat est signé.")
    assert found + faults(page) == []
