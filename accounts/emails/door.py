"""What the door writes: identifier, passwords, blocks, and browsers that were not known."""

from datetime import datetime
from typing import Any

from django.conf import settings

from accounts import links, rules
from accounts.emails.outgoing import queue, warn
from accounts.enums import LinkPurpose, Unblocking, Way
from accounts.models import ToldCode, User
from backoffice.core.journal import Event


def identifier(user: User, *, now: datetime) -> None:
    """The identifier alone; the temporary password travels in a message of its own."""
    subject = f"Votre identifiant {settings.BRAND['name']}"
    queue(user, "identifier", subject=subject, now=now, inviter=_inviter(user))


def temporary_password(user: User, *, password: str, now: datetime) -> None:
    """Secret: the body is gone once sent. Never holds the code of first connection (RST-04, RST-08).

    Carries a link that makes the owner's browser known, so that strangers' tries do not stop them (design 4.5).
    """
    token = links.issue(purpose=LinkPurpose.RECOVERY, user=user, now=now)
    context: dict[str, Any] = {"password": password, "token": token, "expires_at": user.temporary_password_expires_at}
    context["inviter"] = _inviter(user)
    queue(user, "temporary_password", subject="Votre mot de passe temporaire", now=now, is_secret=True, **context)


def account_blocked(user: User, *, now: datetime) -> None:
    """The account refuses every try from now on, and what to do (AUTH-16)."""
    warn(user, "account_blocked", event=Event.ACCOUNT_BLOCKED, subject="Votre compte est bloqué", now=now)


def account_unblocked(user: User, *, unblocking: Unblocking, now: datetime) -> None:
    """Every browser is taken again, by whom, and with which password (AUTH-16)."""
    subject = "Votre compte est débloqué"
    warn(
        user,
        "account_unblocked",
        event=Event.ACCOUNT_UNBLOCKED,
        subject=subject,
        now=now,
        at=now,
        unblocking=unblocking,
    )


def sessions_ended(user: User, *, now: datetime) -> None:
    """An advisor signed the person out everywhere; nothing else changed."""
    queue(user, "sessions_ended", subject="Vos sessions sont terminées", now=now, at=now)


def new_browser(user: User, *, now: datetime) -> None:
    """Somebody signed in from a browser the account did not know, after several wrong tries (AUTH-16)."""
    warn(
        user,
        "new_browser",
        event=Event.ACCOUNT_SIGNED_IN,
        subject="Connexion depuis un nouveau navigateur",
        now=now,
        at=now,
    )


def forgotten_password(user: User, *, token: str, now: datetime) -> None:
    """Secret: the link to the code, then to a new password; without a token, whom to ask (design 4.7)."""
    context: dict[str, Any] = {"token": token, "expires_at": now + rules.LINK_LIVES[LinkPurpose.FORGOTTEN]}
    queue(user, "forgotten_password", subject="Votre mot de passe oublié", now=now, is_secret=True, **context)


def password_chosen(user: User, *, way: Way, now: datetime) -> None:
    """The person's own password is in place (AUTH-16)."""
    context: dict[str, Any] = {"at": now, "was_temporary": way is Way.TEMPORARY_PASSWORD}
    warn(
        user,
        "password_chosen",
        event=Event.PASSWORD_CHOSEN,
        subject="Votre mot de passe est enregistré",
        now=now,
        **context,
    )


def password_changed(user: User, *, now: datetime) -> None:
    """Somebody who knew the current password replaced it (AUTH-16, PWD-08)."""
    warn(
        user, "password_changed", event=Event.PASSWORD_CHANGED, subject="Votre mot de passe est changé", now=now, at=now
    )


def _inviter(user: User) -> str:
    """Who tells this person the code of first connection; an empty string when it stands on a contract."""
    told = ToldCode.objects.of(user).select_related("told_by").first()
    return told.told_by.full_name if told else ""
