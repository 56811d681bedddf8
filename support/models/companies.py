"""What advisors keep about a company among themselves: notes, which only add up, and tags of a closed list.

No merchant ever reads them.
"""

import uuid
from datetime import datetime
from typing import Self

from django.contrib.postgres.expressions import ArraySubquery
from django.db import models
from django.db.models import F, OuterRef, Q
from django.db.models.functions import Length
from django.db.models.lookups import LessThanOrEqual

from accounts.models import Company, User
from accounts.models.companies import CompanyQuerySet
from support.enums import Tag

NOTE_LENGTH = 1000


class CompanyNoteQuerySet(models.QuerySet["CompanyNote"]):
    def of(self, company: Company) -> Self:
        return self.filter(company=company)

    def with_people(self) -> Self:
        """Together with who wrote each, what it strikes through, and what strikes it through."""
        return self.select_related("author", "strikes", "struck_by", "struck_by__author")

    def written_before(self, moment: datetime) -> Self:
        return self.filter(written_at__lt=moment)


class CompanyNote(models.Model):
    """A note about a company. PostgreSQL refuses to change it: a wrong one is struck through by another."""

    public_id = models.UUIDField(default=uuid.uuid4, unique=True, editable=False)
    company = models.ForeignKey(Company, on_delete=models.PROTECT, related_name="+", verbose_name="société")
    author = models.ForeignKey(User, on_delete=models.PROTECT, related_name="+", verbose_name="auteur")
    text = models.TextField("texte")
    # The wrong note that this one replaces; forgotten with it.
    strikes = models.OneToOneField(
        "self", on_delete=models.SET_NULL, null=True, blank=True, related_name="struck_by", verbose_name="barre"
    )
    written_at = models.DateTimeField("écrite le")

    objects = CompanyNoteQuerySet.as_manager()

    class Meta:
        verbose_name = "note sur une société"
        verbose_name_plural = "notes sur les sociétés"
        indexes = [models.Index("company", F("written_at").desc(), name="company_note_newest_first")]
        constraints = [
            models.CheckConstraint(
                name="company_note_says_something",
                condition=~Q(text=""),
                violation_error_message="Cette note est vide.",
            ),
            models.CheckConstraint(
                name="company_note_is_not_too_long",
                condition=LessThanOrEqual(Length("text"), NOTE_LENGTH),
                violation_error_message="Cette note est trop longue.",
            ),
            models.CheckConstraint(
                name="company_note_strikes_another",
                condition=Q(strikes__isnull=True) | ~Q(strikes=F("pk")),
                violation_error_message="Une note n’en barre qu’une autre.",
            ),
        ]

    def __str__(self) -> str:
        return f"{self.company_id}, {self.written_at:%Y-%m-%d}"

    @property
    def struck_through_by(self) -> "CompanyNote | None":
        """The note that strikes this one through, None while it stands."""
        return getattr(self, "struck_by", None)


class CompanyTagQuerySet(models.QuerySet["CompanyTag"]):
    def of(self, company: Company) -> Self:
        return self.filter(company=company)

    def among(self, tags: set[Tag]) -> Self:
        return self.filter(tag__in=tags)


class CompanyTag(models.Model):
    """A tag that a company bears; who set it, and when, is in the journal too."""

    company = models.ForeignKey(Company, on_delete=models.PROTECT, related_name="+", verbose_name="société")
    tag = models.CharField("étiquette", max_length=20, choices=Tag)
    set_by = models.ForeignKey(User, on_delete=models.PROTECT, related_name="+", verbose_name="posée par")
    set_at = models.DateTimeField("posée le")

    objects = CompanyTagQuerySet.as_manager()

    class Meta:
        verbose_name = "étiquette d’une société"
        verbose_name_plural = "étiquettes des sociétés"
        constraints = [
            models.UniqueConstraint(
                name="company_tag_once_per_company",
                fields=["company", "tag"],
                violation_error_message="Cette société porte déjà cette étiquette.",
            ),
            models.CheckConstraint(
                name="company_tag_is_known",
                condition=Q(tag__in=Tag.values),
                violation_error_message="Cette étiquette n’existe pas.",
            ),
        ]

    def __str__(self) -> str:
        return f"{self.company_id} : {Tag(self.tag).label}"


def with_tags(companies: CompanyQuerySet) -> CompanyQuerySet:
    """The same companies, each with the list of the tags it bears as `tag_values`, in the same query."""
    borne = CompanyTag.objects.filter(company=OuterRef("pk")).order_by("tag").values("tag")
    return companies.annotate(tag_values=ArraySubquery(borne))
