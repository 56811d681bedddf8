"""Confirming that the person at the keyboard is the one who signed in (AUTH-11, KEY-03)."""

from datetime import datetime

from django.db import transaction

from accounts.actions import tries
from accounts.actions.records import record
from accounts.browsers import Browser
from accounts.enums import Comparison
from accounts.models import User
from backoffice.core.journal import Event


def confirm_identity(*, user: User, password: str, browser: Browser, now: datetime) -> Comparison:
    """Compare what a signed-in person types again; wrong ones spend the same budgets as at the door (AUTH-11).

    Raises throttle.TooManyTries (AUTH-08).
    """
    outcome = tries.compare_password(user=user, password=password, browser=browser, now=now)
    if outcome is Comparison.RIGHT:
        with transaction.atomic():
            record(Event.IDENTITY_CONFIRMED, user=user, by=user, now=now, address=browser.address)
    return outcome
