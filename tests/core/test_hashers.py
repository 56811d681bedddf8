"""Hashes run one at a time in a process; a long queue is refused with words, and nothing counts."""

import threading
from concurrent.futures import ThreadPoolExecutor

import pytest
from django.db import OperationalError
from psycopg.errors import LockNotAvailable

from accounts.models import User
from backoffice.core import hashers
from backoffice.core.hashers import HashesBusy, HashQueue
from backoffice.core.middleware import BusyMiddleware
from backoffice.core.models import JournalEntry
from tests.accounts.factories import PASSWORD, MembershipFactory


class Gate:
    """Work that says when it runs, and ends when it may."""

    def __init__(self):
        self.opened = threading.Event()
        self.running = threading.Semaphore(0)
        self.now, self.most, self.lock = 0, 0, threading.Lock()

    def work(self):
        with self.lock:
            self.now += 1
            self.most = max(self.most, self.now)
        self.running.release()
        assert self.opened.wait(10)
        with self.lock:
            self.now -= 1


def test_no_two_hashes_run_at_once_in_a_process():
    gate, queue = Gate(), HashQueue()
    with ThreadPoolExecutor(12) as callers:
        asked = [callers.submit(queue.run, gate.work) for _ in range(12)]
        for _ in range(hashers.AT_ONCE):
            assert gate.running.acquire(timeout=5)
        assert not gate.running.acquire(timeout=0.2)
        gate.opened.set()
        for one in asked:
            one.result(10)
    assert gate.most == hashers.AT_ONCE == 1


def test_a_full_queue_refuses_at_once_and_takes_again_once_it_is_shorter():
    gate, queue = Gate(), HashQueue(at_once=1, waiting=1)
    with ThreadPoolExecutor(2) as callers:
        asked = [callers.submit(queue.run, gate.work) for _ in range(2)]
        assert gate.running.acquire(timeout=5)
        while queue._places._value:  # the second one may not have come to its place yet
            pass
        with pytest.raises(HashesBusy):
            queue.run(gate.work)
        gate.opened.set()
        for one in asked:
            one.result(10)
    queue.run(gate.work)


def test_whoever_waits_too_long_is_refused_and_never_runs():
    gate, queue, ran = Gate(), HashQueue(at_once=1, waiting=5, wait_seconds=0.05), []
    with ThreadPoolExecutor(1) as callers:
        slow = callers.submit(queue.run, gate.work)
        assert gate.running.acquire(timeout=5)
        with pytest.raises(HashesBusy):
            queue.run(ran.append, 1)
        gate.opened.set()
        slow.result(10)  # longer than the wait, but running: it is answered
    assert not ran


def test_an_error_of_the_hash_is_the_callers():
    with pytest.raises(ZeroDivisionError):
        HashQueue().run(lambda: 1 / 0)


@pytest.mark.parametrize("identifier", ["its", "nobody-12345"])
def test_a_sign_in_that_finds_the_queue_full_counts_nothing_and_says_when_to_come_back(
    client, db, monkeypatch, identifier
):
    user = MembershipFactory().user
    monkeypatch.setattr(hashers, "_queue", HashQueue(at_once=1, waiting=-1))
    given = {"identifier": user.identifier if identifier == "its" else identifier, "password": PASSWORD}
    for _ in range(12):  # more than an address may fail
        answer = client.post("/connexion/", given)
        assert answer.status_code == 503
    assert answer["Retry-After"] == "10"
    assert "Beaucoup de connexions en ce moment" in answer.text
    assert answer.wsgi_request.incident in answer.text
    assert User.objects.get(pk=user.pk).failed_tries == 0
    assert not JournalEntry.objects.filter(event="account.blocked").exists()
    monkeypatch.undo()
    assert client.post("/connexion/", given | {"identifier": user.identifier}).status_code == 302


def test_a_row_that_too_many_wait_for_is_told_in_the_same_words(rf):
    waited = OperationalError("canceling statement due to lock timeout")
    waited.__cause__ = LockNotAvailable()
    busy = BusyMiddleware(lambda request: None)
    request = rf.get("/")
    answer = busy.process_exception(request, waited)
    assert (answer.status_code, answer["Retry-After"]) == (503, "10")
    assert busy.process_exception(request, OperationalError("gone")) is None
    assert busy.process_exception(request, ValueError()) is None
