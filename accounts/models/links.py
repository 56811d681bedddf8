"""Single-use links that travel by mail, kept as digests."""

from datetime import datetime
from typing import Self

from django.db import models
from django.db.models import Q

from accounts.enums import LinkPurpose
from accounts.models.people import User


class MailedLinkQuerySet(models.QuerySet["MailedLink"]):
    def usable(self, *, purpose: LinkPurpose, now: datetime) -> Self:
        """Those nobody used and whose time is not over."""
        return self.filter(purpose=purpose, used_at=None, expires_at__gt=now)

    def over_before(self, moment: datetime) -> Self:
        """Those that could no longer be used before that moment."""
        return self.filter(expires_at__lt=moment)

    def with_digest(self, digest: str) -> Self:
        return self.filter(digest=digest)

    def of(self, user: User) -> Self:
        return self.filter(user=user)


class MailedLink(models.Model):
    """A link sent to a person's address on file; who holds the token may do one thing, once."""

    user = models.ForeignKey(User, on_delete=models.PROTECT, related_name="mailed_links", verbose_name="utilisateur")
    purpose = models.CharField("usage", max_length=20, choices=LinkPurpose)
    # SHA-256 of the token, in lower-case hex: the table opens nothing.
    digest = models.CharField("empreinte", max_length=64, unique=True)
    # Codes and identifiers the purpose needs; never a secret and no personal text.
    detail = models.JSONField("précisions", default=dict, blank=True)
    issued_at = models.DateTimeField("envoyé le")
    expires_at = models.DateTimeField("valable jusqu’au")
    used_at = models.DateTimeField("utilisé le", null=True, blank=True)

    objects = MailedLinkQuerySet.as_manager()

    class Meta:
        verbose_name = "lien envoyé"
        verbose_name_plural = "liens envoyés"
        constraints = [
            models.CheckConstraint(
                name="mailed_link_purpose_is_known",
                condition=Q(purpose__in=LinkPurpose.values),
                violation_error_message="Cet usage n’existe pas.",
            ),
            models.CheckConstraint(
                name="mailed_link_digest_is_sha256",
                condition=Q(digest__regex=r"^[0-9a-f]{64}$"),
                violation_error_message="Cette empreinte n’est pas valable.",
            ),
        ]

    def __str__(self) -> str:
        return f"{self.user}, {LinkPurpose(self.purpose).label}"
