"""The list of shops."""

import pytest

from tests.accounts.factories import UserFactory
from tests.shops.factories import ShopFactory, member_of

pytestmark = pytest.mark.django_db
PATH = "/boutiques/"


def test_a_passer_by_is_sent_to_the_sign_in_page(client):
    response = client.get(PATH)

    assert response.status_code == 302
    assert response["Location"].startswith("/connexion/")


def test_an_advisor_finds_no_list_of_shops(client):
    client.force_login(UserFactory(advisor=True))

    assert client.get(PATH).status_code == 404


def test_a_merchant_sees_the_shops_of_the_company_and_no_other(client):
    shop = ShopFactory(label="Fromagerie en ligne", site_id="12345678")
    ShopFactory(label="Crèmerie du marché", company=shop.company, closed=True)
    ShopFactory(label="Boutique d’autrui", site_id="87654321")
    client.force_login(member_of(shop))

    page = client.get(PATH).content.decode()

    assert "Fromagerie en ligne" in page
    assert "12345678" in page
    assert page.index("Fromagerie en ligne") < page.index("Crèmerie du marché")
    assert "Fermée" in page
    assert "Boutique d’autrui" not in page
    assert "87654321" not in page


def test_a_merchant_without_a_shop_is_told_what_to_do(client):
    client.force_login(UserFactory(active=True))

    page = client.get(PATH).content.decode()

    assert "Aucune boutique n’est ouverte pour votre société." in page
    assert "/contact/" in page
