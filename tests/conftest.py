"""What every test stands on: a real PostgreSQL started once for the run, real jobs, and no network but loopback."""

import inspect
import json
import socket

from tests import database

database.start()

import pytest
from asgiref.sync import async_to_sync
from django.conf import settings
from django.core import mail as django_mail
from django.db import connection
from django.utils import timezone

LOOPBACK = {"127.0.0.1", "::1", "localhost"}


def pytest_configure():
    """Read the settings now that the database's address is known; pytest-django sets Django up with them."""
    assert settings.MODE == "test"


def pytest_sessionfinish(session):
    """Stop the database of this run, once the parallel workers are gone."""
    if not hasattr(session.config, "workerinput"):
        database.stop()


@pytest.fixture
def now():
    return timezone.now()


@pytest.fixture
def run_jobs(db):
    """Run every job that is due, in the order it was deferred, until none is left; return the names of those run."""

    def run() -> list[str]:
        from procrastinate.contrib.django import app

        names = []
        while row := _take_due_job():
            job_id, name, arguments = row
            # The function itself: what opens and closes connections around it in a worker would end this transaction.
            outcome = inspect.unwrap(app.tasks[name].func)(**arguments)
            if inspect.isawaitable(outcome):
                async_to_sync(_finish)(outcome)
            names.append(name)
            with connection.cursor() as cursor:
                cursor.execute("UPDATE procrastinate_jobs SET status = 'succeeded' WHERE id = %s", [job_id])
        return names

    return run


async def _finish(awaitable):
    return await awaitable


def _take_due_job():
    with connection.cursor() as cursor:
        cursor.execute(
            "UPDATE procrastinate_jobs SET status = 'doing' WHERE id = (SELECT id FROM procrastinate_jobs"
            " WHERE status = 'todo' AND (scheduled_at IS NULL OR scheduled_at <= now()) ORDER BY id LIMIT 1)"
            " RETURNING id, task_name, args"
        )
        row = cursor.fetchone()
    if row and isinstance(row[2], str):
        row = (row[0], row[1], json.loads(row[2]))
    return row


@pytest.fixture
def mailbox(db):
    """The messages that left, oldest first."""
    return django_mail.outbox


@pytest.fixture(autouse=True)
def _loopback_only(monkeypatch):
    """Refuse every connection that would leave this machine."""
    connect = socket.socket.connect

    def guarded(self, address):
        if self.family in (socket.AF_INET, socket.AF_INET6) and address[0] not in LOOPBACK:
            raise AssertionError(f"a test tried to reach {address[0]}")
        return connect(self, address)

    monkeypatch.setattr(socket.socket, "connect", guarded)


@pytest.fixture(scope="session")
def django_db_setup(django_db_setup, django_db_blocker):
    """Tests with real commits flush the tables behind them: the journal's TRUNCATE trigger alone is lifted for that."""
    with django_db_blocker.unblock(), connection.cursor() as cursor:
        cursor.execute("ALTER TABLE core_journalentry DISABLE TRIGGER journal_no_truncate")


@pytest.fixture(autouse=True)
def _committed_jobs_are_cleared(request):
    """Jobs are nobody's model, so no flush takes them: clear what a test with real commits left."""
    marker = request.node.get_closest_marker("django_db")
    transactional = bool(marker and marker.kwargs.get("transaction")) or "transactional_db" in request.fixturenames
    if transactional:
        request.getfixturevalue("transactional_db")
    yield
    if transactional:
        with connection.cursor() as cursor:
            cursor.execute("TRUNCATE procrastinate_jobs, procrastinate_workers CASCADE")
