"""What is written of a second factor: enrolled, removed, replaced by a recovery code."""

from datetime import datetime

from accounts.emails.outgoing import warn
from accounts.models import User
from backoffice.core.journal import Event


def factor_enrolled(user: User, *, is_replacing: bool, now: datetime) -> None:
    """A one-time code is asked at the door from now on, or another application gives it (AUTH-16)."""
    subject = "Votre second facteur est remplacé" if is_replacing else "Votre second facteur est activé"
    warn(
        user,
        "factor_enrolled",
        event=Event.FACTOR_ENROLLED,
        subject=subject,
        now=now,
        at=now,
        is_replacing=is_replacing,
    )


def factor_removed(user: User, *, now: datetime) -> None:
    """The password alone opens the account again (AUTH-16)."""
    warn(user, "factor_removed", event=Event.FACTOR_REMOVED, subject="Votre second facteur est retiré", now=now, at=now)


def factor_reset(user: User, *, is_owed: bool, now: datetime) -> None:
    """Two advisors took it away: the password alone opens the account, until another is enrolled (AUTH-16)."""
    subject = "Votre second facteur est retiré"
    warn(user, "factor_reset", event=Event.FACTOR_REMOVED, subject=subject, now=now, at=now, is_owed=is_owed)


def recovery_code_used(user: User, *, left: int, now: datetime) -> None:
    """Somebody came in with a recovery code, and how many are left (AUTH-16)."""
    warn(
        user,
        "recovery_code_used",
        event=Event.RECOVERY_CODE_USED,
        subject="Connexion avec un code de secours",
        now=now,
        at=now,
        left=left,
    )


def recovery_codes_drawn(user: User, *, now: datetime) -> None:
    """The recovery codes printed before are dead (AUTH-16)."""
    warn(
        user,
        "recovery_codes_drawn",
        event=Event.RECOVERY_CODES_DRAWN,
        subject="Vos codes de secours sont remplacés",
        now=now,
        at=now,
    )
