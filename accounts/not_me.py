"""What the link of « Ce n’était pas moi » is about: which event, on whose account, and when (AUTH-16)."""

from dataclasses import dataclass
from datetime import datetime

from accounts import links
from accounts.enums import AccountState, LinkPurpose
from accounts.models import MailedLink, User
from backoffice.core.events import Event


@dataclass(frozen=True)
class Report:
    """Something done to an account that its owner may say was not theirs."""

    user: User
    event: Event
    at: datetime


def find(token: str, *, now: datetime) -> Report | None:
    """What a usable link would report, for a page that only shows; None once it is over."""
    link = links.find(token, purpose=LinkPurpose.NOT_ME, now=now)
    return read(link) if link and link.user.state != AccountState.CLOSED else None


def read(link: MailedLink) -> Report:
    """What this link reports; it was issued when that happened."""
    return Report(user=link.user, event=Event(link.detail["event"]), at=link.issued_at)
