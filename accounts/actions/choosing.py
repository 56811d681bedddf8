"""Choosing a password of one's own: what it must be, the end of the first connection, and changing it later."""

from datetime import datetime

from django.db import transaction

from accounts import emails, links, passwords, rules
from accounts.actions import tries
from accounts.actions.door import SignIn
from accounts.actions.frozen import require_unfrozen
from accounts.actions.records import record
from accounts.actions.sessions import end_sessions
from accounts.browsers import Browser
from accounts.enums import AccountState, Comparison, DeviceOrigin, LinkPurpose, SignInStep, Way
from accounts.models import PasswordRecord, ToldCode, User
from accounts.passwords import Assessment, Level
from accounts.words import words_of
from backoffice.core.journal import Event
from backoffice.core.moves import IllegalMove


class PasswordRefused(Exception):
    """The password does not reach « Sécurité OK »; carries `assessment`, never the password."""

    def __init__(self, assessment: Assessment) -> None:
        super().__init__(assessment.level.value)
        self.assessment = assessment


class PasswordAlreadyUsed(Exception):
    """The password is the mailed one, the current one or one of the last four (PWD-06)."""


class CurrentPasswordRefused(Exception):
    """The current password was not given; carries `comparison`, CLOSED when no more tries are taken (PWD-01)."""

    def __init__(self, comparison: Comparison) -> None:
        super().__init__(comparison.value)
        self.comparison = comparison


def choose_password(
    *, user: User, password: str, now: datetime, browser: Browser, way: Way = Way.TEMPORARY_PASSWORD
) -> SignIn:
    """End the first connection with the person's own password; the temporary one is used up (RST-06).

    After the link of a forgotten one (`way`) an active account gets the new password in place of its own.

    A block is lifted thereby, since the person had the code; the browser becomes known. Whoever has a second factor is
    asked for it next. Raises PasswordRefused, PasswordAlreadyUsed, or IllegalMove when no first connection is going on
    here (PWD-02, PWD-06).
    """
    require_strength(user, password)
    require_unused(user, password)
    password_hash = passwords.hash_password(password)
    with transaction.atomic():
        locked = User.objects.select_for_update().get(pk=user.pk)
        # Hashing took a while: another temporary password may have been drawn, or the 72 hours be over (RST-04).
        device = tries.known_device(locked, browser=browser, now=now)
        if locked.password != user.password or not tries.is_waiting(locked, device, way=way, now=now):
            raise IllegalMove(locked.state, AccountState.ACTIVE)
        if locked.temporary_password_expires_at is not None:
            _remember_mailed(locked, now=now)
        if locked.is_active:
            locked.renew_password(password_hash=password_hash)
        else:
            locked.activate(password_hash=password_hash)
        locked.save(update_fields=["state", "password", "temporary_password_expires_at", "failed_tries"])
        _remember_chosen(locked, now=now)
        end_sessions(user=locked)
        # The printable form of an invited person's code has served (design 4.6).
        ToldCode.objects.of(locked).destroy(at=now)
        emails.password_chosen(locked, way=way, now=now)
        record(Event.PASSWORD_CHOSEN, user=locked, by=locked, now=now, address=browser.address, way=way.value)
        if rules.has_factor(locked):
            return SignIn(SignInStep.FACTOR_DUE, locked)
        cookie = tries.make_known(locked, browser=browser, origin=DeviceOrigin.SIGN_IN, now=now)
    return SignIn(SignInStep.SIGNED_IN, locked, device_cookie=cookie)


def change_password(*, user: User, current: str, password: str, session: str, now: datetime, browser: Browser) -> User:
    """Replace the password of somebody signed in, who gives the current one; other sessions end (PWD-01, PWD-08).

    `session` is the digest of the session to keep. Known browsers stay known. Returns the user under the new password.
    Raises ChangesFrozen, CurrentPasswordRefused (a wrong one counts as at the door), PasswordRefused,
    PasswordAlreadyUsed, or IllegalMove when the account was closed or its password replaced meanwhile.
    """
    require_unfrozen(user)
    comparison = tries.compare_password(user=user, password=current, browser=browser, now=now)
    if comparison is not Comparison.RIGHT:
        raise CurrentPasswordRefused(comparison)
    require_strength(user, password)
    require_unused(user, password)
    password_hash = passwords.hash_password(password)
    with transaction.atomic():
        locked = User.objects.select_for_update().get(pk=user.pk)
        require_unfrozen(locked)
        # Hashing took a while: two changes at once, or an advisor's treatment meanwhile, leave one password.
        if not rules.has_own_password(locked) or locked.password != user.password:
            raise IllegalMove(locked.state, AccountState.ACTIVE)
        locked.password = password_hash
        locked.save(update_fields=["password"])
        _remember_chosen(locked, now=now)
        links.kill(user=locked, purpose=LinkPurpose.FORGOTTEN, now=now)
        end_sessions(user=locked, keep=session)
        emails.password_changed(locked, now=now)
        record(Event.PASSWORD_CHANGED, user=locked, by=locked, now=now, address=browser.address)
    return locked


def require_strength(user: User, password: str) -> None:
    """Raise PasswordRefused unless the password reaches « Sécurité OK » for this person (design 4.8, PWD-02)."""
    assessment = passwords.assess(password, words_of(user), minimum=rules.minimum_length(user))
    if assessment.level is not Level.OK:
        raise PasswordRefused(assessment)


def require_unused(user: User, password: str) -> None:
    """Raise PasswordAlreadyUsed for the current password, one of the last four, or the mailed one (PWD-06)."""
    chosen = PasswordRecord.objects.of(user).chosen()[: rules.PASSWORDS_REMEMBERED]
    mailed = PasswordRecord.objects.of(user).mailed()[:1]
    encoded = dict.fromkeys([user.password, *(kept.password for kept in [*chosen, *mailed])])
    if any(passwords.verify(password, one)[0] for one in encoded):
        raise PasswordAlreadyUsed


def _remember_chosen(user: User, *, now: datetime) -> None:
    PasswordRecord.objects.create(user=user, password=user.password, at=now)
    PasswordRecord.objects.of(user).chosen().forget_beyond(rules.PASSWORDS_REMEMBERED)


def _remember_mailed(user: User, *, now: datetime) -> None:
    """Keep the hash of the temporary password that is being used up: the last one mailed is enough."""
    PasswordRecord.objects.create(user=user, password=user.password, at=now, was_mailed=True)
    PasswordRecord.objects.of(user).mailed().forget_beyond(1)
