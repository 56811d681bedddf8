"""What each test card plays, from a shop's form to the shop again, and the ways buyers leave that path."""

import re
from urllib.parse import parse_qsl, urlsplit

import pytest
from playwright.sync_api import expect

from backoffice.vads import cards
from tests.journeys import counter
from tests.journeys.steps import ACCEPTED, REFUSED
from tests.payments import wire

pytestmark = pytest.mark.xdist_group("demo")

# One card for each scenario of the catalogue, the newest generation first.
SCENARIOS = list({card.play: card for card in reversed(cards.TEST_CARDS)}.values())
CHALLENGED = "4970100000000022"
ACCEPTED_TITLE, REFUSED_TITLE = "Paiement accepté", "Paiement refusé"
BACK = "Retour à la boutique"


def title(page):
    return page.get_by_role("heading", level=1)


def pay(page):
    page.get_by_role("button", name="Payer").click()


def returned(page, demo):
    """What the shop reads of its buyer's return, once its signature was verified."""
    page.wait_for_url(f"{demo.shop}/retour?**")
    received = dict(parse_qsl(urlsplit(page.url).query, keep_blank_values=True))
    assert wire.is_genuine(received)
    return received


@pytest.fixture
def buyer(browser):
    """A buyer whose browser may be told that a page is gone: that is no fault here."""
    fresh = browser.new_context(locale="fr-FR")
    fresh.set_default_timeout(15_000)
    yield fresh.new_page()
    fresh.close()


@pytest.mark.parametrize("card", SCENARIOS, ids=lambda card: f"{card.number}")
def test_each_scenario_is_played_from_the_form_back_to_the_shop(page, demo, card):
    counter.open_form(page, demo, return_mode="GET")
    counter.click_card(page, card.number)
    pay(page)
    if card.needs_challenge:
        expect(title(page)).to_have_text("Authentification")
        page.get_by_role("button", name="Confirmer le paiement").click()

    expect(title(page)).to_have_text(ACCEPTED_TITLE if card.is_accepted else REFUSED_TITLE)
    page.get_by_role("link", name=BACK).click()

    told = returned(page, demo)
    assert (told["vads_result"], told["vads_auth_result"]) == (card.result, card.auth_result)
    assert told["vads_card_number"] == card.masked
    assert told["vads_threeds_status"] == card.threeds_status
    assert told["vads_warranty_result"] == card.warranty


def test_a_buyer_who_refuses_at_the_bank_is_refused_by_the_shop(page, demo):
    counter.open_form(page, demo, return_mode="GET")
    counter.click_card(page, CHALLENGED)
    pay(page)
    page.get_by_role("button", name="Refuser").click()

    expect(title(page)).to_have_text(REFUSED_TITLE)
    expect(page.get_by_role("main")).to_contain_text("Vous n’avez pas été authentifié")
    page.get_by_role("link", name=BACK).click()
    assert returned(page, demo)["vads_payment_error"] == "39"


def test_a_buyer_turns_back_from_the_page_and_from_the_bank(page, demo):
    for reaches_the_bank in (False, True):
        counter.open_form(page, demo, return_mode="GET")
        if reaches_the_bank:
            counter.click_card(page, CHALLENGED)
            pay(page)
            expect(title(page)).to_have_text("Authentification")
        page.get_by_role("button", name="Annuler et retourner à la boutique").click()

        told = returned(page, demo)
        assert (told["vads_result"], told["vads_trans_status"]) == ("17", "ABANDONED")
        assert "vads_trans_uuid" not in told


def test_a_card_that_is_no_test_card_is_refused_and_forgotten(page, demo):
    counter.open_form(page, demo)
    counter.type_card(page, "4532 0151 1283 0366")

    expect(page.get_by_role("main")).to_contain_text("Ce numéro n’est pas une carte de test")
    expect(page.get_by_label("Numéro de carte")).to_have_value("")
    assert not demo.keeps("4532015112830366")


def test_another_card_may_be_tried_when_the_shop_grants_it(page, demo):
    demo.sql("UPDATE shops_shop SET extra_attempts = 1 WHERE site_id = '12345678'")
    try:
        counter.open_form(page, demo)
        counter.click_card(page, REFUSED)
        pay(page)
        expect(page.get_by_role("main")).to_contain_text("Il vous reste un essai.")
        counter.click_card(page, ACCEPTED)
        pay(page)
        expect(title(page)).to_have_text(ACCEPTED_TITLE)
    finally:
        demo.sql("UPDATE shops_shop SET extra_attempts = 0 WHERE site_id = '12345678'")


def test_time_runs_out_under_the_buyer_s_eyes(buyer, demo):
    address = counter.open_form(buyer, demo, url_cancel=f"{demo.shop}/retour?panier=7", return_mode="GET")
    demo.sql("UPDATE payments_paymentsession SET expires_at = now() + interval '3 seconds' WHERE state = 'open'")
    buyer.reload()
    expect(buyer.get_by_role("main")).to_contain_text(re.compile("secondes? pour payer"))

    expect(title(buyer)).to_have_text("Le temps de paiement est écoulé", timeout=10_000)
    buyer.goto(address)
    expect(title(buyer)).to_have_text("Le temps de paiement est écoulé")
    buyer.get_by_role("link", name=BACK).click()
    assert returned(buyer, demo)["vads_trans_status"] == "ABANDONED"


def test_back_button_and_reload_pay_nothing_twice(page, demo):
    counter.open_form(page, demo)
    counter.click_card(page, CHALLENGED)
    pay(page)
    expect(title(page)).to_have_text("Authentification")

    page.go_back()
    page.reload()
    expect(title(page)).to_have_text("Authentification")
    page.get_by_role("button", name="Confirmer le paiement").click()
    expect(title(page)).to_have_text(ACCEPTED_TITLE)

    page.go_back()
    page.reload()
    expect(title(page)).to_have_text(ACCEPTED_TITLE)
    expect(page.get_by_role("main")).to_contain_text("497010XXXXXX0022")


def test_a_double_click_and_a_second_tab_make_one_payment(page, context, demo):
    before = demo.sql("SELECT count(*) FROM payments_transaction")
    address = counter.open_form(page, demo)
    other = context.new_page()
    other.goto(address)
    counter.fill_card(page, ACCEPTED)
    counter.fill_card(other, REFUSED)

    page.get_by_role("button", name="Payer").dblclick()
    expect(title(page)).to_have_text(ACCEPTED_TITLE)
    pay(other)

    expect(title(other)).to_have_text(ACCEPTED_TITLE)
    assert int(demo.sql("SELECT count(*) FROM payments_transaction")) == int(before) + 1


def test_everything_works_without_scripts_and_with_the_keyboard(browser, demo):
    context = browser.new_context(locale="fr-FR", java_script_enabled=False, viewport={"width": 375, "height": 700})
    context.set_default_timeout(15_000)
    page = context.new_page()
    counter.open_form(page, demo, return_mode="GET")
    page.get_by_label("Numéro de carte").focus()
    for text in ("4970 1000 0000 0022", "12 / 39", "123"):
        page.keyboard.type(text)
        page.keyboard.press("Tab")
    page.keyboard.press("Enter")

    expect(title(page)).to_have_text("Authentification")
    page.get_by_role("button", name="Confirmer le paiement").press("Enter")
    expect(title(page)).to_have_text(ACCEPTED_TITLE)
    page.get_by_role("link", name=BACK).press("Enter")
    assert returned(page, demo)["vads_result"] == "00"
    context.close()
