"""What is written of a freeze, by « Ce n’était pas moi » and its end."""

from datetime import datetime

from accounts.emails.outgoing import queue, warn
from accounts.models import User
from accounts.not_me import Report
from backoffice.core.journal import Event


def account_frozen(user: User, *, reported: Report, now: datetime) -> None:
    """What a report of « Ce n’était pas moi » did, and who acts next (AUTH-16).

    When the e-mail itself was what somebody else changed, to the company: the address on file is theirs.
    """
    company = user.company
    is_astray = reported.event is Event.EMAIL_CHANGED and company is not None
    to = company.email if company and is_astray else ""
    subject = "Les modifications de votre compte sont gelées"
    queue(user, "account_frozen", subject=subject, now=now, to=to, reported=reported)


def account_unfrozen(user: User, *, now: datetime) -> None:
    """An advisor opened the account to changes again (AUTH-16)."""
    subject = "Votre compte peut de nouveau être modifié"
    warn(user, "account_unfrozen", event=Event.ACCOUNT_UNFROZEN, subject=subject, now=now, at=now)
