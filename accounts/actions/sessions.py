"""Ending sessions."""

from accounts.models import Session, User


def end_sessions(*, user: User, keep: str = "") -> int:
    """End a person's sessions within one request, all but the one of the digest `keep`; return how many (SESS-05)."""
    ended: int = Session.objects.of(user).without(keep).delete()[0]
    return ended
