"""What a stranger's garbage may cost the server: a refusal is quick whatever the bytes (PAY-13)."""

import time
from contextlib import contextmanager
from urllib.parse import urlencode

import pytest
from django.urls import reverse

from payments.form.slips import Slip
from payments.models import LoggedForm
from tests.payments import wire

pytestmark = pytest.mark.django_db
# What these forms took before was counted in seconds; a busy machine is given room.
AT_MOST = 1.0
URLENCODED = "application/x-www-form-urlencoded"


@contextmanager
def quickly():
    started = time.process_time()
    yield
    assert time.process_time() - started < AT_MOST


@pytest.mark.parametrize("length", [64 * 1024, 200 * 1024, 400 * 1024])
@pytest.mark.parametrize("line", [b'name="a"\r\n', b'name="a"\r\nx\r\n', b'name="a"\r\n\r\n'])
def test_pay_13_parts_that_never_end_are_given_up_quickly(client, line, length):
    body = line * (length // len(line))
    with quickly():
        response = client.post(reverse("payments:entry"), body, content_type="multipart/form-data")
    assert response.status_code in {400, 413}


# Digits that no listed card is among, and no window of which passes for a card until the last is looked at.
ALMOST_A_CARD = "3" * 64
MARKS_OUT_OF_ORDER = "a" + "\u0301" * 15_000 + "\u0316" * 15_000


@pytest.mark.parametrize(
    "changes",
    [
        {f"zz{number}": f"{ALMOST_A_CARD}x" * 120 for number in range(30)},
        {"zz": f"{ALMOST_A_CARD}x" * 3800},
        {"contrib": f"{ALMOST_A_CARD}x" * 1200, "order_id": f"{ALMOST_A_CARD}x" * 1200, "trans_id": "5" * 60_000},
        {"cust_name": MARKS_OUT_OF_ORDER},
        {f"zz{number}": MARKS_OUT_OF_ORDER[14_000:16_000] for number in range(14)},
    ],
    ids=["many almost cards", "one long value", "in columns of their own", "marks out of order", "shorter ones"],
)
def test_pay_13_a_stranger_s_form_is_masked_and_diagnosed_quickly(client, shop, changes):
    form = wire.fields(shop, **changes) | {"signature": "a" * 40}
    with quickly():
        response = client.post(reverse("payments:entry"), urlencode(form), content_type=URLENCODED)
    assert response.status_code == 400
    assert LoggedForm.objects.count() == 1


def test_a_form_with_an_endless_entity_is_diagnosed_and_logged(client, shop):
    form = wire.fields(shop, cust_name=f"&#{'1' * 5000};") | {"signature": "a" * 40}
    client.post(reverse("payments:entry"), urlencode(form), content_type=URLENCODED)
    assert LoggedForm.objects.get().diagnosis == Slip.LOOKS_SHA_1
