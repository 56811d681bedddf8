"""Browsers known to an account, and how many tries each caller made lately."""

import uuid
from datetime import datetime
from typing import Self

from django.db import models
from django.db.models import Q

from accounts import agents
from accounts.enums import DeviceOrigin
from accounts.models.people import User


class DeviceQuerySet(models.QuerySet["Device"]):
    def of(self, user: User) -> Self:
        return self.filter(user=user)

    def with_nonces(self, digests: list[str], *, now: datetime) -> Self:
        """Those of any of these digests, or of a former one that still serves."""
        return self.filter(
            Q(nonce_digest__in=digests) | Q(former_digest__in=[*filter(None, digests)], former_until__gt=now)
        )

    def from_elsewhere_than(self, origin: DeviceOrigin) -> Self:
        return self.exclude(origin=origin)

    def with_public_id(self, public_id: uuid.UUID) -> Self:
        return self.filter(public_id=public_id)

    def last_used_first(self) -> Self:
        return self.order_by("-last_used_at", "pk")

    def known_since(self, moment: datetime) -> Self:
        """Those that became known at that moment or later."""
        return self.filter(known_since__gte=moment)

    def unused_since(self, moment: datetime) -> Self:
        return self.filter(last_used_at__lt=moment)


class Device(models.Model):
    """A browser in which an account's owner proved to be there; it has a budget of tries of its own (AUTH-05)."""

    public_id = models.UUIDField(default=uuid.uuid4, unique=True, editable=False)
    user = models.ForeignKey(User, on_delete=models.PROTECT, related_name="devices", verbose_name="utilisateur")
    # SHA-256 of the cookie's nonce, in hex; a new one at each sign-in.
    nonce_digest = models.CharField("empreinte", max_length=64, unique=True)
    former_digest = models.CharField("empreinte précédente", max_length=64, blank=True, db_index=True)
    former_until = models.DateTimeField("précédente jusqu’au", null=True, blank=True)
    origin = models.CharField("provenance", max_length=20, choices=DeviceOrigin)
    agent = models.CharField("navigateur", max_length=400, blank=True)
    known_since = models.DateTimeField("connu depuis le")
    last_used_at = models.DateTimeField("dernière connexion le")
    # Wrong tries since `window_started_at`, and in the nonce's whole life.
    failures = models.PositiveSmallIntegerField("essais manqués", default=0)
    window_started_at = models.DateTimeField("depuis le", null=True, blank=True)
    life_failures = models.PositiveSmallIntegerField("essais manqués en tout", default=0)
    locked_until = models.DateTimeField("inconnu jusqu’au", null=True, blank=True)

    objects = DeviceQuerySet.as_manager()

    class Meta:
        verbose_name = "navigateur connu"
        verbose_name_plural = "navigateurs connus"
        constraints = [
            models.CheckConstraint(
                name="device_origin_is_known",
                condition=Q(origin__in=DeviceOrigin.values),
                violation_error_message="Cette provenance n’existe pas.",
            ),
            models.CheckConstraint(
                name="device_digest_is_sha256",
                condition=Q(nonce_digest__regex=r"^[0-9a-f]{64}$"),
                violation_error_message="Cette empreinte n’est pas valable.",
            ),
        ]

    def __str__(self) -> str:
        return f"{self.user}, {self.known_since:%Y-%m-%d}"

    @property
    def browser_label(self) -> str:
        """« Firefox sur Linux »."""
        return agents.describe(self.agent)


class TryWindow(models.Model):
    """Tries counted for one caller, or for everybody, in the five minutes since the first of them (AUTH-08)."""

    key = models.CharField("provenance", max_length=60, primary_key=True)
    started_at = models.DateTimeField("depuis le")
    tries = models.PositiveIntegerField("essais")

    class Meta:
        verbose_name = "essais récents"
        verbose_name_plural = "essais récents"

    def __str__(self) -> str:
        return f"{self.key} : {self.tries}"
