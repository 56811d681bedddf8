"""What is written of who comes and goes: advisors, and the people of a company."""

from datetime import datetime
from typing import Any

from django.conf import settings

from accounts import rules
from accounts.emails.outgoing import queue, warn
from accounts.enums import ClosingReason, LinkPurpose
from accounts.models import Membership, User
from backoffice.core.journal import Event


def advisor_invitation(user: User, *, token: str, now: datetime) -> None:
    """Secret: the link by which an invited advisor chooses a password."""
    expires_at = now + rules.LINK_LIVES[LinkPurpose.ADVISOR_INVITATION]
    subject = f"Votre invitation {settings.BRAND['name']}"
    context: dict[str, Any] = {"token": token, "expires_at": expires_at}
    queue(user, "advisor_invitation", subject=subject, now=now, is_secret=True, **context)


def invitation_accepted(user: User, *, now: datetime) -> None:
    """The invited advisor's account is open: the identifier to keep (AUTH-16)."""
    subject = f"Votre identifiant {settings.BRAND['name']}"
    warn(user, "invitation_accepted", event=Event.PASSWORD_CHOSEN, subject=subject, now=now, at=now)


def person_invited(owner: User, *, place: Membership, by: User, now: datetime) -> None:
    """Told to every owner: somebody else will have access to the company (AUTH-16)."""
    warn(
        owner,
        "person_invited",
        event=Event.PERSON_INVITED,
        subject="Une personne est invitée",
        now=now,
        at=now,
        place=place,
        by=by,
    )


def owner_made(owner: User, *, place: Membership, by: User, now: datetime) -> None:
    """Told to every owner: somebody may do from now on all that they may (AUTH-16)."""
    warn(
        owner,
        "owner_made",
        event=Event.PERSON_ROLE_CHANGED,
        subject="Votre société a un gérant de plus",
        now=now,
        at=now,
        place=place,
        by=by,
    )


def role_changed(place: Membership, *, by: User, now: datetime) -> None:
    """What the person may do from now on."""
    warn(
        place.user,
        "role_changed",
        event=Event.PERSON_ROLE_CHANGED,
        subject="Votre rôle a changé",
        now=now,
        at=now,
        place=place,
        by=by,
    )


def person_removed(place: Membership, *, now: datetime) -> None:
    """The access is over; whom to ask when that is not expected."""
    queue(place.user, "person_removed", subject="Votre accès est retiré", now=now, place=place)


def access_ended(place: Membership, *, now: datetime) -> None:
    """The planned end has come."""
    queue(place.user, "access_ended", subject="Votre accès est terminé", now=now, place=place)


def access_ended_for(owner: User, *, place: Membership, now: datetime) -> None:
    """Told to every owner: an integrator's access ended by itself, as planned."""
    queue(owner, "access_ended_for", subject="Un accès s’est terminé", now=now, place=place)


def access_closed(place: Membership, *, reason: ClosingReason, is_account_closed: bool, now: datetime) -> None:
    """An advisor closed the access, and why; the account too, unless it serves another company."""
    context: dict[str, Any] = {"place": place, "reason": reason.label, "is_account_closed": is_account_closed}
    queue(place.user, "access_closed", subject="Votre accès est fermé", now=now, **context)


def access_closed_for(owner: User, *, place: Membership, reason: ClosingReason, now: datetime) -> None:
    """Told to every owner who is left: an advisor closed somebody's access, and why."""
    queue(owner, "access_closed_for", subject="Un accès est fermé", now=now, place=place, reason=reason.label)


def access_closed_without_owner(place: Membership, *, reason: ClosingReason, now: datetime) -> None:
    """Told to the company at its own address, for want of an owner: nobody manages it now."""
    to, subject = place.company.email, "Votre société n’a plus de gérant"
    context: dict[str, Any] = {"place": place, "reason": reason.label}
    queue(place.user, "access_closed_without_owner", subject=subject, now=now, to=to, **context)
