"""How advisors come: an invitation by e-mail, and a password of their own."""

from datetime import datetime

from django.contrib.auth.hashers import make_password
from django.db import transaction

from accounts import emails, identifiers, links, passwords
from accounts.actions import tries
from accounts.actions.choosing import require_strength
from accounts.actions.door import SignIn
from accounts.actions.opening import free_identifier
from accounts.actions.records import record
from accounts.browsers import Browser
from accounts.enums import AccountState, DeviceOrigin, LinkPurpose, SignInStep, UserKind
from accounts.models import PasswordRecord, User
from backoffice.core.journal import Event


class AlreadyOpen(Exception):
    """An advisor of this e-mail has an account already; carries `user`."""

    def __init__(self, user: User) -> None:
        super().__init__(user.identifier)
        self.user = user


class IdentifierTaken(Exception):
    """Another account bears this identifier, or the invited person another one."""


class IdentifierRefused(Exception):
    """No account can bear this identifier."""


@transaction.atomic
def invite_advisor(
    *, first_name: str, last_name: str, email: str, now: datetime, identifier: str | None = None
) -> tuple[User, str]:
    """Mail an advisor the link to a password of their own; return the account, and the link's token.

    Invited again at the same e-mail, the person gets another link and the former dies; the names are those given last.
    Raises AlreadyOpen, IdentifierTaken, IdentifierRefused.
    """
    user = User.objects.advisors_at(email).select_for_update().first()
    if user is not None and user.state != AccountState.INVITED:
        raise AlreadyOpen(user)
    wished = _wished(identifier, user)
    if user is None:
        user = User(
            identifier=free_identifier(wished, last_name=last_name),
            kind=UserKind.ADVISOR,
            email=email,
            state=AccountState.INVITED,
            password=make_password(None),
            created_at=now,
        )
    user.first_name, user.last_name = first_name, last_name
    user.save()
    links.kill(user=user, purpose=LinkPurpose.ADVISOR_INVITATION, now=now)
    token = links.issue(purpose=LinkPurpose.ADVISOR_INVITATION, user=user, now=now)
    emails.advisor_invitation(user, token=token, now=now)
    record(Event.ADVISOR_INVITED, user=user, by=None, now=now)
    return user, token


def find_invited(*, token: str, now: datetime) -> User | None:
    """Whom a usable invitation is for; None once it is over."""
    link = links.find(token, purpose=LinkPurpose.ADVISOR_INVITATION, now=now)
    return link.user if link and link.user.is_invited else None


def accept_invitation(*, token: str, password: str, browser: Browser, now: datetime) -> SignIn:
    """Open the invited advisor's account with a password of their own; the link is used up.

    A refused password leaves the link as it was. Raises links.LinkOver, or PasswordRefused: advisors' passwords count
    12 characters (design 4.8).
    """
    user = find_invited(token=token, now=now)
    if user is None:
        raise links.LinkOver
    require_strength(user, password)
    password_hash = passwords.hash_password(password)
    with transaction.atomic():
        locked = User.objects.select_for_update().get(pk=user.pk)
        links.take(token, purpose=LinkPurpose.ADVISOR_INVITATION, now=now)
        locked.activate(password_hash=password_hash)
        locked.save(update_fields=["state", "password", "temporary_password_expires_at", "failed_tries"])
        PasswordRecord.objects.create(user=locked, password=locked.password, at=now)
        emails.invitation_accepted(locked, now=now)
        record(Event.PASSWORD_CHOSEN, user=locked, by=locked, now=now, address=browser.address, way="invitation")
        cookie = tries.make_known(locked, browser=browser, origin=DeviceOrigin.SIGN_IN, now=now)
    return SignIn(SignInStep.SIGNED_IN, locked, device_cookie=cookie)


def _wished(identifier: str | None, invited: User | None) -> str | None:
    """The identifier asked for, in its one spelling, once it is sure that this person may bear it."""
    if identifier is None:
        return None
    wished = identifiers.normalise(identifier)
    if not identifiers.is_well_formed(wished):
        raise IdentifierRefused
    if invited is not None and invited.identifier != wished:
        raise IdentifierTaken
    if invited is None and User.objects.known_as(wished).exists():
        raise IdentifierTaken
    return wished
