"""What people do on the pages, in their own words, found by what they read."""

import re

from playwright.sync_api import Page, expect

PASSWORD = "Meule-Alpage-31-Cuivre"
ACCEPTED, REFUSED = "4970100000000014", "4970100000000071"


def sign_in(page: Page, demo, identifier: str, password: str) -> None:
    page.goto(f"{demo.url}/connexion/")
    page.get_by_label("Identifiant").fill(identifier)
    page.get_by_label(re.compile(r"^\s*Mot de passe")).fill(password)
    page.get_by_role("button", name="Se connecter").click()


def sign_in_with_factor(page: Page, demo, identifier: str, password: str) -> None:
    """The password, then the code that the demo's page shows in place of a telephone."""
    sign_in(page, demo, identifier, password)
    expect(page.get_by_role("heading", level=1)).to_have_text("Code à usage unique")
    give_code(page, demo, identifier)


def give_code(page: Page, demo, identifier: str, *, button: str = "Se connecter") -> None:
    page.get_by_label("Code à usage unique").fill(current_code(page, demo, identifier))
    page.get_by_role("button", name=button, exact=True).click()


def current_code(page: Page, demo, identifier: str) -> str:
    """What somebody's newest application shows; asked for again while its owner must wait for the next code."""
    other = page.context.new_page()
    other.goto(f"{demo.url}/demo/codes/")
    row = other.get_by_role("row").filter(has_text=identifier).last
    expect(row.locator("code")).to_be_visible(timeout=40_000)
    code = row.locator("code").inner_text()
    other.close()
    return code


def live_first_connection(page: Page, demo, password: str = PASSWORD) -> None:
    sign_in(page, demo, "beaufils", demo.temporary_password)
    page.get_by_label("Code de première connexion").fill(demo.code)
    page.get_by_role("button", name="Continuer").click()
    page.get_by_label("Nouveau mot de passe").fill(password)
    page.get_by_label("Encore une fois").fill(password)
    page.get_by_role("button", name="Valider ce mot de passe").click()


def confirm(page: Page, password: str = PASSWORD) -> None:
    """Say who is there again, when a page asks, and do what it had kept."""
    if page.get_by_role("heading", level=1).inner_text() == "Confirmer que c’est vous":
        page.get_by_label(re.compile(r"^\s*Mot de passe")).fill(password)
        page.get_by_role("button", name="Confirmer").click()
        expect(page.get_by_role("heading", level=1)).to_have_text("Votre demande a été gardée")
        page.locator("main form").first.get_by_role("button").click()


def mailed_link(page: Page, demo, to: str, door: str) -> str:
    """The path of the first link to that door in the mailbox of somebody, without opening it."""
    page.goto(f"{demo.url}/demo/courriels/")
    rows = page.get_by_role("row").filter(has_text=to).all()
    for mail in [row.get_by_role("link").first.get_attribute("href") for row in rows]:
        page.goto(f"{demo.url}{mail}")
        if found := re.search(rf"/{door}/[\w-]+/", page.locator("main").inner_text()):
            return found[0]
    raise AssertionError(f"no mail to {to} leads to {door}")


def menu(page: Page, entry: str) -> None:
    page.get_by_role("navigation").get_by_role("link", name=entry, exact=True).first.click()


def save_server_url(page: Page, mode: str, url: str) -> None:
    menu(page, "URL serveur")
    card = page.locator("section, div").filter(has=page.get_by_role("heading", name=f"Mode {mode}", exact=True)).last
    card.get_by_role("textbox").fill(url)
    card.get_by_role("button", name=re.compile("Enregistrer")).click()
    confirm(page)


def shop_addresses(page: Page, demo) -> dict[str, str]:
    """The notification addresses as the sample shop's settings page names them."""
    page.goto(f"{demo.shop}/reglages")
    text = page.locator("main").inner_text()
    return {
        "TEST": re.search(r"http://127\.0\.0\.1:\d+/notification", text)[0],
        "PRODUCTION": re.search(r"https://fromagerie\.example:\d+/notification", text)[0],
    }


def order_cheese(page: Page, demo) -> str:
    """Fill a cart, order, and stand before the shop's pay button; return the order's reference."""
    page.goto(demo.shop)
    page.get_by_role("button", name="Voir mon panier").click()
    page.get_by_role("button", name="Commander").click()
    return page.url.rsplit("/", 1)[1]


def pay(page: Page, card: str) -> None:
    """From the shop's page to the bank's result, with a test card clicked and not typed."""
    page.get_by_role("button", name="Payer").click()
    page.get_by_role("button", name=re.compile(grouped(card))).click()
    expect(page.get_by_label(re.compile("Numéro de carte"))).to_have_value(re.compile(grouped(card)))
    page.get_by_role("button", name=re.compile("^Payer")).click()


def grouped(card: str) -> str:
    return r"[\s\u00a0\u202f]?".join(card[start : start + 4] for start in range(0, len(card), 4))


def expect_order(page: Page, demo, reference: str, words: str) -> None:
    """The shop's own page says so, whether or not the buyer ever came back; asked again until the call arrived."""
    page.goto(f"{demo.shop}/commandes/{reference}")
    reload_until(page, words)


def reload_until(page: Page, words: str) -> None:
    """What a person does while the shop waits for its notification; the way back never waits for it."""
    for _ in range(60):
        if words in page.locator("main").inner_text():
            return
        page.wait_for_timeout(250)
        page.reload()
    expect(page.locator("main")).to_contain_text(words)
