"""The legal pages: open to all, led to from every page, made of the brand's settings, and claiming nothing untrue."""

import re

import pytest

from tests.accounts.factories import MembershipFactory, UserFactory

PAGES = {
    "/mentions-legales/": "Mentions légales",
    "/donnees-personnelles/": "Données personnelles",
    "/accessibilite/": "Accessibilité",
}
each_page = pytest.mark.parametrize("path", PAGES)


@each_page
def test_anybody_reads_it_and_nothing_is_written(client, db, path, django_assert_num_queries):
    with django_assert_num_queries(0):
        answer = client.get(path)
    assert f"<h1>{PAGES[path]}</h1>" in answer.text
    assert not answer.cookies
    assert client.post(path).status_code == 405


@each_page
def test_whoever_is_signed_in_keeps_their_frame(client, db, path):
    client.force_login(MembershipFactory().user)
    assert "frame-merchant" in client.get(path).text
    client.force_login(UserFactory(advisor=True))
    assert "frame-advisor" in client.get(path).text


@pytest.mark.parametrize("path", ["/connexion/", "/boutiques/", "/conseiller/"])
def test_every_frame_leads_to_all_of_them(client, db, path):
    people = {"/boutiques/": MembershipFactory().user, "/conseiller/": UserFactory(advisor=True)}
    if path in people:
        client.force_login(people[path])
    footer = client.get(path).text.partition('<footer class="footer">')[2]
    for page in PAGES:
        assert f'href="{page}"' in footer


def test_the_buyers_page_leads_to_what_is_kept_of_buyers(client, db):
    page = client.get("/vads-payment/").text
    link = re.search(r'<a href="/donnees-personnelles/#acheteurs"[^>]*>', page)[0]
    # A new tab: the payment must not be lost on the way.
    assert 'target="_blank"' in link
    assert 'rel="noopener"' in link
    assert 'id="acheteurs"' in client.get("/donnees-personnelles/").text


def test_the_notice_is_the_brands_and_leaves_out_what_it_does_not_say(client, db, settings):
    page = client.get("/mentions-legales/").text
    for label in ("Capital", "Immatriculation", "Directeur de la publication", "Hébergement"):
        assert label in page
    settings.BRAND = {**settings.BRAND, "publisher": "Caisse du Val", "capital": "", "director": "", "host": ""}
    page = client.get("/mentions-legales/").text
    assert "Caisse du Val" in page
    for label in ("Capital", "Directeur de la publication", "Hébergement"):
        assert label not in page
