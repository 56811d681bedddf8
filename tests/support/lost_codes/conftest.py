"""A request about a lost code that an advisor holds, and the browser of whoever sent it."""

import pytest
from django.test import Client

# Models are imported by the fixtures: this file is read before Django is set up.


@pytest.fixture
def advisor(client):
    from tests.accounts.factories import UserFactory

    user = UserFactory(advisor=True, first_name="Nadia", last_name="Ferrand")
    client.force_login(user)
    return user


@pytest.fixture
def person():
    from tests.accounts.factories import MembershipFactory

    return MembershipFactory(user__first_connection=True).user


@pytest.fixture
def contact(person, advisor):
    from tests.support.factories import ContactRequestFactory

    return ContactRequestFactory(
        code_request=True,
        taken=True,
        owner=advisor,
        siret=person.company.siret,
        last_name="LEFEBVRE",
        first_name="claire",
    )


@pytest.fixture
def merchant():
    """The browser where the request was sent."""
    return Client()


@pytest.fixture
def page(contact, now):
    """The follow-up page that the sender holds."""
    from support import links
    from support.enums import Voice

    return f"/suivi/{links.issue(contact=contact, holder=Voice.SENDER, now=now)[1]}/"


@pytest.fixture
def recognised(client, contact, person):
    from tests.support.lost_codes.steps import call, recognise

    call(client, contact, person)
    recognise(client, contact)
