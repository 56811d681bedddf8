"""The help pages: public, complete, in our own words, with links that lead somewhere."""

import re
from html import unescape

import pytest
from django.test import Client

from backoffice.vads import cards, fields
from backoffice.vads.dictionary import FIELDS, NAMED, NUMBERED
from payments.enums import NotificationState
from payments.notifications.payload import RESULT_FIELDS
from tests.accounts.factories import MembershipFactory, UserFactory
from tests.shops.factories import ShopFactory
from tests.support.help import PAGES, words_of

pytestmark = pytest.mark.django_db

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


def test_the_test_cards_and_mandatory_fields_are_the_real_ones(client):
    text = text_of(client.get("/faq/fonctionnalites/")).replace(" ", "")
    for card in cards.TEST_CARDS:
        assert (card.number in text) is card.is_current
    for name in fields.MANDATORY:
        assert name in text


def test_every_optional_field_is_listed_with_its_code(client):
    page = client.get("/faq/fonctionnalites/").content.decode()
    for known in (*FIELDS.values(), *NUMBERED.values(), *NAMED.values()):
        assert re.search(rf">{known.written}</th>.*?#erreur-{known.code}\"", page, re.DOTALL), known.written


def test_every_field_of_a_result_is_explained(client):
    text = text_of(client.get("/faq/fonctionnalites/"))
    # A card's cryptogram is never echoed, so there is nothing to explain.
    assert [name for name in RESULT_FIELDS - {"vads_cvv"} if name not in text] == []


def test_every_state_of_a_notification_is_explained(client):
    text = text_of(client.get("/faq/url-serveur/"))
    assert [state.label for state in NotificationState if state.label not in text] == []


def test_subscriptions_are_explained_and_said_not_to_be_offered_yet(client):
    text = text_of(client.get("/faq/abonnements/"))
    assert "Cette offre ne le propose pas encore" in text
    assert "Pas encore ouvert sur cette offre" in text


@each_page
def test_help_speaks_of_no_other_brand_and_never_shouts(client, url):
    text = text_of(client.get(url))
    for foreign in ("systempay", "cyberplus", "payzen", "lyra", "spplus", "0811", "oups", "veuillez", "!"):
        assert foreign not in text.lower()


@each_page
def test_help_is_written_as_french_is_printed(client, url):
    text = words_of(client.get(url).content.decode())
    wrong = re.findall(r".{20}(?:[^\u00a0] ?[;?»](?=\s|$)|[^\u00a0\sA-Z] ?:(?=\s|$)|«[^\u00a0]|\w'\w).{0,10}", text)
    assert wrong == []
