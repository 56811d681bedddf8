"""What a page weighs on a first visit, as the browser counts it: compressed, fonts aside."""

import pytest

from backoffice.demo.people import REGULAR, REGULAR_PASSWORD
from tests.journeys import steps

pytestmark = pytest.mark.xdist_group("demo")

KILOBYTE = 1024
SIGN_IN, OTHERS = 40 * KILOBYTE, 90 * KILOBYTE
OPEN_TO_ALL = ["/faq/", "/faq/codes-erreur/", "/faq/prod/", "/contact/", "/vads-payment/", "/nulle-part/"]
SHOP = "/boutiques/23456789/"
SIGNED_IN = [
    SHOP,
    *(SHOP + page for page in ("certificats/", "url-serveur/", "contrat/", "transactions/?mode=PRODUCTION")),
]


def weigh(context, url):
    """Bytes received for everything the page asks for, in a browser that has seen nothing yet."""
    page = context.new_page()
    session = context.new_cdp_session(page)
    received, fonts = {}, set()
    session.on("Network.responseReceived", lambda event: event["type"] == "Font" and fonts.add(event["requestId"]))
    session.on(
        "Network.loadingFinished", lambda event: received.update({event["requestId"]: event["encodedDataLength"]})
    )
    session.send("Network.enable")
    session.send("Network.setCacheDisabled", {"cacheDisabled": True})
    page.goto(url)
    page.wait_for_load_state("networkidle")
    page.close()
    return sum(size for request, size in received.items() if request not in fonts)


def test_the_sign_in_page_weighs_at_most_40_kb(context, demo):
    assert weigh(context, f"{demo.url}/connexion/") <= SIGN_IN


@pytest.mark.parametrize("path", OPEN_TO_ALL)
def test_a_page_open_to_all_weighs_at_most_90_kb(context, demo, path):
    assert weigh(context, demo.url + path) <= OTHERS


def test_every_page_of_a_merchant_weighs_at_most_90_kb(page, context, demo):
    steps.sign_in(page, demo, REGULAR, REGULAR_PASSWORD)
    page.wait_for_url(f"**{SHOP}")
    weights = {path: weigh(context, demo.url + path) for path in SIGNED_IN}
    assert {path: weight for path, weight in weights.items() if weight > OTHERS} == {}


def test_the_hosted_page_weighs_at_most_60_kb(page, context, demo):
    steps.order_cheese(page, demo)
    page.get_by_role("button", name="Payer").click()
    assert weigh(context, page.url) <= 60 * KILOBYTE
