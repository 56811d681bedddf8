"""The passwords each person already used."""

from django.db import models

from accounts.models.people import User


class PasswordRecordQuerySet(models.QuerySet["PasswordRecord"]):
    def of(self, user: User) -> "PasswordRecordQuerySet":
        """A person's chosen passwords, the latest first."""
        return self.filter(user=user).order_by("-at", "-pk")

    def forget_beyond(self, kept: int, *, user: User) -> None:
        """Delete a person's records older than the last `kept` ones."""
        self.filter(pk__in=[record.pk for record in self.of(user)[kept:]]).delete()


class PasswordRecord(models.Model):
    """A password somebody chose, as its hash: kept so that it is not chosen again (PWD-06)."""

    user = models.ForeignKey(
        User, on_delete=models.PROTECT, related_name="password_records", verbose_name="utilisateur"
    )
    password = models.CharField("empreinte", max_length=255)
    at = models.DateTimeField("choisi le")

    objects = PasswordRecordQuerySet.as_manager()

    class Meta:
        verbose_name = "mot de passe déjà choisi"
        verbose_name_plural = "mots de passe déjà choisis"

    def __str__(self) -> str:
        return f"{self.user}, {self.at:%Y-%m-%d}"
