"""The people who sign in for a company or for the bank."""

import uuid
from collections.abc import Collection
from datetime import datetime
from functools import cached_property
from typing import ClassVar

from django.contrib.auth.base_user import AbstractBaseUser, BaseUserManager
from django.contrib.auth.hashers import UNUSABLE_PASSWORD_PREFIX
from django.db import models
from django.db.models import Exists, OuterRef, Q, Subquery
from django.db.models.functions import Upper
from phonenumber_field.modelfields import PhoneNumberField

from accounts import identifiers
from accounts.enums import ACCOUNT_MOVES, JOURNAL_ROLES, PEOPLE_ROLES, PRESENT_STATES, AccountState, Role, UserKind
from accounts.models.companies import Company
from accounts.models.memberships import Membership
from backoffice.core.models.journal import JournalEntryQuerySet
from backoffice.core.moves import IllegalMove, require_move


class UserQuerySet(models.QuerySet["User"]):
    def known_as(self, typed: str) -> "UserQuerySet":
        """The account whose identifier was typed, whatever its case and width (AUTH-12)."""
        identifier = identifiers.normalise(typed)
        return self.filter(identifier=identifier) if identifiers.is_well_formed(identifier) else self.none()

    def holding_sessions(self) -> "UserQuerySet":
        """Accounts that may be signed in: active, or blocked for unknown browsers only, and no access that is over."""
        return self.filter(
            state__in=[AccountState.ACTIVE, AccountState.BLOCKED], temporary_password_expires_at__isnull=True
        ).exclude(self._access_over())

    def with_access_over(self) -> "UserQuerySet":
        """Accounts not closed yet though the person belongs to no company any more."""
        return self.not_closed().filter(self._access_over())

    @staticmethod
    def _access_over() -> Q:
        own = Membership.objects.filter(user=OuterRef("pk"))
        return Q(Exists(own)) & ~Q(Exists(own.current()))

    def with_public_id(self, public_id: str) -> "UserQuerySet":
        return self.filter(public_id=public_id)

    def advisors_at(self, email: str) -> "UserQuerySet":
        """The advisors of this address, whatever its case, whose accounts are not closed."""
        return self.not_closed().filter(kind=UserKind.ADVISOR, email__iexact=email)

    def in_company(self, company: "Company") -> "UserQuerySet":
        """The people of a company who may still come in."""
        return self.not_closed().filter(memberships__company=company)

    def with_code(self) -> "UserQuerySet":
        """Those who have a code of first connection: whoever signed the contract, or was invited."""
        return self.exclude(code_hash="")

    def viewable_by(self, advisor: "User") -> "UserQuerySet":
        """The merchants' people whose pages this advisor may see as they do: all their companies are in sight."""
        places = Membership.objects.filter(user=OuterRef("pk")).current()
        hidden = places.filter(company__in=Company.objects.kept_from(advisor))
        return self.not_closed().filter(Exists(places), ~Exists(hidden), kind=UserKind.MERCHANT)

    def telling_viewable(self, advisor: "User") -> "UserQuerySet":
        """Each with `is_viewable`: whether this advisor may see the pages as they do."""
        return self.annotate(is_viewable=Exists(self.model.objects.viewable_by(advisor).filter(pk=OuterRef("pk"))))

    def telling_factor(self) -> "UserQuerySet":
        """Each with `has_factor`: whether a one-time code is asked of them."""
        oneself = self.model.objects.filter(pk=OuterRef("pk"))
        return self.annotate(has_factor=Exists(oneself.filter(totp_devices__confirmed=True)))

    def without_factor(self) -> "UserQuerySet":
        """Those who have no second factor yet."""
        return self.exclude(totp_devices__confirmed=True)

    def by_name(self) -> "UserQuerySet":
        return self.order_by("last_name", "first_name", "identifier")

    def with_public_ids(self, public_ids: Collection[uuid.UUID]) -> "UserQuerySet":
        return self.filter(public_id__in=public_ids)

    def answering_to(self, typed: str) -> "UserQuerySet":
        """Those whose identifier, or e-mail address on file, was typed, whatever its case."""
        return self.filter(Q(identifier=identifiers.normalise(typed)) | Q(email__iexact=typed.strip()))

    def advisors_of(self, company: "Company | None") -> "UserQuerySet":
        """The advisors who see what concerns a company: its portfolio's, else all who can be at the counter."""
        present = self.filter(kind=UserKind.ADVISOR, state__in=PRESENT_STATES).order_by("last_name", "first_name")
        if company is None:
            return present
        theirs = self.model.objects.filter(state__in=PRESENT_STATES, assignments__company=company)
        return present.filter(Q(pk__in=theirs.values("pk")) | ~Exists(theirs))

    def around(self, company: "Company", *, also: Collection[uuid.UUID]) -> "UserQuerySet":
        """Who belongs to a company or ever did, who looks after it, and others by their public ids; all by name.

        Each with `place_role` there (None outside the company) and whether it `place_is_current`, whether they
        `look_after` the company, and `has_factor`.
        """
        everybody = self.model.objects
        keys = everybody.filter(memberships__company=company).values("pk")
        keys = keys.union(
            everybody.filter(assignments__company=company).values("pk"),
            everybody.filter(public_id__in=also).values("pk"),
        )
        place = Membership.objects.filter(user=OuterRef("pk"), company=company)
        oneself = everybody.filter(pk=OuterRef("pk"))
        return (
            self.filter(pk__in=keys)
            .annotate(
                place_role=Subquery(place.values("role")[:1]),
                place_is_current=Exists(place.current()),
                look_after=Exists(oneself.filter(assignments__company=company, state__in=PRESENT_STATES)),
            )
            .telling_factor()
            .by_name()
        )

    def not_closed(self) -> "UserQuerySet":
        return self.exclude(state=AccountState.CLOSED)

    def acting_in(self, entries: JournalEntryQuerySet) -> "UserQuerySet":
        """Those who did something that one of these entries tells."""
        return self.filter(Exists(entries.filter(actor_id=OuterRef("public_id"))))

    def in_journal_of(self, company: "Company | None", *, actors: list[uuid.UUID]) -> "UserQuerySet":
        """The people of a journal, by name: who acted in it, and the company's own; without company, the advisors."""
        own = Q(memberships__company=company) if company else Q(kind=UserKind.ADVISOR)
        return self.filter(Q(public_id__in=actors) | own).distinct().by_name()


UserManager = BaseUserManager.from_queryset(UserQuerySet)


class User(AbstractBaseUser):
    """Somebody who signs in: a merchant's person, or an advisor of the bank."""

    USERNAME_FIELD = "identifier"
    EMAIL_FIELD = "email"
    REQUIRED_FIELDS: ClassVar[list[str]] = ["kind", "first_name", "last_name", "email"]

    public_id = models.UUIDField(default=uuid.uuid4, unique=True, editable=False)
    identifier = models.CharField("identifiant", max_length=64, unique=True)
    kind = models.CharField("qualité", max_length=20, choices=UserKind)
    first_name = models.CharField("prénom", max_length=80)
    last_name = models.CharField("nom", max_length=80)
    email = models.EmailField("adresse e-mail")
    phone = PhoneNumberField("téléphone", region="FR", blank=True)
    state = models.CharField("état", max_length=20, choices=AccountState)
    # Argon2id over an HMAC whose key is not in the database; empty for advisors (RST-09).
    code_hash = models.CharField("empreinte du code", max_length=255, blank=True)
    temporary_password_expires_at = models.DateTimeField("fin du mot de passe temporaire", null=True, blank=True)
    failed_tries = models.PositiveSmallIntegerField("essais manqués de suite", default=0)
    # Set by « Ce n’était pas moi »: nothing of the account changes until an advisor has spoken with its owner.
    changes_frozen_at = models.DateTimeField("modifications gelées le", null=True, blank=True)
    created_at = models.DateTimeField("ouvert le")

    objects = UserManager()

    class Meta:
        verbose_name = "utilisateur"
        verbose_name_plural = "utilisateurs"
        indexes = [models.Index(Upper("email"), name="user_email_in_any_case")]
        constraints = [
            models.CheckConstraint(
                name="user_identifier_is_normalised",
                condition=Q(identifier__regex=identifiers.SHAPE),
                violation_error_message=(
                    "L’identifiant compte 3 à 64 caractères : lettres minuscules sans accent, chiffres, point, tirets."
                ),
            ),
            models.CheckConstraint(
                name="user_kind_is_known",
                condition=Q(kind__in=UserKind.values),
                violation_error_message="Cette qualité n’existe pas.",
            ),
            models.CheckConstraint(
                name="user_state_is_known",
                condition=Q(state__in=AccountState.values),
                violation_error_message="Cet état n’existe pas.",
            ),
            models.CheckConstraint(
                name="user_first_connection_has_code_and_deadline",
                condition=~Q(state=AccountState.FIRST_CONNECTION)
                | (Q(temporary_password_expires_at__isnull=False) & ~Q(code_hash="")),
                violation_error_message="Une première connexion attend un code et une date limite.",
            ),
            models.CheckConstraint(
                name="user_invited_is_advisor_without_password",
                condition=~Q(state=AccountState.INVITED)
                | Q(
                    kind=UserKind.ADVISOR,
                    password__startswith=UNUSABLE_PASSWORD_PREFIX,
                    temporary_password_expires_at__isnull=True,
                ),
                violation_error_message="Une invitation attend un conseiller, qui n’a pas encore de mot de passe.",
            ),
            models.CheckConstraint(
                name="user_active_has_own_password",
                condition=~Q(state=AccountState.ACTIVE) | Q(temporary_password_expires_at__isnull=True),
                violation_error_message="Un compte actif n’a plus de mot de passe temporaire.",
            ),
            models.CheckConstraint(
                name="user_advisor_has_no_code",
                condition=~Q(kind=UserKind.ADVISOR) | Q(code_hash=""),
                violation_error_message="Un conseiller n’a pas de code de première connexion.",
            ),
        ]

    def __str__(self) -> str:
        return self.identifier

    # Moves: they change the object in memory; the action saves.

    def start_first_connection(self, *, password_hash: str, expires_at: datetime) -> None:
        """Wait for the code and a new password, behind a temporary one (RST-04)."""
        require_move(ACCOUNT_MOVES, AccountState(self.state), AccountState.FIRST_CONNECTION)
        self.state = AccountState.FIRST_CONNECTION
        self.password = password_hash
        self.temporary_password_expires_at = expires_at
        self.failed_tries = 0

    def activate(self, *, password_hash: str) -> None:
        """The person's own password replaces the temporary one, which thereby is used up (RST-06), or none."""
        require_move(ACCOUNT_MOVES, AccountState(self.state), AccountState.ACTIVE)
        self.state = AccountState.ACTIVE
        self.password = password_hash
        self.temporary_password_expires_at = None
        self.failed_tries = 0

    def renew_password(self, *, password_hash: str) -> None:
        """Another password of one's own on an active account (design 4.7)."""
        if self.state != AccountState.ACTIVE:
            raise IllegalMove(self.state, AccountState.ACTIVE)
        self.password = password_hash
        self.failed_tries = 0

    def block(self) -> None:
        """Refuse unknown browsers until an advisor acts, or the owner with the code (AUTH-01, design 4.5)."""
        require_move(ACCOUNT_MOVES, AccountState(self.state), AccountState.BLOCKED)
        self.state = AccountState.BLOCKED

    def unblock(self) -> None:
        """Take every browser again, on the person's own password; from BLOCKED only."""
        if not self.is_blocked:
            raise IllegalMove(self.state, AccountState.ACTIVE)
        require_move(ACCOUNT_MOVES, AccountState(self.state), AccountState.ACTIVE)
        self.state = AccountState.ACTIVE
        self.failed_tries = 0

    def freeze(self, *, at: datetime) -> None:
        """Keep the account as it is; frozen already, it has been so since then (AUTH-16)."""
        self.changes_frozen_at = self.changes_frozen_at or at

    def unfreeze(self) -> None:
        """Let the account change again."""
        self.changes_frozen_at = None

    def close(self) -> None:
        """Refuse for good."""
        require_move(ACCOUNT_MOVES, AccountState(self.state), AccountState.CLOSED)
        self.state = AccountState.CLOSED

    @property
    def is_active(self) -> bool:  # type: ignore[override]
        """Django's question; which accounts hold sessions is `UserQuerySet.holding_sessions`'s to say (SESS-05)."""
        return self.state == AccountState.ACTIVE

    @property
    def is_invited(self) -> bool:
        """Whether the person has yet to choose a password."""
        return self.state == AccountState.INVITED

    @property
    def is_blocked(self) -> bool:
        """Whether unknown browsers are refused."""
        return self.state == AccountState.BLOCKED

    @property
    def is_frozen(self) -> bool:
        """Whether nothing of the account changes before an advisor has spoken with its owner."""
        return self.changes_frozen_at is not None

    @property
    def is_merchant(self) -> bool:
        return self.kind == UserKind.MERCHANT

    @property
    def is_advisor(self) -> bool:
        return self.kind == UserKind.ADVISOR

    @property
    def owes_factor(self) -> bool:
        """Whether a second factor is still to be enrolled; known of the person of a session, in the same query."""
        return bool(getattr(self, "is_owing_factor", False))

    @property
    def reads_journal(self) -> bool:
        """Whether a journal is open to this person: advisors, owners and managers."""
        return self.is_advisor or (self.membership is not None and self.membership.role in JOURNAL_ROLES)

    @property
    def full_name(self) -> str:
        return f"{self.first_name} {self.last_name}".strip()

    @property
    def journal_label(self) -> str:
        return f"{UserKind(self.kind).label.lower()} {self.identifier}"

    @property
    def reads_people(self) -> bool:
        """Whether the list of the company's people is open to this person: owners and managers."""
        return self.membership is not None and self.membership.role in PEOPLE_ROLES

    @property
    def is_reader(self) -> bool:
        """Whether this person only looks (AUTHZ-03)."""
        return self.membership is not None and self.membership.role == Role.READER

    @property
    def is_integrator(self) -> bool:
        """Whether this person works on the TEST side of the shops given to them, until a date."""
        return self.membership is not None and self.membership.role == Role.INTEGRATOR

    @cached_property
    def _memberships(self) -> "list[Membership]":
        """The person's places in companies, living ones first, then the oldest first. One query, once per object."""
        return list(self.memberships.living_first().select_related("company"))

    @property
    def membership(self) -> "Membership | None":
        """The person's place in a company, the oldest first; None for an advisor and for whoever's access is over."""
        first = next(iter(self._memberships), None)
        return first if first and first.is_current else None

    @property
    def current_places(self) -> "list[Membership]":
        """The person's places whose end has not come, each with its company."""
        return [one for one in self._memberships if one.is_current]

    def role_in(self, company_id: int) -> Role | None:
        """The person's living role in the company of this primary key."""
        return next((Role(one.role) for one in self.current_places if one.company_id == company_id), None)

    @property
    def company(self) -> Company | None:
        """Whose file this person is in, their access being over or not."""
        return self._memberships[0].company if self._memberships else None

    @property
    def role_label(self) -> str:
        """« Gérant », « Gestionnaire », or the kind of a person outside any company."""
        return Role(self.membership.role).label if self.membership else UserKind(self.kind).label
