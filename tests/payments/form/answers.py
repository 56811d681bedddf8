"""How the entry answers a form: the redirect to a page, or the incident page with nothing stored."""

import json
import re
from pathlib import Path
from urllib.parse import urlencode

from backoffice.vads.signature import Algorithm
from certificates.actions import choose_algorithm
from payments.models import Notification, PaymentSession, Transaction
from shops.enums import Mode
from tests.shops.factories import member_of

ALL_VECTORS = json.loads((Path(__file__).parents[2] / "data" / "vectors.json").read_text("utf-8"))["vectors"]
VECTORS = [vector for vector in ALL_VECTORS if not vector.get("refused")]
FORGED_VECTORS = [vector for vector in ALL_VECTORS if vector.get("refused")]
INCIDENT = "Suite à un incident technique, nous ne sommes pas en mesure de traiter votre demande de paiement"
ALGORITHMS = ("SHA-1", "HMAC-SHA-256")
URL = "/vads-payment/"


def assert_taken(response, form=None):
    """A page opened, and it holds the form byte for byte; the visit."""
    assert response.status_code == 302, response.content.decode()
    session = PaymentSession.objects.of_token(response.url.split("/")[2]).get()
    if form is not None:
        assert session.fields == {name: value for name, value in form.items() if name.startswith("vads_")}
    return session


def assert_refused(response, *, code=None, field=None, status=400):
    """The incident page, nothing stored; in TEST the code told first and its field."""
    page = response.content.decode()
    assert response.status_code == status, page
    assert INCIDENT in page
    assert not PaymentSession.objects.exists()
    assert not Transaction.objects.exists()
    assert not Notification.objects.exists()
    if code:
        assert first_code(page) == code
    if field:
        assert f'<span class="mono">{field}</span>' in page


def first_code(page):
    """The code whose answer the page leads to first; None when it names none."""
    found = re.search(r"#erreur-([0-9]+)", page)
    return found and found[1]


def with_algorithm(shop, algorithm, now, mode=Mode.TEST):
    choose_algorithm(shop=shop, mode=mode, algorithm=Algorithm(algorithm), by=member_of(shop), now=now)


def urlencoded(client, body, **more):
    """Post a body as it is, or pairs."""
    body = body if isinstance(body, bytes | str) else urlencode(body)
    return client.post(URL, body, content_type="application/x-www-form-urlencoded", **more)
