"""Closing a shop: once and for good, told to the company and its owners, shown on the merchant's pages."""

from concurrent.futures import ThreadPoolExecutor

import pytest
from django.db import IntegrityError, connection, transaction

from accounts.actions import ChangesFrozen
from accounts.enums import Role
from backoffice.core.models import JournalEntry, OutgoingMail
from backoffice.core.moves import IllegalMove
from shops import actions
from shops.enums import ShopClosingReason, ShopState
from shops.models import Shop
from tests.accounts.factories import BROWSER, UserFactory
from tests.shops.factories import ShopFactory, member_of

pytestmark = pytest.mark.django_db


@pytest.fixture
def advisor():
    return UserFactory(advisor=True)


def _close(shop, advisor, now):
    reason = ShopClosingReason.BANK_CONTROL
    return actions.close_shop(shop=shop, reason=reason, by=advisor, browser=BROWSER, now=now)


def test_a_shop_closes_and_the_company_and_its_owners_are_told_why(advisor, now, run_jobs, mailbox):
    shop = ShopFactory(label="Fromagerie en ligne")
    owners = [member_of(shop), member_of(shop)]
    member_of(shop, role=Role.MANAGER)

    _close(shop, advisor, now)

    shop.refresh_from_db()
    assert (shop.state, shop.closed_at) == (ShopState.CLOSED, now)
    entry = JournalEntry.objects.get(event="shop.closed")
    assert (entry.actor_id, entry.subject_id) == (advisor.public_id, shop.public_id)
    assert (entry.company, entry.detail) == (shop.company.public_id, {"reason": "bank_control"})
    run_jobs()
    told = {message.to[0]: message.body for message in mailbox}
    assert set(told) == {shop.company.email, *(owner.email for owner in owners)}
    for body in told.values():
        assert "Fromagerie en ligne" in body
        assert "Motif\u00a0: contrôle de la banque." in body
        assert "erreur 02" in body
        assert "ne se rouvre pas" in body


def test_an_owner_whose_address_is_the_company_s_is_told_once(advisor, now):
    shop = ShopFactory()
    shop.company.email = member_of(shop).email.upper()
    shop.company.save()
    _close(shop, advisor, now)
    assert OutgoingMail.objects.count() == 1


@pytest.mark.parametrize("state", ShopState)
def test_a_shop_closes_from_open_and_from_nowhere_else(advisor, now, state):
    shop = ShopFactory(closed=state == ShopState.CLOSED)
    before = Shop.objects.filter(pk=shop.pk).values().get()
    if state == ShopState.OPEN:
        assert not _close(shop, advisor, now).is_open
        return
    with pytest.raises(IllegalMove):
        _close(shop, advisor, now)
    assert Shop.objects.filter(pk=shop.pk).values().get() == before
    assert not JournalEntry.objects.exists()
    assert not OutgoingMail.objects.exists()


def test_auth_16_an_advisor_whose_account_is_frozen_closes_no_shop(now):
    shop = ShopFactory()
    with pytest.raises(ChangesFrozen):
        _close(shop, UserFactory(advisor=True, frozen=True), now)
    shop.refresh_from_db()
    assert shop.is_open


@pytest.mark.parametrize("changes", [{"state": "closed"}, {"closed_at": "2026-11-25T12:00:00Z"}])
def test_the_database_refuses_a_state_without_its_moment(changes):
    with pytest.raises(IntegrityError, match="shop_closed_says_since_when"), transaction.atomic():
        ShopFactory(**changes)


@pytest.mark.django_db(transaction=True)
def test_two_advisors_at_once_close_a_shop_once(now):
    shop, advisors = ShopFactory(), [UserFactory(advisor=True) for _ in range(4)]

    def close(advisor):
        try:
            return _close(shop, advisor, now)
        except IllegalMove:
            return None
        finally:
            connection.close()

    with ThreadPoolExecutor(max_workers=4) as pool:
        assert len([done for done in pool.map(close, advisors) if done]) == 1
    assert JournalEntry.objects.filter(event="shop.closed").count() == OutgoingMail.objects.count() == 1


# --- What the merchant sees ----------------------------------------------------------------------------------------
def test_the_merchant_s_pages_say_that_the_shop_is_closed_and_stay_readable(client, now):
    shop = ShopFactory(closed=True)
    client.force_login(member_of(shop))
    page = client.get(f"/boutiques/{shop.site_id}/").text
    assert "Cette boutique est fermée." in page
    assert "erreur 02" in page
    assert "Elle ne se rouvre pas" in page
    for end in ("certificats/", "transactions/", "url-serveur/"):
        answer = client.get(f"/boutiques/{shop.site_id}/{end}")
        assert answer.status_code == 200
        assert "Fermée" in answer.text


def test_an_open_shop_says_nothing_of_it(client):
    shop = ShopFactory()
    client.force_login(member_of(shop))
    assert "Fermée" not in client.get(f"/boutiques/{shop.site_id}/certificats/").text
