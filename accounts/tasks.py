"""The accounts room's jobs: mailing links, forgetting what is over within the hour, settling changes and accesses."""

from django.utils import timezone

from accounts import actions, throttle
from backoffice.core import jobs

QUEUE = "core"


@jobs.task(name="accounts.mail_forgotten_link", queue=QUEUE)
def mail_forgotten_link(user: int) -> None:
    actions.mail_forgotten_link(user_id=user, now=timezone.now())


@jobs.periodic(name="accounts.forget_old_windows", queue=QUEUE, cron="7 * * * * 0")
def forget_old_windows() -> None:
    throttle.forget_old(now=timezone.now())


@jobs.periodic(name="accounts.forget_kept_forms", queue=QUEUE, cron="*/10 * * * * 40")
def forget_kept_forms() -> None:
    actions.forget_kept_forms(now=timezone.now())


@jobs.periodic(name="accounts.settle_contact_changes", queue=QUEUE, cron="* * * * * 20")
def settle_contact_changes() -> None:
    actions.settle_contact_changes(now=timezone.now())


@jobs.periodic(name="accounts.end_accesses", queue=QUEUE, cron="*/5 * * * * 30")
def end_accesses() -> None:
    actions.end_accesses(now=timezone.now())


@jobs.periodic(name="accounts.destroy_old_codes", queue=QUEUE, cron="11 * * * * 0")
def destroy_old_codes() -> None:
    actions.destroy_old_codes(now=timezone.now())
