"""The telling of a result to the shop's server, and each call made for it: the row is the truth, jobs only wake."""

import uuid
from datetime import datetime
from typing import Self

from django.db import models
from django.db.models import Exists, F, OuterRef, Q, Subquery, Window
from django.db.models.functions import RowNumber

from backoffice.core.moves import require_move
from payments.enums import NOTIFICATION_MOVES, AttemptOutcome, NotificationState, Source
from payments.models.session import PaymentSession
from payments.models.transaction import Transaction
from shops.enums import Mode
from shops.models import Shop

EXCERPT_LENGTH = 512


class NotificationQuerySet(models.QuerySet["Notification"]):
    def lost(self, now: datetime) -> Self:
        """Those a worker took and never wrote back."""
        return self.filter(state=NotificationState.IN_FLIGHT, leased_until__lte=now)

    def waiting(self, now: datetime) -> Self:
        """Those to send now."""
        return self.filter(state=NotificationState.WAITING, due_at__lte=now)

    def in_flight(self) -> Self:
        """Those a worker is sending, or was sending when it died."""
        return self.filter(state=NotificationState.IN_FLIGHT)

    def first_of_each_shop(self, number: int) -> Self:
        """At most `number` of each shop, the longest due first: one shop's queue hides nobody else's."""
        place = Window(RowNumber(), partition_by=F("shop"), order_by=[F("due_at"), F("pk")])
        return self.filter(pk__in=self.annotate(place=place).filter(place__lte=number).values("pk"))

    def with_order_free(self) -> Self:
        """Those for whose order no call is in flight (IPN-12)."""
        same_order = Notification.objects.in_flight().filter(
            shop=OuterRef("shop"), mode=OuterRef("mode"), order_key=OuterRef("order_key")
        )
        return self.filter(~Exists(same_order))

    def with_last_outcome_of_shop(self) -> Self:
        """With how the last call to the same shop ended, as `last_outcome_of_shop`."""
        last_call = Notification.objects.filter(shop=OuterRef("shop"), last_called_at__isnull=False)
        return self.annotate(
            last_outcome_of_shop=Subquery(last_call.order_by("-last_called_at").values("last_outcome")[:1])
        )


class Notification(models.Model):
    public_id = models.UUIDField(default=uuid.uuid4, unique=True, editable=False)
    transaction = models.ForeignKey(
        Transaction, on_delete=models.PROTECT, related_name="notifications", verbose_name="transaction"
    )
    shop = models.ForeignKey(Shop, on_delete=models.PROTECT, related_name="+", verbose_name="boutique")
    mode = models.CharField("mode", max_length=10, choices=Mode.choices)
    # The shop's order number, or the payment's own identifier without one: never two calls at once for it (IPN-12).
    order_key = models.CharField("commande", max_length=64)
    state = models.CharField("état", max_length=10, choices=NotificationState.choices)
    attempts_made = models.PositiveSmallIntegerField("appels faits", default=0)
    due_at = models.DateTimeField("prochain appel", null=True, blank=True)
    leased_at = models.DateTimeField("prise le", null=True, blank=True)
    leased_until = models.DateTimeField("prise jusqu’à", null=True, blank=True)
    created_at = models.DateTimeField("créée le")
    delivered_at = models.DateTimeField("reçue le", null=True, blank=True)
    last_called_at = models.DateTimeField("dernier appel", null=True, blank=True)
    last_outcome = models.CharField("issue du dernier appel", max_length=20, choices=AttemptOutcome.choices, blank=True)

    objects = NotificationQuerySet.as_manager()

    class Meta:
        verbose_name = "notification"
        indexes = [
            models.Index(fields=["due_at"], condition=Q(state="waiting"), name="notification_due"),
            models.Index(fields=["leased_until"], condition=Q(state="in_flight"), name="notification_leased"),
            models.Index(
                fields=["shop", "-last_called_at"],
                condition=Q(last_called_at__isnull=False),
                name="notification_last_call",
            ),
        ]
        constraints = [
            models.CheckConstraint(
                name="notification_state_is_known",
                condition=Q(state__in=NotificationState.values) & Q(mode__in=Mode.values),
                violation_error_message="Cet état n’existe pas.",
            ),
            models.CheckConstraint(
                name="notification_waiting_has_a_date",
                condition=Q(state=NotificationState.WAITING) ^ Q(due_at__isnull=True),
                violation_error_message="Une notification en attente a une date d’envoi, les autres n’en ont pas.",
            ),
            models.CheckConstraint(
                name="notification_in_flight_has_a_lease",
                condition=Q(state=NotificationState.IN_FLIGHT, leased_at__isnull=False, leased_until__isnull=False)
                | (~Q(state=NotificationState.IN_FLIGHT) & Q(leased_at__isnull=True, leased_until__isnull=True)),
                violation_error_message="Seule une notification en cours d’appel est prise par un envoi.",
            ),
            models.UniqueConstraint(
                fields=["shop", "mode", "order_key"],
                condition=Q(state="in_flight"),
                name="notification_one_call_at_a_time_per_order",
                violation_error_message="Un appel est déjà en cours pour cette commande.",
            ),
        ]

    def __str__(self) -> str:
        return f"{self.order_key} {self.state}"

    def take(self, *, now: datetime, until: datetime) -> None:
        """A worker takes it for one call until its lease runs out; another one may take it over then."""
        require_move(NOTIFICATION_MOVES, NotificationState(self.state), NotificationState.IN_FLIGHT)
        self.state, self.due_at = NotificationState.IN_FLIGHT, None
        self.leased_at, self.leased_until = now, until
        self.attempts_made += 1

    def give_back(self, *, at: datetime) -> None:
        """Nothing was sent, for a reason of ours: the call does not count, and is due again at `at`."""
        self._land(NotificationState.WAITING)
        self.due_at = at
        self.attempts_made -= 1

    def retry(self, *, at: datetime) -> None:
        """The call failed: the next one is at `at`."""
        self._land(NotificationState.WAITING)
        self.due_at = at

    def deliver(self, *, at: datetime) -> None:
        """The shop acknowledged."""
        self._land(NotificationState.DELIVERED)
        self.delivered_at = at

    def exhaust(self) -> None:
        """The last attempt failed."""
        self._land(NotificationState.EXHAUSTED)

    def stop(self) -> None:
        """The shop's server answered that nothing lives at this address any more (IPN-05)."""
        self._land(NotificationState.STOPPED)

    def _land(self, state: NotificationState) -> None:
        require_move(NOTIFICATION_MOVES, NotificationState(self.state), state)
        self.state, self.leased_at, self.leased_until = state, None, None

    @property
    def url(self) -> str:
        """Where the shop is told: the address its form gave, else the one it set for the mode by now (IPN-15)."""
        return str(self.transaction.session.fields.get("vads_url_check") or "") or self.shop.server_url(self.mode)

    @property
    def source(self) -> Source:
        """Why the shop is called: the first call is the payment's own, the others are retries."""
        return Source.PAY if self.attempts_made <= 1 else Source.RETRY


class NotificationAttemptQuerySet(models.QuerySet["NotificationAttempt"]):
    def in_order(self) -> Self:
        return self.order_by("number")

    def of_visits(self, visits: list[PaymentSession]) -> Self:
        """The calls made for the payments of these visits."""
        return self.filter(notification__transaction__session__in=visits)

    def telling_something(self) -> Self:
        """Those that hold an address, or words of the shop's server."""
        return self.exclude(url="", excerpt="", location="")


class NotificationAttempt(models.Model):
    """One call to the shop's server and how it ended; rows are added, never changed (a trigger sees to it).

    Once the buyer is forgotten, its address and the server's words are emptied; that alone the trigger lets pass.
    """

    notification = models.ForeignKey(
        Notification, on_delete=models.PROTECT, related_name="attempts", verbose_name="notification"
    )
    number = models.PositiveSmallIntegerField("numéro")
    at = models.DateTimeField("le")
    url = models.CharField("adresse", max_length=1024, blank=True)
    outcome = models.CharField("issue", max_length=20, choices=AttemptOutcome.choices)
    http_status = models.PositiveSmallIntegerField("statut HTTP", null=True, blank=True)
    duration_ms = models.PositiveIntegerField("durée, en millisecondes")
    excerpt = models.CharField("début de la réponse", max_length=EXCERPT_LENGTH, blank=True)
    location = models.CharField("adresse de redirection", max_length=1024, blank=True)

    objects = NotificationAttemptQuerySet.as_manager()

    class Meta:
        verbose_name = "appel"
        ordering = ["number"]
        constraints = [
            models.UniqueConstraint(
                fields=["notification", "number"],
                name="attempt_number_once_per_notification",
                violation_error_message="Cet appel est déjà écrit.",
            ),
            models.CheckConstraint(
                name="attempt_outcome_is_known",
                condition=Q(outcome__in=AttemptOutcome.values),
                violation_error_message="Cette issue n’existe pas.",
            ),
        ]

    def __str__(self) -> str:
        return f"{self.number}: {self.outcome}"

    @property
    def is_success(self) -> bool:
        return self.outcome == AttemptOutcome.ACKNOWLEDGED
