"""The warning before a session's end, in a real browser whose clock is pushed forward."""

import pytest
from playwright.sync_api import expect

from backoffice.demo.people import REGULAR, REGULAR_PASSWORD
from tests.journeys import steps

pytestmark = pytest.mark.xdist_group("demo")


def test_a_session_about_to_end_warns_and_goes_on_or_ends_at_the_door(page, demo):
    page.clock.install()
    steps.sign_in(page, demo, REGULAR, REGULAR_PASSWORD)
    page.wait_for_url("**/boutiques/**")
    left = {"seconds": 110}
    page.route(
        "**/profil/session/prolonger/",
        lambda route: route.fulfill(json=left) if route.request.method == "GET" else route.continue_(),
    )
    page.goto(f"{demo.url}/profil/")
    dialog = page.get_by_role("dialog", name="Votre session se termine dans 2 minutes")
    page.clock.fast_forward("28:10")
    expect(dialog).to_be_visible()
    expect(dialog.get_by_role("button", name="Rester connecté")).to_be_focused()
    page.keyboard.press("Enter")
    expect(dialog).to_be_hidden()

    page.clock.fast_forward("28:10")
    expect(dialog).to_be_visible()
    left["seconds"] = 0
    with page.expect_request("**/connexion/?next=%2Fprofil%2F"):
        page.clock.fast_forward("02:00")
