"""Which companies each advisor looks after."""

from typing import Self

from django.db import models

from accounts.models.companies import Company
from accounts.models.people import User


class AssignmentQuerySet(models.QuerySet["Assignment"]):
    def of(self, advisor: User) -> Self:
        return self.filter(advisor=advisor)

    def to(self, company: Company) -> Self:
        return self.filter(company=company)


class Assignment(models.Model):
    """A company in an advisor's portfolio; several advisors may share one."""

    advisor = models.ForeignKey(User, on_delete=models.PROTECT, related_name="assignments", verbose_name="conseiller")
    company = models.ForeignKey(Company, on_delete=models.PROTECT, related_name="assignments", verbose_name="société")
    since = models.DateTimeField("depuis le")

    objects = AssignmentQuerySet.as_manager()

    class Meta:
        verbose_name = "société d’un portefeuille"
        verbose_name_plural = "sociétés des portefeuilles"
        constraints = [
            # In this order, the index answers « whose is this company? »; the advisor's own key answers the rest.
            models.UniqueConstraint(
                name="assignment_once_per_company_and_advisor",
                fields=["company", "advisor"],
                violation_error_message="Cette société est déjà dans ce portefeuille.",
            ),
        ]

    def __str__(self) -> str:
        return f"{self.company} : {self.advisor}"
