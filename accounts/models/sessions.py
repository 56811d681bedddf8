"""The sessions of the house, each with whom it belongs to; the table holds digests of their ids (SESS-06, SESS-07)."""

from datetime import datetime
from typing import Self

from django.contrib.sessions.base_session import AbstractBaseSession, BaseSessionManager
from django.db import models

from accounts.models.people import User


class SessionQuerySet(models.QuerySet["Session"]):
    def of(self, user: User) -> Self:
        """A person's sessions, over or not."""
        return self.filter(user=user)

    def living(self, digest: str, *, now: datetime) -> Self:
        """The session of this digest, unless its time is over."""
        return self.filter(session_key=digest, expire_date__gt=now)

    def opened_elsewhere_than(self, devices: list[str]) -> Self:
        """Those not opened in one of the browsers of these nonces."""
        return self.exclude(device__in=devices)

    def without(self, digest: str) -> Self:
        """All but the one whose id has this digest."""
        return self.exclude(session_key=digest)


class SessionManager(BaseSessionManager.from_queryset(SessionQuerySet)):  # type: ignore[misc]
    """Django's own, asked our questions."""


class Session(AbstractBaseSession):
    """A session; `session_key` is the SHA-256 of what the cookie holds, in hex: the table opens no door (SESS-07)."""

    session_key = models.CharField("empreinte", max_length=64, primary_key=True)
    # Who is signed in, or half signed in; nobody for a passer-by's.
    user = models.ForeignKey(User, on_delete=models.CASCADE, null=True, related_name="sessions")

    # The digest of the nonce its browser was given; empty when it was given none.
    device = models.CharField("navigateur", max_length=64, blank=True)

    objects = SessionManager()  # type: ignore[misc]

    class Meta:
        verbose_name = "session"
        verbose_name_plural = "sessions"
