"""The ground’s jobs: sending queued mail, taking back the jobs of dead workers, clearing what is over."""

from importlib import import_module

from django.conf import settings
from django.utils import timezone
from procrastinate.contrib.django import app as registry

from backoffice.core import jobs, mail

QUEUE = "core"


@jobs.task(name="core.send_due_mails", queue=QUEUE)
def send_due_mails() -> None:
    mail.send_due(now=timezone.now())


@jobs.periodic(name="core.sweep_mails", queue=QUEUE, cron="* * * * * */30")
def sweep_mails() -> None:
    mail.send_due(now=timezone.now())


@jobs.periodic(name="core.take_back_stalled_jobs", queue=QUEUE, cron="* * * * * */15")
async def take_back_stalled_jobs() -> None:
    await jobs.take_back_stalled_jobs()


@jobs.periodic(name="core.clear_expired_sessions", queue=QUEUE, cron="41 3 * * * 0")
def clear_expired_sessions() -> None:
    import_module(settings.SESSION_ENGINE).SessionStore.clear_expired()


@jobs.periodic(name="core.clear_finished_jobs", queue=QUEUE, cron="17 3 * * * 0")
async def clear_finished_jobs() -> None:
    await registry.job_manager.delete_old_jobs(nb_hours=72, include_failed=True, include_cancelled=True)
