"""A payment that has its result, accepted or refused: what the shop and the merchant are told about it."""

import uuid
from datetime import datetime, timedelta
from typing import Self

from django.db import models
from django.db.models import Q

from backoffice.core.keyset import ChronologicalQuerySet
from backoffice.vads.cards import network_name
from payments.enums import TransactionStatus
from payments.models.cards import MASKED
from payments.models.session import PaymentSession
from shops.enums import Mode
from shops.models import Shop

# `vads_payment_error` of a buyer who failed 3-D Secure.
UNAUTHENTICATED = "39"


class TransactionQuerySet(ChronologicalQuerySet["Transaction"]):
    def of_shop(self, shop: Shop, *, mode: str) -> Self:
        """The payments of one shop in one mode."""
        return self.filter(shop=shop, mode=mode)

    def of_visits(self, visits: list[PaymentSession]) -> Self:
        """The payments of these visits: at most one each."""
        return self.filter(session__in=visits)

    def with_story(self) -> Self:
        """With the form they answer, what came of it, their notifications and each call made for them."""
        return self.select_related("session").prefetch_related(
            "notifications__attempts", "session__transactions", "session__refused_cards"
        )

    def listed(self) -> Self:
        """With what a list shows of them, in two queries whatever their number."""
        return self.prefetch_related("notifications")


class Transaction(models.Model):
    # Also vads_trans_uuid: 32 hexadecimal digits without dashes (compatibility 18).
    public_id = models.UUIDField(default=uuid.uuid4, unique=True, editable=False)
    # One visit, one payment: the second click and the second tab find the first one's (PAY-06). A payment in several
    # instalments has a row for each.
    session = models.ForeignKey(
        PaymentSession, on_delete=models.PROTECT, related_name="transactions", verbose_name="visite"
    )
    sequence_number = models.PositiveSmallIntegerField("échéance", default=1)
    shop = models.ForeignKey(Shop, on_delete=models.PROTECT, related_name="transactions", verbose_name="boutique")
    mode = models.CharField("mode", max_length=10, choices=Mode.choices)
    trans_id = models.CharField("numéro de transaction", max_length=6)
    order_id = models.CharField("commande", max_length=64, blank=True)
    amount_cents = models.BigIntegerField("montant")
    currency = models.CharField("devise", max_length=3)
    status = models.CharField("statut", max_length=40, choices=TransactionStatus.choices)
    result = models.CharField("résultat", max_length=2)
    auth_result = models.CharField("réponse de la banque", max_length=11, blank=True)
    auth_number = models.CharField("numéro d’autorisation", max_length=20, blank=True)
    card_brand = models.CharField("marque", max_length=127)
    # Six first and four last digits; the whole number is kept nowhere (design 4.12).
    masked_number = models.CharField("carte", max_length=36)
    # Empty like the number once the buyer is forgotten.
    expiry_month = models.PositiveSmallIntegerField("mois d’expiration", null=True, blank=True)
    expiry_year = models.PositiveSmallIntegerField("année d’expiration", null=True, blank=True)
    capture_delay = models.PositiveSmallIntegerField("délai avant remise, en jours", default=0)
    is_validated_by_hand = models.BooleanField("validation manuelle", default=False)
    # The rest of the acquirer's answer by wire name: bank, warranty, 3-D Secure.
    answer = models.JSONField("réponse détaillée", default=dict)
    created_at = models.DateTimeField("faite le")

    objects = TransactionQuerySet.as_manager()

    class Meta:
        verbose_name = "transaction"
        indexes = [
            models.Index(fields=["shop", "mode", "-created_at", "-id"], name="transaction_newest_first"),
        ]
        constraints = [
            models.UniqueConstraint(
                fields=["session", "sequence_number"],
                name="transaction_once_per_visit_and_instalment",
                violation_error_message="Cette échéance est déjà enregistrée.",
            ),
            models.CheckConstraint(
                name="transaction_status_is_known",
                condition=Q(status__in=TransactionStatus.values) & Q(mode__in=Mode.values),
                violation_error_message="Ce statut n’existe pas.",
            ),
            models.CheckConstraint(
                name="transaction_card_number_is_masked",
                condition=Q(
                    masked_number__regex=MASKED,
                    expiry_month__isnull=False,
                    expiry_year__isnull=False,
                )
                | Q(masked_number="", expiry_month__isnull=True, expiry_year__isnull=True, answer={}),
                violation_error_message="Le numéro de carte ne s’enregistre que masqué, ou s’efface avec sa date.",
            ),
            models.CheckConstraint(
                name="transaction_accepted_when_result_is_00",
                condition=Q(status=TransactionStatus.REFUSED) ^ Q(result="00"),
                violation_error_message="Le résultat 00 est celui d’un paiement accepté.",
            ),
        ]

    def __str__(self) -> str:
        return f"{self.trans_id} {self.status} ({self.mode})"

    @property
    def is_accepted(self) -> bool:
        """Whether the bank said yes."""
        return self.status != TransactionStatus.REFUSED

    @property
    def is_unauthenticated(self) -> bool:
        """Whether it was refused because the buyer did not authenticate, before any bank was asked (domain 5.6)."""
        return bool(self.answer.get("vads_payment_error") == UNAUTHENTICATED)

    @property
    def is_forgotten(self) -> bool:
        """Whether nothing is kept of the buyer any more (design 4.21)."""
        return not self.masked_number

    @property
    def trans_uuid(self) -> str:
        """The platform's identifier as the wire writes it: 32 hexadecimal digits."""
        return self.public_id.hex

    @property
    def presented_at(self) -> datetime:
        """When the bank is asked for the money, if nothing happens before."""
        return self.created_at + timedelta(days=self.capture_delay)

    @property
    def card_ending(self) -> str:
        """« CB ···· 0014 »."""
        if self.is_forgotten:
            return f"{self.card_network}, numéro effacé"
        return f"{self.card_network} ···· {self.masked_number[-4:]}"

    @property
    def card_network(self) -> str:
        """The card's network as people write it: « CB », « Mastercard »."""
        return network_name(self.card_brand)
