"""Confirming that the person at the keyboard is the one who signed in (AUTH-11, KEY-03)."""

from datetime import datetime

from django.db import transaction

from accounts.actions import tries
from accounts.actions.records import record
from accounts.actions.second_factor import compare_one_time_code
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
        _note(user, browser=browser, now=now)
    return outcome


def confirm_identity_with_code(*, user: User, code: str, browser: Browser, now: datetime) -> Comparison:
    """Compare the one-time code of whoever has a second factor: it stands for the password here, not beside it.

    Raises FactorClosed, throttle.TooManyTries (AUTH-08, AUTH-18).
    """
    outcome = compare_one_time_code(user=user, code=code, browser=browser, now=now)
    if outcome is Comparison.RIGHT:
        _note(user, browser=browser, now=now)
    return outcome


@transaction.atomic
def _note(user: User, *, browser: Browser, now: datetime) -> None:
    record(Event.IDENTITY_CONFIRMED, user=user, by=user, now=now, address=browser.address)
