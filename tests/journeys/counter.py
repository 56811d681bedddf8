"""What a buyer does on the payment page, coming from any shop's signed form."""

from datetime import UTC, datetime
from html import escape
from types import SimpleNamespace

from playwright.sync_api import Page, expect

from tests.payments import wire

SHOP = SimpleNamespace(site_id="12345678")


def open_form(page: Page, demo, **fields) -> str:
    """Post a signed form from a page of somewhere else, as any shop does; give the payment page's address."""
    number = f"{datetime.now(UTC).microsecond:06d}"
    returning = {"url_return": f"{demo.shop}/retour"} | fields
    form = wire.form_of(SHOP, trans_id=f"w{number[1:]}", **returning)
    inputs = "".join(f'<input type="hidden" name="{name}" value="{escape(value)}">' for name, value in form.items())
    page.set_content(f'<form method="post" action="{demo.url}/vads-payment/">{inputs}<button>Aller</button></form>')
    page.get_by_role("button", name="Aller").click()
    expect(page.locator("[autocomplete=cc-number]")).to_be_visible()
    return page.url


def type_card(page: Page, number: str) -> None:
    """Type a card and pay."""
    fill_card(page, number)
    page.get_by_role("button", name="Payer").click()


def fill_card(page: Page, number: str) -> None:
    """Type a card, its date and its code."""
    page.get_by_label("Numéro de carte").fill(number)
    page.get_by_label("Expire fin").fill("12 / 39")
    page.get_by_label("Cryptogramme").fill("123")


def click_card(page: Page, number: str) -> None:
    """Click a test card where it is listed, and see that it filled the form."""
    button = page.locator(f"[data-fill-card='{number}']")
    if not button.is_visible():
        page.locator("details").filter(has=button).locator("summary").click()
    button.click()
    expect(page.get_by_label("Numéro de carte")).to_have_value(" ".join(_grouped(number)))


def _grouped(number: str) -> list[str]:
    sizes = (4, 6, 5) if len(number) == 15 else (4, 6, 4) if len(number) == 14 else (4, 4, 4, 4)
    starts = [sum(sizes[:place]) for place in range(len(sizes))]
    return [number[start : start + size] for start, size in zip(starts, sizes, strict=True)]
