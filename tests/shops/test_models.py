"""What the database itself refuses about shops, and the shop's state machine."""

import pytest
from django.db import IntegrityError, transaction

from backoffice.core.models import JournalEntry
from backoffice.core.moves import IllegalMove
from shops.actions import create_shop
from shops.enums import SHOP_MOVES, Mode, ShopState
from shops.models import Shop
from shops.rules import draw_site_id, is_site_id
from tests.accounts.factories import CompanyFactory
from tests.shops.factories import ServerUrlFactory, ShopFactory

pytestmark = pytest.mark.django_db


def test_a_shop_is_opened_with_eight_digits_of_its_own_and_the_journal_knows(now):
    company = CompanyFactory()

    shop = create_shop(company=company, label="Fromagerie en ligne", url="https://fromagerie.example", now=now)

    assert is_site_id(shop.site_id)
    assert shop.state == ShopState.OPEN
    assert JournalEntry.objects.get(event="shop.created").subject_id == shop.public_id
    company.refresh_from_db()
    assert "Fromagerie en ligne" in company.trade_names


def test_a_shop_can_be_opened_under_a_given_number(now):
    shop = create_shop(company=CompanyFactory(), label="A", url="https://a.example", now=now, site_id="12345678")

    assert shop.site_id == "12345678"


def test_two_shops_never_share_a_number(now):
    ShopFactory(site_id="12345678")

    with pytest.raises(IntegrityError, match="site_id"), transaction.atomic():
        create_shop(company=CompanyFactory(), label="A", url="https://a.example", now=now, site_id="12345678")

    assert Shop.objects.count() == 1


def test_drawn_numbers_are_eight_digits_and_follow_no_order():
    drawn = [draw_site_id() for _ in range(1000)]

    assert all(map(is_site_id, drawn))
    assert len(set(drawn)) > 990
    assert drawn != sorted(drawn)


@pytest.mark.parametrize("site_id", ["1234567", "1234567a", "１２３４５６７８", "12345678\n"])
def test_the_database_refuses_a_number_that_is_not_eight_digits(site_id):
    assert not is_site_id(site_id)
    with pytest.raises(Exception, match=r"shop_site_id_is_eight_digits|too long"), transaction.atomic():
        ShopFactory(site_id=site_id)


@pytest.mark.parametrize("url", ["http://a.example/", "ftp://a.example/", ""])
def test_the_database_refuses_a_production_address_without_https(url):
    with pytest.raises(IntegrityError, match="server_url_is_http_and_https_in_production"), transaction.atomic():
        ServerUrlFactory(production=True, url=url)


def test_a_shop_has_one_address_per_mode():
    saved = ServerUrlFactory()

    with pytest.raises(IntegrityError, match="server_url_one_per_shop_and_mode"), transaction.atomic():
        ServerUrlFactory(shop=saved.shop)


def test_each_mode_answers_with_its_own_address():
    shop = ShopFactory()
    ServerUrlFactory(shop=shop, production=True, url="https://a.example/prod")

    assert shop.server_url(Mode.PRODUCTION) == "https://a.example/prod"
    assert shop.server_url(Mode.TEST) == ""


@pytest.mark.parametrize("state", ShopState.values)
def test_a_shop_closes_from_the_states_the_map_allows_and_from_no_other(state, now):
    shop = ShopFactory.build(state=state, company=None)

    if ShopState.CLOSED in SHOP_MOVES[state]:
        shop.close(at=now)
        assert not shop.is_open
    else:
        with pytest.raises(IllegalMove):
            shop.close(at=now)
