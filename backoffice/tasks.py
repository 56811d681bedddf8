"""The roof's job: applying the retention, every night."""

from django.utils import timezone

from backoffice import retention
from backoffice.core import jobs


@jobs.periodic(name="house.apply_retention", queue="core", cron="11 3 * * * 0")
def apply_retention() -> None:
    retention.apply(now=timezone.now())
