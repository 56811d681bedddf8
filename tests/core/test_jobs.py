"""A job exists exactly when its transaction commits, and a dead worker's job is taken back."""

import asyncio
from contextlib import closing

import pytest
from asgiref.sync import sync_to_async
from django.db import connection, connections, transaction
from procrastinate.contrib.django import app

from backoffice.core import jobs


def deferred():
    with connection.cursor() as cursor:
        cursor.execute("SELECT task_name, status::text FROM procrastinate_jobs ORDER BY id")
        return cursor.fetchall()


def test_a_job_deferred_in_a_transaction_that_rolls_back_never_existed(db):
    with pytest.raises(RuntimeError), transaction.atomic():
        jobs.defer("core.send_due_mails")
        raise RuntimeError
    assert deferred() == []


@pytest.mark.django_db(transaction=True)
@pytest.mark.parametrize(("fails", "left"), [(True, []), (False, [("core.send_due_mails", "todo")])])
def test_a_job_deferred_by_a_job_exists_when_the_transaction_of_that_job_commits(fails, left):
    seen = []

    def body():
        try:
            with transaction.atomic():
                jobs.defer("core.send_due_mails")
                with closing(connections.create_connection("default")) as elsewhere, elsewhere.cursor() as cursor:
                    cursor.execute("SELECT count(*) FROM procrastinate_jobs")
                    seen.append(cursor.fetchone()[0])
                if fails:
                    raise RuntimeError
        except RuntimeError:
            assert fails
        finally:
            connections.close_all()

    # The thread a worker runs a job in, on a database connection of its own.
    as_worker(sync_to_async(body, thread_sensitive=False))

    assert seen == [0], "a worker could start it before what it is about is written"
    assert deferred() == left


def test_a_job_nobody_registered_is_not_deferred(db):
    with pytest.raises(KeyError):
        jobs.defer("core.send_dew_mails")
    assert deferred() == []


@pytest.mark.django_db(transaction=True)
def test_a_job_of_a_worker_that_died_goes_back_to_the_queue():
    jobs.defer("core.send_due_mails")
    with connection.cursor() as cursor:
        cursor.execute(
            "INSERT INTO procrastinate_workers (last_heartbeat) VALUES (now() - interval '1 minute') RETURNING id"
        )
        [worker] = cursor.fetchone()
        cursor.execute("UPDATE procrastinate_jobs SET status = 'doing', worker_id = %s", [worker])

    assert take_back() == 1

    assert deferred() == [("core.send_due_mails", "todo")]
    assert take_back() == 0


@pytest.mark.django_db(transaction=True)
def test_several_runs_of_one_sweep_left_by_a_dead_worker_do_not_stop_the_next_one():
    with connection.cursor() as cursor:
        cursor.execute(
            "INSERT INTO procrastinate_workers (last_heartbeat) VALUES (now() - interval '1 minute') RETURNING id"
        )
        [worker] = cursor.fetchone()
        for status, owner in (("doing", worker), ("doing", worker), ("todo", None)):
            cursor.execute(
                "INSERT INTO procrastinate_jobs (task_name, queue_name, queueing_lock, args, status, worker_id)"
                " VALUES ('core.sweep_mails', 'core', 'core.sweep_mails', '{\"timestamp\": 0}', %s, %s)",
                [status, owner],
            )

    assert take_back() == 2

    assert deferred() == [("core.sweep_mails", "todo")]


@pytest.mark.django_db(transaction=True)
def test_a_job_of_a_living_worker_is_left_to_it():
    jobs.defer("core.send_due_mails")
    with connection.cursor() as cursor:
        cursor.execute("INSERT INTO procrastinate_workers DEFAULT VALUES RETURNING id")
        [worker] = cursor.fetchone()
        cursor.execute("UPDATE procrastinate_jobs SET status = 'doing', worker_id = %s", [worker])

    assert take_back() == 0


def take_back():
    return as_worker(jobs.take_back_stalled_jobs)


def as_worker(body):
    """Run it as a worker does, with the worker's own connections open."""

    async def work():
        async with app.open_async():
            return await body()

    with app.replace_connector(app.connector.get_worker_connector()):
        return asyncio.run(work())


def test_every_periodic_task_has_its_mark():
    marks = {task.name: cron for (task, cron) in _periodic()}
    assert marks["core.take_back_stalled_jobs"] == "* * * * * */15"
    assert marks["core.sweep_mails"] == "* * * * * */30"
    assert marks["core.anchor_journal"] == "7 * * * * 0"


def _periodic():
    return [(one.task, one.cron) for one in app.periodic_registry.periodic_tasks.values()]
