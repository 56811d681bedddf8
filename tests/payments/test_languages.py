"""The language of the buyer's page: the form's, the browser's, or French."""

import pytest
from django.urls import reverse

pytestmark = pytest.mark.django_db


@pytest.mark.parametrize(
    ("asked", "browser", "language"),
    [
        ("", "", "fr"),
        ("", "en-GB,en;q=0.9", "en"),
        ("", "fr-CA", "fr"),
        ("", "de", "de"),
        ("", "sv,ja;q=0.9", "en"),
        ("fr", "en", "fr"),
        ("de", "fr", "de"),
        ("zh", "fr", "en"),
    ],
)
def test_the_language_is_the_forms_then_the_browsers_then_french(client, shop, open_page, asked, browser, language):
    address = reverse("payments:page", args=[open_page(shop, language=asked).token])
    page = client.get(address, headers={"Accept-Language": browser})
    assert f'<html lang="{language}">' in page.content.decode()
