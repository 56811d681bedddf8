"""Companies: the merchants' legal persons, and which of them somebody may look at."""

import uuid
from collections.abc import Collection
from typing import TYPE_CHECKING

from django.contrib.postgres.indexes import OpClass
from django.db import models
from django.db.models import Exists, OuterRef, Q
from django.db.models.functions import Upper
from phonenumber_field.modelfields import PhoneNumberField

from accounts.enums import JOURNAL_ROLES, PRESENT_STATES
from accounts.models.memberships import is_current

if TYPE_CHECKING:
    from accounts.models.people import User

SIRET_SHAPE = r"^[0-9]{14}$"


class CompanyQuerySet(models.QuerySet["Company"]):
    def of(self, user: "User") -> "CompanyQuerySet":
        """The companies a person belongs to now, the oldest membership first."""
        if not user.pk:
            return self.none()
        return self.filter(is_current("memberships__"), memberships__user=user).order_by("memberships__pk")

    def visible_to(self, user: "User") -> "CompanyQuerySet":
        """What a person may look at: an advisor, all but other portfolios; a merchant's people, their own."""
        return self.exclude(pk__in=self.model.objects.kept_from(user)) if user.is_advisor else self.of(user)

    def kept_from(self, advisor: "User") -> "CompanyQuerySet":
        """Those that others look after and this advisor does not; those of nobody are for all (AUTHZ-08)."""
        again = self.model.objects.filter(pk=OuterRef("pk"))
        # Advisors who left, or have yet to come, would keep a company from everybody's eyes.
        is_looked_after = Exists(again.filter(assignments__advisor__state__in=PRESENT_STATES))
        return self.filter(is_looked_after, ~Exists(again.filter(assignments__advisor=advisor)))

    def public_ids(self) -> "models.QuerySet[Company, uuid.UUID]":
        """Their public ids alone, as a query."""
        return self.values_list("public_id", flat=True)

    def with_journal_for(self, user: "User") -> "CompanyQuerySet":
        """The companies whose journal a person reads."""
        if user.is_advisor:
            return self.visible_to(user)
        return self.filter(
            is_current("memberships__"), memberships__user=user, memberships__role__in=JOURNAL_ROLES
        ).order_by("memberships__pk")

    def with_public_id(self, public_id: str) -> "CompanyQuerySet":
        """The company of this id; none when the text is no id at all."""
        try:
            return self.filter(public_id=uuid.UUID(public_id))
        except ValueError:
            return self.none()

    def with_siret(self, typed: str) -> "CompanyQuerySet":
        """The company of this SIRET, whatever its spaces."""
        return self.filter(siret="".join(typed.split()))

    def with_public_ids(self, public_ids: Collection[uuid.UUID]) -> "CompanyQuerySet":
        return self.filter(public_id__in=public_ids)

    def searched(self, typed: str) -> "CompanyQuerySet":
        """Those whose name or SIRET starts with what was typed, whatever its case and spaces, by name; all for ""."""
        words = " ".join(typed.split())
        return self.filter(Q(legal_name__istartswith=words) | Q(siret__startswith=words.replace(" ", ""))).order_by(
            "legal_name", "siret"
        )

    def named_from(self, start: str) -> "CompanyQuerySet":
        """Those whose name starts so, whatever its case, by name."""
        return self.filter(legal_name__istartswith=start).order_by("legal_name", "siret")

    def numbered_from(self, start: str) -> "CompanyQuerySet":
        """Those whose SIRET starts so, by name."""
        return self.filter(siret__startswith=start).order_by("legal_name", "siret")

    def written_to_at(self, email: str) -> "CompanyQuerySet":
        """Those with this e-mail address on file, whatever its case, by name."""
        return self.filter(email__iexact=email).order_by("legal_name", "siret")


class Company(models.Model):
    """A merchant's legal person."""

    public_id = models.UUIDField(default=uuid.uuid4, unique=True, editable=False)
    legal_name = models.CharField("raison sociale", max_length=120)
    siret = models.CharField("SIRET", max_length=14, unique=True)
    email = models.EmailField("adresse e-mail")
    phone = PhoneNumberField("téléphone", region="FR")
    # Names the company trades under, told by the rooms above: refused in its people's passwords (PWD-05).
    trade_names = models.JSONField("enseignes", default=list, blank=True)
    # Asked of all its people, by the owner's choice.
    requires_second_factor = models.BooleanField("second facteur exigé", default=False)
    created_at = models.DateTimeField("ouverte le")

    objects = CompanyQuerySet.as_manager()

    class Meta:
        verbose_name = "société"
        verbose_name_plural = "sociétés"
        indexes = [
            models.Index(OpClass(Upper("legal_name"), name="text_pattern_ops"), name="company_name_from_its_start"),
            models.Index(Upper("email"), name="company_email_in_any_case"),
        ]
        constraints = [
            models.CheckConstraint(
                name="company_siret_has_14_digits",
                condition=Q(siret__regex=SIRET_SHAPE),
                violation_error_message="Le SIRET compte 14 chiffres.",
            ),
            models.CheckConstraint(
                name="company_has_a_legal_name",
                condition=~Q(legal_name=""),
                violation_error_message="La raison sociale est obligatoire.",
            ),
        ]

    def __str__(self) -> str:
        return self.legal_name

    @property
    def journal_label(self) -> str:
        return f"société {self.siret}"
