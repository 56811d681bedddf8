"""Having a second factor: a new key, its first right code, the recovery codes, and giving it up."""

from datetime import datetime

from django.db import transaction

from accounts import emails, one_time_codes, rules
from accounts.actions.frozen import lock_unfrozen
from accounts.actions.records import record
from accounts.actions.second_factor import require_open
from accounts.actions.sessions import end_sessions
from accounts.browsers import Browser
from accounts.models import RecoveryCode, TotpDevice, User
from backoffice.core.journal import Event


class NothingToConfirm(Exception):
    """No key waits for its first code: it was confirmed, it is more than half an hour old, or there never was one."""


class NoFactor(Exception):
    """The person has no second factor."""


class FactorNeeded(Exception):
    """The factor cannot be given up: the person's kind or company asks for one (AUTH-18)."""


@transaction.atomic
def begin_enrolment(*, user: User, now: datetime) -> TotpDevice:
    """Draw a key for the person's application; a factor there is meanwhile goes on being asked.

    A key that already waits is kept, so that the page sent twice does not change the picture under the camera. Raises
    ChangesFrozen.
    """
    locked = lock_unfrozen(user)
    waiting = TotpDevice.objects.of(locked).pending(since=now - rules.ENROLMENT_LIFE).first()
    if waiting is not None:
        return waiting
    TotpDevice.objects.of(locked).unconfirmed().delete()
    begun = TotpDevice(user=locked, created_at=now)
    begun.seal_secret(one_time_codes.draw_key())
    begun.save(force_insert=True)
    return begun


@transaction.atomic
def confirm_enrolment(*, user: User, code: str, session: str, browser: Browser, now: datetime) -> list[str] | None:
    """Compare the first code of the new key; right, it is asked from now on, in place of an earlier one.

    Returns the recovery codes, to be shown once, or None when the code was wrong: nothing is guessed here, since the
    key was just shown, so it counts at no door. Other sessions end, all but the one of the digest `session`: they were
    opened without this factor. Raises ChangesFrozen, NothingToConfirm, FactorClosed.
    """
    locked = lock_unfrozen(user)
    waiting = TotpDevice.objects.of(locked).pending(since=now - rules.ENROLMENT_LIFE).first()
    if waiting is None:
        raise NothingToConfirm
    require_open(waiting, now=now)
    if not (one_time_codes.is_application_code(code) and waiting.accept(code, at=now)):
        waiting.note_failure(at=now)
        waiting.save(update_fields=["failures"])
        return None
    is_replacing = bool(TotpDevice.objects.of(locked).confirmed().delete()[0])
    waiting.confirm(at=now)
    waiting.save(update_fields=["confirmed", "confirmed_at", "last_step", "failures"])
    drawn = _draw(locked, now=now)
    end_sessions(user=locked, keep=session)
    emails.factor_enrolled(locked, is_replacing=is_replacing, now=now)
    record(Event.FACTOR_ENROLLED, user=locked, by=locked, now=now, address=browser.address, replaced=is_replacing)
    return drawn


@transaction.atomic
def draw_recovery_codes(*, user: User, browser: Browser, now: datetime) -> list[str]:
    """Draw ten others, to be shown once; the earlier ones are dead. Raises ChangesFrozen, NoFactor."""
    locked = lock_unfrozen(user)
    if not rules.has_factor(locked):
        raise NoFactor
    drawn = _draw(locked, now=now)
    emails.recovery_codes_drawn(locked, now=now)
    record(Event.RECOVERY_CODES_DRAWN, user=locked, by=locked, now=now, address=browser.address)
    return drawn


@transaction.atomic
def remove_factor(*, user: User, session: str, browser: Browser, now: datetime) -> None:
    """Ask the password alone again; the recovery codes die, and other sessions than the one of `session` end.

    Raises ChangesFrozen, NoFactor, FactorNeeded.
    """
    locked = lock_unfrozen(user)
    if not rules.has_factor(locked):
        raise NoFactor
    if rules.must_have_factor(locked):
        raise FactorNeeded
    TotpDevice.objects.of(locked).delete()
    RecoveryCode.objects.of(locked).delete()
    end_sessions(user=locked, keep=session)
    emails.factor_removed(locked, now=now)
    record(Event.FACTOR_REMOVED, user=locked, by=locked, now=now, address=browser.address)


def _draw(user: User, *, now: datetime) -> list[str]:
    """Ten recovery codes as they are printed; only their digests are kept."""
    RecoveryCode.objects.of(user).delete()
    drawn = [one_time_codes.draw_recovery_code() for _ in range(rules.RECOVERY_CODES)]
    RecoveryCode.objects.bulk_create(
        RecoveryCode(user=user, digest=one_time_codes.digest_of(code, owner=user.public_id), drawn_at=now)
        for code in drawn
    )
    return [one_time_codes.printed(code) for code in drawn]
