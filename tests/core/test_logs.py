"""Log lines: what may open something is masked, what only names something stays."""

import json
import logging

import pytest

from backoffice.core.logs import JsonLines

TOKEN = "Zk3_0dQ-vT7mW9xRb5nLc1yPq8sHf2Ja"
PUBLIC_ID = "3f2b8c1e-5a4d-4e6f-9b7a-0c1d2e3f4a5b"


def _line(message, *arguments, fault=None):
    record = logging.LogRecord("django.request", logging.WARNING, __file__, 1, message, arguments, None)
    if fault:
        record.exc_info = (type(fault), fault, None)
    return json.loads(JsonLines().format(record))


@pytest.mark.parametrize("token", [TOKEN, TOKEN[:22]])
@pytest.mark.parametrize("path", ["/pas-moi/{}/", "/paiement/{}", "/profil/coordonnees/confirmer/{}/?a=b"])
def test_the_token_of_an_address_is_masked(path, token):
    event = _line("Gone: %s", path.format(token))["event"]
    assert event == "Gone: " + path.format("•••")


def test_a_token_in_a_traceback_is_masked_too():
    line = _line("failed", fault=ValueError(f"no answer from /pas-moi/{TOKEN}/"))
    assert TOKEN not in json.dumps(line)
    assert "/pas-moi/•••/" in line["exception"]


@pytest.mark.parametrize(
    "path",
    [f"/conseiller/demandes/{PUBLIC_ID}/", "/boutiques/12345678/mise-en-production/", "/mot-de-passe-temporaire/"],
)
def test_what_opens_nothing_is_left_as_it_is(path):
    assert _line("Not Found: %s", path)["event"] == f"Not Found: {path}"


def test_an_id_that_something_follows_is_taken_for_a_token():
    assert PUBLIC_ID not in _line("Gone: %s", f"/pas-moi/{PUBLIC_ID}x/")["event"]
