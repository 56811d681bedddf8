"""The links that follow enrolments, of which the database keeps the digests."""

from django.db import models
from django.db.models import Q

from support.models.registrations import Registration


class RegistrationLink(models.Model):
    """A link to the progress of an enrolment; the table opens nothing."""

    registration = models.ForeignKey(
        Registration, on_delete=models.CASCADE, related_name="links", verbose_name="inscription"
    )
    # SHA-256 of the token, in lower-case hex.
    digest = models.CharField("empreinte", max_length=64, unique=True)
    issued_at = models.DateTimeField("créé le")

    class Meta:
        verbose_name = "lien de suivi d’une inscription"
        verbose_name_plural = "liens de suivi des inscriptions"
        constraints = [
            models.CheckConstraint(
                name="registration_link_digest_is_sha256",
                condition=Q(digest__regex=r"^[0-9a-f]{64}$"),
                violation_error_message="Cette empreinte n’est pas valable.",
            ),
        ]

    def __str__(self) -> str:
        return str(self.registration_id)
