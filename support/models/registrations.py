"""Enrolments: what a merchant asks for and how it ends, with the secrets it holds sealed until it is accepted."""

import uuid
from datetime import datetime
from typing import TYPE_CHECKING, Self

from django.db import models
from django.db.models import Exists, OuterRef, Q
from django.db.models.functions import Length
from django.db.models.lookups import LessThanOrEqual
from phonenumber_field.modelfields import PhoneNumberField

from accounts.models import SIRET_SHAPE, Company, User
from backoffice.core import vault
from backoffice.core.moves import require_move
from shops.models import LABEL_MAX_LENGTH, URL_MAX_LENGTH, Shop
from support.enums import (
    EDITED_REGISTRATIONS,
    OPEN_REGISTRATIONS,
    OPENED_REGISTRATIONS,
    REGISTRATION_MOVES,
    RegistrationKind,
    RegistrationRefusal,
    RegistrationState,
    Route,
)

if TYPE_CHECKING:
    from django.contrib.auth.models import AnonymousUser

LEGAL_NAME_LENGTH, ADDRESS_LENGTH, NAME_LENGTH = 120, 120, 80
# What an advisor writes: what is missing, why it is refused, how the signed contract came back.
WORDS_LENGTH = 1000
# Without any of these there is nothing an advisor could accept, but for a known company's shop.
OF_A_COMPANY = ("siret", "legal_name", "street", "postal_code", "city", "last_name", "first_name", "quality", "email")


class RegistrationQuerySet(models.QuerySet["Registration"]):
    """Reading of enrolments: every page of the desk starts with `visible_to`."""

    def visible_to(self, user: "User | AnonymousUser") -> Self:
        """For an advisor, those that were submitted, but for companies of other portfolios (AUTHZ-08)."""
        if not (isinstance(user, User) and user.is_advisor):
            return self.none()
        theirs = Company.objects.filter(pk=OuterRef("company"))
        return self.exclude(state=RegistrationState.DRAFT).filter(~Exists(theirs.kept_from(user)))

    def of_browser(self, digest: str) -> Self:
        return self.filter(browser_digest=digest)

    def with_public_id(self, public_id: uuid.UUID | str) -> Self:
        return self.filter(public_id=public_id)

    def linked_by(self, digest: str) -> Self:
        return self.filter(links__digest=digest)

    def of_company(self, company: Company) -> Self:
        return self.filter(company=company)

    def open_for(self, siret: str) -> Self:
        """Those of this SIRET that an advisor has yet to decide."""
        return self.filter(siret=siret, kind=RegistrationKind.NEW_COMPANY, state__in=OPEN_REGISTRATIONS)

    def opened_as(self, shop: Shop) -> Self:
        """The enrolment that led to this shop; none for shops of before."""
        return self.filter(shop=shop)

    def begun_from(self, origin: str, *, since: datetime) -> Self:
        """What one sender (`core.requests.origin`) began after a moment, the earliest first."""
        return self.filter(origin=origin, started_at__gt=since).order_by("started_at")

    def undecided(self) -> Self:
        """Those that an advisor has yet to decide."""
        return self.filter(state__in=OPEN_REGISTRATIONS)

    def waiting(self) -> Self:
        """Those that an advisor must act on, the oldest first."""
        return self.filter(state=RegistrationState.SUBMITTED).order_by("submitted_at", "pk")

    def incomplete(self) -> Self:
        """Those that wait for their merchant, the longest first."""
        return self.filter(state=RegistrationState.INCOMPLETE).order_by("asked_at", "pk")

    def decided(self) -> Self:
        """What became of the others, the latest first."""
        return self.exclude(state__in=OPEN_REGISTRATIONS).order_by("-decided_at", "-pk")

    def with_people(self) -> Self:
        return self.select_related("company", "shop", "decided_by")

    def idle_since(self, moment: datetime) -> Self:
        """Drafts nobody went on with."""
        return self.filter(state=RegistrationState.DRAFT, saved_at__lt=moment)

    def over_before(self, moment: datetime) -> Self:
        """Those refused before a moment or never completed since it, and those signed: the contract says the rest."""
        return self.filter(
            Q(state=RegistrationState.REFUSED, decided_at__lt=moment)
            | Q(state=RegistrationState.INCOMPLETE, asked_at__lt=moment)
            | Q(state=RegistrationState.SIGNED, signed_at__lt=moment)
        )


class Registration(models.Model):
    """One enrolment; `sealed_code` and `sealed_iban` are gone once it is accepted or refused (design 4.6)."""

    public_id = models.UUIDField(default=uuid.uuid4, unique=True, editable=False)
    kind = models.CharField("nature", max_length=20, choices=RegistrationKind, default=RegistrationKind.NEW_COMPANY)
    state = models.CharField("état", max_length=20, choices=RegistrationState, default=RegistrationState.DRAFT)
    # Known from the start for another shop, from the acceptance on for a new company.
    company = models.ForeignKey(
        Company, on_delete=models.PROTECT, null=True, blank=True, related_name="+", verbose_name="société"
    )
    asked_by = models.ForeignKey(
        User, on_delete=models.PROTECT, null=True, blank=True, related_name="+", verbose_name="demandée par"
    )

    siret = models.CharField("SIRET", max_length=14, blank=True)
    legal_name = models.CharField("raison sociale", max_length=LEGAL_NAME_LENGTH, blank=True)
    street = models.CharField("adresse", max_length=ADDRESS_LENGTH, blank=True)
    postal_code = models.CharField("code postal", max_length=5, blank=True)
    city = models.CharField("ville", max_length=NAME_LENGTH, blank=True)

    last_name = models.CharField("nom", max_length=NAME_LENGTH, blank=True)
    first_name = models.CharField("prénom", max_length=NAME_LENGTH, blank=True)
    quality = models.CharField("qualité", max_length=NAME_LENGTH, blank=True)
    email = models.EmailField("adresse e-mail", blank=True)
    phone = PhoneNumberField("téléphone", region="FR", blank=True)

    shop_label = models.CharField("nom de la boutique", max_length=LABEL_MAX_LENGTH, blank=True)
    shop_url = models.CharField("adresse du site", max_length=URL_MAX_LENGTH, blank=True)
    activity = models.CharField("activité", max_length=NAME_LENGTH, blank=True)
    route = models.CharField("raccordement", max_length=10, choices=Route, blank=True)

    sealed_iban = models.TextField("IBAN scellé", blank=True, editable=False)
    iban_last_four = models.CharField("fin de l’IBAN", max_length=4, blank=True, editable=False)
    sealed_code = models.TextField("code scellé", blank=True, editable=False)

    # What was agreed to: the SHA-256 of the text that stood beside the box, and when.
    consent_digest = models.CharField("empreinte du consentement", max_length=64, blank=True, editable=False)
    consented_at = models.DateTimeField("accepté le", null=True, blank=True)

    # SHA-256 of what the browser that made the enrolment holds: that browser alone edits it and prints its code.
    browser_digest = models.CharField("empreinte du navigateur", max_length=64, blank=True, editable=False)
    address = models.GenericIPAddressField("adresse IP", null=True, blank=True)
    origin = models.CharField("provenance", max_length=50, blank=True)

    started_at = models.DateTimeField("commencée le")
    saved_at = models.DateTimeField("enregistrée le")
    submitted_at = models.DateTimeField("déposée le", null=True, blank=True)
    # When the ball went to the merchant for the last time, and what is missing.
    asked_at = models.DateTimeField("complément demandé le", null=True, blank=True)
    missing = models.CharField("ce qui manque", max_length=WORDS_LENGTH, blank=True)
    decided_at = models.DateTimeField("décidée le", null=True, blank=True)
    decided_by = models.ForeignKey(
        User, on_delete=models.PROTECT, null=True, blank=True, related_name="+", verbose_name="décidée par"
    )
    refusal_reason = models.CharField("motif du refus", max_length=20, choices=RegistrationRefusal, blank=True)
    refusal_words = models.CharField("mot du refus", max_length=WORDS_LENGTH, blank=True)
    shop = models.ForeignKey(
        Shop, on_delete=models.PROTECT, null=True, blank=True, related_name="+", verbose_name="boutique ouverte"
    )
    signed_at = models.DateTimeField("contrat signé le", null=True, blank=True)

    objects = RegistrationQuerySet.as_manager()

    class Meta:
        verbose_name = "inscription"
        verbose_name_plural = "inscriptions"
        indexes = [
            models.Index("origin", "started_at", name="registration_by_origin"),
            models.Index("state", "submitted_at", name="registration_by_state"),
        ]
        constraints = [
            models.CheckConstraint(
                name="registration_state_is_known",
                condition=Q(state__in=RegistrationState.values, kind__in=RegistrationKind.values),
                violation_error_message="Cet état n’existe pas.",
            ),
            models.UniqueConstraint(
                name="registration_one_open_per_siret",
                fields=["siret"],
                condition=Q(kind=RegistrationKind.NEW_COMPANY, state__in=sorted(OPEN_REGISTRATIONS)),
                violation_error_message="Une inscription est déjà ouverte pour ce SIRET.",
            ),
            models.UniqueConstraint(
                name="registration_one_per_browser",
                fields=["browser_digest"],
                condition=~Q(browser_digest=""),
                violation_error_message="Ce navigateur a déjà une inscription en cours.",
            ),
            models.CheckConstraint(
                name="registration_siret_has_14_digits",
                condition=Q(siret="") | Q(siret__regex=SIRET_SHAPE),
                violation_error_message="Le SIRET compte 14 chiffres.",
            ),
            models.CheckConstraint(
                name="registration_submitted_says_everything",
                condition=Q(state=RegistrationState.DRAFT)
                | Q(submitted_at__isnull=False, consented_at__isnull=False, consent_digest__regex=r"^[0-9a-f]{64}$")
                & ~Q(shop_label="")
                & ~Q(shop_url="")
                & (
                    Q(kind=RegistrationKind.SECOND_SHOP, company__isnull=False)
                    | Q(kind=RegistrationKind.NEW_COMPANY) & ~Q(*((name, "") for name in OF_A_COMPANY), _connector=Q.OR)
                ),
                violation_error_message="Une inscription déposée est complète.",
            ),
            models.CheckConstraint(
                name="registration_secrets_are_sealed_and_gone_once_decided",
                condition=(
                    Q(state__in=sorted(EDITED_REGISTRATIONS | OPEN_REGISTRATIONS)) | Q(sealed_code="", sealed_iban="")
                )
                & (Q(sealed_code="") | Q(sealed_code__startswith="v1."))
                & (Q(sealed_iban="") | Q(sealed_iban__startswith="v1.")),
                violation_error_message="Une inscription décidée ne garde plus de secret.",
            ),
            models.CheckConstraint(
                name="registration_incomplete_says_what_is_missing",
                condition=~Q(state=RegistrationState.INCOMPLETE) | Q(asked_at__isnull=False) & ~Q(missing=""),
                violation_error_message="Une inscription à compléter dit ce qui manque.",
            ),
            models.CheckConstraint(
                name="registration_decided_says_by_whom",
                condition=Q(
                    state__in=sorted(EDITED_REGISTRATIONS | OPEN_REGISTRATIONS),
                    decided_at__isnull=True,
                    decided_by__isnull=True,
                    refusal_reason="",
                )
                | Q(
                    state=RegistrationState.REFUSED,
                    decided_at__isnull=False,
                    decided_by__isnull=False,
                    refusal_reason__in=RegistrationRefusal.values,
                )
                | Q(
                    state__in=sorted(OPENED_REGISTRATIONS),
                    decided_at__isnull=False,
                    decided_by__isnull=False,
                    refusal_reason="",
                    company__isnull=False,
                    shop__isnull=False,
                ),
                violation_error_message="Une inscription décidée dit par qui, et comment.",
            ),
            models.CheckConstraint(
                name="registration_signed_says_when",
                condition=Q(state=RegistrationState.SIGNED, signed_at__isnull=False)
                | ~Q(state=RegistrationState.SIGNED) & Q(signed_at__isnull=True),
                violation_error_message="Un contrat signé l’est à une date.",
            ),
            models.CheckConstraint(
                name="registration_words_are_not_too_long",
                condition=LessThanOrEqual(Length("missing"), WORDS_LENGTH),
                violation_error_message="Ce texte est trop long.",
            ),
        ]

    def __str__(self) -> str:
        return f"{self.legal_name or self.shop_label}, {RegistrationState(self.state).label}"

    # Moves: they change the object in memory; the action saves. All raise IllegalMove.

    def submit(self, *, at: datetime, consent_digest: str) -> None:
        """The merchant says that everything is there, and agrees to what was shown."""
        self._move(RegistrationState.SUBMITTED)
        self.submitted_at, self.consented_at, self.consent_digest = at, at, consent_digest
        self.missing = ""

    def ask_more(self, *, missing: str, at: datetime) -> None:
        """Something is missing: the merchant has the ball."""
        self._move(RegistrationState.INCOMPLETE)
        self.missing, self.asked_at = missing, at

    def accept(self, *, company: Company, shop: Shop, by: User, at: datetime) -> None:
        """What was asked for is open; the secrets that led there are gone."""
        self._move(RegistrationState.ACCEPTED)
        self.company, self.shop, self.decided_by, self.decided_at = company, shop, by, at
        self.sealed_code = self.sealed_iban = ""

    def refuse(self, *, reason: RegistrationRefusal, words: str, by: User, at: datetime) -> None:
        """Nothing is opened, and why."""
        self._move(RegistrationState.REFUSED)
        self.refusal_reason, self.refusal_words, self.decided_by, self.decided_at = reason, words, by, at
        self.sealed_code = self.sealed_iban = ""

    def sign(self, *, at: datetime) -> None:
        """The signed paper is back."""
        self._move(RegistrationState.SIGNED)
        self.signed_at = at

    def _move(self, target: RegistrationState) -> None:
        require_move(REGISTRATION_MOVES, self.state, target)
        self.state = target

    # Secrets, sealed for this very row, in memory.

    def seal_code(self, code: str) -> None:
        """Seal the normalised code (design 4.6)."""
        self.sealed_code = vault.seal(code, identity=self._identity("code"))

    def code(self) -> str:
        """The code in clear, for the acceptance alone; "" when there is none."""
        return vault.unseal(self.sealed_code, identity=self._identity("code")) if self.sealed_code else ""

    def seal_iban(self, iban: str) -> None:
        """Seal the compact IBAN, and keep its end to be recognised by."""
        self.sealed_iban, self.iban_last_four = vault.seal(iban, identity=self._identity("iban")), iban[-4:]

    def iban(self) -> str:
        """The IBAN in clear, for the acceptance alone; "" when there is none."""
        return vault.unseal(self.sealed_iban, identity=self._identity("iban")) if self.sealed_iban else ""

    def _identity(self, column: str) -> str:
        return vault.row_identity("support.registration", self.public_id, column)

    @property
    def is_edited(self) -> bool:
        """Whether the merchant fills it in."""
        return self.state in EDITED_REGISTRATIONS

    @property
    def is_submitted(self) -> bool:
        return self.state == RegistrationState.SUBMITTED

    @property
    def is_incomplete(self) -> bool:
        return self.state == RegistrationState.INCOMPLETE

    @property
    def is_accepted(self) -> bool:
        return self.state == RegistrationState.ACCEPTED

    @property
    def is_refused(self) -> bool:
        return self.state == RegistrationState.REFUSED

    @property
    def is_signed(self) -> bool:
        return self.state == RegistrationState.SIGNED

    @property
    def is_over(self) -> bool:
        """Whether nothing more comes of it: its browser may begin another."""
        return self.state in {RegistrationState.REFUSED, RegistrationState.SIGNED}

    @property
    def is_second_shop(self) -> bool:
        """Whether the company is known already."""
        return self.kind == RegistrationKind.SECOND_SHOP

    @property
    def representative(self) -> str:
        return f"{self.first_name} {self.last_name}".strip()

    @property
    def postal_address(self) -> str:
        """On one line; "" for a known company's other shop."""
        town = f"{self.postal_code} {self.city}".strip()
        return ", ".join(part for part in (self.street, town) if part)

    @property
    def journal_label(self) -> str:
        """How the journal names this enrolment: nothing typed by its sender."""
        return f"inscription {str(self.public_id)[:8]}"
