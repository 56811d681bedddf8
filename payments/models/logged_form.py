"""The forms that a webmaster should know of: refused, or accepted while the shop's clock was off."""

import uuid
from collections.abc import Iterable
from datetime import UTC, datetime
from typing import Self

from django.contrib.postgres.indexes import OpClass
from django.db import models
from django.db.models import F, Max, Q
from django.db.models.functions import Upper

from backoffice.core.keyset import ChronologicalQuerySet
from payments.enums import FormVerdict
from shops.enums import Mode, ShopState
from shops.models import Shop

PLACE_CONSTRAINT = "logged_form_place_once_an_hour"
REFERENCE_LENGTH = 64
FIELD_LENGTH = 160


class LoggedFormQuerySet(ChronologicalQuerySet["LoggedForm"]):
    moment = "received_at"

    def of_shop(self, shop: Shop) -> Self:
        return self.filter(shop=shop)

    def in_modes(self, modes: Iterable[Mode]) -> Self:
        """Those of these modes; a form that could not say its own counts as TEST."""
        named = {mode.value for mode in modes}
        return self.filter(mode__in=named | {""} if Mode.TEST in named else named)

    def with_verdict(self, verdict: FormVerdict) -> Self:
        return self.filter(verdict=verdict)

    def since(self, start: datetime) -> Self:
        return self.filter(received_at__gte=start)

    def before(self, end: datetime) -> Self:
        return self.filter(received_at__lt=end)

    def of_code(self, code: str, *, or_order: str) -> Self:
        """Those refused with this code, and those of the order that is called just so."""
        return self.annotate(order_key=Upper("order_id")).filter(Q(code=code) | Q(order_key=or_order.upper()))

    def beginning_with(self, text: str) -> Self:
        """Those whose order, transaction or faulty field begins with this text, whatever its case."""
        keyed = self.annotate(order_key=Upper("order_id"), trans_key=Upper("trans_id"), field_key=Upper("field"))
        upper = text.upper()
        return keyed.filter(
            Q(order_key__startswith=upper)
            | Q(trans_key__startswith=upper)
            | Q(field_key__startswith=upper)
            | Q(field_key__startswith=f"VADS_{upper}")
        )

    def beside(self, other: "LoggedForm") -> Self:
        """Those that share an hour's places with `other`: same shop, same kind."""
        return self.filter(shop=other.shop, hour=other.hour, verdict=other.verdict, is_proven=other.is_proven)

    def last_place(self) -> int:
        """The highest place taken among them, 0 when there is none. One query."""
        return self.aggregate(last=Max("place"))["last"] or 0

    def count_another(self, place: int) -> int:
        """Count one more form on the row that holds this place; returns how many rows that was."""
        return self.filter(place=place).update(others=F("others") + 1)

    def untold(self) -> Self:
        """Those that no mail told, of shops that are still open."""
        return self.filter(told_at=None, shop__state=ShopState.OPEN)

    def without_fields(self) -> Self:
        """The same rows without what the forms held, which is long."""
        return self.defer("fields")

    def told_since(self, moment: datetime) -> Self:
        return self.filter(told_at__gt=moment)

    def places_of(self) -> set[tuple[int, str]]:
        """The different pairs of shop (key) and mode among them."""
        return {(shop, mode or Mode.TEST) for shop, mode in self.order_by().values_list("shop_id", "mode").distinct()}

    def in_order(self) -> Self:
        return self.order_by("received_at", "pk")

    def mark_told(self, rows: Iterable["LoggedForm"], *, at: datetime) -> int:
        """Write down that a mail told these."""
        return self.filter(pk__in=[row.pk for row in rows]).update(told_at=at)


class LoggedForm(models.Model):
    """One form of a shop, as it may be kept: without cards, cut, never changed but to count others and to be told."""

    public_id = models.UUIDField(default=uuid.uuid4, unique=True, editable=False)
    shop = models.ForeignKey(Shop, on_delete=models.PROTECT, related_name="logged_forms", verbose_name="boutique")
    # Empty when the form's own could not be read: shown with TEST.
    mode = models.CharField("mode", max_length=10, choices=Mode.choices, blank=True)
    verdict = models.CharField("verdict", max_length=10, choices=FormVerdict.choices)
    # Of the first fault: the one that is told. Empty when nothing is wrong with the form itself.
    code = models.CharField("code", max_length=3, blank=True)
    field = models.CharField("champ", max_length=FIELD_LENGTH, blank=True)
    # Every fault: {"code": …, "field": …, "reason": …}.
    faults = models.JSONField("ce qui ne va pas", default=list)
    fields = models.JSONField("champs reçus", default=dict)
    is_cut = models.BooleanField("coupé", default=False)
    signature = models.CharField("signature reçue", max_length=128, blank=True)
    # Whether a certificate of the shop made its signature, which is right, or wrong by a slip that is known.
    is_proven = models.BooleanField("vient de la boutique")
    diagnosis = models.CharField("diagnostic", max_length=30, blank=True)
    diagnosis_field = models.CharField("champ du diagnostic", max_length=FIELD_LENGTH, blank=True)
    method = models.CharField("méthode HTTP", max_length=10)
    contrib = models.CharField("module", max_length=255, blank=True)
    trans_id = models.CharField("transaction", max_length=REFERENCE_LENGTH, blank=True)
    order_id = models.CharField("commande", max_length=REFERENCE_LENGTH, blank=True)
    # Positive when the shop's clock is ahead; none when its date could not be read.
    drift_seconds = models.BigIntegerField("écart d’horloge", null=True, blank=True)
    received_at = models.DateTimeField("reçu le")
    hour = models.DateTimeField("heure")
    place = models.PositiveSmallIntegerField("place dans l’heure")
    # How many more came in the same hour once all places were taken.
    others = models.PositiveIntegerField("autres dans l’heure", default=0)
    told_at = models.DateTimeField("dit par e-mail le", null=True, blank=True)

    objects = LoggedFormQuerySet.as_manager()

    class Meta:
        verbose_name = "formulaire signalé"
        verbose_name_plural = "formulaires signalés"
        indexes = [
            models.Index(fields=["shop", "-received_at", "-id"], name="logged_form_newest_first"),
            models.Index(fields=["received_at"], name="logged_form_to_forget"),
            models.Index(fields=["shop", "mode"], condition=Q(told_at__isnull=True), name="logged_form_untold"),
            models.Index(fields=["told_at"], condition=Q(told_at__isnull=False), name="logged_form_told"),
            models.Index(fields=["shop", "code"], name="logged_form_code"),
            models.Index(F("shop"), OpClass(Upper("order_id"), name="text_pattern_ops"), name="logged_form_order"),
            models.Index(F("shop"), OpClass(Upper("trans_id"), name="text_pattern_ops"), name="logged_form_trans"),
            models.Index(F("shop"), OpClass(Upper("field"), name="text_pattern_ops"), name="logged_form_field"),
        ]
        constraints = [
            models.UniqueConstraint(
                fields=["shop", "hour", "verdict", "is_proven", "place"],
                name=PLACE_CONSTRAINT,
                violation_error_message="Cette place est déjà prise.",
            ),
            models.CheckConstraint(
                name="logged_form_verdict_is_known",
                condition=Q(verdict__in=FormVerdict.values) & Q(mode__in=["", *Mode.values]),
                violation_error_message="Ce verdict n’existe pas.",
            ),
            models.CheckConstraint(
                name="logged_form_warned_came_from_the_shop",
                condition=~Q(verdict=FormVerdict.WARNED) | Q(is_proven=True, drift_seconds__isnull=False),
                violation_error_message="Un formulaire accepté est signé par la boutique, et son écart est connu.",
            ),
            models.CheckConstraint(
                name="logged_form_place_is_counted_from_one",
                condition=Q(place__gte=1),
                violation_error_message="Les places se comptent à partir de 1.",
            ),
        ]

    def __str__(self) -> str:
        return f"{self.code or self.verdict} {self.order_id or self.trans_id} ({self.mode})"

    @property
    def is_signed(self) -> bool:
        """Whether the signature is right for the form as it stands; it covers no name of a field."""
        return self.is_proven and not self.diagnosis

    @property
    def shown_mode(self) -> Mode:
        """The mode whose people may read it."""
        return Mode(self.mode) if self.mode else Mode.TEST


def hour_of(moment: datetime) -> datetime:
    """The UTC hour a moment belongs to."""
    return moment.astimezone(UTC).replace(minute=0, second=0, microsecond=0)
