"""A visit to the hosted page: the form as received, and whether its reference is taken."""

import base64
import hashlib
import uuid
from collections.abc import Collection
from datetime import datetime
from typing import TYPE_CHECKING, Self

from django.db import models
from django.db.models import F, Q
from django.db.models.constants import OnConflict
from django.db.models.functions import Upper
from django.utils.crypto import salted_hmac
from django.utils.functional import cached_property

from backoffice.core.moves import require_move
from backoffice.vads import instalments
from backoffice.vads.instalments import Instalment
from payments.enums import SESSION_MOVES, SessionState
from shops.enums import Mode
from shops.models import Shop

if TYPE_CHECKING:
    from payments.models.transaction import Transaction

TOKEN_BYTES = 16
TOKEN_LENGTH = 22
REFERENCE_CONSTRAINT = "payment_session_reference_once_a_day"
UNENDED = frozenset({SessionState.OPEN, SessionState.CHALLENGED})


def token_digest(token: str) -> str:
    """What is stored of a page's token: its SHA-256, so that the database opens no page."""
    return hashlib.sha256(token.encode()).hexdigest()


class PaymentSessionQuerySet(models.QuerySet["PaymentSession"]):
    def of_token(self, token: str) -> Self:
        """The session this page token opens."""
        return self.filter(token_digest=token_digest(token)).select_related("shop")

    def same_reference(self, other: "PaymentSession") -> Self:
        """The sessions of the same shop, mode, UTC day and transaction id, whatever its case (design 4.13)."""
        return self.annotate(reference=Upper("trans_id")).filter(
            shop=other.shop, mode=other.mode, trans_day=other.trans_day, reference=other.trans_id.upper()
        )

    def twin_of(self, other: "PaymentSession") -> Self:
        """The session that took the reference of `other` for the same bytes: a GET and a POST of one form."""
        return self.same_reference(other).holding().filter(fingerprint=other.fingerprint)

    def holding(self) -> Self:
        """Those that took their reference: opened by a POST, paid or cancelled."""
        return self.filter(holds_reference=True)

    def open_for(self, fingerprint: str, now: datetime) -> Self:
        """The visits open for exactly these bytes; the bytes hold the shop, the mode and the reference."""
        return self.filter(state=SessionState.OPEN, expires_at__gt=now, fingerprint=fingerprint)

    def with_challenge(self) -> Self:
        """With the question of the card's bank, where there is one."""
        return self.select_related("card_challenge")

    def with_results(self) -> Self:
        """With the payments made of them, so that `transaction` asks nothing more."""
        return self.prefetch_related("transactions")

    def insert_unless_taken(self, session: "PaymentSession") -> bool:
        """Save a new visit, in one statement; False, and nothing saved, when another one holds its reference.

        ON CONFLICT spares the savepoint that an exception would need: this is the one row of a form coming in.
        """
        key = self.model._meta.pk
        columns = [column for column in self.model._meta.concrete_fields if column is not key]
        # What bulk_create calls too; it alone would open a transaction and not say what was left out.
        (returned,) = self._insert(  # type: ignore[attr-defined]
            [session], fields=columns, returning_fields=[key], using=self.db, on_conflict=OnConflict.IGNORE
        )
        if returned is None:
            return False
        (session.pk,) = returned
        session._state.adding, session._state.db = False, self.db
        return True

    def to_forget(self, opened_before: datetime) -> Self:
        """Those opened before a moment that still hold their buyer, the oldest first."""
        return self.filter(forgotten_at=None, opened_at__lt=opened_before).order_by("opened_at", "pk")

    def among(self, visits: "list[PaymentSession]") -> Self:
        return self.filter(pk__in=[one.pk for one in visits])


class PaymentSession(models.Model):
    public_id = models.UUIDField(default=uuid.uuid4, unique=True, editable=False)
    token_digest = models.CharField("empreinte du jeton", max_length=64, unique=True, editable=False)
    shop = models.ForeignKey(Shop, on_delete=models.PROTECT, related_name="payment_sessions", verbose_name="boutique")
    mode = models.CharField("mode", max_length=10, choices=Mode.choices)
    trans_id = models.CharField("numéro de transaction", max_length=6)
    trans_date = models.DateTimeField("date du formulaire")
    trans_day = models.DateField("jour UTC du formulaire")
    # In the currency's smallest unit: cents for the euro, yens for the yen.
    amount_cents = models.BigIntegerField("montant")
    currency = models.CharField("devise", max_length=3)
    # Every vads_* field exactly as received: echoed, signed again, never changed (compatibility 1 to 3).
    fields = models.JSONField("champs reçus")
    fingerprint = models.CharField("empreinte du formulaire", max_length=64, editable=False)
    state = models.CharField("état", max_length=10, choices=SessionState.choices, default=SessionState.OPEN)
    # A GET opens the page and takes nothing; a POST, a payment or a cancellation takes the reference (design 4.13).
    holds_reference = models.BooleanField("référence prise")
    drift_seconds = models.IntegerField("écart d’horloge", default=0)
    # Cards refused so far while the shop granted another try.
    refusals = models.PositiveSmallIntegerField("cartes refusées", default=0)
    opened_at = models.DateTimeField("ouverte le")
    expires_at = models.DateTimeField("expire le")
    ended_at = models.DateTimeField("finie le", null=True, blank=True)
    # "" until the buyer chooses one on the page; `vads_language` itself is echoed as it came.
    language = models.CharField("langue choisie", max_length=2, blank=True, default="")
    forgotten_at = models.DateTimeField("acheteur effacé le", null=True, blank=True)

    objects = PaymentSessionQuerySet.as_manager()

    class Meta:
        verbose_name = "visite de la page de paiement"
        verbose_name_plural = "visites de la page de paiement"
        indexes = [
            models.Index(fields=["fingerprint"], condition=Q(state="open"), name="payment_session_open_form"),
            models.Index(
                fields=["opened_at", "id"], condition=Q(forgotten_at__isnull=True), name="payment_session_to_forget"
            ),
        ]
        constraints = [
            models.UniqueConstraint(
                F("shop"),
                F("mode"),
                F("trans_day"),
                Upper("trans_id"),
                condition=Q(holds_reference=True),
                name=REFERENCE_CONSTRAINT,
                violation_error_message="Ce numéro de transaction a déjà servi ce jour-là.",
            ),
            models.CheckConstraint(
                name="payment_session_state_is_known",
                condition=Q(state__in=SessionState.values) & Q(mode__in=Mode.values),
                violation_error_message="Cet état n’existe pas.",
            ),
            models.CheckConstraint(
                name="payment_session_ended_holds_its_reference",
                condition=Q(state=SessionState.OPEN, ended_at__isnull=True)
                | Q(state=SessionState.CHALLENGED, ended_at__isnull=True, holds_reference=True)
                | (~Q(state__in=UNENDED) & Q(ended_at__isnull=False, holds_reference=True)),
                violation_error_message="Une visite finie garde sa référence et sa date de fin.",
            ),
            models.CheckConstraint(
                name="payment_session_amount_is_payable",
                condition=Q(amount_cents__gte=1, amount_cents__lte=999_999_999_999),
                violation_error_message="Le montant est un entier de 1 à 999 999 999 999.",
            ),
        ]

    def __str__(self) -> str:
        return f"{self.trans_id} {self.trans_day} ({self.mode})"

    @property
    def token(self) -> str:
        """The page's 128-bit token, 22 characters: derived from the server's key, so that a form posted again finds
        its page while the database holds a digest only (PAY-02)."""
        mac = salted_hmac("payments.session", str(self.public_id), algorithm="sha256").digest()
        return base64.urlsafe_b64encode(mac[:TOKEN_BYTES]).rstrip(b"=").decode()

    def seal_token(self) -> None:
        """Write the token's digest, in memory."""
        self.token_digest = token_digest(self.token)

    def take_reference(self) -> None:
        """A visit opened by GET takes its reference when somebody pays in it (design 4.13)."""
        self.holds_reference = True

    def challenge(self) -> None:
        """The card's bank asks its buyer to authenticate."""
        self._move(SessionState.CHALLENGED)

    def refuse_card(self) -> None:
        """The card was refused, and the buyer may try another one."""
        self._move(SessionState.OPEN)
        self.refusals += 1

    def complete(self, *, at: datetime, readable_until: datetime) -> None:
        """The payment has its result: the reference is taken, the receipt stays readable for a while."""
        self._end(SessionState.COMPLETED, at=at)
        self.expires_at = readable_until

    def cancel(self, *, at: datetime, readable_until: datetime) -> None:
        """The buyer turned back: the reference counts as used (compatibility 8)."""
        self._end(SessionState.CANCELLED, at=at)
        self.expires_at = readable_until

    def _end(self, state: SessionState, *, at: datetime) -> None:
        self._move(state)
        self.ended_at, self.holds_reference = at, True

    def _move(self, state: SessionState) -> None:
        require_move(SESSION_MOVES, SessionState(self.state), state)
        self.state = state

    def forget_buyer(self, *, kept: Collection[str], at: datetime) -> None:
        """Leave no field of the form but those of these names, nor the buyer's language, in memory (design 4.21)."""
        self.fields = {name: value for name, value in self.fields.items() if name in kept}
        self.language = ""
        self.forgotten_at = at

    def is_expired(self, now: datetime) -> bool:
        """Whether its ten minutes (or its receipt's) are over."""
        return self.expires_at <= now

    def is_payable(self, now: datetime) -> bool:
        """Whether the buyer can still pay or cancel."""
        return self.state in UNENDED and not self.is_expired(now)

    @property
    def transaction(self) -> "Transaction | None":
        """The payment it led to, the first instalment's when there are several; None while there is none."""
        return min(self.transactions.all(), key=lambda one: one.sequence_number, default=None)

    @property
    def instalments(self) -> "list[Transaction]":
        """Its payments in order when it led to several; empty otherwise."""
        every = sorted(self.transactions.all(), key=lambda one: one.sequence_number)
        return every if len(every) > 1 else []

    @cached_property
    def schedule(self) -> tuple[Instalment, ...]:
        """What is paid when: one instalment for SINGLE, several for MULTI (compatibility 11)."""
        config = str(self.fields["vads_payment_config"])
        return instalments.schedule(config, amount_cents=self.amount_cents, day=self.trans_day)

    @property
    def is_test(self) -> bool:
        return self.mode == Mode.TEST

    @property
    def order_id(self) -> str:
        """The shop's own order number, "" when it sent none."""
        return str(self.fields.get("vads_order_id", ""))
