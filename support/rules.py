"""What each motive asks for, and how many requests one address may send."""

from datetime import timedelta

from support.enums import NEEDED, WELCOME, Motive
from support.models import ContactRequest

# Requests from one address in this time (RST-12).
REQUESTS_PER_ADDRESS = 5
WINDOW = timedelta(hours=1)


def asks_for(motive: Motive, field: str) -> bool:
    """Whether the form of this motive holds that field at all."""
    return field in NEEDED[motive] or field in WELCOME[motive]


def needs(motive: Motive, field: str) -> bool:
    """Whether a request of this motive is useless without that field."""
    return field in NEEDED[motive]


def asks_for_reset(contact: ContactRequest) -> bool:
    """Whether the request is one to reopen an account."""
    return contact.motive == Motive.ACCOUNT_RESET
