"""Certificates of a shop, and how each of its modes signs: the secret sealed, bound to its own row."""

import uuid
from datetime import datetime
from typing import Self

from django.db import models
from django.db.models import Q

from backoffice.core import vault
from backoffice.vads.signature import Algorithm
from shops.enums import Mode
from shops.models import Shop


class CertificateQuerySet(models.QuerySet["Certificate"]):
    """Reading of certificates."""

    def of_shop(self, shop: Shop) -> Self:
        """The certificates of one shop: none, one or both modes."""
        return self.filter(shop=shop)

    def unused_since(self, moment: datetime) -> Self:
        """Those whose last known use is not after a moment, or that never served."""
        return self.filter(Q(last_used_at__isnull=True) | Q(last_used_at__lte=moment))


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
