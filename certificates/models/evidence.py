"""What proves that a shop is ready for production."""

from django.db import models
from django.db.models import Q

from certificates.enums import EvidenceStep
from shops.models import Shop


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
