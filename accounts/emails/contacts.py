"""What is written of a change of e-mail or telephone, to the addresses it concerns."""

from datetime import datetime

from accounts import rules
from accounts.emails.outgoing import queue, warn
from accounts.enums import CancelReason, LinkPurpose
from accounts.models import ContactChange, User
from backoffice.core.journal import Event


def email_change_asked(user: User, *, change: ContactChange, now: datetime) -> None:
    """To the address on file: another was given, and what to do if its owner did not ask (AUTH-16)."""
    warn(
        user,
        "email_change_asked",
        event=Event.EMAIL_CHANGE_ASKED,
        subject="Changement de votre adresse e-mail",
        now=now,
        change=change,
    )


def email_change_link(user: User, *, change: ContactChange, token: str, now: datetime) -> None:
    """Secret, to the new address: the link that proves it is read. Says nothing of whose account it is.

    Whoever mistypes an address writes to a stranger, who learns neither a name nor an identifier.
    """
    expires_at = change.asked_at + rules.LINK_LIVES[LinkPurpose.EMAIL_CHANGE]
    subject = "Confirmez votre adresse e-mail"
    context = {"token": token, "expires_at": expires_at}
    queue(user, "email_change_link", subject=subject, now=now, to=change.value, is_secret=True, **context)


def email_change_confirmed(user: User, *, change: ContactChange, now: datetime) -> None:
    """To the address on file: the new one was confirmed, and from when it will be used (AUTH-16)."""
    warn(
        user,
        "email_change_confirmed",
        event=Event.EMAIL_CHANGE_CONFIRMED,
        subject="Nouvelle adresse e-mail confirmée",
        now=now,
        change=change,
    )


def email_changed(user: User, *, former: str, now: datetime) -> None:
    """To both addresses: the former one is warned, the new one welcomed (AUTH-16)."""
    subject = "Votre adresse e-mail est changée"
    warn(user, "email_changed_former", event=Event.EMAIL_CHANGED, subject=subject, now=now, to=former)
    queue(user, "email_changed", subject=subject, now=now)


def phone_change_asked(user: User, *, change: ContactChange, now: datetime) -> None:
    """Another telephone was given, and from when it will be called (AUTH-16)."""
    warn(
        user,
        "phone_change_asked",
        event=Event.PHONE_CHANGE_ASKED,
        subject="Changement de votre téléphone",
        now=now,
        change=change,
    )


def phone_changed(user: User, *, now: datetime) -> None:
    """The new telephone is the one that is called (AUTH-16)."""
    warn(user, "phone_changed", event=Event.PHONE_CHANGED, subject="Votre téléphone est changé", now=now)


def contact_change_cancelled(user: User, *, change: ContactChange, reason: CancelReason, now: datetime) -> None:
    """What was on file stays, and why (AUTH-16)."""
    subject = "Changement de coordonnées annulé"
    warn(
        user,
        "contact_change_cancelled",
        event=Event.CONTACT_CHANGE_CANCELLED,
        subject=subject,
        now=now,
        change=change,
        reason=reason.label,
    )
