"""The passwords each person already used."""

from typing import Self

from django.db import models

from accounts.models.people import User


class PasswordRecordQuerySet(models.QuerySet["PasswordRecord"]):
    def of(self, user: User) -> Self:
        """A person's passwords, the latest first."""
        return self.filter(user=user).order_by("-at", "-pk")

    def chosen(self) -> Self:
        """Those their owner chose."""
        return self.filter(was_mailed=False)

    def mailed(self) -> Self:
        """Temporary ones that were used up."""
        return self.filter(was_mailed=True)

    def forget_beyond(self, kept: int) -> None:
        """Delete all but the first `kept` of these, in their order."""
        self.filter(pk__in=[record.pk for record in self[kept:]]).delete()


class PasswordRecord(models.Model):
    """A password somebody had, as its hash: kept so that it is not chosen again (PWD-06)."""

    user = models.ForeignKey(
        User, on_delete=models.PROTECT, related_name="password_records", verbose_name="utilisateur"
    )
    password = models.CharField("empreinte", max_length=255)
    was_mailed = models.BooleanField("temporaire", default=False)
    at = models.DateTimeField("choisi le")

    objects = PasswordRecordQuerySet.as_manager()

    class Meta:
        verbose_name = "mot de passe déjà servi"
        verbose_name_plural = "mots de passe déjà servis"

    def __str__(self) -> str:
        return f"{self.user}, {self.at:%Y-%m-%d}"
