"""No dead link in the help, whoever reads it, nor towards it: every address and every anchor is followed."""

import re
from urllib.parse import urljoin

import pytest
from django.test import Client
from django.urls import reverse

from support.help.index import contents_of
from support.help.pages import PAGES as TABS
from tests.accounts.factories import MembershipFactory, UserFactory
from tests.house.source import PACKAGES, ROOT
from tests.shops.factories import ShopFactory
from tests.support.help import PAGES, element, links_of

pytestmark = pytest.mark.django_db

SEARCHES = [
    "/faq/?recherche=certificat",
    "/faq/?recherche=03",
    "/faq/?recherche=xyzzy",
    "/faq/codes-erreur/?recherche=xyzzy",
]


HELP_LINK = re.compile(r'{% help_link "(support:\w+)" "([\w-]+)" "([^"]+)" %}')
# Screens with a question of their own in the help; a page of the list that loses its way to it fails.
HELPED = [
    "shops/listing.html",
    "shops/detail.html",
    "shops/server_url.html",
    "certificates/detail.html",
    "certificates/algorithm.html",
    "certificates/contract.html",
    "payments/transactions.html",
    "payments/transaction.html",
    "payments/refused_forms.html",
    "payments/refused_form.html",
    "accounts/journal.html",
    "accounts/journal_companies.html",
    "accounts/sign_in.html",
    "accounts/first_connection.html",
    "accounts/new_password.html",
    "accounts/forgotten.html",
    "support/contact_motive.html",
    "support/contact.html",
    "support/contact_sent.html",
    "support/desk.html",
    "support/request.html",
]


def stranger():
    return None


def merchant(shops):
    membership = MembershipFactory()
    ShopFactory.create_batch(shops, company=membership.company)
    return membership.user


def advisor():
    return UserFactory(advisor=True)


READERS = {
    "a stranger": stranger,
    "a merchant without a shop": lambda: merchant(0),
    "a merchant with one shop": lambda: merchant(1),
    "a merchant with two shops": lambda: merchant(2),
    "an advisor": advisor,
}


@pytest.mark.parametrize("reader", READERS)
def test_no_link_of_the_help_is_dead(reader):
    client = Client()
    person = READERS[reader]()
    if person:
        client.force_login(person)
    pages, dead = {}, []
    for path in [*PAGES, *SEARCHES]:
        for link in links_of(client.get(path).content.decode()):
            target, _, anchor = urljoin(path, link).partition("#")
            if target not in pages:
                pages[target] = client.get(target, follow=True)
            answer = pages[target]
            if answer.status_code != 200:
                dead.append(f"{path}: {link} answers {answer.status_code}")
            # Who must sign in first arrives there after.
            elif anchor and not answer.redirect_chain and not element(answer.content.decode(), anchor):
                dead.append(f"{path}: {link} has no such anchor")
    assert dead == []
    assert len(pages) > 10


def named_anchors():
    """Every anchor of a help page that a template names, here or in another room."""
    for package in PACKAGES:
        for path in sorted((ROOT / package).rglob("templates/**/*.html")):
            text = path.read_text("utf-8")
            for name, anchor, _ in HELP_LINK.findall(text):
                yield path.name, name, anchor
            for name, anchor in re.findall(r'{% url "(support:faq\w*)" %}#([\w-]+)"', text):
                yield path.name, name, anchor


@pytest.mark.parametrize(("template", "name", "anchor"), sorted(set(named_anchors())))
def test_every_answer_that_a_screen_names_exists(client, template, name, anchor):
    assert element(client.get(reverse(name)).content.decode(), anchor), f"{template} names {name}#{anchor}"


@pytest.mark.parametrize(("page", "path"), list(zip(TABS, PAGES, strict=True)), ids=PAGES)
def test_every_answer_leads_to_a_screen_or_to_a_next_step(client, page, path):
    client.force_login(merchant(1))
    html = client.get(path).content.decode()
    answers = [one for card in contents_of(page) for one in (card, *card.parts)]
    assert [one.anchor for one in answers if one.text and not element(html, one.anchor)[1]] == []


@pytest.mark.parametrize("path", PAGES)
def test_no_anchor_stands_twice_on_a_page(client, path):
    ids = re.findall(r'\sid="([^"]+)"', client.get(path).content.decode())
    assert sorted(ids) == sorted(set(ids))


@pytest.mark.parametrize("path", ["/faq/", "/faq/prod/"])
def test_an_advisor_reads_the_way_to_a_merchants_screen_instead_of_a_link_that_would_refuse(client, path):
    client.force_login(UserFactory(advisor=True))
    page = client.get(path).content.decode()
    assert "Chez le commerçant\u00a0: menu Paramétrage › Certificats" in page
    assert not [link for link in links_of(page) if link.startswith("/boutiques/")]


@pytest.mark.parametrize("template", HELPED)
def test_a_screen_is_one_click_away_from_its_answer_and_names_the_question(template):
    room = template.partition("/")[0]
    source = (ROOT / room / "templates" / template).read_text("utf-8")
    # A page may have one header or another.
    headers = re.findall(r"{% page_header .*?{% endpage_header %}", source, re.DOTALL)
    assert headers
    assert all(HELP_LINK.search(header) for header in headers)
    # And a header may lead to one answer or another, as its request goes.
    for name, anchor, question in (link for header in headers for link in HELP_LINK.findall(header)):
        (page,) = (page for page in TABS if page.url_name == name)
        titles = {one.anchor: one.title for card in contents_of(page) for one in (card, *card.parts)}
        assert titles[anchor] == question
