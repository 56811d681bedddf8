"""A print, while the worker is away, as it is made, and in a browser that runs no scripts."""

import re

import psutil
import pytest
from playwright.sync_api import expect

from backoffice.demo.people import REGULAR, REGULAR_PASSWORD
from tests.journeys import steps
from tests.journeys.axe import faults

pytestmark = pytest.mark.xdist_group("demo")
CONTRACT = "/boutiques/23456789/contrat/"


@pytest.fixture
def worker(demo):
    """The demo's worker, stopped where it stands; whatever happens, it goes on afterwards."""
    family = psutil.Process(demo.process.pid).children(recursive=True)
    [one] = [process for process in family if process.cmdline()[-1] == "worker"]
    one.suspend()
    yield one
    one.resume()


@pytest.fixture
def plain(browser):
    """A page of a browser that runs no scripts."""
    context = browser.new_context(locale="fr-FR", java_script_enabled=False)
    context.set_default_timeout(15_000)
    yield context.new_page()
    context.close()


def _asks(page, demo):
    page.wait_for_url("**/boutiques/23456789/")
    page.goto(demo.url + CONTRACT)
    page.get_by_role("button", name="Télécharger le contrat (PDF)").click()
    expect(page).to_have_url(re.compile("/impressions/[0-9a-f-]{36}/$"))


def test_a_print_is_followed_with_and_without_scripts_and_handed_over(page, plain, demo, worker):
    for one in (plain, page):
        steps.sign_in(one, demo, REGULAR, REGULAR_PASSWORD)
        _asks(one, demo)
        expect(one.locator("#impression")).to_contain_text("Votre document est le prochain.")
    # The same document for the same person is one print, wherever they asked from.
    assert page.url == plain.url
    assert faults(page) == []

    with page.expect_download() as downloading:
        worker.resume()
    assert re.fullmatch(r"contrat-\d{7}\.pdf", downloading.value.suggested_filename)
    expect(page.locator("#impression")).to_contain_text("Le document est prêt.")
    assert faults(page) == []

    plain.get_by_role("link", name="Actualiser").click()
    with plain.expect_download() as fetching:
        plain.get_by_role("link", name="Télécharger (PDF)").click()
    assert fetching.value.path().read_bytes() == downloading.value.path().read_bytes()
    plain.get_by_role("link", name="Revenir à la page précédente").click()
    expect(plain).to_have_url(demo.url + CONTRACT)
