"""Everything that can be done to a company, to an account and at its door."""

from dataclasses import dataclass
from datetime import datetime

from django.db import transaction
from stdnum.fr import siret as stdnum_siret

from accounts import codes, emails, identifiers, passwords, rules
from accounts.enums import AccountState, CodeStep, Role, SignInStep, UserKind
from accounts.models import Company, Membership, PasswordRecord, User
from accounts.passwords import Assessment, Level
from accounts.words import words_of
from backoffice.core import journal
from backoffice.core.journal import Event
from backoffice.core.moves import IllegalMove


@dataclass(frozen=True)
class SignIn:
    """Where a sign-in led; `user` is None when refused, so that no page can say more than « refused » (AUTH-02)."""

    step: SignInStep
    user: User | None = None


class PasswordRefused(Exception):
    """The password does not reach « Sécurité OK »; carries `assessment`, never the password."""

    def __init__(self, assessment: Assessment) -> None:
        super().__init__(assessment.level.value)
        self.assessment = assessment


class PasswordAlreadyUsed(Exception):
    """The password is the mailed one, the current one or one of the last four (PWD-06)."""


# Companies and accounts


@transaction.atomic
def create_company(*, legal_name: str, siret: str, email: str, phone: str, now: datetime) -> Company:
    """Write down a company. Raises stdnum's ValidationError when the SIRET's key is wrong."""
    company = Company.objects.create(
        legal_name=legal_name, siret=stdnum_siret.validate(siret), email=email, phone=phone, created_at=now
    )
    journal.record(Event.COMPANY_CREATED, now=now, company=company.public_id, by=None, about=company)
    return company


@transaction.atomic
def note_trade_name(*, company: Company, name: str) -> None:
    """Remember a name the company trades under, such as a shop's: its people's passwords must not hold it (PWD-05)."""
    locked = Company.objects.select_for_update().get(pk=company.pk)
    if name not in locked.trade_names:
        locked.trade_names = [*locked.trade_names, name]
        locked.save(update_fields=["trade_names"])


@transaction.atomic
def open_merchant_account(
    *,
    company: Company,
    role: Role,
    first_name: str,
    last_name: str,
    email: str,
    phone: str,
    code: str,
    now: datetime,
    identifier: str | None = None,
) -> tuple[User, str]:
    """Open an account in first connection; mail the identifier, then the temporary password, which is also returned.

    `code` is the first-connection code on the paper contract, never mailed. Raises codes.CodeRefused (RST-03, RST-10).
    """
    digits = codes.normalise(code)
    codes.require_acceptable(digits, facts=[company.siret, str(company.phone), str(phone)])
    password = passwords.draw_temporary_password()
    user = User(
        identifier=_free_identifier(identifier, last_name=last_name),
        kind=UserKind.MERCHANT,
        first_name=first_name,
        last_name=last_name,
        email=email,
        phone=phone,
        state=AccountState.FIRST_CONNECTION,
        password=passwords.hash_password(password),
        temporary_password_expires_at=now + rules.TEMPORARY_PASSWORD_LIFE,
        created_at=now,
    )
    user.code_hash = codes.hash_code(digits, owner=user.public_id)
    user.save(force_insert=True)
    Membership.objects.create(user=user, company=company, role=role, created_at=now)
    emails.identifier(user, now=now)
    emails.temporary_password(user, password=password, now=now)
    _record(Event.ACCOUNT_OPENED, user=user, by=None, now=now, kind=user.kind, role=role.value)
    return user, password


@transaction.atomic
def open_advisor_account(
    *, first_name: str, last_name: str, email: str, password: str, now: datetime, identifier: str | None = None
) -> User:
    """Open an advisor's account, active at once. Raises PasswordRefused: advisors' passwords count 12 characters."""
    user = User(
        identifier=_free_identifier(identifier, last_name=last_name),
        kind=UserKind.ADVISOR,
        first_name=first_name,
        last_name=last_name,
        email=email,
        state=AccountState.ACTIVE,
        created_at=now,
    )
    _require_strength(user, password)
    user.password = passwords.hash_password(password)
    user.save(force_insert=True)
    PasswordRecord.objects.create(user=user, password=user.password, at=now)
    emails.identifier(user, now=now)
    _record(Event.ACCOUNT_OPENED, user=user, by=None, now=now, kind=user.kind)
    return user


@transaction.atomic
def redraw_temporary_password(*, user: User, now: datetime) -> str:
    """Draw and mail another temporary password; the earlier one dies, a blocked account waits for its code again.

    Returns the password. Raises IllegalMove when the account is active or closed (RST-03, RST-04).
    """
    locked = User.objects.select_for_update().get(pk=user.pk)
    password = passwords.draw_temporary_password()
    locked.start_first_connection(
        password_hash=passwords.hash_password(password), expires_at=now + rules.TEMPORARY_PASSWORD_LIFE
    )
    locked.save(update_fields=["state", "password", "temporary_password_expires_at", "failed_tries"])
    emails.temporary_password(locked, password=password, now=now)
    _record(Event.TEMPORARY_PASSWORD_DRAWN, user=locked, by=None, now=now)
    return password


# The door


def sign_in(*, identifier: str, password: str, address: str, now: datetime) -> SignIn:
    """Compare a password. Unknown, wrong, blocked, closed, expired: one answer at one cost (AUTH-01, AUTH-02).

    Tries at one account wait for each other on its row, so that parallel ones spend the budget exactly (AUTH-04).
    """
    if passwords.is_too_long(password):
        _record_refusal(user=None, now=now, address=address, reason="too_long")
        return SignIn(SignInStep.REFUSED)
    outcome = _compare_password(identifier=identifier, password=password, address=address, now=now)
    if outcome is None:
        passwords.spend_one_hash(password)
        return SignIn(SignInStep.REFUSED)
    return outcome


def check_first_connection_code(*, user: User, code: str, now: datetime, address: str) -> CodeStep:
    """Compare the code of the paper contract; wrong codes spend the same budget as wrong passwords (RST-07)."""
    with transaction.atomic():
        locked = User.objects.select_for_update().get(pk=user.pk)
        if not (rules.is_in_first_connection(locked, now=now) and rules.may_try(locked)):
            return CodeStep.ENDED
        if codes.is_right(codes.normalise(code), owner=locked.public_id, encoded=locked.code_hash):
            _forget_failures(locked)
            _record(Event.CODE_ACCEPTED, user=locked, by=locked, now=now, address=address)
            return CodeStep.RIGHT
        _record(Event.CODE_REFUSED, user=locked, by=None, now=now, address=address)
        is_blocked = _count_failure(locked, now=now, address=address)
        return CodeStep.ENDED if is_blocked else CodeStep.WRONG


def choose_password(*, user: User, password: str, now: datetime, address: str = "") -> User:
    """End the first connection with the person's own password; the temporary one is used up (RST-06).

    Returns the active user. Raises PasswordRefused, PasswordAlreadyUsed, or IllegalMove when no first connection
    is going on (PWD-02, PWD-06).
    """
    _require_strength(user, password)
    _require_unused(user, password)
    password_hash = passwords.hash_password(password)
    with transaction.atomic():
        locked = User.objects.select_for_update().get(pk=user.pk)
        # Hashing took a while: another temporary password may have been drawn, or the 72 hours be over (RST-04).
        if locked.password != user.password or not rules.is_in_first_connection(locked, now=now):
            raise IllegalMove(locked.state, AccountState.ACTIVE)
        locked.activate(password_hash=password_hash)
        locked.save(update_fields=["state", "password", "temporary_password_expires_at", "failed_tries"])
        PasswordRecord.objects.create(user=locked, password=password_hash, at=now)
        PasswordRecord.objects.forget_beyond(rules.PASSWORDS_REMEMBERED, user=locked)
        emails.password_chosen(locked, now=now)
        _record(Event.PASSWORD_CHOSEN, user=locked, by=locked, now=now, address=address)
    return locked


def sign_out(*, user: User, address: str, now: datetime) -> None:
    """Write down that the person left; ending the session is the view's."""
    _record(Event.ACCOUNT_SIGNED_OUT, user=user, by=user, now=now, address=address)


# Private


def _compare_password(*, identifier: str, password: str, address: str, now: datetime) -> SignIn | None:
    """The outcome of a comparison, or None when nothing was compared: the caller then spends the hash's time."""
    with transaction.atomic():
        user = User.objects.known_as(identifier).select_for_update().first()
        if user is None or not rules.may_try(user):
            _record_refusal(user=user, now=now, address=address, reason=user.state if user else "unknown")
            return None
        is_right, must_rehash = passwords.verify(password, user.password)
        if not is_right:
            _record_refusal(user=user, now=now, address=address, reason="wrong_password")
            _count_failure(user, now=now, address=address)
            return SignIn(SignInStep.REFUSED)
        if must_rehash:
            user.password = passwords.hash_password(password)
            user.save(update_fields=["password"])
        return _enter(user, now=now, address=address)


def _enter(user: User, *, now: datetime, address: str) -> SignIn:
    """The password was right. In first connection this forgives nothing yet: the code shares the budget (RST-07)."""
    if user.state == AccountState.ACTIVE:
        _forget_failures(user)
        _record(Event.ACCOUNT_SIGNED_IN, user=user, by=user, now=now, address=address)
        return SignIn(SignInStep.SIGNED_IN, user)
    if rules.is_in_first_connection(user, now=now):
        _record(Event.TEMPORARY_PASSWORD_ACCEPTED, user=user, by=user, now=now, address=address)
        return SignIn(SignInStep.CODE_DUE, user)
    _record_refusal(user=user, now=now, address=address, reason="expired")
    return SignIn(SignInStep.REFUSED)


def _count_failure(user: User, *, now: datetime, address: str) -> bool:
    """Count one wrong try on a row held under lock; block at the third and tell by e-mail. True when blocked."""
    user.failed_tries += 1
    if not rules.has_spent_tries(user):
        user.save(update_fields=["failed_tries"])
        return False
    user.block()
    user.save(update_fields=["failed_tries", "state"])
    emails.account_blocked(user, now=now)
    _record(Event.ACCOUNT_BLOCKED, user=user, by=None, now=now, address=address, tries=user.failed_tries)
    return True


def _forget_failures(user: User) -> None:
    if user.failed_tries:
        user.failed_tries = 0
        user.save(update_fields=["failed_tries"])


def _require_strength(user: User, password: str) -> None:
    assessment = passwords.assess(password, words_of(user), minimum=rules.minimum_length(user))
    if assessment.level is not Level.OK:
        raise PasswordRefused(assessment)


def _require_unused(user: User, password: str) -> None:
    remembered = [record.password for record in PasswordRecord.objects.of(user)[: rules.PASSWORDS_REMEMBERED]]
    if any(passwords.verify(password, encoded)[0] for encoded in dict.fromkeys([user.password, *remembered])):
        raise PasswordAlreadyUsed


def _free_identifier(wished: str | None, *, last_name: str) -> str:
    if wished is not None:
        return identifiers.normalise(wished)
    drawn = identifiers.draw(last_name)
    while User.objects.known_as(drawn).exists():
        drawn = identifiers.draw(last_name)
    return drawn


def _record(
    event: Event, *, user: User, by: User | None, now: datetime, address: str = "", **detail: str | int | bool
) -> None:
    company = user.company.public_id if user.company else None
    journal.record(event, now=now, company=company, by=by, about=user, address=address, **detail)


def _record_refusal(*, user: User | None, now: datetime, address: str, reason: str) -> None:
    """A refused sign-in. What was typed as an identifier is not kept: people type passwords there (AUTH-15)."""
    if user:
        _record(Event.ACCOUNT_SIGN_IN_REFUSED, user=user, by=None, now=now, address=address, reason=reason)
        return
    journal.record(
        Event.ACCOUNT_SIGN_IN_REFUSED, now=now, company=None, by=None, about=None, address=address, reason=reason
    )
