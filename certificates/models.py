"""Certificates of a shop, the proofs of its test phase, and its contract: secrets sealed, each bound to its own row."""

import uuid
from datetime import datetime
from typing import Self

from django.db import models
from django.db.models import Q

from backoffice.core import vault
from backoffice.core.moves import require_move
from backoffice.vads.signature import Algorithm
from certificates.enums import CONTRACT_MOVES, ContractState, EvidenceStep
from certificates.snapshot import Snapshot
from shops.enums import Mode
from shops.models import Shop

CONTRACT_NUMBER_DIGITS = 7


class CertificateQuerySet(models.QuerySet["Certificate"]):
    """Reading of certificates."""

    def of_shop(self, shop: Shop) -> Self:
        """The certificates of one shop: none, one or both modes."""
        return self.filter(shop=shop)


class Certificate(models.Model):
    """The key that signs a shop's forms and our notifications in one mode (« certificat », « clé »)."""

    public_id = models.UUIDField(default=uuid.uuid4, unique=True, editable=False)
    shop = models.ForeignKey(Shop, on_delete=models.PROTECT, related_name="certificates", verbose_name="boutique")
    mode = models.CharField("mode", max_length=10, choices=Mode.choices)
    sealed_value = models.TextField("valeur scellée", editable=False)
    last_four = models.CharField("quatre derniers caractères", max_length=4, editable=False)
    created_at = models.DateTimeField("créé le")
    created_by_label = models.CharField("créé par", max_length=200, blank=True)
    last_used_at = models.DateTimeField("dernière utilisation", null=True, blank=True)

    objects = CertificateQuerySet.as_manager()

    class Meta:
        verbose_name = "certificat"
        constraints = [
            models.UniqueConstraint(
                "shop",
                "mode",
                name="certificate_one_per_shop_and_mode",
                violation_error_message="Cette boutique a déjà un certificat dans ce mode.",
            ),
            models.CheckConstraint(
                name="certificate_mode_is_known",
                condition=Q(mode__in=Mode.values),
                violation_error_message="Le mode est TEST ou PRODUCTION.",
            ),
            models.CheckConstraint(
                name="certificate_value_is_sealed",
                condition=Q(sealed_value__startswith="v1.") & Q(last_four__regex=r"^[A-Za-z0-9]{4}$"),
                violation_error_message="Un certificat ne s’enregistre que scellé.",
            ),
        ]

    def __str__(self) -> str:
        return f"{self.mode} …{self.last_four}"

    @property
    def masked(self) -> str:
        """The value as shown when nobody asked for it: « •••• •••• •••• 7788 »."""
        return f"•••• •••• •••• {self.last_four}"

    def seal_value(self, value: str) -> None:
        """Seal `value` for this very row, in memory (KEY-02)."""
        self.sealed_value = vault.seal(value, identity=self._identity)
        self.last_four = value[-4:]

    def unsealed_value(self) -> str:
        """The certificate in clear; raises vault.SealBroken when the seal was made for another row."""
        return vault.unseal(self.sealed_value, identity=self._identity)

    @property
    def _identity(self) -> str:
        return vault.row_identity("certificates.certificate", self.public_id, "value")


class SignatureSettingQuerySet(models.QuerySet["SignatureSetting"]):
    """Reading of signature settings."""

    def algorithms(self, shop: Shop) -> dict[Mode, Algorithm]:
        """The algorithm of each mode of one shop, the default where nobody chose. One query."""
        chosen = {Mode(one.mode): Algorithm(one.algorithm) for one in self.filter(shop=shop)}
        return {mode: chosen.get(mode, SignatureSetting.DEFAULT) for mode in Mode}


class SignatureSetting(models.Model):
    """How one mode of a shop signs; no row means HMAC-SHA-256 (design 4.9)."""

    DEFAULT = Algorithm.HMAC_SHA256

    shop = models.ForeignKey(Shop, on_delete=models.PROTECT, related_name="signature_settings", verbose_name="boutique")
    mode = models.CharField("mode", max_length=10, choices=Mode.choices)
    algorithm = models.CharField(
        "algorithme de signature", max_length=20, choices=[(one.value, one.value) for one in Algorithm]
    )

    objects = SignatureSettingQuerySet.as_manager()

    class Meta:
        verbose_name = "algorithme de signature"
        constraints = [
            models.UniqueConstraint(
                "shop",
                "mode",
                name="signature_setting_one_per_shop_and_mode",
                violation_error_message="L’algorithme de ce mode est déjà choisi.",
            ),
            models.CheckConstraint(
                name="signature_setting_is_known",
                condition=Q(mode__in=Mode.values) & Q(algorithm__in=[one.value for one in Algorithm]),
                violation_error_message="Choisissez l’un des algorithmes proposés.",
            ),
        ]

    def __str__(self) -> str:
        return f"{self.mode} {self.algorithm}"


class EvidenceQuerySet(models.QuerySet["Evidence"]):
    """Reading of the test phase's proofs."""

    def by_step(self, shop: Shop) -> "dict[EvidenceStep, Evidence]":
        """What proved each proved step of one shop. One query."""
        return {EvidenceStep(one.step): one for one in self.filter(shop=shop)}

    def missing_steps(self, shop: Shop) -> list[EvidenceStep]:
        """The steps still to prove, in the order people do them; empty when the test phase is complete."""
        proved = self.by_step(shop)
        return [step for step in EvidenceStep if step not in proved]


class Evidence(models.Model):
    """One proved step of a shop's test phase, with the reference of what proved it."""

    shop = models.ForeignKey(Shop, on_delete=models.PROTECT, related_name="evidence", verbose_name="boutique")
    step = models.CharField("étape", max_length=30, choices=EvidenceStep.choices)
    reference = models.CharField("référence", max_length=64)
    proved_at = models.DateTimeField("prouvée le")

    objects = EvidenceQuerySet.as_manager()

    class Meta:
        verbose_name = "preuve"
        constraints = [
            models.UniqueConstraint(
                "shop",
                "step",
                name="evidence_one_per_shop_and_step",
                violation_error_message="Cette étape est déjà prouvée.",
            ),
            models.CheckConstraint(
                name="evidence_step_is_known",
                condition=Q(step__in=EvidenceStep.values),
                violation_error_message="Cette étape de la phase de test n’existe pas.",
            ),
        ]

    def __str__(self) -> str:
        return f"{self.step} ({self.reference})"


class ContractQuerySet(models.QuerySet["Contract"]):
    """Reading of contracts."""

    def of_shop(self, shop: Shop) -> Self:
        """The contract of one shop: at most one row."""
        return self.filter(shop=shop)


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
                name="contract_digest_is_a_hash",
                condition=Q(digest__regex=r"^[0-9a-f]{64}$"),
                violation_error_message="L’empreinte du contrat est illisible.",
            ),
        ]

    def __str__(self) -> str:
        return f"{self.number} ({self.state})"

    def sign(self, *, at: datetime) -> None:
        """Move to signed and forget the printable code, in memory; raises IllegalMove (design 4.6, DOC-06)."""
        require_move(CONTRACT_MOVES, self.state, ContractState.SIGNED)
        self.state, self.signed_at, self.sealed_code = ContractState.SIGNED, at, ""

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
        """The first twelve characters of the digest, as printed in the footer."""
        return self.digest[:12]

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
