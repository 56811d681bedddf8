"""The roles people have in companies, each with its beginning and its end."""

import uuid
from datetime import date, datetime, timedelta
from typing import TYPE_CHECKING, Self

from django.db import models
from django.db.models import BooleanField, Case, OuterRef, Q, Value, When
from django.db.models.functions import Now
from django.utils import timezone

from accounts.enums import Role

if TYPE_CHECKING:
    from accounts.models.companies import Company


def is_current(prefix: str = "") -> Q:
    """The memberships whose end has not come, by the database's clock: over from that second on (AUTHZ-05)."""
    return Q(**{f"{prefix}ends_at__isnull": True}) | Q(**{f"{prefix}ends_at__gt": Now()})


def last_day_of(end: datetime) -> date:
    """The last day, in Paris, of an access that ends at this moment."""
    return timezone.localtime(end - timedelta(microseconds=1)).date()


def _flag(condition: Q) -> Case:
    return Case(When(condition, then=Value(True)), default=Value(False), output_field=BooleanField())  # noqa: FBT003


class MembershipQuerySet(models.QuerySet["Membership"]):
    def current(self) -> Self:
        """Those whose end has not come."""
        return self.filter(is_current())

    def living_first(self) -> Self:
        """Each with `is_current`; those whose end has not come first, then the oldest first."""
        return self.annotate(is_current=_flag(is_current())).order_by("-is_current", "pk")

    def of_company(self, company: "Company") -> Self:
        """A company's people, past ones included, with who they are and who invited them."""
        people = self.filter(company=company).select_related("user", "user__told_code", "user__told_code__told_by")
        return people.living_first()

    def of_person(self, public_id: uuid.UUID) -> Self:
        return self.filter(user__public_id=public_id)

    def of_identifier(self, identifier: "str | OuterRef") -> Self:
        """The places of the account that bears this identifier (in its one spelling), the oldest first."""
        return self.filter(user__identifier=identifier).order_by("pk")

    def in_companies(self, companies: "models.QuerySet[Company]") -> Self:
        """Those in one of these companies, with person and company, by identifier."""
        return self.filter(company__in=companies).select_related("user", "company").order_by("user__identifier", "pk")

    def identified_from(self, start: str) -> Self:
        """The places of the accounts whose identifier (in its one spelling) starts so."""
        return self.filter(user__identifier__startswith=start)

    def written_to_at(self, email: str) -> Self:
        """The places of the people with this e-mail address on file, whatever its case."""
        return self.filter(user__email__iexact=email)

    def owners(self) -> Self:
        """The living owners' places."""
        return self.current().filter(role=Role.OWNER)

    def of_first_owner(self, company: "Company") -> Self:
        """The place of whoever signed for the company: its oldest owner's, with the person."""
        return self.filter(company=company, role=Role.OWNER).select_related("user").order_by("pk")

    def begun_since(self, moment: datetime) -> Self:
        return self.filter(created_at__gt=moment)


class Membership(models.Model):
    """A person's role in a company; `is_current` is there when `living_first` fetched it."""

    is_current: bool

    user = models.ForeignKey(
        "accounts.User", on_delete=models.PROTECT, related_name="memberships", verbose_name="utilisateur"
    )
    company = models.ForeignKey(
        "accounts.Company", on_delete=models.PROTECT, related_name="memberships", verbose_name="société"
    )
    role = models.CharField("rôle", max_length=20, choices=Role)
    created_at = models.DateTimeField("depuis le")
    # An integrator's end, known from the start; for others, when an owner removed them.
    ends_at = models.DateTimeField("jusqu’au", null=True, blank=True)

    objects = MembershipQuerySet.as_manager()

    class Meta:
        verbose_name = "rôle dans une société"
        verbose_name_plural = "rôles dans les sociétés"
        constraints = [
            models.UniqueConstraint(
                name="membership_one_role_per_company",
                fields=["user", "company"],
                violation_error_message="Cette personne a déjà un rôle dans cette société.",
            ),
            models.CheckConstraint(
                name="membership_role_is_known",
                condition=Q(role__in=Role.values),
                violation_error_message="Ce rôle n’existe pas.",
            ),
            models.CheckConstraint(
                name="membership_integrator_has_an_end",
                condition=~Q(role=Role.INTEGRATOR) | Q(ends_at__isnull=False),
                violation_error_message="L’accès d’un intégrateur a une date de fin.",
            ),
        ]

    def __str__(self) -> str:
        return f"{self.user} : {Role(self.role).label}"

    @property
    def last_day(self) -> date | None:
        """The last day of the access, in Paris; None when it has no end."""
        return last_day_of(self.ends_at) if self.ends_at else None
