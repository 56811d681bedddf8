"""What follows a request: the links that show where it stands, and what is said in it after it was sent."""

from datetime import datetime
from typing import Self

from django.db import models
from django.db.models import Q
from django.db.models.functions import Length
from django.db.models.lookups import LessThanOrEqual

from accounts.models import User
from support.enums import Voice
from support.models.requests import MESSAGE_LENGTH, ContactRequest

LINK_VOICES = sorted(voice for voice in Voice if voice is not Voice.DESK)


class FollowUpLinkQuerySet(models.QuerySet["FollowUpLink"]):
    def with_digest(self, digest: str) -> Self:
        return self.filter(digest=digest)

    def repeated_from(self, origin: str, *, since: datetime) -> Self:
        """The repeated requests of one sender (`core.requests.origin`) after a moment."""
        return self.filter(holder=Voice.REPEAT, origin=origin, issued_at__gt=since).order_by("issued_at")

    def like(self, link: "FollowUpLink") -> Self:
        """The links of the same holder: the owner is mailed another with each question."""
        if link.is_repeat:
            return self.filter(pk=link.pk)
        return self.filter(contact_request=link.contact_request, holder=link.holder)

    def of(self, contact: ContactRequest) -> Self:
        return self.filter(contact_request=contact)

    def holders(self) -> set[Voice]:
        """Who holds one of these."""
        return {Voice(value) for value in self.values_list("holder", flat=True).distinct()}

    def with_request(self) -> Self:
        """Together with the request that each shows."""
        return self.select_related("contact_request")


class FollowUpLink(models.Model):
    """A link to a request's progress; each holder reads what was typed by themselves, and what the desk says."""

    contact_request = models.ForeignKey(
        ContactRequest, on_delete=models.CASCADE, related_name="follow_up_links", verbose_name="demande de contact"
    )
    holder = models.CharField("détenteur", max_length=10, choices=Voice)
    # SHA-256 of the token, in lower-case hex: the table opens nothing.
    digest = models.CharField("empreinte", max_length=64, unique=True)
    issued_at = models.DateTimeField("créé le")
    # Whose share a repeated request is taken from: it has no row of its own (RST-12).
    origin = models.CharField("provenance", max_length=50, blank=True)
    # When its holder added a message for the last time: once a turn.
    added_at = models.DateTimeField("message ajouté le", null=True, blank=True)

    objects = FollowUpLinkQuerySet.as_manager()

    class Meta:
        verbose_name = "lien de suivi"
        verbose_name_plural = "liens de suivi"
        indexes = [
            models.Index("origin", "issued_at", name="follow_up_link_repeats", condition=Q(holder=Voice.REPEAT)),
        ]
        constraints = [
            models.CheckConstraint(
                name="follow_up_link_holder_is_known",
                condition=Q(holder__in=LINK_VOICES),
                violation_error_message="Ce détenteur n’existe pas.",
            ),
            models.CheckConstraint(
                name="follow_up_link_digest_is_sha256",
                condition=Q(digest__regex=r"^[0-9a-f]{64}$"),
                violation_error_message="Cette empreinte n’est pas valable.",
            ),
        ]

    def __str__(self) -> str:
        return f"{Voice(self.holder).label}, {self.contact_request_id}"

    @property
    def is_sender_s(self) -> bool:
        """Whether it was given to the browser that sent the request."""
        return self.holder == Voice.SENDER

    @property
    def is_owner_s(self) -> bool:
        """Whether it was mailed to the address on file of the account that the request names."""
        return self.holder == Voice.OWNER

    @property
    def is_repeat(self) -> bool:
        """Whether it was given for a request that was added to an earlier one."""
        return self.holder == Voice.REPEAT


class RequestMessageQuerySet(models.QuerySet["RequestMessage"]):
    def of(self, contact: ContactRequest) -> Self:
        """What was said in a request, the earliest first."""
        return self.filter(contact_request=contact).order_by("written_at", "pk")

    def with_author(self) -> Self:
        return self.select_related("by")

    def read_by(self, link: FollowUpLink) -> Self:
        """What the holder of a link reads: their own words and the desk's, never another sender's."""
        own = FollowUpLink.objects.like(link)
        return self.of(link.contact_request).filter(Q(link__in=own) | Q(voice=Voice.DESK))

    def without_repeats(self) -> Self:
        """All but the texts of repeated requests, which whoever knows an identifier can send."""
        return self.exclude(voice=Voice.REPEAT)

    def repeats(self) -> Self:
        return self.filter(voice=Voice.REPEAT)


class RequestMessage(models.Model):
    """A text added to a request: by whoever follows it, by a repeated request, or a question of the desk."""

    contact_request = models.ForeignKey(
        ContactRequest, on_delete=models.CASCADE, related_name="messages", verbose_name="demande de contact"
    )
    voice = models.CharField("de", max_length=10, choices=Voice)
    link = models.ForeignKey(
        FollowUpLink, on_delete=models.CASCADE, null=True, blank=True, related_name="messages", verbose_name="lien"
    )
    by = models.ForeignKey(
        User, on_delete=models.PROTECT, null=True, blank=True, related_name="+", verbose_name="conseiller"
    )
    text = models.TextField("texte")
    written_at = models.DateTimeField("écrit le")

    objects = RequestMessageQuerySet.as_manager()

    class Meta:
        verbose_name = "message d’une demande"
        verbose_name_plural = "messages des demandes"
        indexes = [models.Index("contact_request", "written_at", name="request_message_in_order")]
        constraints = [
            models.CheckConstraint(
                name="request_message_comes_from_a_link_or_the_desk",
                condition=Q(voice=Voice.DESK, by__isnull=False, link__isnull=True)
                | Q(voice__in=LINK_VOICES, by__isnull=True, link__isnull=False),
                violation_error_message="Un message vient d’un lien de suivi ou du guichet.",
            ),
            models.CheckConstraint(
                name="request_message_says_something",
                condition=~Q(text=""),
                violation_error_message="Ce message est vide.",
            ),
            models.CheckConstraint(
                name="request_message_text_is_not_too_long",
                condition=LessThanOrEqual(Length("text"), MESSAGE_LENGTH),
                violation_error_message="Ce message est trop long.",
            ),
        ]

    def __str__(self) -> str:
        return f"{Voice(self.voice).label}, {self.contact_request_id}"

    @property
    def is_desk_s(self) -> bool:
        return self.voice == Voice.DESK
