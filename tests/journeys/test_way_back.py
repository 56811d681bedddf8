"""The page goes back to the shop by itself, once: with scripts and without, by link and by form."""

from datetime import UTC, datetime
from html import escape
from types import SimpleNamespace

import pytest
from playwright.sync_api import expect

from tests.journeys.steps import ACCEPTED
from tests.payments import wire

SHOP = SimpleNamespace(site_id="12345678")
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


def open_form(page, demo, **fields):
    """Post a signed form from a page of somewhere else, as any shop does."""
    number = f"{datetime.now(UTC).microsecond:06d}"
    form = wire.form_of(SHOP, trans_id=f"w{number[1:]}", url_return=f"{demo.shop}/retour", **fields)
    inputs = "".join(f'<input type="hidden" name="{name}" value="{escape(value)}">' for name, value in form.items())
    page.set_content(f'<form method="post" action="{demo.url}/vads-payment/">{inputs}<button>Aller</button></form>')
    page.get_by_role("button", name="Aller").click()
    expect(page.get_by_label("Numéro de carte")).to_be_visible()


def pay(page):
    page.get_by_label("Numéro de carte").fill(ACCEPTED)
    page.get_by_label("Expire fin").fill("12 / 39")
    page.get_by_label("Cryptogramme").fill("123")
    page.get_by_role("button", name="Payer").click()


def expect_receipt(page):
    expect(page.get_by_role("heading", level=1)).to_have_text("Paiement accepté")
    expect(page.get_by_role("heading", name="Reçu")).to_be_visible()


def test_a_get_return_leaves_by_itself_and_the_receipt_stays_once_seen_again(buyer, demo):
    open_form(buyer, demo, return_mode="GET", redirect_success_timeout="6", redirect_success_message="À tout de suite")
    pay(buyer)
    expect_receipt(buyer)
    expect(buyer.get_by_text("À tout de suite")).to_be_visible()
    expect(buyer.get_by_text("Retour à la boutique dans")).to_be_visible()

    buyer.wait_for_url(f"{demo.shop}/retour?**vads_trans_status=AUTHORISED**")

    buyer.go_back()
    expect_receipt(buyer)
    buyer.wait_for_timeout(7000)
    expect_receipt(buyer)
    buyer.get_by_role("link", name=SIGN).click()
    buyer.wait_for_url(f"{demo.shop}/retour?**")


def test_a_post_return_leaves_at_once_with_scripts_and_by_a_click_without(buyer, demo):
    open_form(buyer, demo, return_mode="POST", redirect_success_timeout="0")
    pay(buyer)
    if not buyer.runs_scripts:
        expect_receipt(buyer)
        expect(buyer.get_by_text("Rester sur cette page")).to_be_hidden()
        buyer.get_by_role("button", name=SIGN).click()
    buyer.wait_for_url(f"{demo.shop}/retour")
    expect(buyer.get_by_role("heading", level=1)).to_have_text("Retour à la boutique")


def test_the_buyer_may_stay(buyer, demo):
    open_form(buyer, demo, redirect_success_timeout="5")
    pay(buyer)
    buyer.get_by_role("link", name="Rester sur cette page").click()
    buyer.wait_for_timeout(6000)
    expect_receipt(buyer)
    expect(buyer.get_by_text("Retour à la boutique dans")).to_be_hidden()
    if buyer.runs_scripts:
        expect(buyer.get_by_role("link", name=SIGN)).to_be_focused()


def test_who_cancels_towards_a_form_goes_straight_back(buyer, demo):
    open_form(buyer, demo, return_mode="POST")
    buyer.get_by_role("button", name="Annuler et retourner à la boutique").click()
    if not buyer.runs_scripts:
        buyer.get_by_role("button", name=SIGN).click()
    buyer.wait_for_url(f"{demo.shop}/retour")
