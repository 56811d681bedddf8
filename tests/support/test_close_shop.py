"""Closing a shop at the desk: what the page says before, who may, and what stays."""

import pytest

from backoffice.core.models import JournalEntry
from shops.models import Shop
from tests.accounts.factories import AssignmentFactory, UserFactory, just_confirmed
from tests.shops.factories import ShopFactory, member_of

pytestmark = pytest.mark.django_db


@pytest.fixture
def advisor(client):
    user = UserFactory(advisor=True)
    client.force_login(user)
    just_confirmed(client)
    return user


@pytest.fixture
def shop():
    shop = ShopFactory(label="Fromagerie en ligne")
    member_of(shop)
    return shop


def _url(shop, company=None):
    return f"/conseiller/societes/{(company or shop.company).public_id}/boutiques/{shop.site_id}/fermer/"


def _close(client, shop, reason="contract_over"):
    return client.post(_url(shop), {"reason": reason}, follow=True)


def test_anonymous_people_are_sent_to_the_sign_in_page(client, shop):
    assert client.post(_url(shop))["Location"].startswith("/connexion/?next=")


def test_authz_08_merchants_and_advisors_of_other_portfolios_get_the_page_that_does_not_exist(client, shop):
    AssignmentFactory(company=shop.company)
    for other in (member_of(shop), UserFactory(advisor=True)):
        client.force_login(other)
        just_confirmed(client)
        assert client.get(_url(shop)).status_code == _close(client, shop).status_code == 404
    shop.refresh_from_db()
    assert shop.is_open


def test_authz_02_a_shop_of_another_company_is_not_found_under_this_one(client, advisor, shop):
    other = ShopFactory()
    for method in (client.get, client.post):
        assert method(_url(other, company=shop.company)).status_code == 404
    assert Shop.objects.filter(state="open").count() == 2


def test_the_page_says_before_what_stops_and_what_goes_on(client, advisor, shop):
    assert f'href="{_url(shop)}"' in client.get(f"/conseiller/societes/{shop.company.public_id}/").text
    page = client.get(_url(shop)).text
    assert "Elle ne se rouvre pas" in page
    assert "reçoivent l’erreur 02, en TEST comme en PRODUCTION" in page
    assert "dix minutes au plus" in page
    assert "Les notifications en chemin partent" in page
    assert JournalEntry.objects.count() == 0


def test_closing_asks_who_is_there_first(client, shop):
    client.force_login(UserFactory(advisor=True))
    assert client.get(_url(shop))["Location"].startswith("/profil/confirmer/")
    assert client.post(_url(shop), {"reason": "by_mistake"})["Location"].startswith("/profil/confirmer/")
    just_confirmed(client)
    kept = client.get("/connexion/reprise/").text
    assert "Fermer la boutique" in kept
    assert "Boutique ouverte par erreur" in kept
    shop.refresh_from_db()
    assert shop.is_open


def test_closing_closes_says_so_and_stays_in_the_history(client, advisor, shop, run_jobs, mailbox):
    page = _close(client, shop).text
    assert "La boutique Fromagerie en ligne est fermée." in page
    assert "Fermée" in page
    assert f'href="{_url(shop)}"' not in page
    assert "Boutique fermée" in page
    assert "fin du contrat" in page
    shop.refresh_from_db()
    assert not shop.is_open
    run_jobs()
    assert shop.company.email in {message.to[0] for message in mailbox}


def test_a_shop_closed_already_stays_as_it_is(client, advisor, shop):
    _close(client, shop)
    before = Shop.objects.filter(pk=shop.pk).values().get()
    for answer in (client.get(_url(shop), follow=True), _close(client, shop, "by_mistake")):
        assert "cette boutique est déjà fermée" in answer.text
    assert Shop.objects.filter(pk=shop.pk).values().get() == before
    assert JournalEntry.objects.filter(event="shop.closed").count() == 1


@pytest.mark.parametrize("reason", ["", "parce que", "left"])
def test_a_closing_without_a_reason_of_the_list_closes_nothing(client, advisor, shop, reason):
    page = _close(client, shop, reason).text
    assert "error" in page
    shop.refresh_from_db()
    assert shop.is_open


def test_auth_16_an_advisor_whose_account_is_frozen_meets_the_page_that_says_why(client, shop):
    client.force_login(UserFactory(advisor=True, frozen=True))
    just_confirmed(client)
    assert client.get(_url(shop)).status_code == client.post(_url(shop), {"reason": "by_mistake"}).status_code == 409
