"""The codes of first connection that owners choose for the people they invite, while they may be read again."""

import uuid
from datetime import datetime
from typing import Self

from django.db import models
from django.db.models import Q

from accounts.models.people import User
from backoffice.core import vault


class ToldCodeQuerySet(models.QuerySet["ToldCode"]):
    def of(self, user: User) -> Self:
        """An invited person's code: one, or none for whoever signed the contract."""
        return self.filter(user=user)

    def older_than(self, moment: datetime) -> Self:
        return self.filter(at__lte=moment)

    def destroy(self, *, at: datetime) -> int:
        """Empty what is still sealed; return how many codes died (design 4.6)."""
        return self.exclude(sealed_code="").update(sealed_code="", code_destroyed_at=at)


class ToldCode(models.Model):
    """An invited person's code, and who tells it; its printable form dies at the first connection, or 30 days later."""

    public_id = models.UUIDField(default=uuid.uuid4, unique=True, editable=False)
    user = models.OneToOneField(User, on_delete=models.PROTECT, related_name="told_code", verbose_name="utilisateur")
    told_by = models.ForeignKey(User, on_delete=models.PROTECT, related_name="+", verbose_name="dit par")
    at = models.DateTimeField("choisi le")
    sealed_code = models.TextField("code scellé", blank=True, editable=False)
    code_destroyed_at = models.DateTimeField("code détruit le", null=True, blank=True)

    objects = ToldCodeQuerySet.as_manager()

    class Meta:
        verbose_name = "code dit par un gérant"
        constraints = [
            models.CheckConstraint(
                name="told_code_is_sealed_or_destroyed",
                condition=Q(sealed_code__startswith="v1.", code_destroyed_at__isnull=True)
                | Q(sealed_code="", code_destroyed_at__isnull=False),
                violation_error_message="Un code est scellé, ou détruit à une date.",
            ),
        ]

    def __str__(self) -> str:
        return f"{self.user}, {self.at:%Y-%m-%d}"

    def seal(self, code: str) -> None:
        """Seal the normalised code for this very row, in memory."""
        self.sealed_code = vault.seal(code, identity=self._identity)

    def unsealed(self) -> str:
        """The code in clear; raises vault.SealBroken when it was destroyed or made for another row."""
        return vault.unseal(self.sealed_code, identity=self._identity)

    @property
    def _identity(self) -> str:
        return vault.row_identity("accounts.toldcode", self.public_id, "code")
