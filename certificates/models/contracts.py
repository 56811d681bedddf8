"""What was agreed on, frozen and sealed, with the printable code for as long as it waits for its signature."""

import uuid
from datetime import datetime
from typing import Self

from django.db import models
from django.db.models import OuterRef, Q, Subquery

from accounts.models import Company
from backoffice.core import vault
from backoffice.core.moves import require_move
from certificates.enums import CONTRACT_MOVES, ContractState
from certificates.snapshot import SHORT_DIGEST_LENGTH, Snapshot
from shops.models import Shop

CONTRACT_NUMBER_DIGITS = 7
SIGNED_NOTE_LENGTH = 200


class ContractQuerySet(models.QuerySet["Contract"]):
    """Reading of contracts."""

    def of_shop(self, shop: Shop) -> Self:
        """The contract of one shop: at most one row."""
        return self.filter(shop=shop)

    def of_company(self, company: Company) -> Self:
        """The contracts of a company's shops, the oldest first."""
        return self.filter(shop__company=company).order_by("issued_at", "pk")

    def with_shop(self) -> Self:
        return self.select_related("shop__company")

    def signed(self) -> Self:
        """Those whose signed paper is back."""
        return self.filter(state=ContractState.SIGNED)

    def signed_of(self, shops: models.QuerySet[Shop]) -> models.QuerySet[Shop]:
        """Those shops, each with `contract_signed_at`: when its paper came back, None before."""
        signed = self.signed().filter(shop=OuterRef("pk")).values("signed_at")[:1]
        return shops.annotate(contract_signed_at=Subquery(signed))

    def numbered(self, number: str) -> Self:
        return self.filter(number=number)

    def forget_codes(self) -> int:
        """Destroy the printable codes that are still sealed; return how many (design 4.6)."""
        return self.exclude(sealed_code="").update(sealed_code="")


class Contract(models.Model):
    """What was agreed on, frozen: printing reads nothing but the sealed snapshot (design 3)."""

    public_id = models.UUIDField(default=uuid.uuid4, unique=True, editable=False)
    shop = models.ForeignKey(Shop, on_delete=models.PROTECT, related_name="contracts", verbose_name="boutique")
    number = models.CharField("numéro", max_length=CONTRACT_NUMBER_DIGITS, unique=True, editable=False)
    sealed_snapshot = models.TextField("contenu scellé", editable=False)
    sealed_code = models.TextField("code scellé", blank=True, editable=False)
    digest = models.CharField("empreinte", max_length=64, editable=False)
    state = models.CharField("état", max_length=10, choices=ContractState.choices, default=ContractState.ISSUED)
    issued_at = models.DateTimeField("établi le")
    signed_at = models.DateTimeField("signé le", null=True, blank=True)
    # How the signed paper is known to be back: the SHA-256 of its scanned copy, or what the advisor notes of it.
    scan_digest = models.CharField("empreinte de la copie signée", max_length=64, blank=True, editable=False)
    signed_note = models.CharField("note sur l’exemplaire signé", max_length=SIGNED_NOTE_LENGTH, blank=True)

    objects = ContractQuerySet.as_manager()

    class Meta:
        verbose_name = "contrat"
        constraints = [
            models.UniqueConstraint(
                "shop",
                name="contract_one_per_shop",
                violation_error_message="Cette boutique a déjà son contrat.",
            ),
            models.CheckConstraint(
                name="contract_number_is_seven_digits",
                condition=Q(number__regex=rf"^[0-9]{{{CONTRACT_NUMBER_DIGITS}}}$"),
                violation_error_message="Le numéro de contrat compte sept chiffres.",
            ),
            models.CheckConstraint(
                name="contract_signed_has_its_date_and_no_code",
                condition=Q(state=ContractState.ISSUED, signed_at__isnull=True)
                | Q(state=ContractState.SIGNED, signed_at__isnull=False, sealed_code=""),
                violation_error_message="Un contrat signé porte sa date et ne garde plus le code.",
            ),
            models.CheckConstraint(
                name="contract_signed_has_its_proof",
                condition=Q(state=ContractState.ISSUED, scan_digest="", signed_note="")
                | Q(state=ContractState.SIGNED)
                & (Q(scan_digest__regex=r"^[0-9a-f]{64}$") | Q(scan_digest="") & ~Q(signed_note="")),
                violation_error_message="Un contrat signé dit comment son exemplaire est revenu.",
            ),
            models.CheckConstraint(
                name="contract_digest_is_a_hash",
                condition=Q(digest__regex=r"^[0-9a-f]{64}$"),
                violation_error_message="L’empreinte du contrat est illisible.",
            ),
        ]

    def __str__(self) -> str:
        return f"{self.number} ({self.state})"

    def sign(self, *, at: datetime, scan_digest: str, note: str) -> None:
        """Move to signed and forget the printable code, in memory; raises IllegalMove (design 4.6, DOC-06)."""
        require_move(CONTRACT_MOVES, self.state, ContractState.SIGNED)
        self.state, self.signed_at, self.sealed_code = ContractState.SIGNED, at, ""
        self.scan_digest, self.signed_note = scan_digest, note

    @property
    def journal_label(self) -> str:
        """How the journal names this contract."""
        return f"contrat {self.number}"

    @property
    def is_signed(self) -> bool:
        """Whether the signed paper is back."""
        return self.state == ContractState.SIGNED

    @property
    def short_digest(self) -> str:
        """As much of the digest as the footer prints."""
        return self.digest[:SHORT_DIGEST_LENGTH]

    def freeze(self, snapshot: Snapshot, *, code: str) -> None:
        """Seal what was agreed and the printable code (may be empty) for this very row, in memory."""
        self.sealed_snapshot = vault.seal(snapshot.to_json(), identity=self._identity("snapshot"))
        self.sealed_code = vault.seal(code, identity=self._identity("code")) if code else ""
        self.digest = snapshot.digest()

    def snapshot(self) -> Snapshot:
        """What was agreed; raises vault.SealBroken when the seal was made for another row."""
        return Snapshot.from_json(vault.unseal(self.sealed_snapshot, identity=self._identity("snapshot")))

    def code(self) -> str:
        """The code of first connection in clear, or an empty string once the signed contract is back."""
        return vault.unseal(self.sealed_code, identity=self._identity("code")) if self.sealed_code else ""

    def _identity(self, column: str) -> str:
        return vault.row_identity("certificates.contract", self.public_id, column)
