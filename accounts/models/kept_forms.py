"""Forms kept for the person who sent them too late, sealed, one a person."""

import uuid
from datetime import datetime
from typing import Self

from django.db import models

from accounts import kept_forms
from accounts.models.people import User
from backoffice.core import vault


class KeptFormQuerySet(models.QuerySet["KeptForm"]):
    def by(self, user: User) -> Self:
        return self.filter(user=user)

    def living(self, *, now: datetime) -> Self:
        """Those whose time is not over."""
        return self.filter(expires_at__gt=now)

    def over(self, *, now: datetime) -> Self:
        return self.filter(expires_at__lte=now)

    def with_public_id(self, public_id: uuid.UUID) -> Self:
        return self.filter(public_id=public_id)


class KeptForm(models.Model):
    """What a person typed, for that person only."""

    public_id = models.UUIDField("identifiant public", default=uuid.uuid4, unique=True, editable=False)
    user = models.OneToOneField(User, on_delete=models.CASCADE, related_name="kept_form", verbose_name="utilisateur")
    sealed_form = models.TextField("formulaire scellé")
    expires_at = models.DateTimeField("gardé jusqu’au")

    objects = KeptFormQuerySet.as_manager()

    class Meta:
        verbose_name = "formulaire gardé"
        verbose_name_plural = "formulaires gardés"

    def __str__(self) -> str:
        return f"{self.user}, {self.public_id}"

    def fill(self, form: kept_forms.Form) -> None:
        """Seal the form for this row."""
        self.sealed_form = vault.seal(form.as_text(), identity=self._identity)

    def form(self) -> kept_forms.Form:
        """The form as it was sent. Raises vault.SealBroken when the row was tampered with."""
        return kept_forms.Form.from_text(vault.unseal(self.sealed_form, identity=self._identity))

    @property
    def _identity(self) -> str:
        return vault.row_identity("accounts.keptform", self.public_id, "form")
