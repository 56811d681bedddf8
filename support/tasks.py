"""The counter's jobs: telling an account's owner of a request, ending what no second advisor approved in time."""

from django.utils import timezone

from backoffice.core import jobs
from support import actions


@jobs.task(name="support.tell_account_owner", queue="core")
def tell_account_owner(request: int) -> None:
    actions.tell_account_owner(request_id=request, now=timezone.now())


@jobs.periodic(name="support.lapse_proposals", queue="core", cron="*/5 * * * * 10")
def lapse_proposals() -> None:
    actions.lapse_proposals(now=timezone.now())
