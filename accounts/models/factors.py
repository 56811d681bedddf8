"""The second factor: the key shared with somebody's application, sealed, and the recovery codes, as digests."""

import uuid
from datetime import UTC, datetime
from typing import TYPE_CHECKING, Self

from django.db import models
from django.db.models import Exists, OuterRef, Q
from django_otp.oath import TOTP

from accounts.enums import UserKind
from accounts.models.companies import Company
from accounts.models.memberships import is_current
from accounts.models.people import User
from accounts.one_time_codes import DIGITS, STEP_SECONDS
from backoffice.core import vault

if TYPE_CHECKING:
    # The package has no types: its abstract model is a model like any other.
    from django.db.models import Model as OtpDevice
else:
    from django_otp.models import Device as OtpDevice

# Clocks differ: the code of the step before and of the one after is taken too (AUTH-18).
TOLERANCE_STEPS = 1
# How many wrong tries a row remembers, at least as many as `rules.FACTOR_TRIES`.
FAILURES_REMEMBERED = 5


class TotpDeviceQuerySet(models.QuerySet["TotpDevice"]):
    def of(self, user: User) -> Self:
        return self.filter(user=user)

    def confirmed(self) -> Self:
        """Those a right code was given for: they are asked at the door."""
        return self.filter(confirmed=True)

    def unconfirmed(self) -> Self:
        """Those that never gave a right code."""
        return self.filter(confirmed=False)

    def pending(self, *, since: datetime) -> Self:
        """Those waiting for their first right code, begun after `since`."""
        return self.unconfirmed().filter(created_at__gt=since)


class TotpDevice(OtpDevice):
    """An application that gives six digits every thirty seconds; `confirmed` once it gave a right one.

    `verify_token` stays the parent's, which says no: django_otp's own functions are not a way in (AUTH-11).
    """

    # What the parent calls a device by: a person has one.
    name = None

    public_id = models.UUIDField(default=uuid.uuid4, unique=True, editable=False)
    user = models.ForeignKey(User, on_delete=models.PROTECT, related_name="totp_devices", verbose_name="utilisateur")
    confirmed = models.BooleanField("confirmé", default=False)
    sealed_secret = models.TextField("clé scellée", editable=False)
    # The time step of the last code taken: none of that step or before is taken again (AUTH-18).
    last_step = models.BigIntegerField("dernier pas", null=True, blank=True)
    # The last wrong tries, as seconds since 1970.
    failures = models.JSONField("essais manqués", default=list, blank=True)
    created_at = models.DateTimeField("commencé le")
    confirmed_at = models.DateTimeField("activé le", null=True, blank=True)

    objects = TotpDeviceQuerySet.as_manager()

    class Meta:
        verbose_name = "second facteur"
        verbose_name_plural = "seconds facteurs"
        constraints = [
            models.UniqueConstraint(
                name="totp_device_one_confirmed_and_one_pending",
                fields=["user", "confirmed"],
                violation_error_message="Ce compte a déjà un second facteur.",
            ),
            models.CheckConstraint(
                name="totp_device_secret_is_sealed",
                condition=Q(sealed_secret__startswith="v1."),  # noqa: S106 (no password: the mark of a seal)
                violation_error_message="La clé d’un second facteur ne s’enregistre que scellée.",
            ),
            models.CheckConstraint(
                name="totp_device_confirmed_has_its_date",
                condition=Q(confirmed=True, confirmed_at__isnull=False) | Q(confirmed=False, confirmed_at__isnull=True),
                violation_error_message="Un second facteur activé porte sa date.",
            ),
        ]

    def __str__(self) -> str:
        return f"{self.user}, {self.created_at:%Y-%m-%d}"

    def seal_secret(self, key: bytes) -> None:
        """Seal the application's key for this very row, in memory."""
        self.sealed_secret = vault.seal(key.hex(), identity=self._identity)

    def secret(self) -> bytes:
        """The application's key; raises vault.SealBroken when the seal was made for another row."""
        return bytes.fromhex(vault.unseal(self.sealed_secret, identity=self._identity))

    def accept(self, code: str, *, at: datetime) -> bool:
        """Whether six digits are right at this moment, one step of tolerance, and newer than the last ones taken.

        Right ones are taken, in memory: they work once (AUTH-18).
        """
        totp = TOTP(self.secret(), step=STEP_SECONDS, digits=DIGITS)
        totp.time = at.timestamp()
        oldest = None if self.last_step is None else self.last_step + 1
        if not totp.verify(int(code), tolerance=TOLERANCE_STEPS, min_t=oldest):
            return False
        self.last_step = totp.t()
        return True

    def confirm(self, *, at: datetime) -> None:
        """A right code was given: the factor is asked from now on, in memory."""
        self.confirmed, self.confirmed_at = True, at

    def note_failure(self, *, at: datetime) -> None:
        """Remember a wrong try, in memory."""
        self.failures = [*self.failures, at.timestamp()][-FAILURES_REMEMBERED:]

    @property
    def failed_at(self) -> list[datetime]:
        """When the last wrong tries were, the oldest first."""
        return [datetime.fromtimestamp(moment, UTC) for moment in self.failures]

    @property
    def _identity(self) -> str:
        return vault.row_identity("accounts.totpdevice", self.public_id, "secret")


class RecoveryCodeQuerySet(models.QuerySet["RecoveryCode"]):
    def of(self, user: User) -> Self:
        return self.filter(user=user)

    def unused(self) -> Self:
        return self.filter(used_at=None)

    def with_digest(self, digest: str) -> Self:
        return self.filter(digest=digest)


class RecoveryCode(models.Model):
    """One of the codes printed for the day the application is lost; it works once."""

    user = models.ForeignKey(User, on_delete=models.PROTECT, related_name="recovery_codes", verbose_name="utilisateur")
    digest = models.CharField("empreinte", max_length=64, unique=True)
    drawn_at = models.DateTimeField("créé le")
    used_at = models.DateTimeField("utilisé le", null=True, blank=True)

    objects = RecoveryCodeQuerySet.as_manager()

    class Meta:
        verbose_name = "code de secours"
        verbose_name_plural = "codes de secours"
        constraints = [
            models.CheckConstraint(
                name="recovery_code_digest_is_sha256",
                condition=Q(digest__regex=r"^[0-9a-f]{64}$"),
                violation_error_message="Cette empreinte n’est pas valable.",
            ),
        ]

    def __str__(self) -> str:
        return f"{self.user}, {self.drawn_at:%Y-%m-%d}"


def must_have_factor() -> Q:
    """Of people: advisors, and those whose company asks it of all its people (AUTH-18)."""
    asking = Company.objects.filter(
        is_current("memberships__"), memberships__user=OuterRef("pk"), requires_second_factor=True
    )
    return Q(kind=UserKind.ADVISOR) | Q(Exists(asking))


def owes_factor() -> Q:
    """Of people: those who must have a second factor and have none yet."""
    return must_have_factor() & ~Q(Exists(TotpDevice.objects.confirmed().filter(user=OuterRef("pk"))))
