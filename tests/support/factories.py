"""Requests at the counter, as the tests need them."""

import factory
from django.utils import timezone

from accounts import codes
from support import rules
from support.enums import (
    CallState,
    Channel,
    Motive,
    Outcome,
    ProposalKind,
    ProposalState,
    RefusalReason,
    RegistrationKind,
    RegistrationRefusal,
    RegistrationState,
    RequestStatus,
    Voice,
)
from support.fingerprints import fingerprint_of
from support.models import CallBack, CompanyNote, ContactRequest, Proposal, Registration
from tests.accounts.factories import CompanyFactory, MembershipFactory, UserFactory, siret_of
from tests.certificates.factories import ContractFactory
from tests.shops.factories import ShopFactory

# The code that somebody chooses on the telephone.
NEW_CODE = "740386"
# What an enrolment seals.
REGISTERED_CODE, IBAN = "850417", "FR1420041010050500013M02606"

TREATED_RESET = (Motive.ACCOUNT_RESET, RequestStatus.TREATED)


class ContactRequestFactory(factory.django.DjangoModelFactory):
    """A request to reopen an account; the traits are the other motives and the states."""

    class Meta:
        model = ContactRequest

    class Params:
        code_request = factory.Trait(motive=Motive.CODE_REQUEST, identifier="", phone="+33199005678")
        taken = factory.Trait(
            status=RequestStatus.TAKEN,
            taken_at=factory.LazyFunction(timezone.now),
            owner=factory.SubFactory(UserFactory, advisor=True),
        )
        waiting = factory.Trait(taken=True, status=RequestStatus.WAITING, asked_at=factory.LazyFunction(timezone.now))
        treated = factory.Trait(
            status=RequestStatus.TREATED,
            treated_at=factory.LazyFunction(timezone.now),
            treated_by=factory.SubFactory(UserFactory, advisor=True),
        )
        opened = factory.Trait(
            taken=True,
            opened_by=factory.SelfAttribute("owner"),
            channel=Channel.TELEPHONE,
            address=None,
            origin="",
        )
        refused = factory.Trait(treated=True, status=RequestStatus.REFUSED, refusal_reason=RefusalReason.UNMATCHED)
        report = factory.Trait(
            motive=Motive.SECURITY,
            phone="+33199005678",
            message="Mot de passe changé, le 24 novembre 2026 à 9 h 05.",
        )
        technical = factory.Trait(
            motive=Motive.TECHNICAL, identifier="", email="claire@fromagerie.example", message="La page reste blanche."
        )

    motive = Motive.ACCOUNT_RESET
    shop_label = "Fromagerie Beaufils"
    siret = "73282932000074"
    last_name = "Beaufils"
    first_name = "Claire"
    identifier = factory.Sequence(lambda number: f"beaufils-{number:05d}")
    # What the database asks of a reset that was treated, and of no other request.
    outcome = factory.LazyAttribute(
        lambda one: Outcome.PASSWORD_SENT if (one.motive, one.status) == TREATED_RESET else ""
    )
    received_at = factory.LazyFunction(timezone.now)
    address = "192.0.2.1"
    origin = "192.0.2.1"


class CompanyNoteFactory(factory.django.DjangoModelFactory):
    """A note of an advisor about a company."""

    class Meta:
        model = CompanyNote

    company = factory.SubFactory(CompanyFactory)
    author = factory.SubFactory(UserFactory, advisor=True)
    text = "Préfère être appelée le matin."
    written_at = factory.LazyFunction(timezone.now)


class CallBackFactory(factory.django.DjangoModelFactory):
    """A call about a lost code that rings; the traits are the states."""

    class Meta:
        model = CallBack

    class Params:
        proven = factory.Trait(state=CallState.PROVEN, holder=Voice.SENDER)
        found = factory.Trait(state=CallState.FOUND, holder=Voice.SENDER)
        replaced = factory.Trait(state=CallState.REPLACED, holder=Voice.SENDER)
        ended = factory.Trait(state=CallState.ENDED)

    by = factory.SubFactory(UserFactory, advisor=True)
    contact_request = factory.SubFactory(
        ContactRequestFactory, code_request=True, taken=True, owner=factory.SelfAttribute("..by")
    )
    person = factory.LazyAttribute(lambda call: MembershipFactory(user__first_connection=True).user)
    number = "+33199005678"
    begun_at = factory.LazyFunction(timezone.now)
    ends_at = factory.LazyAttribute(lambda call: call.begun_at + rules.CALL_LIFE)


class ProposalFactory(factory.django.DjangoModelFactory):
    """A new code that waits for a second advisor, proposed as an action does; the traits are the states."""

    class Meta:
        model = Proposal

    class Params:
        reset = factory.Trait(kind=ProposalKind.FACTOR_RESET, call=None, new_code_hash="", words="Téléphone perdu.")
        account = factory.Trait(
            kind=ProposalKind.SETTLEMENT_ACCOUNT,
            call=None,
            new_code_hash="",
            iban=IBAN,
            contract=factory.LazyAttribute(
                lambda one: ContractFactory(shop=ShopFactory(company=one.person.company), signed=True)
            ),
        )
        over = factory.Trait(new_code_hash="", decided_at=factory.LazyFunction(timezone.now))
        approved = factory.Trait(
            over=True, state=ProposalState.APPROVED, decided_by=factory.SubFactory(UserFactory, advisor=True)
        )
        rejected = factory.Trait(approved=True, state=ProposalState.REJECTED, decision_words="Numéro douteux.")
        voided = factory.Trait(over=True, state=ProposalState.VOIDED)
        lapsed = factory.Trait(over=True, state=ProposalState.LAPSED)

    kind = ProposalKind.NEW_CODE
    call = factory.SubFactory(CallBackFactory, replaced=True)
    contact_request = factory.LazyAttribute(
        lambda one: one.call.contact_request if one.call else ContactRequestFactory(taken=True)
    )
    person = factory.LazyAttribute(lambda one: one.call.person if one.call else MembershipFactory().user)
    proposed_by = factory.LazyAttribute(lambda one: one.contact_request.owner)
    new_code_hash = factory.LazyAttribute(lambda one: codes.hash_code(NEW_CODE, owner=one.person.public_id))
    proposed_at = factory.LazyFunction(timezone.now)
    expires_at = factory.LazyAttribute(lambda one: one.proposed_at + rules.PROPOSAL_LIFE)

    @classmethod
    def _create(cls, model_class, *args, iban="", **kwargs):
        made = model_class(*args, **kwargs)
        if iban:
            made.seal_iban(iban)
        made.fingerprint = fingerprint_of(made, contact=made.contact_request, person=made.person)
        made.save()
        return made


def called_about(person, **more):
    """A call about a person's code, of the advisor who holds the request of their company."""
    contact = ContactRequestFactory(code_request=True, taken=True, siret=person.company.siret)
    return CallBackFactory(**{"replaced": True} | more, contact_request=contact, by=contact.owner, person=person)


class RegistrationFactory(factory.django.DjangoModelFactory):
    """An enrolment before an advisor, complete, with its code and account sealed; the traits are the states."""

    class Meta:
        model = Registration

    class Params:
        draft = factory.Trait(state=RegistrationState.DRAFT, submitted_at=None, consented_at=None, consent_digest="")
        incomplete = factory.Trait(
            state=RegistrationState.INCOMPLETE, asked_at=factory.LazyFunction(timezone.now), missing="Un Kbis."
        )
        accepted = factory.Trait(
            state=RegistrationState.ACCEPTED,
            secrets=False,
            decided_at=factory.LazyFunction(timezone.now),
            decided_by=factory.SubFactory(UserFactory, advisor=True),
            shop=factory.SubFactory(ShopFactory),
            company=factory.LazyAttribute(lambda one: one.shop.company),
        )
        signed = factory.Trait(
            accepted=True, state=RegistrationState.SIGNED, signed_at=factory.LazyFunction(timezone.now)
        )
        refused = factory.Trait(
            state=RegistrationState.REFUSED,
            secrets=False,
            decided_at=factory.LazyFunction(timezone.now),
            decided_by=factory.SubFactory(UserFactory, advisor=True),
            refusal_reason=RegistrationRefusal.UNVERIFIED,
        )
        second_shop = factory.Trait(
            kind=RegistrationKind.SECOND_SHOP, company=factory.SubFactory(CompanyFactory), secrets=False, quality=""
        )

    secrets = True
    siret = factory.Sequence(lambda number: siret_of(500_000 + number))
    state = RegistrationState.SUBMITTED
    legal_name = "Fromagerie des Alpages"
    street = "12 rue du Lac"
    postal_code = "74000"
    city = "Annecy"
    last_name = "Morel"
    first_name = "Jeanne"
    quality = "Gérante"
    email = "jeanne@alpages.example"
    phone = "+33199004321"
    shop_label = "Alpages en ligne"
    shop_url = "https://alpages.example"
    activity = "Fromages"
    route = "module"
    started_at = factory.LazyFunction(timezone.now)
    saved_at = factory.SelfAttribute("started_at")
    submitted_at = factory.SelfAttribute("started_at")
    consented_at = factory.SelfAttribute("submitted_at")
    consent_digest = "a" * 64
    address = "192.0.2.1"
    origin = "192.0.2.1"

    @classmethod
    def _create(cls, model_class, *args, secrets, code=REGISTERED_CODE, iban=IBAN, **kwargs):
        made = model_class(*args, **kwargs)
        if secrets:
            made.seal_code(code)
            made.seal_iban(iban)
        made.save()
        return made
