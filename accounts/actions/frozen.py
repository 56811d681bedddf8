"""What « Ce n’était pas moi » stops: nothing of a frozen account changes before an advisor spoke with its owner."""

from accounts import rules
from accounts.models import User


class ChangesFrozen(Exception):
    """The account is frozen: see `rules.may_change` for what waits (AUTH-16)."""


def require_unfrozen(user: User) -> None:
    """Raise ChangesFrozen when the account is frozen, as far as this object knows."""
    if not rules.may_change(user):
        raise ChangesFrozen


def lock_unfrozen(user: User) -> User:
    """The account's row, re-read and held for the caller's transaction: a freeze comes before or after, never amid.

    Raises ChangesFrozen.
    """
    locked = User.objects.select_for_update().get(pk=user.pk)
    require_unfrozen(locked)
    return locked
