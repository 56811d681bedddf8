"""Five hundred naughty strings in every text field, signed as they are: unharmed to the end, or refused by their code.

The suite takes a share of them in rotation, `python -m tests.long.form` all (OUT-06, compatibility 3).
"""

import re
from html.parser import HTMLParser
from urllib.parse import parse_qsl

import pytest
from django.utils.html import escape

from backoffice.vads.dictionary import THEMES
from certificates.keys import signing_key
from payments.enums import Source
from payments.notifications import payload
from tests.hostile.setting import share
from tests.hostile.texts import NAUGHTY
from tests.payments import wire
from tests.payments.form.answers import assert_taken, first_code, urlencoded

pytestmark = pytest.mark.django_db
STEP = 16
TEXTS = {
    known.name + {"N": "0", "XXX": "x"}.get(known.ending, ""): known
    for theme in THEMES
    for known in theme.fields
    if known.expected.startswith("texte")
}
# What no text may hold; everything else must come through.
FORBIDDEN = re.compile(r"[<>\x00-\x08\x0b\x0c\x0e-\x1f\x7f]")
SURROGATE = re.compile(r"[\ud800-\udfff]")
MANY_DIGITS = re.compile(r"(?:\D*\d){13}")


def fitting(text):
    """The text fields long enough for it, all at once."""
    return {name: text for name, known in TEXTS.items() if len(text) <= known.max_length}


def strings():
    # Half a character cannot be signed as UTF-8: what its bytes meet is in test_bytes.
    return [text for text in share(NAUGHTY, STEP) if text and not SURROGATE.search(text) and fitting(text)]


def test_out_06_naughty_strings_come_through_unharmed_or_are_refused_by_their_code(client, shop, pay):
    key, taken = signing_key(shop, "TEST"), 0
    for number, text in enumerate(strings()):
        form = wire.signed(wire.fields(shop, trans_id=f"{number:06d}", return_mode="POST") | fitting(text))
        response = urlencoded(client, form)
        if response.status_code == 302:
            taken += 1
            session = assert_taken(response, form)
            assert escape(session.order_id.strip()) in shown(client.get(response.url)), text
            assert pay(session).status_code == 302
            _is_told(session, form, key)
            _comes_back(client.get(response.url, follow=True), form)
            continue
        assert FORBIDDEN.search(text) or MANY_DIGITS.search(text), text
        code = first_code(response.content.decode())
        assert code in {"99", "999", *(TEXTS[name].code for name in fitting(text))}, (code, text)
    assert taken > len(strings()) / 2


def shown(response):
    assert response.status_code == 200
    return response.content.decode()


def _is_told(session, form, key):
    """The notification's body, read by a shop that knows nothing of the platform."""
    fields = payload.notification_fields(session.transaction, source=Source.PAY, unique="0" * 64)
    told = dict(parse_qsl(payload.body(fields, key).decode("ascii"), keep_blank_values=True, strict_parsing=True))
    assert wire.is_genuine(told)
    assert {name: told[name] for name in TEXTS if name in form} == {name: form[name] for name in TEXTS if name in form}


def _comes_back(response, form):
    """The hidden fields of the way back, as a browser reads them."""
    reader = HiddenFields()
    reader.feed(shown(response))
    assert wire.is_genuine(reader.found)
    assert all(reader.found[name] == form[name] for name in TEXTS if name in form)


class HiddenFields(HTMLParser):
    def __init__(self):
        super().__init__()
        self.found = {}

    def handle_starttag(self, tag, attributes):
        given = dict(attributes)
        if tag == "input" and given.get("type") == "hidden" and given["name"].startswith(("vads_", "signature")):
            self.found[given["name"]] = given["value"]
