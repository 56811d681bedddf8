"""Counting wrong tries, whatever door they were made at: known and unknown browsers apart (AUTH-05, AUTH-11).

Everything here works on an account's row held under lock: tries at one account wait for each other, so that parallel
ones spend the budgets exactly (AUTH-04).
"""

from datetime import datetime

from django.conf import settings
from django.db import transaction
from django.db.models import Sum

from accounts import devices, emails, identifiers, passwords, rules, throttle
from accounts.actions.records import record
from accounts.browsers import Browser
from accounts.enums import AccountState, Comparison, DeviceOrigin, Way
from accounts.models import Device, User
from backoffice.core import batches
from backoffice.core.journal import Event


def known_device(user: User, *, browser: Browser, now: datetime) -> Device | None:
    """What makes this browser known to the account: a living nonce that is neither locked nor dead."""
    nonce = devices.read(browser.device_cookie).get(user.public_id)
    if nonce is None:
        return None
    device = Device.objects.of(user).with_nonces([devices.digest_of(nonce)], now=now).first()
    return device if device and rules.is_known(device, now=now) else None


def is_unthrottled(*, identifier: str, browser: Browser, now: datetime) -> bool:
    """Whether the browser is known to the account being tried: its own budget replaces the address's (AUTH-08).

    To that account and no other: whoever has one could else try all the others without limit. A browser without any
    cookie costs no query.
    """
    digests = [devices.digest_of(nonce) for nonce in devices.read(browser.device_cookie).values()]
    if not digests:
        return False
    found = Device.objects.with_nonces(digests, now=now).select_related("user")
    account = identifiers.normalise(identifier)
    return any(device.user.identifier == account and rules.is_known(device, now=now) for device in found)


def compare_password(*, user: User, password: str, browser: Browser, now: datetime) -> Comparison:
    """Compare the password of somebody already signed in: a wrong one counts as at the door (PWD-01, AUTH-11).

    Raises throttle.TooManyTries (AUTH-08).
    """
    if passwords.is_too_long(password):
        return Comparison.WRONG
    is_counted = take_turn(identifier=user.identifier, browser=browser, now=now)
    with throttle.given_back_when_busy(browser, is_counted=is_counted), transaction.atomic():
        locked = User.objects.select_for_update().get(pk=user.pk)
        device = known_device(locked, browser=browser, now=now)
        if not rules.may_try(locked, device):
            return Comparison.CLOSED
        if passwords.verify(password, locked.password)[0]:
            forget_failures(locked, device)
        else:
            record(Event.IDENTITY_REFUSED, user=locked, by=locked, now=now, address=browser.address)
            is_over = count_failure(locked, device, now=now, browser=browser)
            return Comparison.CLOSED if is_over else Comparison.WRONG
    if is_counted:
        throttle.give_back(browser)
    return Comparison.RIGHT


def count_failure(user: User, device: Device | None, *, now: datetime, browser: Browser) -> bool:
    """Count one wrong try: on the known browser, else on the account. True when no other try is taken from there.

    The third from unknown browsers closes the account to all of them, and its owner is told by e-mail (AUTH-01).
    """
    if device is not None:
        return _count_on_device(device, now=now)
    if not user.is_blocked:
        user.failed_tries += 1
        if rules.has_spent_tries(user):
            _block(user, now=now, browser=browser)
        user.save(update_fields=["failed_tries", "state"])
    return user.is_blocked


def forget_failures(user: User, device: Device | None) -> None:
    """A right try forgives those of its own counter, and no other (AUTH-07)."""
    if device is not None:
        device.failures, device.window_started_at = 0, None
        device.save(update_fields=["failures", "window_started_at"])
    elif user.failed_tries:
        user.failed_tries = 0
        user.save(update_fields=["failed_tries"])


def make_known(user: User, *, browser: Browser, origin: DeviceOrigin, now: datetime) -> str:
    """Make the browser known to the account, under a fresh nonce; return the cookie to give it."""
    nonce = devices.draw_nonce()
    device = known_device(user, browser=browser, now=now) or Device(user=user, known_since=now)
    # The same form sent twice carries the former nonce twice: it serves a little longer.
    device.former_digest, device.former_until = device.nonce_digest, now + rules.FORMER_NONCE_LIFE
    device.nonce_digest, device.origin, device.agent = devices.digest_of(nonce), origin, browser.agent
    device.last_used_at, device.locked_until = now, None
    device.failures, device.life_failures, device.window_started_at = 0, 0, None
    device.save()
    return devices.with_entry(browser.device_cookie, account=user.public_id, nonce=nonce)


@transaction.atomic
def make_browser_known(*, user: User, browser: Browser, now: datetime) -> str:
    """The code was right here: strangers' tries no longer end this first connection. Returns the browser's cookie."""
    locked = User.objects.select_for_update().get(pk=user.pk)
    return make_known(locked, browser=browser, origin=DeviceOrigin.SIGN_IN, now=now)


def forget_browsers(user: User) -> None:
    """Make the account's browsers unknown, but those that a recovery link made known (RST-13)."""
    Device.objects.of(user).from_elsewhere_than(DeviceOrigin.RECOVERY_LINK).delete()


def forget_browsers_known_since(user: User, moment: datetime) -> None:
    """Make the browsers unknown that became known at that moment or later, whatever made them known."""
    Device.objects.of(user).known_since(moment).delete()


def forget_unused_browsers(*, now: datetime) -> int:
    """Delete the browsers nobody signed in from for as long as traces are kept (design 4.21); return how many."""
    return batches.delete(Device.objects.unused_since(settings.RETENTION.traces.before(now)))


def recent_failures(user: User) -> int:
    """Wrong tries since the last right one of each browser, however long ago (AUTH-16)."""
    # Not `failures`: that count starts again with every half-hour.
    on_devices: int | None = Device.objects.of(user).aggregate(total=Sum("life_failures"))["total"]
    return user.failed_tries + (on_devices or 0)


def take_turn(*, identifier: str, browser: Browser, now: datetime) -> bool:
    """Count a try of an unknown browser against its address, before anything is hashed; True when it was counted.

    Raises throttle.TooManyTries. A try that succeeds is given back by whoever took the turn.
    """
    if is_unthrottled(identifier=identifier, browser=browser, now=now):
        return False
    throttle.take(browser, now=now)
    return True


def is_waiting(user: User, device: Device | None, *, way: Way, now: datetime) -> bool:
    """Whether this browser may go through the code and the new password, the way it came."""
    if way is Way.FORGOTTEN:
        return rules.may_recover(user)
    is_open = user.state == AccountState.FIRST_CONNECTION or (user.is_blocked and device is not None)
    return is_open and rules.may_change(user) and rules.has_living_temporary_password(user, now=now)


def _count_on_device(device: Device, *, now: datetime) -> bool:
    if device.window_started_at is None or now - device.window_started_at >= rules.DEVICE_WINDOW:
        device.window_started_at, device.failures = now, 0
    device.failures += 1
    device.life_failures += 1
    if device.failures >= rules.MAX_TRIES:
        device.locked_until = now + rules.DEVICE_WINDOW
    device.save(update_fields=["failures", "life_failures", "window_started_at", "locked_until"])
    return device.locked_until is not None and now < device.locked_until


def _block(user: User, *, now: datetime, browser: Browser) -> None:
    # Sessions of known browsers go on, or three strangers could end their owner's work (SESS-05, design 4.5).
    user.block()
    known = [device.nonce_digest for device in Device.objects.of(user) if rules.is_known(device, now=now)]
    user.sessions.opened_elsewhere_than(known).delete()
    emails.account_blocked(user, now=now)
    record(Event.ACCOUNT_BLOCKED, user=user, by=None, now=now, address=browser.address, tries=user.failed_tries)
