"""A worker killed without warning in the middle of a call loses nothing (IPN-02)."""

import os
import signal
import subprocess
import sys
import time
from pathlib import Path
from urllib.parse import urlsplit, urlunsplit

import pytest
from django.conf import settings
from django.db import connection

from payments.enums import AttemptOutcome, NotificationState
from payments.models import Notification
from tests.payments import wire
from tests.payments.factories import shop_ready
from tests.payments.receiver import receiving

pytestmark = pytest.mark.django_db(transaction=True)
ROOT = Path(__file__).parent.parent.parent
LONGEST_WAIT = 60


@pytest.fixture
def start_worker(tmp_path):
    """Start real workers on the test's own database; whatever is left of them is killed at the end."""
    workers = []
    parts = urlsplit(os.environ["DATABASE_URL"])
    database_url = urlunsplit(parts._replace(path=f"/{connection.settings_dict['NAME']}"))

    def start(receiver):
        environment = os.environ | {
            "BACKOFFICE_MODE": "test",
            "DATABASE_URL": database_url,
            "OUTBOUND_ALLOW_LIST": receiver.authority,
            "STATIC_ROOT": str(settings.STATIC_ROOT),
        }
        log = (tmp_path / f"worker-{len(workers)}.log").open("wb")
        worker = subprocess.Popen(
            [sys.executable, "manage.py", "worker"], cwd=ROOT, env=environment, stdout=log, stderr=log
        )
        workers.append((worker, log))
        return worker

    yield start
    for worker, log in workers:
        if worker.poll() is None:
            worker.kill()
        worker.wait(10)
        log.close()


def wait_until(condition, *, seconds=LONGEST_WAIT):
    deadline = time.monotonic() + seconds
    while not condition():
        assert time.monotonic() < deadline, "nothing came within the time allowed"
        time.sleep(0.05)


def test_ipn_02_a_notification_cut_by_kill_9_arrives_within_a_minute_of_the_restart(start_worker, open_page, pay):
    with receiving(delay=30) as shop_server:
        shop = shop_ready(url=shop_server.url)
        pay(open_page(shop))

        first = start_worker(shop_server)
        wait_until(lambda: shop_server.calls)
        first.send_signal(signal.SIGKILL)
        first.wait(10)
        shop_server.delay = 0
        assert Notification.objects.get().state == NotificationState.IN_FLIGHT

        restarted_at = time.monotonic()
        second = start_worker(shop_server)
        wait_until(lambda: Notification.objects.get().state == NotificationState.DELIVERED)

        assert time.monotonic() - restarted_at < LONGEST_WAIT
        assert len(shop_server.calls) == 2
        assert all(wire.is_genuine(form) for form in shop_server.forms)
        assert shop_server.forms[0]["vads_trans_uuid"] == shop_server.forms[1]["vads_trans_uuid"]
        outcomes = [one.outcome for one in Notification.objects.get().attempts.all()]
        assert outcomes == [AttemptOutcome.LOST, AttemptOutcome.ACKNOWLEDGED]

        second.send_signal(signal.SIGTERM)
        assert second.wait(10) == 0


def test_ipn_02_a_notification_queued_while_no_worker_runs_is_sent_when_one_starts(start_worker, open_page, pay):
    with receiving() as shop_server:
        pay(open_page(shop_ready(url=shop_server.url)))
        start_worker(shop_server)
        wait_until(lambda: Notification.objects.get().state == NotificationState.DELIVERED, seconds=30)


def test_rel_04_a_worker_asked_to_stop_during_a_call_stops_in_time_and_writes_it_down(start_worker, open_page, pay):
    with receiving(delay=12) as shop_server:
        pay(open_page(shop_ready(url=shop_server.url)))
        worker = start_worker(shop_server)
        wait_until(lambda: shop_server.calls)

        asked_at = time.monotonic()
        worker.send_signal(signal.SIGTERM)
        worker.wait(15)

        assert time.monotonic() - asked_at < 10
        notification = Notification.objects.get()
        assert notification.state == NotificationState.WAITING
        assert notification.attempts.get().outcome == AttemptOutcome.LOST
