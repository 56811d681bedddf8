"""What a first visit weighs, compressed, fonts aside: 40 KB for the sign-in page, 90 KB for any other."""

import gzip
import re

import pytest
from django.contrib.staticfiles import finders
from django.urls import reverse

from tests.shops.factories import ShopFactory, member_of

SIGN_IN_LIMIT = 40_000
PAGE_LIMIT = 90_000
# Loads the library of the password meter, alone among the pages.
HEAVY = "zxcvbn"


def compressed(content: bytes) -> int:
    return len(gzip.compress(content, 6))


def weight(response) -> int:
    """The page and every file of ours it names; gzip, the heavier of the two encodings served."""
    assert response.status_code == 200
    page = response.content.decode()
    files = set(re.findall(r'(?:src|href)="/static/([^"#]+)', page))
    assert any(name.endswith(".css") for name in files)
    assert not any(HEAVY in name for name in files)
    total = compressed(response.content)
    for name in files:
        if not name.endswith(".woff2"):
            with open(finders.find(name), "rb") as file:
                total += compressed(file.read())
    return total


def test_the_sign_in_page_weighs_at_most_40_kb(client):
    assert weight(client.get(reverse("accounts:sign_in"))) <= SIGN_IN_LIMIT


@pytest.mark.parametrize(
    "name",
    [
        "support:faq",
        "support:faq_subscriptions",
        "support:faq_server_url",
        "support:faq_error_codes",
        "support:faq_features",
        "support:faq_production",
        "support:contact",
    ],
)
def test_a_public_page_weighs_at_most_90_kb(client, name):
    assert weight(client.get(reverse(name))) <= PAGE_LIMIT


@pytest.mark.django_db
@pytest.mark.parametrize(
    "name",
    ["shops:detail", "shops:server_url", "certificates:detail", "certificates:contract", "payments:transactions"],
)
def test_a_merchants_page_weighs_at_most_90_kb(client, name):
    shop = ShopFactory()
    client.force_login(member_of(shop))
    assert weight(client.get(reverse(name, args=[shop.site_id]))) <= PAGE_LIMIT
