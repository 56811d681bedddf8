"""Counting wrong tries, whatever door they were made at: one budget for all of them (AUTH-11)."""

from datetime import datetime

from django.db import transaction

from accounts import emails, passwords, rules
from accounts.actions.records import record, record_refusal
from accounts.browsers import Browser
from accounts.enums import Comparison
from accounts.models import User
from backoffice.core.journal import Event


def compare_password(*, user: User, password: str, browser: Browser, now: datetime) -> Comparison:
    """Compare the password of somebody already signed in: a wrong one counts as at the door (PWD-01, AUTH-11)."""
    if passwords.is_too_long(password):
        return Comparison.WRONG
    with transaction.atomic():
        locked = User.objects.select_for_update().get(pk=user.pk)
        if not rules.may_try(locked):
            return Comparison.CLOSED
        if passwords.verify(password, locked.password)[0]:
            forget_failures(locked)
            return Comparison.RIGHT
        record_refusal(user=locked, now=now, address=browser.address, reason="asked_again")
        return Comparison.CLOSED if count_failure(locked, now=now, browser=browser) else Comparison.WRONG


def count_failure(user: User, *, now: datetime, browser: Browser) -> bool:
    """Count one wrong try on a row held under lock; block at the third and tell by e-mail. True when blocked."""
    user.failed_tries += 1
    if not rules.has_spent_tries(user):
        user.save(update_fields=["failed_tries"])
        return False
    user.block()
    user.save(update_fields=["failed_tries", "state"])
    emails.account_blocked(user, now=now)
    record(Event.ACCOUNT_BLOCKED, user=user, by=None, now=now, address=browser.address, tries=user.failed_tries)
    return True


def forget_failures(user: User) -> None:
    if user.failed_tries:
        user.failed_tries = 0
        user.save(update_fields=["failed_tries"])
