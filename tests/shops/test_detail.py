"""The page of a shop."""

import pytest
from django.utils.html import escape

from shops.enums import Mode
from tests.accounts.factories import UserFactory
from tests.shops.factories import ServerUrlFactory, ShopFactory, member_of

pytestmark = pytest.mark.django_db


def path(shop):
    return f"/boutiques/{shop.site_id}/"


def test_a_passer_by_is_sent_to_the_sign_in_page(client):
    response = client.get(path(ShopFactory()))

    assert response.status_code == 302
    assert response["Location"].startswith("/connexion/")


def test_an_advisor_finds_no_shop_page(client):
    client.force_login(UserFactory(advisor=True))

    assert client.get(path(ShopFactory())).status_code == 404


def test_the_shop_of_somebody_else_answers_like_one_that_does_not_exist(client):
    shop, other = ShopFactory(site_id="12345678"), ShopFactory(site_id="23456789")
    client.force_login(member_of(shop))

    foreign, missing = client.get(path(other)), client.get("/boutiques/34567890/")

    assert foreign.status_code == missing.status_code == 404
    assert other.label not in foreign.content.decode()


def test_a_person_who_leaves_the_company_loses_the_shop_at_once(client):
    shop = ShopFactory()
    user = member_of(shop)
    client.force_login(user)
    assert client.get(path(shop)).status_code == 200

    user.memberships.all().delete()

    assert client.get(path(shop)).status_code == 404


def test_the_page_tells_what_the_payment_module_must_know(client, settings):
    settings.BASE_URL = "https://paiement.example"
    shop = ShopFactory(site_id="12345678", label="Fromagerie en ligne")
    ServerUrlFactory(shop=shop, url="http://recette.fromagerie.example/notification")
    client.force_login(member_of(shop))

    page = client.get(path(shop)).content.decode()

    assert 'data-copy="12345678"' in page
    assert 'data-copy="https://paiement.example/vads-payment/"' in page
    assert page.index("URL serveur TEST") < page.index("URL serveur PRODUCTION")
    assert "http://recette.fromagerie.example/notification" in page
    assert "Sans chiffrement" in page
    assert "Non renseignée" in page
    assert f"/boutiques/{shop.site_id}/certificats/" in page
    assert f"/boutiques/{shop.site_id}/url-serveur/" in page


def test_both_addresses_show_their_state_and_who_saved_them(client):
    shop = ShopFactory()
    user = member_of(shop, first_name="Claire", last_name="Beaufils")
    ServerUrlFactory(shop=shop, mode=Mode.TEST, saved_by=user)
    ServerUrlFactory(shop=shop, production=True, url="https://fromagerie.example/ipn")
    client.force_login(user)

    page = client.get(path(shop)).content.decode()

    assert page.count("Renseignée") == 2
    assert "par Claire Beaufils" in page
    assert "Non renseignée" not in page


def test_what_was_typed_as_a_label_stays_text(client):
    shop = ShopFactory(label="<script>alert(1)</script>{{ 7|add:7 }}")
    client.force_login(member_of(shop))

    page = client.get(path(shop)).content.decode()

    assert escape(shop.label) in page
    assert "<script>alert" not in page


def test_the_page_asks_at_most_ten_questions_of_the_database(client, django_assert_max_num_queries):
    shop = ShopFactory()
    user = member_of(shop)
    ServerUrlFactory(shop=shop, saved_by=user)
    ServerUrlFactory(shop=shop, production=True, saved_by=user)
    client.force_login(user)

    with django_assert_max_num_queries(10):
        client.get(path(shop))
