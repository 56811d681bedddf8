"""Who may take what is due: leases, limits per shop and per order, and what is written when a worker dies."""

import asyncio
import threading
from datetime import timedelta

import pytest
from asgiref.sync import async_to_sync
from django.db import IntegrityError, connection, transaction
from django.utils import timezone

from backoffice.core.outbound import Outcome, OutcomeKind
from payments import actions, rules
from payments.actions import EndedCall
from payments.enums import AttemptOutcome, NotificationState
from payments.models import Notification, NotificationAttempt
from payments.notifications import delivery, outbox
from tests.payments.factories import NotificationFactory, TransactionFactory, shop_ready
from tests.payments.receiver import receiving

pytestmark = pytest.mark.django_db


def claim(now, limit=50):
    return outbox.claim_due(limit=limit, now=now)


def ended(call, outcome=AttemptOutcome.ACKNOWLEDGED, status=200, **more):
    answer = Outcome(kind=OutcomeKind(outcome.value), status=status, **more)
    return EndedCall(call=call, outcome=outcome, answer=answer)


def many(shop, count, **more):
    return [NotificationFactory(transaction=TransactionFactory(shop=shop), **more) for _ in range(count)]


# --- Leases ----------------------------------------------------------------------------------------------------
def test_ipn_11_what_one_worker_took_another_does_not_take(now):
    NotificationFactory(due_at=now)

    assert len(claim(now)) == 1
    assert claim(now) == []
    assert claim(now + rules.LEASE - timedelta(seconds=1)) == []
    notification = Notification.objects.get()
    assert notification.state == NotificationState.IN_FLIGHT
    assert notification.leased_until == now + rules.LEASE


def test_ipn_02_when_the_lease_runs_out_the_lost_call_is_written_and_the_notification_is_sent_again(now):
    NotificationFactory(due_at=now)
    (first,) = claim(now)
    later = now + rules.LEASE

    (again,) = claim(later)

    assert again.number == first.number + 1 == 2
    lost = NotificationAttempt.objects.get()
    assert (lost.number, lost.outcome, lost.at) == (1, AttemptOutcome.LOST, now)


def test_ipn_11_the_outcome_of_a_call_whose_lease_ran_out_is_dropped(now):
    NotificationFactory(due_at=now)
    (first,) = claim(now)
    (again,) = claim(now + rules.LEASE)

    actions.record_attempts([ended(first)], now=now)

    notification = Notification.objects.get()
    assert notification.state == NotificationState.IN_FLIGHT
    assert NotificationAttempt.objects.count() == 1
    actions.record_attempts([ended(again)], now=now)
    actions.record_attempts([ended(again)], now=now)
    notification.refresh_from_db()
    assert notification.state == NotificationState.DELIVERED
    assert NotificationAttempt.objects.count() == 2


def test_a_worker_that_dies_ten_times_exhausts_the_notification_at_last(now):
    NotificationFactory(due_at=now)
    moment = now
    for _ in range(12):
        claim(moment)
        moment += rules.LEASE
    assert Notification.objects.get().state == NotificationState.EXHAUSTED
    assert NotificationAttempt.objects.count() == rules.MAX_ATTEMPTS


def test_nothing_delivered_exhausted_stopped_or_without_url_is_ever_claimed(now):
    for state in ("delivered", "exhausted", "stopped", "no_url"):
        NotificationFactory(state=state, due_at=None)
    assert claim(now) == []


# --- Limits ----------------------------------------------------------------------------------------------------
def test_at_most_four_calls_at_a_time_to_one_shop_and_the_others_are_not_held(now):
    busy, quiet = shop_ready(), shop_ready()
    many(busy, 10, due_at=now - timedelta(hours=1))
    many(quiet, 1, due_at=now)

    calls = claim(now, limit=6)

    taken = Notification.objects.in_flight()
    assert len(calls) == 5
    assert taken.filter(shop=busy).count() == 4
    assert taken.filter(shop=quiet).count() == 1
    assert claim(now) == []
    actions.record_attempts([ended(calls[0])], now=now)
    assert len(claim(now)) == 1


def test_after_a_time_out_a_shop_has_one_slot_until_it_answers(now):
    shop = shop_ready()
    many(shop, 6, due_at=now)
    calls = claim(now)
    assert len(calls) == 4
    timed_out = [ended(call, AttemptOutcome.TIMED_OUT, status=None) for call in calls]
    actions.record_attempts(timed_out, now=now)

    later = now + timedelta(seconds=20)
    (slow,) = claim(later)
    assert claim(later) == []
    actions.record_attempts([ended(slow)], now=later)
    assert len(claim(now + timedelta(hours=1))) == 4


def test_ipn_12_never_two_calls_in_flight_for_one_order(now):
    shop = shop_ready()
    first, second = (
        NotificationFactory(transaction=TransactionFactory(shop=shop, order_id="CMD-1"), due_at=now) for _ in range(2)
    )

    (call,) = claim(now)
    assert call.notification_id == first.pk
    assert claim(now) == []
    actions.record_attempts([ended(call)], now=now)
    (call,) = claim(now)
    assert call.notification_id == second.pk


def test_ipn_12_the_database_itself_refuses_two_calls_for_one_order(now):
    shop = shop_ready()
    rows = [NotificationFactory(transaction=TransactionFactory(shop=shop, order_id="CMD-1")) for _ in range(2)]
    rows[0].take(now=now, until=now + rules.LEASE)
    rows[0].save()
    rows[1].take(now=now, until=now + rules.LEASE)
    with pytest.raises(IntegrityError, match="notification_one_call_at_a_time_per_order"), transaction.atomic():
        rows[1].save()


def test_ipn_12_a_notification_waiting_for_its_retry_does_not_hold_a_later_one(now):
    shop = shop_ready()
    NotificationFactory(transaction=TransactionFactory(shop=shop, order_id="CMD-1"), due_at=now + timedelta(hours=24))
    later = NotificationFactory(transaction=TransactionFactory(shop=shop, order_id="CMD-1"), due_at=now)
    assert [call.notification_id for call in claim(now)] == [later.pk]


def test_payments_without_order_number_do_not_wait_for_one_another(now):
    shop = shop_ready()
    for _ in range(2):
        NotificationFactory(transaction=TransactionFactory(shop=shop, order_id=""), due_at=now)
    assert len(claim(now)) == 2


def test_a_claim_asks_a_bounded_number_of_questions(now, django_assert_max_num_queries):
    for _ in range(8):
        many(shop_ready(), 3, due_at=now)
    with django_assert_max_num_queries(40):
        assert len(claim(now)) == 24


# --- A worker that stops ---------------------------------------------------------------------------------------
def test_a_call_cut_by_a_stop_is_a_failed_attempt_and_is_made_again_at_once(now, settings):
    with receiving(delay=5) as slow:
        settings.OUTBOUND_ALLOW_LIST = [slow.authority]
        NotificationFactory(transaction__shop=shop_ready(url=slow.url), due_at=now)

        async def work_then_stop():
            work = asyncio.create_task(delivery.drain(clock=lambda: now))
            while not slow.calls:
                await asyncio.sleep(0.02)
            work.cancel()
            with pytest.raises(asyncio.CancelledError):
                await work

        async_to_sync(work_then_stop)()

    notification = Notification.objects.get()
    assert (notification.state, notification.due_at) == (NotificationState.WAITING, now)
    assert notification.attempts.get().outcome == AttemptOutcome.LOST


# --- With real commits -----------------------------------------------------------------------------------------
def in_thread(function, *arguments):
    """Run in a thread of its own database connection; gives a function that waits for the result."""
    outcome = {}

    def run():
        try:
            outcome["value"] = function(*arguments)
        except Exception as error:
            outcome["error"] = error
        finally:
            connection.close()

    thread = threading.Thread(target=run)
    thread.start()

    def wait():
        thread.join(20)
        assert not thread.is_alive()
        if "error" in outcome:
            raise outcome["error"]
        return outcome["value"]

    return wait


@pytest.mark.django_db(transaction=True)
def test_ipn_11_two_workers_never_take_the_same_notification():
    now = timezone.now()
    for _ in range(10):
        many(shop_ready(), 3, due_at=now)

    waits = [in_thread(claim, now, 8) for _ in range(6)]
    taken = [call.notification_id for wait in waits for call in wait()]

    assert len(taken) == len(set(taken)) == 30
    assert Notification.objects.in_flight().count() == 30


@pytest.mark.django_db(transaction=True)
def test_ipn_12_two_workers_never_call_for_one_order_at_once():
    now = timezone.now()
    shop = shop_ready()
    for _ in range(8):
        NotificationFactory(transaction=TransactionFactory(shop=shop, order_id="CMD-1"), due_at=now)

    waits = [in_thread(claim, now) for _ in range(6)]

    assert sum(len(wait()) for wait in waits) == 1


@pytest.mark.django_db(transaction=True)
def test_ipn_11_a_row_held_by_somebody_is_skipped_and_not_waited_for():
    now = timezone.now()
    held, free = (NotificationFactory(due_at=now) for _ in range(2))
    with transaction.atomic():
        Notification.objects.select_for_update().get(pk=held.pk)
        taken = in_thread(claim, now)()
    assert [call.notification_id for call in taken] == [free.pk]


@pytest.mark.django_db(transaction=True)
def test_ipn_10_a_dead_shop_does_not_delay_a_healthy_one(settings):
    now = timezone.now()
    with receiving(delay=3) as slow, receiving() as quick:
        settings.OUTBOUND_ALLOW_LIST = [slow.authority, quick.authority]
        many(shop_ready(url=slow.url), 6, due_at=now - timedelta(minutes=5))
        healthy = NotificationFactory(transaction__shop=shop_ready(url=quick.url), due_at=now)
        started = timezone.now()

        async_to_sync(delivery.drain)(clock=timezone.now)

        assert slow.most_at_once <= 4
        assert len(slow.calls) == 6
    healthy.refresh_from_db()
    assert healthy.delivered_at - started < timedelta(seconds=2)
