"""Changes of the e-mail or telephone on file, from the asking to the day they take effect."""

import uuid
from collections.abc import Collection
from datetime import datetime
from typing import Self

from django.db import models
from django.db.models import Q
from phonenumber_field.phonenumber import PhoneNumber

from accounts.enums import CONTACT_CHANGE_MOVES, AccountState, ContactChangeState, ContactKind
from accounts.models.people import User
from backoffice.core.moves import require_move

PENDING = (ContactChangeState.ASKED, ContactChangeState.CONFIRMED)


class ContactChangeQuerySet(models.QuerySet["ContactChange"]):
    def of(self, user: User) -> Self:
        """A person's changes, the e-mail before the telephone, the latest first."""
        return self.filter(user=user).order_by("kind", "-pk")

    def pending(self) -> Self:
        """Those that are neither in effect nor cancelled: what whoever calls back must not rely on yet."""
        return self.filter(state__in=PENDING)

    def of_kind(self, kind: ContactKind) -> Self:
        return self.filter(kind=kind)

    def with_public_id(self, public_id: uuid.UUID | str) -> Self:
        return self.filter(public_id=public_id)

    def asked_since(self, moment: datetime) -> Self:
        return self.filter(asked_at__gt=moment)

    def people(self) -> set[int]:
        """The primary keys of those whose changes these are."""
        return set(self.values_list("user_id", flat=True))

    def of_people(self, people: Collection[User]) -> Self:
        return self.filter(user__in=people)

    def effective_since(self, moment: datetime) -> Self:
        """Those on file since that moment or later."""
        return self.filter(state=ContactChangeState.EFFECTIVE, effective_at__gt=moment)

    def to_settle(self, *, now: datetime, asked_before: datetime) -> Self:
        """Pending ones that are decided: due, unconfirmed since `asked_before`, or of an account that is stopped."""
        is_due = Q(state=ContactChangeState.CONFIRMED, takes_effect_at__lte=now)
        has_lapsed = Q(state=ContactChangeState.ASKED, asked_at__lte=asked_before)
        is_stopped = Q(user__changes_frozen_at__isnull=False) | Q(user__state=AccountState.CLOSED)
        return self.pending().filter(is_due | has_lapsed | is_stopped).order_by("pk")

    def over_before(self, moment: datetime) -> Self:
        """Those that took effect or were cancelled before `moment`."""
        return self.filter(Q(effective_at__lt=moment) | Q(cancelled_at__lt=moment))


class ContactChange(models.Model):
    """A new e-mail address or telephone number that a person wants on file; until its day the old one serves."""

    public_id = models.UUIDField(default=uuid.uuid4, unique=True, editable=False)
    user = models.ForeignKey(User, on_delete=models.PROTECT, related_name="contact_changes", verbose_name="utilisateur")
    kind = models.CharField("nature", max_length=10, choices=ContactKind)
    value = models.CharField("nouvelle valeur", max_length=254)
    state = models.CharField("état", max_length=10, choices=ContactChangeState, default=ContactChangeState.ASKED)
    asked_at = models.DateTimeField("demandé le")
    confirmed_at = models.DateTimeField("confirmé le", null=True, blank=True)
    takes_effect_at = models.DateTimeField("prend effet le", null=True, blank=True)
    effective_at = models.DateTimeField("en vigueur le", null=True, blank=True)
    cancelled_at = models.DateTimeField("annulé le", null=True, blank=True)

    objects = ContactChangeQuerySet.as_manager()

    class Meta:
        verbose_name = "changement de coordonnées"
        verbose_name_plural = "changements de coordonnées"
        constraints = [
            models.UniqueConstraint(
                name="contact_change_one_pending_per_kind",
                fields=["user", "kind"],
                condition=Q(state__in=PENDING),
                violation_error_message="Un changement est déjà en cours.",
            ),
            models.CheckConstraint(
                name="contact_change_kind_is_known",
                condition=Q(kind__in=ContactKind.values),
                violation_error_message="Cette nature n’existe pas.",
            ),
            models.CheckConstraint(
                name="contact_change_dates_follow_state",
                condition=(
                    Q(state=ContactChangeState.ASKED, confirmed_at=None, effective_at=None, cancelled_at=None)
                    | Q(
                        state=ContactChangeState.CONFIRMED,
                        # SQL holds a comparison with nothing for true enough.
                        confirmed_at__isnull=False,
                        takes_effect_at__isnull=False,
                        takes_effect_at__gt=models.F("confirmed_at"),
                        effective_at=None,
                        cancelled_at=None,
                    )
                    | Q(
                        state=ContactChangeState.EFFECTIVE,
                        takes_effect_at__isnull=False,
                        effective_at__isnull=False,
                        effective_at__gte=models.F("takes_effect_at"),
                        cancelled_at=None,
                    )
                    | Q(state=ContactChangeState.CANCELLED, effective_at=None, cancelled_at__isnull=False)
                ),
                violation_error_message="Les dates contredisent l’état.",
            ),
        ]

    def __str__(self) -> str:
        return f"{self.user}, {ContactKind(self.kind).label.lower()}"

    # Moves: they change the object in memory; the action saves.

    def confirm(self, *, at: datetime, takes_effect_at: datetime) -> None:
        """The new mailbox answered, or the number's owner is who signed in; the hold begins."""
        self._move(ContactChangeState.CONFIRMED)
        self.confirmed_at, self.takes_effect_at = at, takes_effect_at

    def take_effect(self, *, at: datetime) -> None:
        """What was new is on file."""
        self._move(ContactChangeState.EFFECTIVE)
        self.effective_at = at

    def cancel(self, *, at: datetime) -> None:
        """What was on file stays."""
        self._move(ContactChangeState.CANCELLED)
        self.cancelled_at = at

    def _move(self, target: ContactChangeState) -> None:
        require_move(CONTACT_CHANGE_MOVES, ContactChangeState(self.state), target)
        self.state = target

    @property
    def shown(self) -> str:
        """The new value as people read it: a number in groups."""
        return self.value if self.is_email else PhoneNumber.from_string(self.value).as_international

    @property
    def is_email(self) -> bool:
        return self.kind == ContactKind.EMAIL

    @property
    def is_confirmed(self) -> bool:
        return self.state == ContactChangeState.CONFIRMED
