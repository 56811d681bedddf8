"""Avenants: what changed of a company's contracts since they were agreed on, frozen and sealed like them."""

import uuid
from datetime import datetime
from typing import Self

from django.db import models
from django.db.models import Q

from accounts.models import Company
from backoffice.core import vault
from certificates.enums import AmendmentKind
from certificates.snapshot import SHORT_DIGEST_LENGTH, Amended

# « A » and seven digits: no contract bears the number of an avenant.
AMENDMENT_NUMBER_SHAPE = "A[0-9]{7}"
AMENDMENT_NUMBER_LENGTH = 8


class AmendmentQuerySet(models.QuerySet["Amendment"]):
    """Reading of avenants."""

    def of_company(self, company: Company) -> Self:
        """A company's avenants, the latest first."""
        return self.filter(company=company).order_by("-issued_at", "-pk")

    def after(self, moment: datetime) -> Self:
        """Those established after a moment."""
        return self.filter(issued_at__gt=moment)

    def of_kind(self, kind: str) -> Self:
        return self.filter(kind=kind)

    def with_company(self) -> Self:
        return self.select_related("company")

    def numbered(self, number: str) -> Self:
        return self.filter(number=number)


class Amendment(models.Model):
    """One avenant: printing reads nothing but the sealed snapshot; no code is ever in it (design 4.6)."""

    public_id = models.UUIDField(default=uuid.uuid4, unique=True, editable=False)
    company = models.ForeignKey(Company, on_delete=models.PROTECT, related_name="amendments", verbose_name="société")
    number = models.CharField("numéro", max_length=AMENDMENT_NUMBER_LENGTH, unique=True, editable=False)
    kind = models.CharField("objet", max_length=20, choices=AmendmentKind)
    sealed_snapshot = models.TextField("contenu scellé", editable=False)
    digest = models.CharField("empreinte", max_length=64, editable=False)
    issued_at = models.DateTimeField("établi le")

    objects = AmendmentQuerySet.as_manager()

    class Meta:
        verbose_name = "avenant"
        constraints = [
            models.CheckConstraint(
                name="amendment_number_has_its_shape",
                condition=Q(number__regex=rf"^{AMENDMENT_NUMBER_SHAPE}$"),
                violation_error_message="Le numéro d’avenant est un A suivi de sept chiffres.",
            ),
            models.CheckConstraint(
                name="amendment_kind_is_known",
                condition=Q(kind__in=AmendmentKind.values),
                violation_error_message="Cet objet n’existe pas.",
            ),
            models.CheckConstraint(
                name="amendment_is_sealed_with_its_digest",
                condition=Q(sealed_snapshot__startswith="v1.", digest__regex=r"^[0-9a-f]{64}$"),
                violation_error_message="Un avenant s’enregistre scellé, avec son empreinte.",
            ),
        ]

    def __str__(self) -> str:
        return self.number

    def freeze(self, snapshot: Amended) -> None:
        """Seal what changed for this very row, in memory."""
        self.number, self.kind = snapshot.number, snapshot.kind
        self.sealed_snapshot = vault.seal(snapshot.to_json(), identity=self._identity)
        self.digest = snapshot.digest()

    def snapshot(self) -> Amended:
        """What changed; raises vault.SealBroken when the seal was made for another row."""
        return Amended.from_json(vault.unseal(self.sealed_snapshot, identity=self._identity))

    def concerns(self, contract_number: str) -> bool:
        """Whether it goes with that contract; a company's other contracts have avenants of their own."""
        return contract_number in self.snapshot().contracts

    @property
    def short_digest(self) -> str:
        """As much of the digest as the footer prints."""
        return self.digest[:SHORT_DIGEST_LENGTH]

    @property
    def journal_label(self) -> str:
        """How the journal names this avenant."""
        return f"avenant {self.number}"

    @property
    def _identity(self) -> str:
        return vault.row_identity("certificates.amendment", self.public_id, "snapshot")
