"""Opening companies and accounts, and the temporary passwords that open them."""

from datetime import datetime

from django.db import transaction
from stdnum.fr import siret as stdnum_siret

from accounts import codes, emails, identifiers, passwords, rules
from accounts.actions import tries
from accounts.actions.records import record
from accounts.actions.sessions import end_sessions
from accounts.enums import AccountState, Role, UserKind
from accounts.models import Company, Membership, ToldCode, User
from backoffice.core import journal
from backoffice.core.journal import Event


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
    invited_by: User | None = None,
    ends_at: datetime | None = None,
) -> tuple[User, str]:
    """Open an account in first connection; mail the identifier, then the temporary password, which is also returned.

    `code` is the first-connection code, never mailed: printed on the paper contract, or told by the owner who invites
    (`invited_by`), for whom it stays sealed a while. Raises codes.CodeRefused (RST-03, RST-10).
    """
    digits = codes.normalise(code)
    codes.require_acceptable(digits, facts=[company.siret, str(company.phone), str(phone)])
    password = passwords.draw_temporary_password()
    user = User(
        identifier=free_identifier(identifier, last_name=last_name),
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
    Membership.objects.create(user=user, company=company, role=role, created_at=now, ends_at=ends_at)
    if invited_by is not None:
        told = ToldCode(user=user, told_by=invited_by, at=now)
        told.seal(digits)
        told.save(force_insert=True)
    emails.identifier(user, now=now)
    emails.temporary_password(user, password=password, now=now)
    record(Event.ACCOUNT_OPENED, user=user, by=invited_by, now=now, kind=user.kind, role=role.value)
    return user, password


@transaction.atomic
def redraw_temporary_password(*, user: User, now: datetime) -> str:
    """Draw and mail another temporary password; the earlier one dies, a blocked account waits for its code again.

    Returns the password. Raises IllegalMove when the account is active or closed (RST-03, RST-04).
    """
    locked = User.objects.select_for_update().get(pk=user.pk)
    password = draw_temporary_password(locked, now=now)
    end_sessions(user=locked)
    tries.forget_browsers(locked)
    record(Event.TEMPORARY_PASSWORD_DRAWN, user=locked, by=None, now=now)
    return password


def draw_temporary_password(locked: User, *, now: datetime) -> str:
    """Put a temporary password in the place of whatever there was, on a row held under lock, and mail it (RST-04).

    Raises IllegalMove when the account is active or closed.
    """
    password = passwords.draw_temporary_password()
    locked.start_first_connection(
        password_hash=passwords.hash_password(password), expires_at=now + rules.TEMPORARY_PASSWORD_LIFE
    )
    locked.save(update_fields=["state", "password", "temporary_password_expires_at", "failed_tries"])
    emails.temporary_password(locked, password=password, now=now)
    return password


def free_identifier(wished: str | None, *, last_name: str) -> str:
    """The identifier that was wished for, in its one spelling, or one drawn from the name that nobody bears."""
    if wished is not None:
        return identifiers.normalise(wished)
    drawn = identifiers.draw(last_name)
    while User.objects.known_as(drawn).exists():
        drawn = identifiers.draw(last_name)
    return drawn
