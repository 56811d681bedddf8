"""The home address leads each person to where the day starts."""

from tests.accounts.factories import MembershipFactory, UserFactory
from tests.shops.factories import ShopFactory


def lead(client, person):
    client.force_login(person)
    return client.get("/")["Location"]


def test_a_merchant_with_one_shop_stands_at_once_in_it(client, db):
    member = MembershipFactory(user__active=True)
    shop = ShopFactory(company=member.company)
    assert lead(client, member.user) == f"/boutiques/{shop.site_id}/"


def test_a_merchant_with_several_shops_chooses_one(client, db):
    member = MembershipFactory(user__active=True)
    ShopFactory.create_batch(2, company=member.company)
    assert lead(client, member.user) == "/boutiques/"


def test_a_merchant_never_stands_in_the_shop_of_somebody_else(client, db):
    member = MembershipFactory(user__active=True)
    ShopFactory()
    assert lead(client, member.user) == "/boutiques/"


def test_an_advisor_stands_at_the_desk(client, db):
    assert lead(client, UserFactory(active=True, advisor=True)) == "/conseiller/"
