"""What is written of a code of first connection that was lost; the code itself never is (RST-08)."""

from datetime import datetime

from accounts.emails.outgoing import queue, warn
from accounts.models import User
from backoffice.core.journal import Event


def code_replacement_asked(user: User, *, until: datetime, now: datetime) -> None:
    """Another code was chosen on the telephone, and waits for a second advisor (AUTH-16)."""
    warn(
        user,
        "code_replacement_asked",
        event=Event.CODE_REPLACEMENT_ASKED,
        subject="Un nouveau code de première connexion attend son approbation",
        now=now,
        at=now,
        until=until,
    )


def code_replaced(user: User, *, now: datetime) -> None:
    """The former code opens nothing any more (AUTH-16)."""
    subject = "Votre code de première connexion est remplacé"
    warn(user, "code_replaced", event=Event.CODE_REPLACED, subject=subject, now=now, at=now)


def code_not_replaced(user: User, *, now: datetime) -> None:
    """The code stays what it was."""
    queue(user, "code_not_replaced", subject="Votre code de première connexion n’est pas remplacé", now=now)
