"""The outgoing mail: one sealed row a message, from the action that queues it to the server that accepts it."""

import uuid
from datetime import datetime, timedelta
from typing import Any, Self

from django.db import models

from backoffice.core.moves import require_move

# When a refused or unreachable mail server is tried again; after 9 h 36 min in all the mail is given up and shown.
RETRY_DELAYS = (
    timedelta(minutes=1),
    timedelta(minutes=5),
    timedelta(minutes=30),
    timedelta(hours=2),
    timedelta(hours=7),
)


class MailStatus(models.TextChoices):
    QUEUED = "queued", "En attente d’envoi"
    SENT = "sent", "Envoyé"
    FAILED = "failed", "Abandonné"


MAIL_MOVES = {
    MailStatus.QUEUED: {MailStatus.QUEUED, MailStatus.SENT, MailStatus.FAILED},
    MailStatus.SENT: set(),
    MailStatus.FAILED: set(),
}


class OutgoingMailQuerySet(models.QuerySet["OutgoingMail"]):
    def due(self, now: datetime) -> Self:
        return self.filter(status=MailStatus.QUEUED, next_attempt_at__lte=now).order_by("next_attempt_at", "pk")

    def in_trouble(self) -> Self:
        """Given up, or refused at least once and still tried; the newest first."""
        return self.filter(
            models.Q(status=MailStatus.FAILED) | models.Q(status=MailStatus.QUEUED, attempts__gt=0)
        ).order_by("-queued_at", "-pk")

    def about_none_of(self, companies: "models.QuerySet[Any, uuid.UUID]") -> Self:
        """All but those that concern these companies (public ids)."""
        return self.exclude(company__in=companies)


class OutgoingMail(models.Model):
    """A message to one person. Sealed, and a secret body is gone once sent (design 4.19)."""

    public_id = models.UUIDField(default=uuid.uuid4, unique=True, editable=False)
    template = models.CharField(max_length=120)
    # Public ids of the company and the person it concerns, for the mail log; the ground knows no other room.
    company = models.UUIDField(null=True, blank=True)
    person = models.UUIDField(null=True, blank=True)
    masked_recipient = models.CharField(max_length=254)
    message_id = models.CharField(max_length=120, unique=True)
    sealed_message = models.TextField(blank=True)
    is_secret = models.BooleanField(default=False)
    status = models.CharField(max_length=10, choices=MailStatus.choices, default=MailStatus.QUEUED)
    attempts = models.PositiveSmallIntegerField(default=0)
    queued_at = models.DateTimeField()
    next_attempt_at = models.DateTimeField()
    sent_at = models.DateTimeField(null=True, blank=True)
    last_error = models.CharField(max_length=200, blank=True)

    objects = OutgoingMailQuerySet.as_manager()

    class Meta:
        constraints = [
            models.CheckConstraint(
                condition=models.Q(status=MailStatus.SENT, sent_at__isnull=False)
                | (~models.Q(status=MailStatus.SENT) & models.Q(sent_at__isnull=True)),
                name="mail_sent_has_its_date",
            ),
            models.CheckConstraint(
                condition=~models.Q(is_secret=True, status=MailStatus.SENT) | models.Q(sealed_message=""),
                name="mail_secret_body_gone_once_sent",
            ),
        ]
        indexes = [
            models.Index(fields=["next_attempt_at"], name="mail_due", condition=models.Q(status=MailStatus.QUEUED))
        ]

    def __str__(self) -> str:
        return f"{self.template} → {self.masked_recipient} ({self.status})"

    # Moves
    def mark_sent(self, *, at: datetime) -> None:
        require_move(MAIL_MOVES, self.status, MailStatus.SENT)
        self.status, self.sent_at, self.last_error = MailStatus.SENT, at, ""
        self.attempts += 1
        if self.is_secret:
            self.sealed_message = ""

    def postpone(self, *, error: str, at: datetime) -> None:
        """Note a failed try; the next one is due after RETRY_DELAYS, and after the last the mail is given up."""
        given_up = self.attempts >= len(RETRY_DELAYS)
        target = MailStatus.FAILED if given_up else MailStatus.QUEUED
        require_move(MAIL_MOVES, self.status, target)
        if not given_up:
            self.next_attempt_at = at + RETRY_DELAYS[self.attempts]
        elif self.is_secret:
            self.sealed_message = ""
        self.status, self.last_error = target, error[:200]
        self.attempts += 1
