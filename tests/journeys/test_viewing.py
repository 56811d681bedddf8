"""An advisor sees the shop as its owner does, can change nothing, leaves; the owner reads it in the journal."""

import re

import pytest
from playwright.sync_api import expect

from backoffice.demo.people import ADVISOR_PASSWORD, ADVISORS, REGULAR, REGULAR_PASSWORD
from tests.journeys import steps
from tests.journeys.test_accessibility import SHOP, faults

pytestmark = pytest.mark.xdist_group("demo")


def look_as_the_owner(page, demo):
    """From the company's page, with a reason, to the owner's first page."""
    steps.sign_in_with_factor(page, demo, ADVISORS[0][0], ADVISOR_PASSWORD)
    page.wait_for_url("**/conseiller/")
    page.goto(f"{demo.url}/conseiller/recherche/?q=Librairie")
    page.get_by_role("link", name="Librairie Vernet").click()
    page.get_by_role("link", name="Voir comme Antoine Vernet").click()
    expect(page.get_by_role("heading", level=1)).to_have_text("Voir comme")


def test_an_advisor_sees_a_merchant_s_pages_changes_nothing_and_the_merchant_reads_it(context, demo, browser):
    # A page of our own: the refusal below is a 403, which the browser's console tells.
    page = context.new_page()
    look_as_the_owner(page, demo)
    found = faults(page)
    page.get_by_role("button", name="Voir son espace").click()
    expect(page.locator("main")).to_contain_text("Choisissez le motif de la consultation.")
    page.get_by_label("Vérification d’un réglage signalé").check()
    page.get_by_role("button", name="Voir son espace").click()
    page.wait_for_url(f"**{SHOP}")

    frame = page.get_by_role("region", name="Consultation en lecture seule")
    expect(frame).to_contain_text("Vous voyez comme Antoine Vernet (Librairie Vernet, gérant)")
    expect(frame).to_contain_text(re.compile(r"Lecture seule · Vérification d’un réglage signalé · encore 1[45]\smin"))
    found += faults(page)

    steps.menu(page, "URL serveur")
    field = page.get_by_role("textbox").first
    before = field.input_value()
    field.fill("https://ailleurs.example/notification")
    page.get_by_role("button", name=re.compile("Enregistrer")).first.click()
    expect(page.get_by_role("heading", level=1)).to_have_text("Lecture seule")
    expect(page.locator("main")).to_contain_text("Rien n’a changé dans cet espace.")
    found += faults(page)
    page.goto(f"{demo.url}{SHOP}url-serveur/")
    expect(page.get_by_role("textbox").first).to_have_value(before)

    # It stays in sight however far one reads.
    page.set_viewport_size({"width": 375, "height": 700})
    page.goto(f"{demo.url}/faq/")
    page.mouse.wheel(0, 3000)
    expect(frame.get_by_role("button", name="Quitter la vue")).to_be_in_viewport()
    page.set_viewport_size({"width": 1280, "height": 900})

    frame.get_by_role("button", name="Quitter la vue").click()
    expect(page.get_by_role("heading", level=1)).to_have_text("Librairie Vernet")
    expect(page.locator("main")).to_contain_text("la vue est terminée")
    assert found == []

    theirs = browser.new_context(locale="fr-FR").new_page()
    steps.sign_in(theirs, demo, REGULAR, REGULAR_PASSWORD)
    theirs.wait_for_url(f"**{SHOP}")
    steps.menu(theirs, "Journal")
    line = theirs.get_by_role("row").filter(has_text="Espace consulté par un conseiller").first
    expect(line).to_contain_text("Nadia Ferrand")
    expect(line).to_contain_text("vérification d’un réglage signalé")
    expect(theirs.locator("main")).to_contain_text("Fin de consultation par un conseiller")
    theirs.context.close()


def test_the_minutes_are_counted_down_and_the_end_leads_back_to_the_desk(context, demo):
    page = context.new_page()
    page.clock.install()
    look_as_the_owner(page, demo)
    page.get_by_label("À sa demande, au guichet").check()
    page.get_by_role("button", name="Voir son espace").click()
    page.wait_for_url(f"**{SHOP}")
    left = page.locator("[data-viewing-left]")
    page.clock.fast_forward("05:00")
    expect(left).to_have_text(re.compile(r"10\smin"))
    with page.expect_request("**/conseiller/societes/*/"):
        page.clock.fast_forward("10:05")
