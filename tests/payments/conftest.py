"""What the payment tests share: a shop that can be paid, and a buyer's browser."""

import pytest
from django.urls import reverse

from tests.payments import wire

ACCEPTED = "4970 1000 0000 0014"
LIMIT_EXCEEDED = "4970 1000 0000 0071"


@pytest.fixture
def shop(db):
    # Models are imported by the fixtures: this file is read before Django is set up.
    from tests.payments.factories import shop_ready

    return shop_ready()


@pytest.fixture
def post_form(client):
    """Post a form to the entry, as the buyer's browser does from the shop's page."""

    def post(form, **more):
        return client.post(reverse("payments:entry"), form, **more)

    return post


@pytest.fixture
def open_page(post_form):
    """Post a form of the shop and give its session, which the page's token opens."""

    from payments.models import PaymentSession

    def open_(shop, certificate=wire.TEST_CERTIFICATE, **changes):
        response = post_form(wire.signed(wire.fields(shop, **changes), certificate))
        assert response.status_code == 302, response.content.decode()
        return PaymentSession.objects.of_token(response.url.split("/")[2]).get()

    return open_


@pytest.fixture
def pay(client):
    """Type a card on the page and press Payer."""

    def pay_(session, number=ACCEPTED, **typed):
        typed = {"number": number, "expiry": "12 / 39", "security_code": "123"} | typed
        return client.post(reverse("payments:page", args=[session.token]), typed)

    return pay_


@pytest.fixture
def answer_bank(client):
    """Press a button of the simulated bank's page."""

    def answer(session, word):
        return client.post(reverse("payments:bank", args=[session.token]), {"answer": word})

    return answer
