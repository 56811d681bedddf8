"""Choosing a password of one's own: what it must be, and the end of the first connection."""

from datetime import datetime

from django.db import transaction

from accounts import emails, passwords, rules
from accounts.actions import tries
from accounts.actions.door import SignIn
from accounts.actions.records import record
from accounts.actions.sessions import end_sessions
from accounts.browsers import Browser
from accounts.enums import AccountState, DeviceOrigin, SignInStep, Way
from accounts.models import PasswordRecord, User
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


def choose_password(
    *, user: User, password: str, now: datetime, browser: Browser, way: Way = Way.TEMPORARY_PASSWORD
) -> SignIn:
    """End the first connection with the person's own password; the temporary one is used up (RST-06).

    After the link of a forgotten one (`way`) an active account gets the new password in place of its own.

    A block is lifted thereby, since the person had the code; the browser becomes known. Raises PasswordRefused,
    PasswordAlreadyUsed, or IllegalMove when no first connection is going on here (PWD-02, PWD-06).
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
        if locked.is_active:
            locked.renew_password(password_hash=password_hash)
        else:
            locked.activate(password_hash=password_hash)
        locked.save(update_fields=["state", "password", "temporary_password_expires_at", "failed_tries"])
        PasswordRecord.objects.create(user=locked, password=password_hash, at=now)
        PasswordRecord.objects.forget_beyond(rules.PASSWORDS_REMEMBERED, user=locked)
        end_sessions(user=locked)
        emails.password_chosen(locked, way=way, now=now)
        record(Event.PASSWORD_CHOSEN, user=locked, by=locked, now=now, address=browser.address, way=way.value)
        cookie = tries.make_known(locked, browser=browser, origin=DeviceOrigin.SIGN_IN, now=now)
    return SignIn(SignInStep.SIGNED_IN, locked, device_cookie=cookie)


def require_strength(user: User, password: str) -> None:
    assessment = passwords.assess(password, words_of(user), minimum=rules.minimum_length(user))
    if assessment.level is not Level.OK:
        raise PasswordRefused(assessment)


def require_unused(user: User, password: str) -> None:
    remembered = [record.password for record in PasswordRecord.objects.of(user)[: rules.PASSWORDS_REMEMBERED]]
    if any(passwords.verify(password, encoded)[0] for encoded in dict.fromkeys([user.password, *remembered])):
        raise PasswordAlreadyUsed
