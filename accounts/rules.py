"""Who may try, how many times, for how long: constants with their units, and questions that only answer."""

from datetime import datetime, timedelta

from accounts.enums import AccountState, LinkPurpose
from accounts.models import User

# Wrong tries in a row, passwords and codes together, that block an account (AUTH-01, RST-07).
MAX_TRIES = 3
# How long a temporary password opens the first connection (RST-04).
TEMPORARY_PASSWORD_LIFE = timedelta(hours=72)
# How long each mailed link works (design 4.5, 4.7, AUTH-16).
LINK_LIVES = {
    LinkPurpose.RECOVERY: timedelta(hours=72),
    LinkPurpose.FORGOTTEN: timedelta(hours=1),
    LinkPurpose.NOT_ME: timedelta(days=7),
    LinkPurpose.EMAIL_CHANGE: timedelta(hours=72),
    LinkPurpose.ADVISOR_INVITATION: timedelta(hours=72),
}
# How many of a person's last passwords cannot be chosen again (PWD-06).
PASSWORDS_REMEMBERED = 4
# Characters, at least; advisors see many merchants (design 4.8).
MERCHANT_MINIMUM_LENGTH, ADVISOR_MINIMUM_LENGTH = 8, 12

TRYING_STATES = frozenset({AccountState.FIRST_CONNECTION, AccountState.ACTIVE})


def may_try(user: User) -> bool:
    """Whether a password or a code is compared at all: never once blocked or closed (AUTH-01)."""
    return user.state in TRYING_STATES and user.failed_tries < MAX_TRIES


def has_spent_tries(user: User) -> bool:
    """Whether the account must be blocked now."""
    return user.failed_tries >= MAX_TRIES


def is_in_first_connection(user: User, *, now: datetime) -> bool:
    """Whether the person may go through the code and the new password: state and the 72 hours (RST-04, RST-05)."""
    deadline = user.temporary_password_expires_at
    return user.state == AccountState.FIRST_CONNECTION and deadline is not None and now < deadline


def minimum_length(user: User) -> int:
    """Fewest characters of this person's password."""
    return ADVISOR_MINIMUM_LENGTH if user.is_advisor else MERCHANT_MINIMUM_LENGTH
