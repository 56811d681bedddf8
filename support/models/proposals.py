"""What one advisor proposes and another approves: frozen as it was proposed, and good for a day (AUTHZ-06)."""

import uuid
from datetime import datetime
from typing import TYPE_CHECKING, Self

from django.db import models
from django.db.models import Exists, F, OuterRef, Q

from accounts.enums import PRESENT_STATES
from accounts.models import User
from accounts.models.memberships import is_current
from backoffice.core import vault
from backoffice.core.moves import require_move
from certificates.models import Contract
from support.enums import DECIDED_PROPOSALS, PROPOSAL_MOVES, ProposalKind, ProposalState
from support.models.calls import CallBack
from support.models.requests import ContactRequest

if TYPE_CHECKING:
    from django.contrib.auth.models import AnonymousUser

# Why it is proposed, or why it is rejected.
WORDS_LENGTH = 500


class ProposalQuerySet(models.QuerySet["Proposal"]):
    def visible_to(self, user: "User | AnonymousUser") -> Self:
        """For an advisor, those whose request they see (AUTHZ-08), never one about themselves; none for anybody else.

        Where nobody else looks after the company, a second advisor comes from outside its portfolio, or there would be
        none: such a proposal alone is shown to all of them.
        """
        if not (isinstance(user, User) and user.is_advisor):
            return self.none()
        seconds = User.objects.filter(
            is_current("assignments__company__memberships__"),
            state__in=PRESENT_STATES,
            assignments__company__memberships__user=OuterRef("person"),
        ).exclude(pk__in=[OuterRef("proposed_by"), OuterRef("contact_request__owner")])
        seen = Q(contact_request__in=ContactRequest.objects.visible_to(user))
        return self.filter(seen | ~Exists(seconds)).exclude(person=user)

    def of(self, contact: ContactRequest) -> Self:
        """Those of a request, the latest first."""
        return self.filter(contact_request=contact).order_by("-proposed_at", "-pk")

    def about(self, person: User, *, kind: ProposalKind) -> Self:
        return self.filter(person=person, kind=kind)

    def pending(self) -> Self:
        """Those that wait, their day over or not."""
        return self.filter(state=ProposalState.PENDING)

    def living(self, *, now: datetime) -> Self:
        """Those that can still be approved."""
        return self.pending().filter(expires_at__gt=now)

    def waiting_for(self, advisor: User, *, now: datetime) -> Self:
        """Those that this advisor may decide, the oldest first."""
        own = Q(proposed_by=advisor) | Q(contact_request__owner=advisor)
        return self.visible_to(advisor).living(now=now).exclude(own).order_by("expires_at", "pk")

    def over(self, *, now: datetime) -> Self:
        """Those whose day is over and that nothing has ended yet."""
        return self.pending().filter(expires_at__lte=now)

    def latest_first(self) -> Self:
        return self.order_by("-proposed_at", "-pk")

    def with_people(self) -> Self:
        return self.select_related(
            "person", "proposed_by", "decided_by", "contact_request", "call", "contract__shop__company"
        )


class Proposal(models.Model):
    """Something that takes two advisors; `fingerprint` is of all that the second one is shown (`support.fingerprints`).

    What waits dies with the decision: approved, the new code's hash is the account's, the IBAN on the avenant alone.
    """

    public_id = models.UUIDField(default=uuid.uuid4, unique=True, editable=False)
    kind = models.CharField("nature", max_length=20, choices=ProposalKind)
    contact_request = models.ForeignKey(
        ContactRequest, on_delete=models.CASCADE, related_name="proposals", verbose_name="demande de contact"
    )
    person = models.ForeignKey(User, on_delete=models.PROTECT, related_name="+", verbose_name="titulaire")
    call = models.ForeignKey(
        CallBack, on_delete=models.CASCADE, null=True, blank=True, related_name="+", verbose_name="rappel"
    )
    words = models.CharField("raison", max_length=WORDS_LENGTH, blank=True)
    # Argon2id over an HMAC whose key is not in the database (RST-09).
    new_code_hash = models.CharField("empreinte du nouveau code", max_length=255, blank=True, editable=False)
    # The account that waits, and the contract whose settlement it changes; pages show its end alone.
    contract = models.ForeignKey(
        Contract, on_delete=models.PROTECT, null=True, blank=True, related_name="+", verbose_name="contrat"
    )
    sealed_iban = models.TextField("IBAN scellé", blank=True, editable=False)
    iban_last_four = models.CharField("fin de l’IBAN", max_length=4, blank=True, editable=False)
    fingerprint = models.CharField("empreinte du dossier", max_length=64, editable=False)
    proposed_by = models.ForeignKey(User, on_delete=models.PROTECT, related_name="+", verbose_name="proposée par")
    proposed_at = models.DateTimeField("proposée le")
    expires_at = models.DateTimeField("à approuver avant le")
    state = models.CharField("état", max_length=10, choices=ProposalState, default=ProposalState.PENDING)
    decided_by = models.ForeignKey(
        User, on_delete=models.PROTECT, null=True, blank=True, related_name="+", verbose_name="décidée par"
    )
    # When it was approved or rejected, when the file was seen to have changed, or when its day was over.
    decided_at = models.DateTimeField("décidée le", null=True, blank=True)
    decision_words = models.CharField("mot de la décision", max_length=WORDS_LENGTH, blank=True)

    objects = ProposalQuerySet.as_manager()

    class Meta:
        verbose_name = "proposition"
        verbose_name_plural = "propositions"
        indexes = [models.Index("expires_at", name="proposal_pending", condition=Q(state=ProposalState.PENDING))]
        constraints = [
            models.UniqueConstraint(
                name="proposal_one_pending_per_person_and_kind",
                fields=["person", "kind"],
                condition=Q(state=ProposalState.PENDING),
                violation_error_message="Une proposition de cette nature attend déjà pour cette personne.",
            ),
            models.CheckConstraint(
                name="proposal_kind_is_known",
                condition=Q(kind__in=ProposalKind.values),
                violation_error_message="Cette nature n’existe pas.",
            ),
            models.CheckConstraint(
                name="proposal_is_decided_by_somebody_else",
                condition=Q(decided_by__isnull=True)
                | ~Q(decided_by=F("proposed_by")) & ~Q(decided_by=F("person")) & ~Q(proposed_by=F("person")),
                violation_error_message="Personne n’approuve ce qu’il propose, ni ce qui touche son propre compte.",
            ),
            models.CheckConstraint(
                name="proposal_decided_says_by_whom_and_when",
                condition=Q(state=ProposalState.PENDING, decided_by__isnull=True, decided_at__isnull=True)
                | Q(state__in=sorted(DECIDED_PROPOSALS), decided_by__isnull=False, decided_at__isnull=False)
                | Q(
                    state__in=[ProposalState.VOIDED, ProposalState.LAPSED],
                    decided_by__isnull=True,
                    decided_at__isnull=False,
                ),
                violation_error_message="Une décision dit de qui et de quand elle est.",
            ),
            models.CheckConstraint(
                name="proposal_keeps_a_code_only_while_pending",
                condition=Q(state=ProposalState.PENDING, kind=ProposalKind.NEW_CODE) & ~Q(new_code_hash="")
                | ~Q(state=ProposalState.PENDING, kind=ProposalKind.NEW_CODE) & Q(new_code_hash=""),
                violation_error_message="Un nouveau code n’attend que tant qu’il peut être approuvé.",
            ),
            models.CheckConstraint(
                name="proposal_keeps_an_account_only_while_pending",
                condition=Q(
                    state=ProposalState.PENDING, kind=ProposalKind.SETTLEMENT_ACCOUNT, sealed_iban__startswith="v1."
                )
                | ~Q(state=ProposalState.PENDING, kind=ProposalKind.SETTLEMENT_ACCOUNT) & Q(sealed_iban=""),
                violation_error_message="Un compte n’attend que tant qu’il peut être approuvé.",
            ),
            models.CheckConstraint(
                name="proposal_of_an_account_names_its_contract",
                condition=~Q(kind=ProposalKind.SETTLEMENT_ACCOUNT)
                | Q(contract__isnull=False, iban_last_four__regex=r"^[0-9A-Z]{4}$"),
                violation_error_message="Un compte de règlement est celui d’un contrat.",
            ),
            models.CheckConstraint(
                name="proposal_of_a_code_comes_from_a_call",
                condition=~Q(kind=ProposalKind.NEW_CODE) | Q(call__isnull=False),
                violation_error_message="Un nouveau code se choisit pendant un rappel.",
            ),
            models.CheckConstraint(
                name="proposal_fingerprint_is_sha256",
                condition=Q(fingerprint__regex=r"^[0-9a-f]{64}$"),
                violation_error_message="Cette empreinte n’est pas valable.",
            ),
            models.CheckConstraint(
                name="proposal_ends_after_it_begins",
                condition=Q(expires_at__gt=F("proposed_at")),
                violation_error_message="Une proposition se termine après avoir commencé.",
            ),
        ]

    def __str__(self) -> str:
        return f"{ProposalKind(self.kind).label}, {self.person_id}"

    # Moves: they change the object in memory; the action saves. All raise IllegalMove.

    def approve(self, *, by: User, at: datetime) -> str:
        """A second advisor says yes; what waited, a code's hash or an IBAN, is handed out and no longer kept here."""
        self._move(ProposalState.APPROVED, at=at)
        self.decided_by = by
        handed = self.new_code_hash or self.iban()
        self._forget()
        return handed

    def reject(self, *, by: User, at: datetime, words: str) -> None:
        """A second advisor says no, and why."""
        self._move(ProposalState.REJECTED, at=at)
        self.decided_by, self.decision_words = by, words
        self._forget()

    def void(self, *, at: datetime) -> None:
        """The file is not what it was: what would be approved is not what was proposed."""
        self._move(ProposalState.VOIDED, at=at)
        self._forget()

    def lapse(self, *, at: datetime) -> None:
        """Nobody decided within its day."""
        self._move(ProposalState.LAPSED, at=at)
        self._forget()

    def _move(self, target: ProposalState, *, at: datetime) -> None:
        require_move(PROPOSAL_MOVES, self.state, target)
        self.state, self.decided_at = target, at

    def _forget(self) -> None:
        self.new_code_hash = self.sealed_iban = ""

    def seal_iban(self, iban: str) -> None:
        """Keep an account (compact IBAN) for this very row until it is decided, in memory."""
        self.sealed_iban = vault.seal(iban, identity=self._iban_identity)
        self.iban_last_four = iban[-4:]

    def iban(self) -> str:
        """The account that waits, in clear; empty once decided. Raises vault.SealBroken in another row."""
        return vault.unseal(self.sealed_iban, identity=self._iban_identity) if self.sealed_iban else ""

    @property
    def _iban_identity(self) -> str:
        return vault.row_identity("support.proposal", self.public_id, "iban")

    @property
    def is_pending(self) -> bool:
        return self.state == ProposalState.PENDING

    @property
    def is_approved(self) -> bool:
        return self.state == ProposalState.APPROVED

    @property
    def is_rejected(self) -> bool:
        return self.state == ProposalState.REJECTED

    @property
    def replaces_code(self) -> bool:
        return self.kind == ProposalKind.NEW_CODE

    @property
    def changes_account(self) -> bool:
        return self.kind == ProposalKind.SETTLEMENT_ACCOUNT

    @property
    def journal_label(self) -> str:
        """How the journal names this proposal."""
        return f"proposition {str(self.public_id)[:8]}"
