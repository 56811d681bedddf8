"""How accounts write to somebody: one message, queued inside the action's transaction."""

from datetime import datetime
from typing import Any

from accounts import links, rules
from accounts.enums import LinkPurpose
from accounts.models import User
from backoffice.core import mail
from backoffice.core.journal import Event


def warn(user: User, name: str, *, event: Event, subject: str, now: datetime, to: str = "", **context: Any) -> None:
    """A security mail: its template ends with `_not_me.txt`, whose link reports `event` as somebody else's doing.

    Secret, as whatever holds a link is (AUTH-16, design 4.19).
    """
    token = links.issue(purpose=LinkPurpose.NOT_ME, user=user, now=now, event=event.value)
    not_me = {"token": token, "expires_at": now + rules.LINK_LIVES[LinkPurpose.NOT_ME]}
    queue(user, name, subject=subject, now=now, to=to, is_secret=True, not_me=not_me, **context)


def queue(
    user: User, name: str, *, subject: str, now: datetime, to: str = "", is_secret: bool = False, **context: Any
) -> None:
    """To the address on file, unless `to` names the one that is to come or that was."""
    mail.queue(
        f"accounts/emails/{name}.txt",
        to=to or user.email,
        subject=subject,
        context={"user": user, **context},
        now=now,
        is_secret=is_secret,
        company=user.company.public_id if user.company else None,
        person=user.public_id,
    )
