"""Call-backs about a lost code: which number was called, who was recognised, and what came of it (design 4.6)."""

import uuid
from datetime import datetime
from typing import Self

from django.db import models
from django.db.models import F, Q, Sum
from phonenumber_field.modelfields import PhoneNumberField

from accounts.models import User
from backoffice.core.moves import require_move
from support.enums import ADDING_VOICES, CALL_MOVES, LIVING_CALLS, CallState, Voice
from support.models.requests import ContactRequest


class CallBackQuerySet(models.QuerySet["CallBack"]):
    def of(self, contact: ContactRequest) -> Self:
        """The calls of a request, the latest first."""
        return self.filter(contact_request=contact).order_by("-begun_at", "-pk")

    def living(self, *, now: datetime) -> Self:
        """Those not ended, whose time is not over."""
        return self.filter(state__in=LIVING_CALLS, ends_at__gt=now)

    def not_ended(self) -> Self:
        """Those no verb has ended, their time over or not."""
        return self.filter(state__in=LIVING_CALLS)

    def counted_with(self, call: "CallBack", *, since: datetime) -> Self:
        """Those whose wrong codes count together: of its request, and of its person lately, whatever the request."""
        return self.filter(
            Q(contact_request=call.contact_request_id) | Q(person=call.person_id, begun_at__gt=since),
        )

    def wrong_codes(self) -> int:
        """How many wrong codes were typed during these calls."""
        total: int | None = self.aggregate(total=Sum("wrong_codes"))["total"]
        return total or 0

    def with_people(self) -> Self:
        return self.select_related("person", "by")


class CallBack(models.Model):
    """An advisor calling the number on file of whoever lost a code."""

    public_id = models.UUIDField(default=uuid.uuid4, unique=True, editable=False)
    contact_request = models.ForeignKey(
        ContactRequest, on_delete=models.CASCADE, related_name="calls", verbose_name="demande de contact"
    )
    person = models.ForeignKey(User, on_delete=models.PROTECT, related_name="+", verbose_name="titulaire")
    by = models.ForeignKey(User, on_delete=models.PROTECT, related_name="+", verbose_name="conseiller")
    number = PhoneNumberField("numéro appelé", region="FR")
    state = models.CharField("état", max_length=10, choices=CallState, default=CallState.RINGING)
    begun_at = models.DateTimeField("commencé le")
    ends_at = models.DateTimeField("se termine le")
    # Whose follow-up page the word was read from: that page alone goes on.
    holder = models.CharField("page reconnue", max_length=10, choices=Voice, blank=True)
    # Counted before the comparison, so that parallel ones are no more than there are; seen as wrong once it is over.
    wrong_codes = models.PositiveSmallIntegerField("codes erronés", default=0)
    is_last_code_wrong = models.BooleanField("dernier code erroné", default=False)

    objects = CallBackQuerySet.as_manager()

    class Meta:
        verbose_name = "rappel"
        verbose_name_plural = "rappels"
        constraints = [
            models.UniqueConstraint(
                name="call_back_one_living_per_request",
                fields=["contact_request"],
                condition=Q(state__in=sorted(LIVING_CALLS)),
                violation_error_message="Un rappel est déjà en cours pour cette demande.",
            ),
            models.CheckConstraint(
                name="call_back_state_is_known",
                condition=Q(state__in=CallState.values),
                violation_error_message="Cet état n’existe pas.",
            ),
            models.CheckConstraint(
                name="call_back_goes_on_with_a_recognised_page",
                condition=Q(state=CallState.RINGING, holder="")
                | Q(state=CallState.ENDED, holder__in=["", *sorted(ADDING_VOICES)])
                | Q(
                    state__in=[CallState.PROVEN, CallState.FOUND, CallState.REPLACED],
                    holder__in=sorted(ADDING_VOICES),
                ),
                violation_error_message="Un rappel se poursuit avec la page où le mot a été lu.",
            ),
            models.CheckConstraint(
                name="call_back_is_by_somebody_else",
                condition=~Q(by=F("person")),
                violation_error_message="Personne ne se rappelle soi-même.",
            ),
            models.CheckConstraint(
                name="call_back_ends_after_it_begins",
                condition=Q(ends_at__gt=F("begun_at")),
                violation_error_message="Un rappel se termine après avoir commencé.",
            ),
        ]

    def __str__(self) -> str:
        return f"{self.contact_request_id}, {CallState(self.state).label}"

    # Moves: they change the object in memory; the action saves. All raise IllegalMove.

    def prove(self, *, holder: Voice) -> None:
        """Whoever answers read the word of this page."""
        self._move(CallState.PROVEN)
        self.holder = holder

    def find(self) -> None:
        """The right code was typed."""
        self._move(CallState.FOUND)

    def replace(self) -> None:
        """Another code was chosen; a second advisor has the last word."""
        self._move(CallState.REPLACED)

    def end(self) -> None:
        """It led no further: nobody, somebody else, or no more time."""
        self._move(CallState.ENDED)

    def _move(self, target: CallState) -> None:
        require_move(CALL_MOVES, self.state, target)
        self.state = target

    @property
    def is_ringing(self) -> bool:
        return self.state == CallState.RINGING

    @property
    def is_proven(self) -> bool:
        return self.state == CallState.PROVEN

    @property
    def is_found(self) -> bool:
        return self.state == CallState.FOUND
