"""Past its term the buyer is gone from a payment, the accounts stay, and nothing else of a call can ever change."""

import re
from datetime import timedelta

import pytest
from django.conf import settings
from django.db import DatabaseError, IntegrityError, connection, transaction

from backoffice.core import batches
from payments.enums import AttemptOutcome, NotificationState, SessionState
from payments.forgetting import KEPT_FIELDS, forget_buyers
from payments.models import CardChallenge, NotificationAttempt, PaymentSession, RefusedCard, Transaction
from tests.payments.factories import (
    CardChallengeFactory,
    NotificationFactory,
    PaymentSessionFactory,
    RefusedCardFactory,
    TransactionFactory,
    shop_ready,
)
from tests.shops.factories import member_of

pytestmark = pytest.mark.django_db

BUYER = {
    "vads_cust_email": "zoe@acheteuse.example",
    "vads_cust_last_name": "Lefèvre",
    "vads_ship_to_street": "4 rue des Lilas",
    "vads_ext_info_carte": "fidélité Zoé",
    "vads_order_info": "pour Zoé",
    "vads_url_check": "https://boutique.example/n?client=zoe",
    "vads_url_return": "https://boutique.example/r?client=zoe",
    "inconnu": "Zoé",
}


def paid(at, **more):
    """A payment with its notification and one call, made at that moment by a buyer who left a lot."""
    payment = TransactionFactory(created_at=at, session__opened_at=at, **more)
    visit = payment.session
    visit.fields = {**visit.fields, **BUYER}
    visit.save()
    notification = NotificationFactory(transaction=payment, state=NotificationState.DELIVERED, due_at=None)
    NotificationAttempt.objects.create(
        notification=notification,
        number=1,
        at=at,
        url=BUYER["vads_url_check"],
        outcome=AttemptOutcome.REDIRECTED,
        http_status=302,
        duration_ms=120,
        excerpt="Merci Zoé",
        location="https://boutique.example/?zoe",
    )
    return payment


def limit(now):
    return settings.RETENTION.buyers.before(now)


# Both ends of the card's number; within the digits of a seal or an id they are nobody's.
CARD = re.compile(r"(?<![0-9a-f-])(?:497010|0014)(?![0-9a-f-])")


def dump():
    with connection.cursor() as cursor:
        tables = ("paymentsession", "transaction", "notification", "notificationattempt")
        cursor.execute(" UNION ALL ".join(f"SELECT t::text FROM payments_{name} t" for name in tables))
        return "".join(row[0] for row in cursor.fetchall()).casefold()


def test_the_buyer_is_erased_after_thirteen_months_and_not_before(now):
    shop = shop_ready()
    kept = paid(limit(now) + timedelta(minutes=1), shop=shop)
    gone = paid(limit(now) - timedelta(minutes=1), shop=shop)
    before = Transaction.objects.filter(pk=kept.pk).values().get()
    fields = kept.session.fields

    assert forget_buyers(now=now) == 1

    assert Transaction.objects.filter(pk=kept.pk).values().get() == before
    kept.session.refresh_from_db()
    assert (kept.session.fields, kept.session.forgotten_at) == (fields, None)
    visit = PaymentSession.objects.get(pk=gone.session_id)
    assert visit.forgotten_at == now
    assert set(visit.fields) <= KEPT_FIELDS
    assert visit.fields["vads_order_id"] == gone.order_id


def test_what_is_left_names_nobody_and_the_accounts_are_whole(now):
    gone = paid(limit(now) - timedelta(days=1))
    assert "zoé" in dump()
    assert CARD.findall(dump())

    forget_buyers(now=now)

    left = dump()
    for word in ("zoe", "zoé", "lefèvre", "lilas", "acheteuse"):
        assert word not in left
    assert CARD.findall(left) == []
    after = Transaction.objects.get(pk=gone.pk)
    for column in ("amount_cents", "currency", "status", "result", "order_id", "trans_id", "auth_number", "created_at"):
        assert getattr(after, column) == getattr(gone, column)
    attempt = NotificationAttempt.objects.get()
    assert (attempt.outcome, attempt.http_status, attempt.duration_ms) == (AttemptOutcome.REDIRECTED, 302, 120)
    assert (attempt.url, attempt.excerpt, attempt.location) == ("", "", "")


@pytest.mark.parametrize("state", [SessionState.OPEN, SessionState.CANCELLED])
def test_a_visit_that_led_to_no_payment_is_deleted_whole(now, state):
    shop = shop_ready()
    for at in (limit(now) + timedelta(minutes=1), limit(now) - timedelta(minutes=1)):
        PaymentSessionFactory(
            shop=shop, opened_at=at, state=state, ended_at=at if state is SessionState.CANCELLED else None
        )
    assert forget_buyers(now=now) == 1
    assert [one.opened_at > limit(now) for one in PaymentSession.objects.all()] == [True]


def test_forgetting_goes_in_parts_and_a_second_night_finds_nothing(now, monkeypatch):
    monkeypatch.setattr(batches, "SIZE", 2)
    shop = shop_ready()
    for number in range(5):
        paid(limit(now) - timedelta(days=1 + number), shop=shop)
    PaymentSessionFactory(shop=shop, opened_at=limit(now) - timedelta(days=30))
    assert forget_buyers(now=now) == 6
    assert forget_buyers(now=now) == 0
    assert PaymentSession.objects.exclude(forgotten_at=None).count() == 5


@pytest.mark.parametrize(
    "change",
    [
        {"outcome": AttemptOutcome.ACKNOWLEDGED},
        {"outcome": AttemptOutcome.ACKNOWLEDGED, "url": "", "excerpt": "", "location": ""},
        {"excerpt": "autre"},
        {"excerpt": ""},
        {"number": 2, "url": "", "excerpt": "", "location": ""},
    ],
)
def test_a_call_is_emptied_of_its_words_all_together_or_never_changed(now, change):
    paid(now)
    with pytest.raises(DatabaseError, match="never changed"), transaction.atomic():
        NotificationAttempt.objects.update(**change)


@pytest.mark.parametrize(
    "change", [{"masked_number": ""}, {"expiry_month": None}, {"masked_number": "4970101234567890"}]
)
def test_a_card_is_masked_or_gone_with_its_date(now, change):
    paid(now)
    with pytest.raises(IntegrityError, match="transaction_card_number_is_masked"), transaction.atomic():
        Transaction.objects.update(**change)


def test_the_merchants_pages_say_what_is_gone(client, now):
    gone = paid(limit(now) - timedelta(days=1))
    forget_buyers(now=now)
    client.force_login(member_of(gone.shop))

    page = client.get(f"/boutiques/{gone.shop.site_id}/transactions/{gone.public_id}/").text

    assert "Les données de l’acheteur sont effacées" in page
    assert 'href="/donnees-personnelles/"' in page
    assert "Numéro effacé" in page
    assert page.count("Effacé") == 3  # the card's date, the warranty, the authentication
    assert "None" not in page
    assert gone.order_id in page
    assert "CB, numéro effacé" in client.get(f"/boutiques/{gone.shop.site_id}/transactions/").text


def test_the_cards_refused_before_a_payment_go_with_its_buyer(now):
    old, recent = limit(now) - timedelta(days=1), limit(now) + timedelta(days=1)
    RefusedCardFactory(session=paid(old).session)
    kept = RefusedCardFactory(session=paid(recent).session)

    forget_buyers(now=now)

    assert list(RefusedCard.objects.all()) == [kept]
    assert Transaction.objects.count() == 2


def test_a_card_left_at_the_bank_goes_with_its_visit(now):
    CardChallengeFactory(session__opened_at=limit(now) - timedelta(days=1))
    kept = CardChallengeFactory(session__opened_at=limit(now) + timedelta(days=1))

    forget_buyers(now=now)

    assert list(CardChallenge.objects.all()) == [kept]
    assert list(PaymentSession.objects.all()) == [kept.session]
