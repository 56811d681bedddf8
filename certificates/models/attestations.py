"""Attestations: what a shop's file said on the day one was asked for, frozen and sealed like a contract."""

import uuid
from typing import Self

from django.db import models
from django.db.models import Q

from accounts.models import Company
from backoffice.core import vault
from certificates.snapshot import SHORT_DIGEST_LENGTH, Attested
from shops.models import Shop

# « T » and seven digits: no contract and no avenant bears the number of an attestation.
ATTESTATION_NUMBER_SHAPE = "T[0-9]{7}"
ATTESTATION_NUMBER_LENGTH = 8


class AttestationQuerySet(models.QuerySet["Attestation"]):
    """Reading of attestations."""

    def of_shop(self, shop: Shop) -> Self:
        """A shop's attestations, the latest first."""
        return self.filter(shop=shop).order_by("-issued_at", "-pk")

    def of_company(self, company: Company) -> Self:
        """Those of all of a company's shops, the latest first."""
        return self.filter(shop__company=company).order_by("-issued_at", "-pk")

    def with_shop(self) -> Self:
        return self.select_related("shop__company")

    def numbered(self, number: str) -> Self:
        return self.filter(number=number)


class Attestation(models.Model):
    """One attestation: printing reads nothing but the sealed snapshot, so that it can be checked later."""

    public_id = models.UUIDField(default=uuid.uuid4, unique=True, editable=False)
    shop = models.ForeignKey(Shop, on_delete=models.PROTECT, related_name="attestations", verbose_name="boutique")
    number = models.CharField("numéro", max_length=ATTESTATION_NUMBER_LENGTH, unique=True, editable=False)
    sealed_snapshot = models.TextField("contenu scellé", editable=False)
    digest = models.CharField("empreinte", max_length=64, editable=False)
    issued_at = models.DateTimeField("établie le")

    objects = AttestationQuerySet.as_manager()

    class Meta:
        verbose_name = "attestation"
        constraints = [
            models.CheckConstraint(
                name="attestation_number_has_its_shape",
                condition=Q(number__regex=rf"^{ATTESTATION_NUMBER_SHAPE}$"),
                violation_error_message="Le numéro d’attestation est un T suivi de sept chiffres.",
            ),
            models.CheckConstraint(
                name="attestation_is_sealed_with_its_digest",
                condition=Q(sealed_snapshot__startswith="v1.", digest__regex=r"^[0-9a-f]{64}$"),
                violation_error_message="Une attestation s’enregistre scellée, avec son empreinte.",
            ),
        ]

    def __str__(self) -> str:
        return self.number

    def freeze(self, snapshot: Attested) -> None:
        """Seal what the file says for this very row, in memory."""
        self.number = snapshot.number
        self.sealed_snapshot = vault.seal(snapshot.to_json(), identity=self._identity)
        self.digest = snapshot.digest()

    def snapshot(self) -> Attested:
        """What it says; raises vault.SealBroken when the seal was made for another row."""
        return Attested.from_json(vault.unseal(self.sealed_snapshot, identity=self._identity))

    @property
    def short_digest(self) -> str:
        """As much of the digest as the footer prints."""
        return self.digest[:SHORT_DIGEST_LENGTH]

    @property
    def journal_label(self) -> str:
        """How the journal names this attestation."""
        return f"attestation {self.number}"

    @property
    def _identity(self) -> str:
        return vault.row_identity("certificates.attestation", self.public_id, "snapshot")
