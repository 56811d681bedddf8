"""Checking a document in the browser: a file is hashed where it is, and nothing of it leaves."""

import hashlib
import re

import pytest
from playwright.sync_api import expect

from tests.journeys.axe import faults

pytestmark = pytest.mark.xdist_group("demo")
CONTENT = "Contrat signé, numérisé à l’agence".encode() * 5000


def test_a_file_fills_the_digest_without_leaving_the_browser(page, demo):
    sent = []
    page.goto(f"{demo.url}/verifier/")
    page.on("request", lambda request: sent.append((request.method, request.url, request.post_data)))
    page.get_by_label("Ou un fichier").set_input_files(
        {"name": "contrat-signe.pdf", "mimeType": "application/pdf", "buffer": CONTENT}
    )
    expect(page.get_by_label(re.compile(r"^\s*Empreinte"))).to_have_value(hashlib.sha256(CONTENT).hexdigest())
    expect(page.get_by_role("status").filter(has_text="contrat-signe.pdf")).to_be_visible()
    # The icon of the tab may still be on its way.
    assert [one for one in sent if one[0] != "GET" or "/static/" not in one[1]] == []
    page.get_by_label("Numéro du document").fill("1234567")
    with page.expect_request(f"{demo.url}/verifier/") as request:
        page.get_by_role("button", name="Vérifier").click()
    assert "contrat-signe" not in request.value.post_data
    expect(page.get_by_text("Aucun document ne porte ce numéro et cette empreinte")).to_be_visible()
    assert faults(page) == []


def test_without_scripts_the_page_says_how_to_compute_it(browser, demo):
    context = browser.new_context(locale="fr-FR", java_script_enabled=False)
    page = context.new_page()
    page.goto(f"{demo.url}/verifier/")
    expect(page.get_by_text("sha256sum")).to_be_visible()
    expect(page.locator("input[type=file]")).to_be_hidden()
    context.close()
