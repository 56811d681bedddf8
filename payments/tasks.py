"""The jobs of payments: those that wake the outbox, with each result and every 15 s, and the alert of refused forms."""

from django.utils import timezone

from backoffice.core import jobs
from payments.actions import DELIVERY_JOB
from payments.form_log import actions as form_log
from payments.notifications import delivery

QUEUE = "deliveries"


@jobs.task(name=DELIVERY_JOB, queue=QUEUE)
async def deliver_notifications() -> None:
    await delivery.drain(clock=timezone.now)


@jobs.periodic(name="payments.sweep_notifications", queue=QUEUE, cron="* * * * * */15")
async def sweep_notifications() -> None:
    await delivery.drain(clock=timezone.now)


@jobs.periodic(name="payments.tell_refused_forms", queue="core", cron="* * * * * 20")
def tell_refused_forms() -> None:
    form_log.tell_refused_forms(now=timezone.now())
