"""The jobs that wake the outbox: one with each result, and a sweep for what a dead worker or a retry left due."""

from django.utils import timezone

from backoffice.core import jobs
from payments.actions import DELIVERY_JOB
from payments.notifications import delivery

QUEUE = "deliveries"


@jobs.task(name=DELIVERY_JOB, queue=QUEUE)
async def deliver_notifications() -> None:
    await delivery.drain(clock=timezone.now)


@jobs.periodic(name="payments.sweep_notifications", queue=QUEUE, cron="* * * * * */15")
async def sweep_notifications() -> None:
    await delivery.drain(clock=timezone.now)
