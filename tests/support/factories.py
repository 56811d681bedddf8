"""Requests at the counter, as the tests need them."""

import factory
from django.utils import timezone

from support.enums import Motive, RefusalReason, RequestStatus
from support.models import CompanyNote, ContactRequest
from tests.accounts.factories import CompanyFactory, UserFactory


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
