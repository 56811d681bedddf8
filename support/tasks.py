"""The counter's jobs: telling an account's owner of a request."""

from django.utils import timezone

from backoffice.core import jobs
from support import actions


@jobs.task(name="support.tell_account_owner", queue="core")
def tell_account_owner(request: int) -> None:
    actions.tell_account_owner(request_id=request, now=timezone.now())
