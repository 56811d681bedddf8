"""The door itself: signing in, the code of first connection, leaving."""

from dataclasses import dataclass
from datetime import datetime

from django.db import transaction

from accounts import codes, passwords, rules
from accounts.actions import tries
from accounts.actions.records import record, record_refusal
from accounts.browsers import Browser
from accounts.enums import AccountState, CodeStep, SignInStep
from accounts.models import User
from backoffice.core.journal import Event


@dataclass(frozen=True)
class SignIn:
    """Where a sign-in led; `user` is None when refused, so that no page can say more than « refused » (AUTH-02)."""

    step: SignInStep
    user: User | None = None


def sign_in(*, identifier: str, password: str, browser: Browser, now: datetime) -> SignIn:
    """Compare a password. Unknown, wrong, blocked, closed, expired: one answer at one cost (AUTH-01, AUTH-02).

    Tries at one account wait for each other on its row, so that parallel ones spend the budget exactly (AUTH-04).
    """
    if passwords.is_too_long(password):
        record_refusal(user=None, now=now, address=browser.address, reason="too_long")
        return SignIn(SignInStep.REFUSED)
    outcome = _compare_password(identifier=identifier, password=password, browser=browser, now=now)
    if outcome is None:
        passwords.spend_one_hash(password)
        return SignIn(SignInStep.REFUSED)
    return outcome


def check_first_connection_code(*, user: User, code: str, now: datetime, browser: Browser) -> CodeStep:
    """Compare the code of the paper contract; wrong codes spend the same budget as wrong passwords (RST-07)."""
    with transaction.atomic():
        locked = User.objects.select_for_update().get(pk=user.pk)
        if not (rules.is_in_first_connection(locked, now=now) and rules.may_try(locked)):
            return CodeStep.ENDED
        if codes.is_right(codes.normalise(code), owner=locked.public_id, encoded=locked.code_hash):
            tries.forget_failures(locked)
            record(Event.CODE_ACCEPTED, user=locked, by=locked, now=now, address=browser.address)
            return CodeStep.RIGHT
        record(Event.CODE_REFUSED, user=locked, by=None, now=now, address=browser.address)
        is_blocked = tries.count_failure(locked, now=now, browser=browser)
        return CodeStep.ENDED if is_blocked else CodeStep.WRONG


def sign_out(*, user: User, browser: Browser, now: datetime) -> None:
    """Write down that the person left; ending the session is the view's."""
    record(Event.ACCOUNT_SIGNED_OUT, user=user, by=user, now=now, address=browser.address)


def _compare_password(*, identifier: str, password: str, browser: Browser, now: datetime) -> SignIn | None:
    """The outcome of a comparison, or None when nothing was compared: the caller then spends the hash's time."""
    with transaction.atomic():
        user = User.objects.known_as(identifier).select_for_update().first()
        if user is None or not rules.may_try(user):
            record_refusal(user=user, now=now, address=browser.address, reason=user.state if user else "unknown")
            return None
        is_right, must_rehash = passwords.verify(password, user.password)
        if not is_right:
            record_refusal(user=user, now=now, address=browser.address, reason="wrong_password")
            tries.count_failure(user, now=now, browser=browser)
            return SignIn(SignInStep.REFUSED)
        if must_rehash:
            user.password = passwords.hash_password(password)
            user.save(update_fields=["password"])
        return _enter(user, now=now, browser=browser)


def _enter(user: User, *, now: datetime, browser: Browser) -> SignIn:
    """The password was right. In first connection this forgives nothing yet: the code shares the budget (RST-07)."""
    if user.state == AccountState.ACTIVE:
        tries.forget_failures(user)
        record(Event.ACCOUNT_SIGNED_IN, user=user, by=user, now=now, address=browser.address)
        return SignIn(SignInStep.SIGNED_IN, user)
    if rules.is_in_first_connection(user, now=now):
        record(Event.TEMPORARY_PASSWORD_ACCEPTED, user=user, by=user, now=now, address=browser.address)
        return SignIn(SignInStep.CODE_DUE, user)
    record_refusal(user=user, now=now, address=browser.address, reason="expired")
    return SignIn(SignInStep.REFUSED)
