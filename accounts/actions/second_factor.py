"""The second factor at the door, and asked again inside: six digits of an application, or a recovery code (AUTH-18).

Nobody gets here without the password: so wrong codes spend the account's own budget of tries, as every door does
(AUTH-11), and strangers lock nobody out with them. Besides, five wrong ones in five minutes close the factor itself,
from wherever they came: somebody with several known browsers has no more guesses than that.
"""

from datetime import datetime

from django.db import transaction

from accounts import emails, one_time_codes, rules, throttle
from accounts.actions import tries
from accounts.actions.door import SignIn, hint_for, let_in
from accounts.actions.records import record
from accounts.browsers import Browser
from accounts.enums import Comparison, FactorMeans, SignInStep
from accounts.models import Device, RecoveryCode, TotpDevice, User
from backoffice.core.journal import Event


class FactorClosed(Exception):
    """Five wrong codes in five minutes: none is compared before `until` (AUTH-18)."""

    def __init__(self, until: datetime) -> None:
        super().__init__(f"next code from {until}")
        self.until = until


def give_second_factor(*, user: User, code: str, browser: Browser, now: datetime) -> SignIn:
    """Compare the code of somebody whose password was right. Only a right one makes the browser known.

    `code` is normalised. FACTOR_DUE means wrong: another may be given; REFUSED that the sign-in starts again. Raises
    FactorClosed, throttle.TooManyTries (AUTH-08, AUTH-18).
    """
    is_counted = tries.take_turn(identifier=user.identifier, browser=browser, now=now)
    with throttle.given_back_when_busy(browser, is_counted=is_counted), transaction.atomic():
        locked = User.objects.select_for_update().get(pk=user.pk)
        device = tries.known_device(locked, browser=browser, now=now)
        factor = TotpDevice.objects.of(locked).confirmed().first()
        # The password that was right may have been replaced since the page looked.
        is_pending = locked.password == user.password and rules.has_own_password(locked)
        if factor is None or not (is_pending and rules.may_try(locked, device)):
            return SignIn(SignInStep.REFUSED)
        require_open(factor, now=now)
        means = means_of(code)
        if not _takes(locked, factor, code, means=means, now=now):
            event, known = Event.FACTOR_REFUSED, device is not None
            record(event, user=locked, by=None, now=now, address=browser.address, way=means.value, known=known)
            is_over = _count_wrong(locked, factor, device, browser=browser, now=now)
            step = SignInStep.REFUSED if is_over else SignInStep.FACTOR_DUE
            return SignIn(step, None if is_over else locked, hint=hint_for(locked, device, now=now))
        _note_right(locked, means=means, browser=browser, now=now)
        outcome = let_in(locked, device, browser=browser, now=now)
    if is_counted:
        throttle.give_back(browser)
    return outcome


def compare_one_time_code(*, user: User, code: str, browser: Browser, now: datetime) -> Comparison:
    """Compare six digits of somebody already signed in; a recovery code is none. Wrong ones count as at the door.

    They are one entry of the journal, under the person's name.

    CLOSED also when there is no factor. Raises FactorClosed, throttle.TooManyTries (AUTH-11, AUTH-18).
    """
    is_counted = tries.take_turn(identifier=user.identifier, browser=browser, now=now)
    with throttle.given_back_when_busy(browser, is_counted=is_counted), transaction.atomic():
        locked = User.objects.select_for_update().get(pk=user.pk)
        device = tries.known_device(locked, browser=browser, now=now)
        factor = TotpDevice.objects.of(locked).confirmed().first()
        if factor is None or not rules.may_try(locked, device):
            return Comparison.CLOSED
        require_open(factor, now=now)
        means = FactorMeans.APPLICATION
        if not _takes(locked, factor, code, means=means, now=now):
            record(Event.IDENTITY_REFUSED, user=locked, by=locked, now=now, address=browser.address, way=means.value)
            is_over = _count_wrong(locked, factor, device, browser=browser, now=now)
            return Comparison.CLOSED if is_over else Comparison.WRONG
        tries.forget_failures(locked, device)
    if is_counted:
        throttle.give_back(browser)
    return Comparison.RIGHT


def means_of(code: str) -> FactorMeans:
    """What a normalised code claims to be: six digits are the application's."""
    return FactorMeans.APPLICATION if one_time_codes.is_application_code(code) else FactorMeans.RECOVERY_CODE


def require_open(factor: TotpDevice, *, now: datetime) -> None:
    """Raise FactorClosed while five wrong codes are less than five minutes old."""
    until = rules.factor_closed_until(factor, now=now)
    if until is not None:
        raise FactorClosed(until)


def _takes(user: User, factor: TotpDevice, code: str, *, means: FactorMeans, now: datetime) -> bool:
    """Whether the code is right; a right one is used up. The person's row is held under lock: none is taken twice."""
    if means is FactorMeans.RECOVERY_CODE:
        return _takes_recovery_code(user, code, now=now)
    if not (one_time_codes.is_application_code(code) and factor.accept(code, at=now)):
        return False
    factor.save(update_fields=["last_step"])
    return True


def _takes_recovery_code(user: User, code: str, *, now: datetime) -> bool:
    digest = one_time_codes.digest_of(code, owner=user.public_id)
    found = RecoveryCode.objects.of(user).unused().with_digest(digest).first()
    if found is None:
        return False
    found.used_at = now
    found.save(update_fields=["used_at"])
    return True


def _note_right(user: User, *, means: FactorMeans, browser: Browser, now: datetime) -> None:
    if means is FactorMeans.APPLICATION:
        record(Event.FACTOR_ACCEPTED, user=user, by=user, now=now, address=browser.address)
        return
    left = RecoveryCode.objects.of(user).unused().count()
    emails.recovery_code_used(user, left=left, now=now)
    record(Event.RECOVERY_CODE_USED, user=user, by=user, now=now, address=browser.address, left=left)


def _count_wrong(user: User, factor: TotpDevice, device: Device | None, *, browser: Browser, now: datetime) -> bool:
    """Count a wrong code on the factor and at the door; True when no other try is taken from there."""
    factor.note_failure(at=now)
    factor.save(update_fields=["failures"])
    return tries.count_failure(user, device, now=now, browser=browser)
