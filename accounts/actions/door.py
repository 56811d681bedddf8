"""The door itself: signing in, the code of first connection, the owner's own unblocking, leaving."""

from dataclasses import dataclass
from datetime import datetime

from django.db import transaction

from accounts import codes, emails, passwords, rules, throttle
from accounts.actions import tries
from accounts.actions.records import record, record_refusal
from accounts.browsers import Browser
from accounts.enums import CodeStep, DeviceOrigin, Hint, SignInStep, Unblocking, Way
from accounts.models import Device, User
from backoffice.core.journal import Event
from backoffice.core.moves import IllegalMove


@dataclass(frozen=True)
class SignIn:
    """Where a sign-in led; `user` is None when refused, so that no page can say more than « refused » (AUTH-02).

    `hint` is for known browsers only. `device_cookie` makes the browser known: the view gives it.
    """

    step: SignInStep
    user: User | None = None
    hint: Hint | None = None
    device_cookie: str = ""


def sign_in(*, identifier: str, password: str, browser: Browser, now: datetime) -> SignIn:
    """Compare a password. Unknown, wrong, blocked, closed, expired: one answer at one cost (AUTH-01, AUTH-02).

    Raises throttle.TooManyTries before anything is hashed (AUTH-08), HashesBusy when it cannot be now. Tries at one
    account wait for each other on its row, so that parallel ones spend the budget exactly (AUTH-04).
    """
    is_counted = tries.take_turn(identifier=identifier, browser=browser, now=now)
    if passwords.is_too_long(password):
        record_refusal(user=None, now=now, address=browser.address, reason="too_long")
        return SignIn(SignInStep.REFUSED)
    with throttle.given_back_when_busy(browser, is_counted=is_counted):
        outcome = _compare_password(identifier=identifier, password=password, browser=browser, now=now)
        if outcome is None:
            passwords.spend_one_hash(password)
            return SignIn(SignInStep.REFUSED)
    if is_counted and outcome.user:
        throttle.give_back(browser)
    return outcome


def check_first_connection_code(
    *, user: User, code: str, now: datetime, browser: Browser, way: Way = Way.TEMPORARY_PASSWORD
) -> CodeStep:
    """Compare the code of the paper contract; wrong codes spend the same budgets as wrong passwords (RST-07).

    Raises throttle.TooManyTries (AUTH-08, AUTH-11).
    """
    is_counted = tries.take_turn(identifier=user.identifier, browser=browser, now=now)
    with throttle.given_back_when_busy(browser, is_counted=is_counted), transaction.atomic():
        locked = User.objects.select_for_update().get(pk=user.pk)
        device = tries.known_device(locked, browser=browser, now=now)
        if not (tries.is_waiting(locked, device, way=way, now=now) and rules.may_try(locked, device)):
            return CodeStep.ENDED
        if not codes.is_right(codes.normalise(code), owner=locked.public_id, encoded=locked.code_hash):
            return _wrong_code(locked, device, browser=browser, now=now)
        tries.forget_failures(locked, device)
        record(Event.CODE_ACCEPTED, user=locked, by=locked, now=now, address=browser.address)
    if is_counted:
        throttle.give_back(browser)
    return CodeStep.RIGHT


@transaction.atomic
def unblock_with_code(*, user: User, code: str, browser: Browser, now: datetime) -> CodeStep:
    """Open a blocked account to every browser again, from a known one and with the code of the contract (design 4.5).

    Wrong codes count on the browser; ENDED means that it has spent its tries, and is unknown for a while. Raises
    IllegalMove when the account is not blocked or the browser not known.
    """
    locked = User.objects.select_for_update().get(pk=user.pk)
    device = tries.known_device(locked, browser=browser, now=now)
    if device is None or not rules.may_unblock(locked):
        raise IllegalMove(locked.state, "active")
    if not codes.is_right(codes.normalise(code), owner=locked.public_id, encoded=locked.code_hash):
        return _wrong_code(locked, device, browser=browser, now=now)
    tries.forget_failures(locked, device)
    locked.unblock()
    locked.save(update_fields=["state", "failed_tries"])
    emails.account_unblocked(locked, unblocking=Unblocking.BY_OWNER, now=now)
    record(Event.ACCOUNT_UNBLOCKED, user=locked, by=locked, now=now, address=browser.address)
    return CodeStep.RIGHT


def sign_out(*, user: User, browser: Browser, now: datetime) -> None:
    """Write down that the person left; ending the session is the view's."""
    record(Event.ACCOUNT_SIGNED_OUT, user=user, by=user, now=now, address=browser.address)


def let_in(user: User, device: Device | None, *, browser: Browser, now: datetime) -> SignIn:
    """Nothing more is asked: forgive the wrong tries, make the browser known, write the sign-in down.

    The row is held under lock.
    """
    if device is None and tries.recent_failures(user) >= rules.FAILURES_TOLD:
        emails.new_browser(user, now=now)
    tries.forget_failures(user, device)
    record(Event.ACCOUNT_SIGNED_IN, user=user, by=user, now=now, address=browser.address, known=device is not None)
    cookie = tries.make_known(user, browser=browser, origin=DeviceOrigin.SIGN_IN, now=now)
    return SignIn(SignInStep.SIGNED_IN, user, device_cookie=cookie)


def hint_for(user: User, device: Device | None, *, now: datetime) -> Hint | None:
    """What only a browser that was known when it tried may be told (AUTH-02)."""
    if device is None:
        return None
    if not rules.is_known(device, now=now):
        return Hint.LOCKED
    if device.failures == rules.MAX_TRIES - 1:
        return Hint.LAST_TRY
    return Hint.BLOCKED if user.is_blocked else None


def _compare_password(*, identifier: str, password: str, browser: Browser, now: datetime) -> SignIn | None:
    """The outcome of a comparison, or None when nothing was compared: the caller then spends the hash's time."""
    with transaction.atomic():
        user = User.objects.known_as(identifier).select_for_update().first()
        device = tries.known_device(user, browser=browser, now=now) if user else None
        if user is None or not rules.may_try(user, device):
            record_refusal(user=user, now=now, address=browser.address, reason=user.state if user else "unknown")
            return None
        is_right, must_rehash = passwords.verify(password, user.password)
        if not is_right:
            return _wrong_password(user, device, browser=browser, now=now)
        if must_rehash:
            user.password = passwords.hash_password(password)
            user.save(update_fields=["password"])
        return _enter(user, device, now=now, browser=browser)


def _enter(user: User, device: Device | None, *, now: datetime, browser: Browser) -> SignIn:
    """The password was right. In first connection this forgives nothing yet: the code shares the budget (RST-07)."""
    if rules.access_is_over(user):
        record_refusal(user=user, now=now, address=browser.address, reason="ended")
        return SignIn(SignInStep.REFUSED)
    if rules.has_own_password(user):
        if rules.has_factor(user):
            # Nor does it here: wrong one-time codes share the budget too, and the browser stays as it was (AUTH-18).
            record(Event.FACTOR_ASKED, user=user, by=user, now=now, address=browser.address, known=device is not None)
            return SignIn(SignInStep.FACTOR_DUE, user)
        return let_in(user, device, browser=browser, now=now)
    if tries.is_waiting(user, device, way=Way.TEMPORARY_PASSWORD, now=now):
        record(Event.TEMPORARY_PASSWORD_ACCEPTED, user=user, by=user, now=now, address=browser.address)
        return SignIn(SignInStep.CODE_DUE, user)
    reason = "expired" if rules.may_change(user) else "frozen"
    record_refusal(user=user, now=now, address=browser.address, reason=reason)
    return SignIn(SignInStep.REFUSED)


def _wrong_password(user: User, device: Device | None, *, browser: Browser, now: datetime) -> SignIn:
    record_refusal(user=user, now=now, address=browser.address, reason="wrong_password", known=device is not None)
    tries.count_failure(user, device, now=now, browser=browser)
    return SignIn(SignInStep.REFUSED, hint=hint_for(user, device, now=now))


def _wrong_code(user: User, device: Device | None, *, browser: Browser, now: datetime) -> CodeStep:
    record(Event.CODE_REFUSED, user=user, by=None, now=now, address=browser.address)
    is_over = tries.count_failure(user, device, now=now, browser=browser)
    return CodeStep.ENDED if is_over else CodeStep.WRONG
