"""What a visit remembers of the cards tried in it: the one whose bank asks a question, and those that were refused."""

from typing import Self

from django.db import models

from backoffice.vads.cards import network_name
from payments.models.session import PaymentSession

# Six first and four last digits; the whole number is kept nowhere (design 4.12).
MASKED = r"^[0-9]{6}X{3,9}[0-9]{4}$"


class CardChallenge(models.Model):
    """A card whose bank asks its buyer to authenticate: what is needed to go on, and no number (design 4.12).

    It goes with the answer.
    """

    session = models.OneToOneField(
        PaymentSession, on_delete=models.CASCADE, related_name="card_challenge", verbose_name="visite"
    )
    # What the acquirer gave to go on with; it stands for the card at the acquirer's and nowhere else.
    token = models.CharField("jeton de la carte", max_length=128)
    # The brand to tell the shop: the buyer's choice, else the card's own.
    brand = models.CharField("marque", max_length=127)
    masked_number = models.CharField("carte", max_length=36)
    expiry_month = models.PositiveSmallIntegerField("mois d’expiration")
    expiry_year = models.PositiveSmallIntegerField("année d’expiration")
    asked_at = models.DateTimeField("demandée le")

    class Meta:
        verbose_name = "authentification demandée"
        verbose_name_plural = "authentifications demandées"
        constraints = [
            models.CheckConstraint(
                name="card_challenge_number_is_masked",
                condition=models.Q(masked_number__regex=MASKED),
                violation_error_message="Le numéro de carte ne s’enregistre que masqué.",
            ),
        ]

    def __str__(self) -> str:
        return f"{self.brand} {self.masked_number}"


class RefusedCardQuerySet(models.QuerySet["RefusedCard"]):
    def in_order(self) -> Self:
        return self.order_by("number")

    def of_visits(self, visits: list[PaymentSession]) -> Self:
        """Those tried during these visits."""
        return self.filter(session__in=visits)


class RefusedCard(models.Model):
    """A card that was refused while the shop still granted another try; the last refusal is the transaction's own."""

    session = models.ForeignKey(
        PaymentSession, on_delete=models.CASCADE, related_name="refused_cards", verbose_name="visite"
    )
    number = models.PositiveSmallIntegerField("essai")
    at = models.DateTimeField("le")
    brand = models.CharField("marque", max_length=127)
    masked_number = models.CharField("carte", max_length=36)
    auth_result = models.CharField("réponse de la banque", max_length=11, blank=True)
    payment_error = models.CharField("cause du refus", max_length=3, blank=True)

    objects = RefusedCardQuerySet.as_manager()

    class Meta:
        verbose_name = "carte refusée"
        verbose_name_plural = "cartes refusées"
        ordering = ["number"]
        constraints = [
            models.UniqueConstraint(
                fields=["session", "number"],
                name="refused_card_number_once_per_visit",
                violation_error_message="Cet essai est déjà enregistré.",
            ),
            models.CheckConstraint(
                name="refused_card_number_is_masked",
                condition=models.Q(masked_number__regex=MASKED),
                violation_error_message="Le numéro de carte ne s’enregistre que masqué.",
            ),
        ]

    def __str__(self) -> str:
        return f"{self.number}: {self.brand} {self.masked_number}"

    @property
    def network(self) -> str:
        """The card's network as people write it."""
        return network_name(self.brand)
