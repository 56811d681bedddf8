"""Certificates, proofs and contracts as tests need them; traits are states."""

import factory
from django.utils import timezone
from factory.django import DjangoModelFactory

from certificates.documents import compose, compose_amendment
from certificates.enums import AmendmentKind, ContractState, EvidenceStep
from certificates.models import Amendment, Certificate, Contract, Evidence
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
    """`ContractFactory(shop=…, code="482917")`; `signed=True` once the paper is back."""

    class Meta:
        model = Contract

    class Params:
        signed = factory.Trait(
            state=ContractState.SIGNED,
            signed_at=factory.LazyFunction(timezone.now),
            signed_note="Exemplaire papier au dossier.",
            code="",
        )

    shop = factory.SubFactory(ShopFactory)
    number = factory.LazyFunction(draw_contract_number)
    issued_at = factory.LazyFunction(timezone.now)

    @classmethod
    def _create(cls, model_class, *args, code="482917", representative="Claire Beaufils", **kwargs):
        contract = model_class(*args, **kwargs)
        snapshot = compose(
            shop=contract.shop,
            representative=representative,
            representative_role="Gérante",
            agreed_on=contract.issued_at.date(),
            number=contract.number,
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
    def _create(cls, model_class, *args, facts=(("Titulaire", "Claire Beaufils"),), **kwargs):
        amendment = model_class(*args, **kwargs)
        amendment.freeze(
            compose_amendment(
                company=amendment.company,
                kind=AmendmentKind.NEW_CODE,
                facts=facts,
                paragraphs=["Les autres termes du contrat sont inchangés."],
                on=timezone.localdate(amendment.issued_at),
            )
        )
        amendment.save()
        return amendment
