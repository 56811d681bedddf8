"""Another shop, asked for from inside by the company's owner: one form, then an advisor."""

import pytest
from django.utils import timezone

from accounts.enums import Role
from accounts.models import User
from certificates.models import Contract
from shops.models import Shop
from support import actions, consent
from support.models import Registration
from tests.accounts.factories import BROWSER, MembershipFactory, UserFactory
from tests.certificates.factories import ContractFactory
from tests.shops.factories import ShopFactory, member_of
from tests.support.factories import IBAN

pytestmark = pytest.mark.django_db
URL = "/boutiques/demander/"
TYPED = {
    "shop_label": "Cave en ligne",
    "shop_url": "https://cave.example",
    "activity": "Vins",
    "route": "own",
    "iban": "",
    "agrees": "on",
    "shown": consent.digest(),
}


@pytest.fixture
def owner(client):
    owner = member_of(ShopFactory())
    client.force_login(owner)
    return owner


def ask(client, **changes):
    return client.post(URL, TYPED | changes, follow=True).text


def test_only_an_owner_asks(client):
    assert client.get(URL)["Location"].startswith("/connexion/")
    for role in (Role.MANAGER, Role.READER, Role.INTEGRATOR):
        client.force_login(MembershipFactory(role=role).user)
        assert client.post(URL, TYPED).status_code == 404
    client.force_login(UserFactory(advisor=True))
    assert client.post(URL, TYPED).status_code == 404
    assert not Registration.objects.exists()


def test_one_form_puts_it_before_an_advisor(client, owner, run_jobs, mailbox):
    assert f'href="{URL}"' in client.get("/boutiques/").text
    assert "La demande est déposée" in ask(client)
    asked = Registration.objects.get()
    assert (asked.is_submitted, asked.is_second_shop, asked.company, asked.asked_by) == (
        True,
        True,
        owner.company,
        owner,
    )
    run_jobs()
    assert [mail.to for mail in mailbox] == [[owner.email]]


def test_accepting_opens_the_shop_with_a_contract_of_its_own_and_no_code(client, owner):
    first = ContractFactory(shop=Shop.objects.get())
    ask(client, iban="FR14 2004 1010 0505 0001 3M02 606")
    ask(client, shop_label="Épicerie en ligne")
    advisor = UserFactory(advisor=True)
    people = User.objects.count()
    for asked in Registration.objects.order_by("pk"):
        actions.accept_registration(registration=asked, by=advisor, browser=BROWSER, now=timezone.now())
    assert User.objects.count() == people
    own, shared = Contract.objects.exclude(pk=first.pk).order_by("pk")
    assert own.snapshot().iban == IBAN
    assert shared.snapshot().iban == first.snapshot().iban
    assert (own.code(), shared.code()) == ("", "")
    assert {shop.label for shop in Shop.objects.of_company(owner.company)} >= {"Cave en ligne", "Épicerie en ligne"}


@pytest.mark.parametrize(
    ("changes", "fault"),
    [
        ({"agrees": ""}, "Cochez cette case"),
        ({"shown": "0" * 64}, "Les conditions ont changé entre-temps"),
        ({"shop_url": "cave"}, "adresse complète"),
        ({"iban": "FR00"}, "Cet IBAN n’existe pas"),
        ({"shop_label": ""}, "Indiquez le nom de la boutique"),
    ],
)
def test_bad_input_says_what_to_do(client, owner, changes, fault):
    shown = ask(client, **changes)
    assert fault in shown
    assert not Registration.objects.exists()


def test_three_wait_at_most_and_the_fourth_keeps_what_was_typed(client, owner):
    for number in range(3):
        ask(client, shop_label=f"Boutique {number}")
    shown = ask(client, shop_label="Une de trop")
    assert "attendent déjà un conseiller" in shown
    assert 'value="Une de trop"' in shown
    assert Registration.objects.count() == 3


def test_a_frozen_account_asks_for_nothing(client, owner, now):
    User.objects.filter(pk=owner.pk).update(changes_frozen_at=now)
    assert "gelées" in ask(client)
    assert not Registration.objects.exists()
