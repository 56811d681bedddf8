"""The help pages: public, complete, in our own words, with links that lead somewhere."""

import re
from html import unescape

import pytest
from django.conf import settings
from django.test import Client

from backoffice.vads import cards, codes, fields
from tests.accounts.factories import MembershipFactory, UserFactory
from tests.shops.factories import ShopFactory

pytestmark = pytest.mark.django_db

PAGES = [
    "/faq/",
    "/faq/abonnements/",
    "/faq/url-serveur/",
    "/faq/codes-erreur/",
    "/faq/fonctionnalites/",
    "/faq/prod/",
]
TABS = ["Généralités", "Abonnements", "URL serveur", "Codes erreur", "Fonctionnalités", "Passer en production"]
each_page = pytest.mark.parametrize("url", PAGES)


def text_of(response):
    page = re.sub(r"<(script|style|head)\b.*?</\1>", " ", response.content.decode(), flags=re.DOTALL)
    return re.sub(r"\s+", " ", unescape(re.sub(r"<[^>]+>", " ", page)))


@each_page
def test_anybody_may_read_and_sees_every_tab(client, url):
    response = client.get(url)
    assert response.status_code == 200
    page = response.content.decode()
    for tab in TABS:
        assert f">{tab}</a>" in page
    assert page.count('aria-current="page"') == 1
    assert page.count("<h1>") == 1
    assert "entrance-wide" in page


@each_page
def test_an_advisor_and_a_merchant_read_it_in_their_own_frame(client, url):
    client.force_login(UserFactory(advisor=True))
    assert "frame-advisor" in client.get(url).content.decode()
    other = Client()
    other.force_login(MembershipFactory().user)
    assert "frame-merchant" in other.get(url).content.decode()


@each_page
def test_the_pages_only_read(client, url):
    assert client.post(url).status_code == 405


@each_page
def test_every_link_of_a_page_leads_to_a_page(client, url):
    page = client.get(url).content.decode()
    for link in set(re.findall(r'<a [^>]*href="([^"]+)"', page)):
        path, _, fragment = unescape(link).partition("#")
        target = client.get(path or url, follow=True)
        assert target.status_code == 200, link
        if fragment:
            assert f'id="{fragment}"' in target.content.decode(), link


@each_page
def test_a_merchant_with_one_shop_gets_links_to_its_very_screens(client, url):
    membership = MembershipFactory()
    shop = ShopFactory(company=membership.company)
    client.force_login(membership.user)
    page = client.get(url).content.decode()
    own = set(re.findall(rf'<a [^>]*href="(/boutiques/{shop.site_id}/[^"]*)"', page))
    assert own
    for link in own:
        assert client.get(unescape(link)).status_code == 200, link


def test_a_merchant_with_several_shops_gets_the_list(client):
    membership = MembershipFactory()
    ShopFactory.create_batch(2, company=membership.company)
    client.force_login(membership.user)
    page = client.get("/faq/").content.decode()
    assert "ouvrir la liste de vos boutiques" in page
    assert "/boutiques/1" not in page


def test_the_error_codes_are_the_ones_the_platform_gives(client):
    response = client.get("/faq/codes-erreur/")
    page, text = response.content.decode(), text_of(response)
    for error in codes.FORM_ERRORS.values():
        assert f'id="erreur-{error.code}"' in page
        assert re.sub(r"\s+", " ", error.advice) in text
    for table in (codes.RESULTS, codes.AUTH_RESULTS, codes.EXTRA_RESULTS, codes.TRANSACTION_STATUSES):
        for code in table.values():
            assert re.sub(r"\s+", " ", code.label) in text


def test_the_test_cards_and_mandatory_fields_are_the_real_ones(client):
    text = text_of(client.get("/faq/fonctionnalites/")).replace(" ", "")
    for card in cards.TEST_CARDS:
        assert (card.number in text) is card.is_current
    for name in fields.MANDATORY:
        assert name in text


def test_spam_advice_names_the_sender_of_the_settings(client):
    assert settings.BRAND["sender"] in text_of(client.get("/faq/"))


@each_page
def test_help_speaks_of_no_other_brand_and_never_shouts(client, url):
    text = text_of(client.get(url))
    for foreign in ("systempay", "cyberplus", "payzen", "lyra", "spplus", "0811", "oups", "veuillez", "!"):
        assert foreign not in text.lower()
