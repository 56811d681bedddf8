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

SUBJECT_LENGTH = 200


class MailStatus(models.TextChoices):
    QUEUED = "queued", "En attente d’envoi"
    SENT = "sent", "Envoyé"
    FAILED = "failed", "Abandonné"


class MailFault(models.TextChoices):
    """Why a server did not take a message, as people at the counter read it."""

    UNREACHABLE = "unreachable", "Serveur d’envoi injoignable"
    SILENT = "silent", "Serveur d’envoi sans réponse"
    INSECURE = "insecure", "Connexion chiffrée impossible avec le serveur d’envoi"
    NOT_LET_IN = "not_let_in", "Serveur d’envoi qui refuse notre identification"
    RECIPIENT = "recipient", "Adresse refusée par le serveur"
    SENDER = "sender", "Expéditeur refusé par le serveur"
    MESSAGE = "message", "Message refusé par le serveur"
    LATER = "later", "Refusé pour le moment par le serveur"
    UNREADABLE = "unreadable", "Contenu illisible de notre côté"
    UNSENDABLE = "unsendable", "Adresse impossible à écrire"
    OTHER = "other", "Incident à l’envoi"

    @classmethod
    def refusals(cls) -> "frozenset[MailFault]":
        """What a server may also answer for the moment only."""
        return frozenset({cls.NOT_LET_IN, cls.RECIPIENT, cls.SENDER, cls.MESSAGE})


MAIL_MOVES = {
    MailStatus.QUEUED: {MailStatus.QUEUED, MailStatus.SENT, MailStatus.FAILED},
    MailStatus.SENT: set(),
    MailStatus.FAILED: set(),
}


class OutgoingMailQuerySet(models.QuerySet["OutgoingMail"]):
    def due(self, now: datetime) -> Self:
        return self.filter(status=MailStatus.QUEUED, next_attempt_at__lte=now).order_by("next_attempt_at", "pk")

    def in_state(self, status: MailStatus) -> Self:
        return self.filter(status=status)

    def in_trouble(self) -> Self:
        """Given up, or refused at least once and still tried; the newest first."""
        return self.filter(
            models.Q(status=MailStatus.FAILED) | models.Q(status=MailStatus.QUEUED, attempts__gt=0)
        ).order_by("-queued_at", "-pk")

    def of_companies_or_none(self, companies: "models.QuerySet[Any, uuid.UUID]") -> Self:
        """Those that concern one of these companies (public ids), and those that concern none."""
        return self.filter(models.Q(company__in=companies) | models.Q(company=None))

    def of_companies(self, companies: "models.QuerySet[Any, uuid.UUID]") -> Self:
        """Those that concern one of these companies (public ids)."""
        return self.filter(company__in=companies)

    def of_company(self, company: uuid.UUID) -> Self:
        """Those that concern one company, by its public id."""
        return self.filter(company=company)

    def of_person_in(self, people: models.QuerySet[Any]) -> Self:
        return self.filter(person__in=people.values("public_id"))

    def since(self, start: datetime) -> Self:
        return self.filter(queued_at__gte=start)

    def before(self, end: datetime) -> Self:
        return self.filter(queued_at__lt=end)

    def newest_first(self) -> Self:
        return self.order_by("-queued_at", "-pk")

    def oldest_first(self) -> Self:
        return self.order_by("queued_at", "pk")

    def older_than(self, other: "OutgoingMail") -> Self:
        """Those that come after `other` in a list read newest first; any depth costs the same."""
        return self.filter(queued_at__lte=other.queued_at).filter(
            models.Q(queued_at__lt=other.queued_at) | models.Q(pk__lt=other.pk)
        )

    def newer_than(self, other: "OutgoingMail") -> Self:
        """Those that come before `other` in a list read newest first."""
        return self.filter(queued_at__gte=other.queued_at).filter(
            models.Q(queued_at__gt=other.queued_at) | models.Q(pk__gt=other.pk)
        )

    def with_public_id(self, public_id: str) -> Self:
        """The mail of this id; nothing when the text is no id at all."""
        try:
            return self.filter(public_id=uuid.UUID(public_id))
        except ValueError:
            return self.none()

    def sent_again_since(self, original: "OutgoingMail", moment: datetime) -> Self:
        """The copies of one mail that were asked for after a moment."""
        return self.filter(original=original, queued_at__gt=moment)

    def over(self) -> Self:
        """Sent or given up: nobody tries them any more."""
        return self.exclude(status=MailStatus.QUEUED)

    def with_body(self) -> Self:
        return self.exclude(sealed_message="")


class OutgoingMail(models.Model):
    """A message to one person. Sealed, and a secret body is gone once sent (design 4.19)."""

    public_id = models.UUIDField(default=uuid.uuid4, unique=True, editable=False)
    template = models.CharField(max_length=120)
    # Public ids of the company and the person it concerns, for the mail log; the ground knows no other room.
    company = models.UUIDField(null=True, blank=True)
    person = models.UUIDField(null=True, blank=True)
    masked_recipient = models.CharField(max_length=254)
    # Our own words; it stays when the body goes, so that the log can say what was sent.
    subject = models.CharField(max_length=SUBJECT_LENGTH, blank=True)
    message_id = models.CharField(max_length=120, unique=True)
    sealed_message = models.TextField(blank=True)
    is_secret = models.BooleanField(default=False)
    status = models.CharField(max_length=10, choices=MailStatus.choices, default=MailStatus.QUEUED)
    attempts = models.PositiveSmallIntegerField(default=0)
    queued_at = models.DateTimeField()
    next_attempt_at = models.DateTimeField()
    sent_at = models.DateTimeField(null=True, blank=True)
    last_error = models.CharField(max_length=200, blank=True)
    # What the last refusal means, the server that took the message, and the server's own last words.
    fault = models.CharField(max_length=20, choices=MailFault, blank=True)
    server = models.CharField(max_length=255, blank=True)
    reply = models.CharField(max_length=200, blank=True)
    # What an advisor had sent again; a copy of a copy names the first.
    original = models.ForeignKey("self", on_delete=models.SET_NULL, null=True, blank=True, related_name="copies")

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
            models.Index(fields=["next_attempt_at"], name="mail_due", condition=models.Q(status=MailStatus.QUEUED)),
            models.Index(fields=["-queued_at", "-id"], name="mail_newest_first"),
            models.Index(fields=["company", "-queued_at", "-id"], name="mail_of_company"),
            models.Index(fields=["person", "-queued_at", "-id"], name="mail_of_person"),
        ]

    def __str__(self) -> str:
        return f"{self.template} → {self.masked_recipient} ({self.status})"

    # Moves
    def mark_sent(self, *, at: datetime, server: str = "", reply: str = "") -> None:
        """A server took it: `server` and `reply` say which and in which words, where there was a server to ask."""
        require_move(MAIL_MOVES, self.status, MailStatus.SENT)
        self.status, self.sent_at = MailStatus.SENT, at
        self.last_error, self.fault, self.server, self.reply = "", "", server, reply
        self.attempts += 1
        if self.is_secret:
            self.sealed_message = ""

    def postpone(self, *, error: str, fault: MailFault, reply: str = "", at: datetime) -> None:
        """Note a failed try; the next one is due after RETRY_DELAYS, and after the last the mail is given up."""
        given_up = self.attempts >= len(RETRY_DELAYS)
        target = MailStatus.FAILED if given_up else MailStatus.QUEUED
        require_move(MAIL_MOVES, self.status, target)
        if not given_up:
            self.next_attempt_at = at + RETRY_DELAYS[self.attempts]
        elif self.is_secret:
            self.sealed_message = ""
        self.status, self.last_error, self.fault, self.reply = target, error[:200], fault, reply
        self.attempts += 1

    @property
    def is_queued(self) -> bool:
        return self.status == MailStatus.QUEUED

    @property
    def is_sent(self) -> bool:
        return self.status == MailStatus.SENT

    @property
    def can_leave_again(self) -> bool:
        """Whether a copy can be made: nothing secret, no try to come, and the body is still kept (design 4.19)."""
        return not self.is_secret and not self.is_queued and bool(self.sealed_message)

    @property
    def journal_label(self) -> str:
        """How the journal names it: sealed there, like every name."""
        return f"e-mail « {self.subject} » à {self.masked_recipient}"
