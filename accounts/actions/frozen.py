"""What « Ce n’était pas moi » stops: nothing of a frozen account changes before an advisor spoke with its owner."""

from accounts.models import User


class ChangesFrozen(Exception):
    """The account's password, address and telephone cannot change for now (AUTH-16)."""


def require_unfrozen(user: User) -> None:
    """Raise ChangesFrozen when the account is frozen."""
    if user.changes_frozen_at is not None:
        raise ChangesFrozen
