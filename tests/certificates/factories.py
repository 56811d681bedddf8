"""Certificates, proofs and contracts as tests need them; traits are states."""

import factory
from django.utils import timezone
from factory.django import DjangoModelFactory

from certificates.documents import compose, compose_amendment, compose_attestation
from certificates.enums import AmendmentKind, ContractState, EvidenceStep
from certificates.models import Amendment, Attestation, Certificate, Contract, Evidence
from certificates.rules import draw_certificate, draw_contract_number
from shops.enums import Mode
from tests.accounts.factories import CompanyFactory
from tests.shops.factories import ShopFactory


class CertificateFactory(DjangoModelFactory):
    """`CertificateFactory(shop=…, value="1122334455667788")`; `production=True` for the other mode."""

    class Meta:
        model = Certificate

    class Params:
        production = factory.Trait(mode=Mode.PRODUCTION)

    shop = factory.SubFactory(ShopFactory)
    mode = Mode.TEST
    created_at = factory.LazyFunction(timezone.now)

    @classmethod
    def _create(cls, model_class, *args, value=None, **kwargs):
        certificate = model_class(*args, **kwargs)
        certificate.seal_value(value or draw_certificate())
        certificate.save()
        return certificate


class EvidenceFactory(DjangoModelFactory):
    class Meta:
        model = Evidence

    shop = factory.SubFactory(ShopFactory)
    step = EvidenceStep.ACCEPTED_PAYMENT
    reference = factory.Faker("uuid4")
    proved_at = factory.LazyFunction(timezone.now)


def prove_test_phase(shop):
    """Every step of the test phase proved."""
    return [EvidenceFactory(shop=shop, step=step) for step in EvidenceStep]


def make_ready(shop):
    """A shop that may have its production certificate: every step proved, and the signed contract back."""
    prove_test_phase(shop)
    ContractFactory(shop=shop, signed=True)


class ContractFactory(DjangoModelFactory):
    """`ContractFactory(shop=…, code="482917")`; `signed=True` once the paper is back, `says={…}` for its words."""

    class Meta:
        model = Contract

    class Params:
        signed = factory.Trait(
            state=ContractState.SIGNED,
            signed_at=factory.LazyFunction(timezone.now),
            signed_note="Exemplaire papier au dossier.",
            code="",
        )
        scanned = factory.Trait(signed=True, signed_note="", scan_digest="5ca" * 21 + "5")

    shop = factory.SubFactory(ShopFactory)
    number = factory.LazyFunction(draw_contract_number)
    issued_at = factory.LazyFunction(timezone.now)

    @classmethod
    def _create(cls, model_class, *args, code="482917", representative="Claire Beaufils", says=None, **kwargs):
        contract = model_class(*args, **kwargs)
        snapshot = compose(
            shop=contract.shop,
            representative=representative,
            agreed_on=contract.issued_at.date(),
            number=contract.number,
            **{"representative_role": "Gérante"} | (says or {}),
        )
        contract.freeze(snapshot, code=code)
        contract.save()
        return contract


class AmendmentFactory(DjangoModelFactory):
    """An avenant of a company, frozen as an action does."""

    class Meta:
        model = Amendment

    company = factory.SubFactory(CompanyFactory)
    issued_at = factory.LazyFunction(timezone.now)

    @classmethod
    def _create(cls, model_class, *args, facts=(("Titulaire", "Claire Beaufils"),), says=None, **kwargs):
        amendment = model_class(*args, **kwargs)
        amendment.freeze(
            compose_amendment(
                company=amendment.company,
                facts=facts,
                on=timezone.localdate(amendment.issued_at),
                **{"kind": AmendmentKind.NEW_CODE, "paragraphs": ["Les autres termes sont inchangés."]} | (says or {}),
            )
        )
        amendment.save()
        return amendment


class AttestationFactory(DjangoModelFactory):
    """What a shop's file says today, frozen as an action does."""

    class Meta:
        model = Attestation

    shop = factory.SubFactory(ShopFactory)
    issued_at = factory.LazyFunction(timezone.now)

    @classmethod
    def _create(cls, model_class, *args, **kwargs):
        attestation = model_class(*args, **kwargs)
        attestation.freeze(compose_attestation(shop=attestation.shop, on=timezone.localdate(attestation.issued_at)))
        attestation.save()
        return attestation
