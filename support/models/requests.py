"""Requests that people send to the bank's counter."""

import uuid
from dataclasses import dataclass
from datetime import datetime
from typing import TYPE_CHECKING, Self

from django.db import models
from django.db.models import Exists, F, OuterRef, Q, Subquery
from django.db.models.functions import Coalesce, Length
from django.db.models.lookups import LessThanOrEqual
from phonenumber_field.modelfields import PhoneNumberField

from accounts.models import SIRET_SHAPE, Company, Membership, User
from backoffice.core.moves import IllegalMove, require_move
from support.enums import (
    CLOSED_STATUSES,
    HELD_STATUSES,
    NEEDED,
    OPEN_STATUSES,
    REQUEST_MOVES,
    Channel,
    DeskFilter,
    Motive,
    Outcome,
    RefusalReason,
    RequestStatus,
)

if TYPE_CHECKING:
    from django.contrib.auth.models import AnonymousUser

PAGE_SIZE = 25

SHOP_LABEL_LENGTH = 120
NAME_LENGTH = 80
IDENTIFIER_LENGTH = 64
MESSAGE_LENGTH = 4000
# What the desk writes at the end: an answer, or why the request is refused.
CLOSING_LENGTH = 1000


@dataclass(frozen=True, kw_only=True)
class Page:
    """Some rows of the list, newest first, and whether others lie above and below."""

    rows: "list[ContactRequest]"
    has_newer: bool
    has_older: bool


class ContactRequestQuerySet(models.QuerySet["ContactRequest"]):
    """Reading of requests: every page starts with `visible_to`."""

    def visible_to(self, user: "User | AnonymousUser") -> Self:
        """For an advisor, all but those about a company of other portfolios; none for anybody else (AUTHZ-08).

        What a request is about: the company of the account it names, as `compare` finds it, else that of its SIRET.
        One question a row, answered by indexes: pages stay cheap however deep.
        """
        if not (isinstance(user, User) and user.is_advisor):
            return self.none()
        concerned = Company.objects.filter(pk=OuterRef("concerned"))
        return self._with_concerned().filter(~Exists(concerned.kept_from(user)))

    def about(self, company: Company) -> Self:
        """Those about one company, as `visible_to` understands it."""
        names_it = Q(identifier__in=Membership.objects.filter(company=company).values("user__identifier"))
        return self._with_concerned().filter(names_it | Q(siret=company.siret), concerned=company.pk)

    def about_account(self, person: User) -> Self:
        """Those that name somebody's account."""
        return self.filter(identifier=person.identifier)

    def open(self) -> Self:
        """Those not closed yet, the newest first."""
        return self.filter(status__in=OPEN_STATUSES).newest_first()

    def closed(self) -> Self:
        """Those treated or refused."""
        return self.filter(status__in=CLOSED_STATUSES)

    def _with_concerned(self) -> Self:
        of_account = Membership.objects.of_identifier(OuterRef("identifier")).values("company")[:1]
        of_siret = Company.objects.filter(siret=OuterRef("siret")).values("pk")
        concerned = Coalesce(Subquery(of_account), Subquery(of_siret), output_field=models.BigIntegerField())
        return self.alias(concerned=concerned)

    def waiting(self, motive: Motive, *, identifier: str) -> Self:
        """The open requests of one motive that name this account."""
        return self.filter(motive=motive, identifier=identifier, status__in=OPEN_STATUSES)

    def naming(self, identifier: str, *, motive: Motive, since: datetime) -> Self:
        """What was sent with one motive and named this account after a moment: advisors' own count for nobody."""
        return self.filter(motive=motive, identifier=identifier, received_at__gt=since, opened_by=None)

    def listed(self, chosen: DeskFilter, *, advisor: User) -> Self:
        """What one list of this advisor's desk holds."""
        if chosen is DeskFilter.CLOSED:
            return self.filter(status__in=CLOSED_STATUSES)
        if chosen is DeskFilter.MINE:
            return self.filter(status__in=HELD_STATUSES, owner=advisor)
        if chosen is DeskFilter.UNCLAIMED:
            return self.filter(status=RequestStatus.NEW)
        return self.filter(status__in=OPEN_STATUSES)

    def with_people(self) -> Self:
        """Together with who opened each for somebody, who holds it and who closed it."""
        return self.select_related("opened_by", "owner", "treated_by")

    def sent_from(self, origin: str, *, since: datetime) -> Self:
        """What one sender (`core.requests.origin`) sent after a moment, the earliest first."""
        return self.filter(origin=origin, received_at__gt=since).order_by("received_at")

    def over_before(self, moment: datetime) -> Self:
        """Those closed before a moment; those nobody took, received before it. Whoever holds one still needs it."""
        is_forgotten = Q(status=RequestStatus.NEW, received_at__lt=moment)
        return self.filter(Q(treated_at__lt=moment) | is_forgotten)

    def newest_first(self) -> Self:
        return self.order_by("-received_at", "-pk")

    def page(self, *, before: str, after: str) -> "Page":
        """One page of the list, newest first: what came before or after the row of that public id, else the top.

        Keyset: page 1,000 costs what page 1 costs. An id that is none, or nobody's, gives the top.
        """
        if row := self._row(after):
            newer = self.filter(
                Q(received_at__gt=row.received_at) | Q(received_at=row.received_at, pk__gt=row.pk)
            ).order_by("received_at", "pk")
            rows = list(newer[: PAGE_SIZE + 1])
            return Page(rows=rows[:PAGE_SIZE][::-1], has_newer=len(rows) > PAGE_SIZE, has_older=True)
        row = self._row(before)
        older = (
            self.filter(Q(received_at__lt=row.received_at) | Q(received_at=row.received_at, pk__lt=row.pk))
            if row
            else self
        )
        rows = list(older.newest_first()[: PAGE_SIZE + 1])
        return Page(rows=rows[:PAGE_SIZE], has_newer=row is not None, has_older=len(rows) > PAGE_SIZE)

    def _row(self, public_id: str) -> "ContactRequest | None":
        try:
            return self.filter(public_id=uuid.UUID(public_id)).first()
        except ValueError:
            return None


def _needed_fields_are_there() -> Q:
    """For each motive, the fields without which nobody could treat the request."""
    condition = Q()
    for motive in Motive:
        condition |= Q(motive=motive) & ~Q(*((name, "") for name in NEEDED[motive]), _connector=Q.OR)
    return condition


class ContactRequest(models.Model):
    """One request, as it was typed: nothing in it is believed before an advisor has compared it with the file."""

    public_id = models.UUIDField(default=uuid.uuid4, unique=True, editable=False)
    motive = models.CharField("motif", max_length=20, choices=Motive)
    shop_label = models.CharField("enseigne", max_length=SHOP_LABEL_LENGTH, blank=True)
    siret = models.CharField("SIRET", max_length=14, blank=True)
    last_name = models.CharField("nom", max_length=NAME_LENGTH)
    first_name = models.CharField("prénom", max_length=NAME_LENGTH)
    identifier = models.CharField("identifiant de connexion", max_length=IDENTIFIER_LENGTH, blank=True)
    phone = PhoneNumberField("téléphone", region="FR", blank=True)
    email = models.EmailField("adresse e-mail", blank=True)
    message = models.TextField("message", blank=True)
    status = models.CharField("état", max_length=20, choices=RequestStatus, default=RequestStatus.NEW)
    received_at = models.DateTimeField("reçue le")
    # The advisor who opened it for somebody, and how they came; nobody when it was sent.
    opened_by = models.ForeignKey(
        User, on_delete=models.PROTECT, null=True, blank=True, related_name="+", verbose_name="ouverte par"
    )
    channel = models.CharField("venue", max_length=10, choices=Channel, blank=True)
    # The advisor who answers for it, once somebody does.
    owner = models.ForeignKey(
        User, on_delete=models.PROTECT, null=True, blank=True, related_name="+", verbose_name="prise en charge par"
    )
    taken_at = models.DateTimeField("prise en charge le", null=True, blank=True)
    # When the ball went to the merchant for the last time, and when it came back.
    asked_at = models.DateTimeField("question posée le", null=True, blank=True)
    answered_at = models.DateTimeField("réponse reçue le", null=True, blank=True)
    # Treated or refused: when and by whom it was closed, and in which words.
    treated_at = models.DateTimeField("traitée le", null=True, blank=True)
    treated_by = models.ForeignKey(
        User, on_delete=models.PROTECT, null=True, blank=True, related_name="+", verbose_name="traitée par"
    )
    refusal_reason = models.CharField("motif du refus", max_length=20, choices=RefusalReason, blank=True)
    closing_words = models.CharField("mot de la fin", max_length=CLOSING_LENGTH, blank=True)
    # What reopening the account came to.
    outcome = models.CharField("suite donnée", max_length=20, choices=Outcome, blank=True)
    # Further requests for the same account that were added to this one (RST-12).
    repeats = models.PositiveIntegerField("fois répétée", default=0)
    address = models.GenericIPAddressField("adresse IP", null=True, blank=True)
    # What counts as one sender: see core.requests.origin.
    origin = models.CharField("provenance", max_length=50, blank=True)

    objects = ContactRequestQuerySet.as_manager()

    class Meta:
        verbose_name = "demande de contact"
        verbose_name_plural = "demandes de contact"
        indexes = [
            models.Index(F("received_at").desc(), F("id").desc(), name="request_newest_first"),
            models.Index("origin", "received_at", name="request_by_origin"),
            models.Index("identifier", "received_at", name="request_by_identifier"),
            models.Index("siret", "received_at", name="request_by_siret"),
            models.Index(
                F("received_at").desc(),
                F("id").desc(),
                name="request_open_newest_first",
                condition=Q(status__in=sorted(OPEN_STATUSES)),
            ),
        ]
        constraints = [
            models.CheckConstraint(
                name="request_motive_is_known",
                condition=Q(motive__in=Motive.values),
                violation_error_message="Ce motif n’existe pas.",
            ),
            models.CheckConstraint(
                name="request_status_is_known",
                condition=Q(status__in=RequestStatus.values),
                violation_error_message="Cet état n’existe pas.",
            ),
            models.CheckConstraint(
                name="request_treated_says_when_and_by_whom",
                condition=Q(status__in=sorted(CLOSED_STATUSES), treated_at__isnull=False, treated_by__isnull=False)
                | Q(~Q(status__in=sorted(CLOSED_STATUSES)), treated_at__isnull=True, treated_by__isnull=True),
                violation_error_message="Une demande close dit quand et par qui.",
            ),
            models.CheckConstraint(
                name="request_held_says_since_when_and_by_whom",
                condition=Q(owner__isnull=False, taken_at__isnull=False) & ~Q(status=RequestStatus.NEW)
                | Q(~Q(status__in=sorted(HELD_STATUSES)), owner__isnull=True, taken_at__isnull=True),
                violation_error_message="Une demande prise en charge dit depuis quand et par qui.",
            ),
            models.CheckConstraint(
                name="request_waiting_says_since_when",
                condition=~Q(status=RequestStatus.WAITING) | Q(asked_at__isnull=False),
                violation_error_message="Une demande en attente dit depuis quand.",
            ),
            models.CheckConstraint(
                name="request_refused_says_why",
                condition=Q(status=RequestStatus.REFUSED, refusal_reason__in=RefusalReason.values)
                | Q(~Q(status=RequestStatus.REFUSED), refusal_reason=""),
                violation_error_message="Une demande refusée dit pourquoi, et elle seule.",
            ),
            models.CheckConstraint(
                name="request_opened_by_advisor_says_how",
                condition=Q(opened_by__isnull=False, channel__in=Channel.values)
                | Q(opened_by__isnull=True, channel=""),
                violation_error_message="Une demande ouverte par un conseiller dit comment elle est venue.",
            ),
            models.CheckConstraint(
                name="request_treated_reset_says_what_was_done",
                condition=Q(motive=Motive.ACCOUNT_RESET, status=RequestStatus.TREATED, outcome__in=Outcome.values)
                | Q(~Q(motive=Motive.ACCOUNT_RESET, status=RequestStatus.TREATED), outcome=""),
                violation_error_message="Une réinitialisation traitée dit ce qui a été fait, et elle seule.",
            ),
            models.CheckConstraint(
                name="request_siret_has_14_digits",
                condition=Q(siret="") | Q(siret__regex=SIRET_SHAPE),
                violation_error_message="Le SIRET compte 14 chiffres.",
            ),
            models.CheckConstraint(
                name="request_holds_what_its_motive_needs",
                condition=_needed_fields_are_there(),
                violation_error_message="Il manque une information nécessaire à ce motif.",
            ),
            models.UniqueConstraint(
                name="request_one_open_report_per_account",
                fields=["identifier"],
                condition=Q(motive=Motive.SECURITY, status__in=sorted(OPEN_STATUSES)),
                violation_error_message="Une opération signalée attend déjà pour ce compte.",
            ),
            models.CheckConstraint(
                name="request_message_is_not_too_long",
                condition=LessThanOrEqual(Length("message"), MESSAGE_LENGTH),
                violation_error_message="Le message est trop long.",
            ),
        ]

    def __str__(self) -> str:
        return f"{Motive(self.motive).label}, {self.full_name}"

    # Moves: they change the object in memory; the action saves. All raise IllegalMove.

    def take(self, *, by: User, at: datetime) -> None:
        """An advisor answers for the request from now on; from NEW only, the rest is handed over."""
        if self.status != RequestStatus.NEW:
            raise IllegalMove(self.status, RequestStatus.TAKEN)
        self._move(RequestStatus.TAKEN)
        self.owner, self.taken_at = by, at

    def hand_over(self, *, to: User) -> None:
        """Another advisor answers for it; it stays where it is, taken in charge since it was."""
        if self.status not in HELD_STATUSES:
            raise IllegalMove(self.status, RequestStatus.TAKEN)
        self.owner = to

    def put_on_hold(self, *, at: datetime) -> None:
        """The merchant was asked something, and has the ball."""
        self._move(RequestStatus.WAITING)
        self.asked_at = at

    def resume(self, *, at: datetime) -> None:
        """The merchant answered: the desk has the ball again; from WAITING only."""
        if self.status != RequestStatus.WAITING:
            raise IllegalMove(self.status, RequestStatus.TAKEN)
        self._move(RequestStatus.TAKEN)
        self.answered_at = at

    def treat(self, *, by: User, at: datetime, words: str = "", outcome: Outcome | None = None) -> None:
        """What was asked is done; reopening an account says how."""
        self._move(RequestStatus.TREATED)
        self.treated_by, self.treated_at, self.closing_words = by, at, words
        self.outcome = outcome.value if outcome else ""

    def refuse(self, *, by: User, at: datetime, reason: RefusalReason, words: str = "") -> None:
        """What was asked will not be done, and why."""
        self._move(RequestStatus.REFUSED)
        self.treated_by, self.treated_at = by, at
        self.refusal_reason, self.closing_words = reason, words

    def _move(self, target: RequestStatus) -> None:
        require_move(REQUEST_MOVES, RequestStatus(self.status), target)
        self.status = target

    def add_report(self, *, told: str, phone: str) -> None:
        """Another operation of the same account was reported: one line more, in memory; `phone` is whom to call now.

        What no longer fits is left out: the account is frozen, and its journal tells the rest.
        """
        longer = f"{self.message}\n{told}"
        if len(longer) <= MESSAGE_LENGTH:
            self.message = longer
        self.phone = phone

    @property
    def is_open(self) -> bool:
        return self.status in OPEN_STATUSES

    @property
    def is_new(self) -> bool:
        """Whether nobody answers for it yet."""
        return self.status == RequestStatus.NEW

    @property
    def is_waiting(self) -> bool:
        return self.status == RequestStatus.WAITING

    @property
    def is_treated(self) -> bool:
        return self.status == RequestStatus.TREATED

    @property
    def is_refused(self) -> bool:
        return self.status == RequestStatus.REFUSED

    @property
    def is_opened_by_advisor(self) -> bool:
        """Whether an advisor opened it, from the file, for somebody who telephoned or came."""
        return self.opened_by_id is not None

    @property
    def full_name(self) -> str:
        return f"{self.first_name} {self.last_name}"

    @property
    def journal_label(self) -> str:
        """How the journal names this request: nothing typed by its sender."""
        return f"demande de contact {str(self.public_id)[:8]}"
