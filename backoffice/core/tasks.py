"""The ground’s jobs: sending queued mail, making prints, anchoring the journal, taking dead workers’ jobs back."""

import logging

from django.conf import settings
from django.utils import timezone
from procrastinate.contrib.django import app as registry

from backoffice.core import anchors, jobs, mail, prints

QUEUE, PRINTS = "core", "prints"
logger = logging.getLogger(__name__)


@jobs.task(name="core.send_due_mails", queue=QUEUE)
def send_due_mails() -> None:
    mail.send_due(clock=timezone.now)


@jobs.periodic(name="core.sweep_mails", queue=QUEUE, cron="* * * * * */30")
def sweep_mails() -> None:
    mail.send_due(clock=timezone.now)


@jobs.task(name=prints.JOB, queue=PRINTS)
async def make_prints() -> None:
    await prints.make_due(clock=timezone.now)


@jobs.periodic(name="core.sweep_prints", queue=PRINTS, cron="* * * * * */15")
async def sweep_prints() -> None:
    await prints.make_due(clock=timezone.now)


@jobs.periodic(name="core.forget_prints", queue=PRINTS, cron="* * * * * 0")
def forget_prints() -> None:
    prints.forget(now=timezone.now())


@jobs.periodic(name="core.take_back_stalled_jobs", queue=QUEUE, cron="* * * * * */15")
async def take_back_stalled_jobs() -> None:
    await jobs.take_back_stalled_jobs()


# Every hour for one line a day: a worker that was away or a disk that was full is made up for within the hour.
@jobs.periodic(name="core.anchor_journal", queue=QUEUE, cron="7 * * * * 0")
def anchor_journal() -> None:
    try:
        anchors.write_if_due(settings.JOURNAL_ANCHOR, now=timezone.now())
    except OSError:
        logger.exception("the journal is not anchored; the next try is within the hour")
        raise


@jobs.periodic(name="core.clear_finished_jobs", queue=QUEUE, cron="17 3 * * * 0")
async def clear_finished_jobs() -> None:
    await registry.job_manager.delete_old_jobs(nb_hours=72, include_failed=True, include_cancelled=True)
