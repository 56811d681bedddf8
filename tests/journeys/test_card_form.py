"""The card form under a buyer's fingers: typed, clicked, pressed twice, left alone, and without scripts."""

import re

import pytest
from playwright.sync_api import expect

from tests.journeys import steps

pytestmark = pytest.mark.xdist_group("demo")


@pytest.fixture
def till(page, demo):
    """A page that waits for a card."""
    steps.order_cheese(page, demo)
    page.get_by_role("button", name="Payer").click()
    page.wait_for_url("**/paiement/**")
    return page


def caret(field):
    return field.evaluate("field => field.selectionStart")


def press(page, keys):
    for key in keys:
        page.keyboard.press(key)


def test_a_number_is_grouped_while_it_is_typed_and_the_caret_stays_where_it_was(till):
    number = till.get_by_label("Numéro de carte")
    number.click()
    press(till, "497010000")
    expect(number).to_have_value("4970 1000 0")

    press(till, ["ArrowLeft"] * 8 + ["5"])

    expect(number).to_have_value("4975 0100 00")
    assert caret(number) == 4
    press(till, ["Backspace"])
    expect(number).to_have_value("4970 1000 0")
    assert caret(number) == 3
    number.fill("375900000000008")
    expect(number).to_have_value("3759 000000 00008")
    number.fill("4970-1000-0000-0014")
    expect(number).to_have_value("4970 1000 0000 0014")
    number.fill("ma carte 4970")
    expect(number).to_have_value("ma carte 4970")


@pytest.mark.parametrize(
    ("keys", "shown"),
    [
        ("1230", "12 / 30"),
        ("12/30", "12 / 30"),
        ("4", "04 / "),
        ("430", "04 / 30"),
        ("1/30", "01 / 30"),
        (["1", "2", "Backspace"], "12"),
        (["1", "2", "Backspace", "Backspace"], "1"),
        (["1", "2", "Backspace", "3"], "12 / 3"),
        ("12 2030", "12 / 2030"),
    ],
)
def test_the_slash_of_a_date_is_typed_for_the_buyer_and_never_in_the_way(till, keys, shown):
    till.get_by_label("Expire fin").click()
    press(till, keys)
    expect(till.get_by_label("Expire fin")).to_have_value(shown)


def test_a_click_on_a_test_card_fills_the_form_with_its_means_and_moves_nothing(till):
    place = till.get_by_role("button", name=re.compile("^Payer")).bounding_box()

    till.get_by_role("button", name=re.compile(steps.grouped(steps.ACCEPTED))).click()

    expect(till.get_by_label("Numéro de carte")).to_have_value("4970 1000 0000 0014")
    expect(till.get_by_label("Expire fin")).to_have_value(re.compile(r"^12 / \d\d$"))
    expect(till.get_by_label("Cryptogramme")).to_have_value("123")
    expect(till.get_by_label("CB", exact=True)).to_be_checked()
    expect(till.get_by_role("button", name=re.compile("^Payer"))).to_be_focused()
    assert till.get_by_role("button", name=re.compile("^Payer")).bounding_box() == place

    till.get_by_label("Visa", exact=True).check()
    till.get_by_role("button", name=re.compile(steps.grouped(steps.REFUSED))).click()
    expect(till.get_by_label("Visa", exact=True)).to_be_checked()
    till.get_by_text("Autres réseaux et scénarios").click()
    till.get_by_role("button", name=re.compile("4917")).first.click()
    expect(till.get_by_label("Reconnu par son numéro")).to_be_checked()


def test_pay_06_a_double_click_sends_the_form_once_and_the_back_button_leads_to_its_result(till):
    till.get_by_role("button", name=re.compile(steps.grouped(steps.ACCEPTED))).click()

    stopped, words, resting = till.evaluate(
        """() => {
          const button = document.querySelector(".form > .btn-primary");
          const stopped = [];
          addEventListener("submit", (event) => stopped.push(event.defaultPrevented));
          for (let n = 0; n < 3; n++) button.click();
          return [stopped, button.textContent, button.ariaDisabled];
        }"""
    )

    assert stopped == [False, True, True]
    assert (words, resting) == ("Paiement en cours…", "true")
    expect(till.get_by_role("heading", name="Paiement accepté")).to_be_visible()
    till.go_back()
    expect(till.get_by_role("heading", name="Paiement accepté")).to_be_visible()


def test_enter_pays_and_errors_come_first(till):
    till.get_by_label("Numéro de carte").fill("4111 1111 1111 1111")
    till.keyboard.press("Enter")

    expect(till.get_by_role("alert")).to_be_focused()
    till.get_by_role("link", name=re.compile("pas une carte de test")).click()
    expect(till.get_by_label("Numéro de carte")).to_be_focused()
    expect(till.get_by_label("Numéro de carte")).to_have_value("")
    expect(till.get_by_role("button", name=re.compile("^Payer"))).not_to_have_attribute("aria-disabled", "true")


def test_pay_02_the_time_left_is_counted_spoken_thrice_and_ends_by_asking_the_server(page, demo):
    page.clock.install()
    steps.order_cheese(page, demo)
    page.get_by_role("button", name="Payer").click()
    shown, spoken = page.locator("[data-shown]"), page.locator("[data-spoken]")
    expect(shown).to_have_text("Il vous reste 10 minutes pour payer.")
    left = int(page.locator("[data-seconds-left]").get_attribute("data-seconds-left"))

    page.clock.run_for((left - 300) * 1000)
    expect(shown).to_have_text("Il vous reste 5 minutes pour payer.")
    expect(spoken).to_be_empty()
    page.clock.run_for(180_000)
    said = []
    for _ in range(119):
        said.append((shown.inner_text(), spoken.inner_text()))
        page.clock.run_for(1000)

    assert said[0][0] == "Il vous reste 120 secondes pour payer."
    assert said[-1][0] == "Il vous reste 2 secondes pour payer."
    assert list(dict.fromkeys(words for _, words in said)) == [
        "Il vous reste 2 minutes pour payer.",
        "Il vous reste une minute pour payer.",
        "Il vous reste 30 secondes pour payer.",
    ]
    with page.expect_navigation():
        page.clock.run_for(3000)


def test_without_scripts_a_language_is_chosen_and_a_card_is_paid(browser, demo):
    context = browser.new_context(locale="fr-FR", java_script_enabled=False)
    page = context.new_page()
    steps.order_cheese(page, demo)
    page.get_by_role("button", name="Payer").click()
    page.get_by_role("button", name="Deutsch").click()
    expect(page.get_by_text("Sie haben noch 10 Minuten Zeit.")).to_be_visible()

    page.get_by_label("Visa", exact=True).check()
    page.get_by_label("Kartennummer").fill(steps.ACCEPTED)
    page.get_by_label("Gültig bis").fill("12/39")
    page.get_by_label("Prüfziffer").fill("123")
    page.get_by_role("button", name=re.compile("bezahlen$")).click()

    expect(page.get_by_role("heading", name="Zahlung angenommen")).to_be_visible()
    expect(page.get_by_text("Visa 497010XXXXXX0014")).to_be_visible()
    page.get_by_role("button", name="English").click()
    expect(page.get_by_role("heading", name="Payment accepted")).to_be_visible()
    context.close()
