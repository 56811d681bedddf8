"""Shops as tests need them; traits are states."""

import factory
from django.utils import timezone
from factory.django import DjangoModelFactory

from accounts.enums import Role
from shops.enums import Mode, ShopState
from shops.models import ServerUrl, Shop, ShopAccess
from shops.rules import draw_site_id
from tests.accounts.factories import CompanyFactory, MembershipFactory, UserFactory


class ShopFactory(DjangoModelFactory):
    class Meta:
        model = Shop

    class Params:
        closed = factory.Trait(state=ShopState.CLOSED, closed_at=factory.LazyFunction(timezone.now))

    company = factory.SubFactory(CompanyFactory)
    site_id = factory.LazyFunction(draw_site_id)
    label = factory.Sequence(lambda n: f"Boutique {n}")
    url = "https://boutique.example"
    created_at = factory.LazyFunction(timezone.now)


class ServerUrlFactory(DjangoModelFactory):
    class Meta:
        model = ServerUrl

    class Params:
        production = factory.Trait(mode=Mode.PRODUCTION)

    shop = factory.SubFactory(ShopFactory)
    mode = Mode.TEST
    url = "https://boutique.example/notification"
    saved_at = factory.LazyFunction(timezone.now)


class ShopAccessFactory(DjangoModelFactory):
    """The TEST side of a shop, given to an integrator."""

    class Meta:
        model = ShopAccess

    shop = factory.SubFactory(ShopFactory)
    user = factory.SubFactory(UserFactory)
    mode = Mode.TEST
    given_at = factory.LazyFunction(timezone.now)


def member_of(shop, *, role=Role.OWNER, **traits):
    """Somebody active of the shop's company; an integrator gets the TEST side of this shop."""
    user = UserFactory(active=True, **traits)
    MembershipFactory(user=user, company=shop.company, role=role)
    if role == Role.INTEGRATOR:
        ShopAccessFactory(shop=shop, user=user)
    return user
