"""The sessions of the house, each with whom it belongs to; the table holds digests of their ids (SESS-06, SESS-07)."""

from datetime import datetime
from typing import Self
from uuid import UUID

from django.contrib.sessions.base_session import AbstractBaseSession, BaseSessionManager
from django.db import models

from accounts import agents
from accounts.models.people import User


class SessionQuerySet(models.QuerySet["Session"]):
    def of(self, user: User) -> Self:
        """A person's sessions, over or not."""
        return self.filter(user=user)

    def of_signed_in(self, user: User, *, now: datetime) -> Self:
        """A person's sessions that still open pages, the last used first."""
        return self.filter(user=user, public_id__isnull=False, expire_date__gt=now).order_by("-last_seen_at", "pk")

    def with_digest(self, digest: str) -> Self:
        """The session of this digest, over or not."""
        return self.filter(session_key=digest)

    def with_person(self) -> Self:
        return self.select_related("user")

    def with_public_id(self, public_id: UUID) -> Self:
        return self.filter(public_id=public_id)

    def opened_in(self, device: str) -> Self:
        """Those opened in the known browser of this nonce."""
        return self.filter(device=device)

    def ended_since(self, moment: datetime) -> Self:
        """Those that ended at that moment or later, and those that go on."""
        return self.filter(expire_date__gte=moment)

    def over_before(self, moment: datetime) -> Self:
        return self.filter(expire_date__lt=moment)

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
    # What its owner sees of it; empty for a passer-by's session (SESS-06).
    public_id = models.UUIDField("identifiant public", null=True, unique=True)
    started_at = models.DateTimeField("ouverte le", null=True)
    last_seen_at = models.DateTimeField("dernière utilisation", null=True)
    address = models.CharField("adresse", max_length=45, blank=True, default="")
    agent = models.CharField("navigateur", max_length=400, blank=True, default="")
    # The digest of the nonce its browser was given; empty when it was given none.
    device = models.CharField("navigateur connu", max_length=64, blank=True)

    objects = SessionManager()  # type: ignore[misc]

    class Meta:
        verbose_name = "session"
        verbose_name_plural = "sessions"

    @property
    def browser_label(self) -> str:
        """« Firefox sur Linux »."""
        return agents.describe(self.agent)
