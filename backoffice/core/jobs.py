"""Jobs: the one door to procrastinate. A job exists exactly when the transaction that deferred it commits (design 4.3).

Arguments hold ids only, never a secret. Rooms write their tasks in `tasks.py`; actions defer them by name.
"""

import functools
import inspect
import logging
from collections.abc import Callable, Coroutine
from typing import Any

from asgiref.sync import sync_to_async
from django.db import close_old_connections
from procrastinate.contrib.django import app as registry
from procrastinate.contrib.django.django_connector import DjangoConnector
from procrastinate.jobs import Status
from procrastinate.manager import JobManager
from procrastinate.tasks import configure_task

logger = logging.getLogger(__name__)

# A worker that says nothing for this long is dead, and its jobs go back to the queue.
HEARTBEAT_SECONDS = 5.0
DEAD_AFTER_SECONDS = 15.0

Task = Callable[..., Any]


def task(*, name: str, queue: str) -> Callable[[Task], Task]:
    """Register a sync or async function as the job `name`. Each run starts on a database connection that works."""

    def register(function: Task) -> Task:
        body = _async_body(function) if inspect.iscoroutinefunction(function) else _sync_body(function)
        registry.task(name=name, queue=queue)(body)
        return function

    return register


def periodic(*, name: str, queue: str, cron: str) -> Callable[[Task], Task]:
    """Register a function that takes no argument and runs at each `cron` mark (six fields, the last one seconds)."""

    def register(function: Task) -> Task:
        @functools.wraps(function)
        async def at_mark(timestamp: int) -> None:
            if inspect.iscoroutinefunction(function):
                await _async_body(function)()
            else:
                # A thread of its own: a mail server that hangs must not hold the thread the deliveries write from.
                await sync_to_async(_sync_body(function), thread_sensitive=False)()

        # One waiting run is enough: a worker that was away finds one mark to catch up with, not one per 15 seconds.
        registered = registry.task(name=name, queue=queue, queueing_lock=name)(at_mark)
        registry.periodic(cron=cron)(registered)
        return function

    return register


def defer(name: str, **ids: int | str) -> None:
    """Defer the job `name` on the current Django connection, so inside the caller's transaction.

    Raises KeyError when nobody registered it.
    """
    known = registry.tasks[name]
    # Not by the task itself: it knows one connector, which inside a worker is the worker's own pool. Deferring there
    # would escape the transaction, and the job could start before what it is about is written.
    configure_task(
        name=name,
        job_manager=_on_django_connection(),
        queue=known.queue,
        lock=known.lock,
        queueing_lock=known.queueing_lock,
        priority=known.priority,
    ).defer(**ids)


@functools.cache
def _on_django_connection() -> JobManager:
    return JobManager(DjangoConnector())


async def take_back_stalled_jobs() -> int:
    """Put the jobs of dead workers back in the queue; return how many. Runs every 15 s and at each worker's start."""
    taken = 0
    for job in await registry.job_manager.get_stalled_jobs(seconds_since_heartbeat=DEAD_AFTER_SECONDS):
        logger.warning("stalled job %s taken back (%s)", job.id, job.task_name)
        if job.queueing_lock:
            # A periodic run: its next mark does the work, and two of them back in the queue would break its lock.
            await registry.job_manager.finish_job(job, status=Status.FAILED, delete_job=True)
        else:
            await registry.job_manager.retry_job(job)
        taken += 1
    return taken


def _sync_body(function: Task) -> Task:
    @functools.wraps(function)
    def body(*args: Any, **kwargs: Any) -> Any:
        close_old_connections()
        try:
            return function(*args, **kwargs)
        finally:
            close_old_connections()

    return body


def _async_body(function: Callable[..., Coroutine[Any, Any, Any]]) -> Task:
    @functools.wraps(function)
    async def body(*args: Any, **kwargs: Any) -> Any:
        await sync_to_async(close_old_connections)()
        return await function(*args, **kwargs)

    return body
