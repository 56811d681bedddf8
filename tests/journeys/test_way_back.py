"""The page goes back to the shop by itself, once: with scripts and without, by link and by form."""

import pytest
from playwright.sync_api import expect

from tests.journeys.axe import faults
from tests.journeys.counter import open_form, type_card
from tests.journeys.steps import ACCEPTED

pytestmark = pytest.mark.xdist_group("demo")

SIGN = "Retour à la boutique"


@pytest.fixture(params=[True, False], ids=["scripts", "no scripts"])
def buyer(browser, request):
    """A buyer's browser, which runs scripts or does not."""
    fresh = browser.new_context(locale="fr-FR", java_script_enabled=request.param)
    fresh.set_default_timeout(15_000)
    page = fresh.new_page()
    page.runs_scripts = request.param
    yield page
    fresh.close()


def expect_receipt(page):
    expect(page.get_by_role("heading", level=1)).to_have_text("Paiement accepté")
    expect(page.get_by_role("heading", name="Reçu")).to_be_visible()


def test_a_get_return_leaves_by_itself_and_the_receipt_stays_once_seen_again(buyer, demo):
    open_form(buyer, demo, return_mode="GET", redirect_success_timeout="3", redirect_success_message="À tout de suite")
    type_card(buyer, ACCEPTED)
    expect_receipt(buyer)
    expect(buyer.get_by_text("À tout de suite")).to_be_visible()
    expect(buyer.get_by_text("Retour à la boutique dans")).to_be_visible()

    buyer.wait_for_url(f"{demo.shop}/retour?**vads_trans_status=AUTHORISED**")

    buyer.go_back()
    expect_receipt(buyer)
    buyer.wait_for_timeout(4000)
    expect_receipt(buyer)
    buyer.get_by_role("link", name=SIGN).click()
    buyer.wait_for_url(f"{demo.shop}/retour?**")


def test_a_post_return_leaves_at_once_with_scripts_and_by_a_click_without(buyer, demo):
    open_form(buyer, demo, return_mode="POST", redirect_success_timeout="0")
    type_card(buyer, ACCEPTED)
    if not buyer.runs_scripts:
        expect_receipt(buyer)
        expect(buyer.get_by_text("Rester sur cette page")).to_be_hidden()
        buyer.get_by_role("button", name=SIGN).click()
    buyer.wait_for_url(f"{demo.shop}/retour")
    expect(buyer.get_by_role("heading", level=1)).to_have_text("Retour à la boutique")


def test_the_buyer_may_stay(buyer, demo):
    open_form(buyer, demo, redirect_success_timeout="8")
    type_card(buyer, ACCEPTED)
    expect_receipt(buyer)
    buyer.wait_for_load_state()
    buyer.get_by_role("link", name="Rester sur cette page").click()
    buyer.wait_for_timeout(9000)
    expect_receipt(buyer)
    expect(buyer.get_by_text("Retour à la boutique dans")).to_be_hidden()
    if buyer.runs_scripts:
        expect(buyer.get_by_role("link", name=SIGN)).to_be_focused()


def test_a_page_that_leaves_by_itself_is_accessible(context, demo):
    page = context.new_page()
    open_form(page, demo, redirect_success_timeout="600", redirect_success_message="À tout de suite")
    type_card(page, ACCEPTED)
    expect_receipt(page)
    assert faults(page) == []


def test_who_cancels_towards_a_form_goes_straight_back(buyer, demo):
    open_form(buyer, demo, return_mode="POST")
    buyer.get_by_role("button", name="Annuler et retourner à la boutique").click()
    if not buyer.runs_scripts:
        buyer.get_by_role("button", name=SIGN).click()
    buyer.wait_for_url(f"{demo.shop}/retour")
