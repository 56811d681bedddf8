"""A merchant's first day, from the e-mail with the temporary password to the first production payment."""

import re
from io import BytesIO

import pytest
from playwright.sync_api import expect
from pypdf import PdfReader

from backoffice.demo.people import ADVISOR_PASSWORD, ADVISORS
from tests.journeys import steps
from tests.journeys.demo import stands_in

pytestmark = pytest.mark.xdist_group("demo")


@pytest.fixture
def desk(browser):
    """An advisor's own browser."""
    context = browser.new_context(locale="fr-FR")
    context.set_default_timeout(15_000)
    yield context.new_page()
    context.close()


def test_a_merchant_goes_from_the_first_connection_to_the_first_production_payment(page, demo, desk):
    steps.live_first_connection(page, demo)
    expect(page.get_by_role("heading", level=1)).to_have_text(re.compile("Boutique"))

    _read_the_test_certificate(page)
    addresses = steps.shop_addresses(page, demo)
    _save(page, demo, "TEST", addresses["TEST"])

    _pay_in_test_and_find_the_order_paid_without_coming_back(page, demo)
    _be_refused_in_test_and_come_back_to_the_shop(page, demo)
    _wait_for_the_signed_contract(page, demo, desk)
    certificate = _generate_the_production_certificate(page, demo)
    _save(page, demo, "PRODUCTION", addresses["PRODUCTION"])

    _put_the_shop_in_production(page, demo, certificate)
    _pay_in_production(page, demo)
    _print_the_contract(page, demo)
    _find_nothing_secret(
        demo,
        {
            "temporary password": demo.temporary_password,
            "chosen password": steps.PASSWORD,
            "code": demo.code,
            "TEST certificate": "1122334455667788",
            "PRODUCTION certificate": certificate,
            "card": steps.ACCEPTED,
            "refused card": steps.REFUSED,
        },
    )


def _home(page, demo):
    page.goto(f"{demo.url}/")
    if page.get_by_role("link", name=re.compile("Fromagerie en ligne")).count():
        page.get_by_role("link", name=re.compile("Fromagerie en ligne")).first.click()


def _read_the_test_certificate(page):
    if page.get_by_role("link", name=re.compile("Fromagerie en ligne")).count():
        page.get_by_role("link", name=re.compile("Fromagerie en ligne")).first.click()
    expect(page.locator("main")).to_contain_text("12345678")
    steps.menu(page, "Certificats")
    expect(page.locator("main")).not_to_contain_text("1122334455667788")
    page.get_by_role("button", name=re.compile("Afficher")).first.click()
    steps.confirm(page)
    expect(page.locator("main")).to_contain_text("1122334455667788")


def _save(page, demo, mode, url):
    _home(page, demo)
    steps.save_server_url(page, mode, url)
    expect(page.get_by_role("status").or_(page.get_by_role("alert")).first).to_be_visible()
    steps.menu(page, "Boutique")
    expect(page.locator("main")).to_contain_text(url)


def _pay_in_test_and_find_the_order_paid_without_coming_back(page, demo):
    reference = steps.order_cheese(page, demo)
    steps.pay(page, steps.ACCEPTED)
    expect(page.get_by_role("heading", name="Paiement accepté")).to_be_visible()

    steps.expect_order(page, demo, reference, "Payée (confirmée par notification, sans le retour de l’acheteur)")

    _home(page, demo)
    steps.menu(page, "Transactions")
    page.get_by_role("link", name=re.compile(reference)).first.click()
    expect(page.locator("main")).to_contain_text(reference)
    expect(page.locator("main")).to_contain_text("497010XXXXXX0014")
    expect(page.locator("main")).to_contain_text("200")


def _be_refused_in_test_and_come_back_to_the_shop(page, demo):
    reference = steps.order_cheese(page, demo)
    steps.pay(page, steps.REFUSED)
    expect(page.get_by_role("heading", name="Paiement refusé")).to_be_visible()
    steps.expect_order(page, demo, reference, "Paiement refusé (confirmé par notification)")

    again = steps.order_cheese(page, demo)
    steps.pay(page, steps.REFUSED)
    page.get_by_role("link", name="Retour à la boutique").click()
    expect(page).to_have_url(re.compile(rf"^{re.escape(demo.shop)}/retour\?.*signature="))
    steps.reload_until(page, "Votre paiement a été refusé. Rien n’a été débité.")
    assert again != reference


def _wait_for_the_signed_contract(page, demo, desk):
    """The test phase is proved; the button opens once the advisor has the paper back (design 2)."""
    _home(page, demo)
    steps.menu(page, "Certificats")
    expect(page.locator("main")).to_contain_text("Il reste le contrat signé.")
    expect(page.get_by_role("button", name="Générer le certificat de production")).to_be_disabled()
    steps.sign_in_with_factor(desk, demo, ADVISORS[1][0], ADVISOR_PASSWORD)
    desk.wait_for_url("**/conseiller/")
    desk.goto(f"{demo.url}/conseiller/recherche/?q=12345678")
    desk.get_by_role("link", name="Fromagerie Beaufils").click()
    desk.get_by_role("link", name="Pièces du dossier").click()
    desk.get_by_role("link", name=re.compile("Marquer comme signé")).click()
    desk.get_by_label("Ou une note").fill("Exemplaire papier reçu à l’agence.")
    desk.get_by_role("button", name="Marquer comme signé").click()
    expect(desk.locator("main")).to_contain_text("Le contrat est signé.")


def _generate_the_production_certificate(page, demo):
    _home(page, demo)
    steps.menu(page, "Certificats")
    page.get_by_role("button", name="Générer le certificat de production").first.click()
    page.get_by_role("dialog").get_by_role("button", name="Générer le certificat de production").click()
    steps.confirm(page)
    expect(page.locator("main")).to_contain_text("Le mode TEST reste ouvert.")
    page.get_by_role("button", name=re.compile("Afficher.*PRODUCTION", re.DOTALL)).click()
    steps.confirm(page)
    certificate = re.search(r"\b(?=\w*[A-Za-z])[A-Za-z0-9]{16}\b", page.locator("main").inner_text())[0]
    page.goto(f"{demo.url}/demo/courriels/")
    expect(page.locator("main")).to_contain_text("Certificat de production")
    return certificate


def _put_the_shop_in_production(page, demo, certificate):
    page.goto(f"{demo.shop}/reglages")
    page.get_by_label("Mode", exact=True).select_option("PRODUCTION")
    page.get_by_label("Certificat de production").fill(certificate)
    page.get_by_role("button", name="Enregistrer").click()
    expect(page.get_by_text("Réglages enregistrés.")).to_be_visible()


def _pay_in_production(page, demo):
    reference = steps.order_cheese(page, demo)
    steps.pay(page, steps.ACCEPTED)
    expect(page.get_by_role("heading", name="Paiement accepté")).to_be_visible()
    steps.expect_order(page, demo, reference, "Payée (confirmée par notification, sans le retour de l’acheteur)")
    _home(page, demo)
    page.goto(f"{demo.url}/boutiques/12345678/transactions/?mode=PRODUCTION")
    expect(page.locator("main")).to_contain_text(reference)


def _print_the_contract(page, demo):
    _home(page, demo)
    steps.menu(page, "Contrat")
    # It is downloaded by itself once a worker has made it, once: a reload does not start it again.
    downloads = []
    page.on("download", lambda one: downloads.append(one))  # playwright takes no built-in method
    with page.expect_download() as download:
        page.get_by_role("button", name=re.compile("Télécharger")).click()
    expect(page.locator("main")).to_contain_text("Le document est prêt.")
    page.reload()
    with page.expect_download() as again:
        page.get_by_role("link", name=re.compile("Télécharger")).click()
    assert len(downloads) == 2
    content = download.value.path().read_bytes()
    assert again.value.path().read_bytes() == content
    text = "\n".join(sheet.extract_text() for sheet in PdfReader(BytesIO(content)).pages)
    assert "Fromagerie Beaufils" in text
    assert "12345678" in text
    assert demo.code not in text


def _find_nothing_secret(demo, secrets):
    """Passwords, codes and certificates are in clear neither in a dump, jobs included, nor in the logs (KEY-04)."""
    dump = demo.dump()
    assert "core_outgoingmail" in dump
    assert "procrastinate_jobs" in dump
    logs = "".join(path.read_text(errors="replace") for path in (demo.folder / "journaux").glob("*.log"))
    for name, secret in secrets.items():
        assert not stands_in(secret, dump), f"{name} in the database"
        assert not stands_in(secret, logs), f"{name} in the logs"
