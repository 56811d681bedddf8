"""How long the buyer still has: said by the server, so that no script and no clock of theirs is needed."""

import html
import re
from datetime import UTC, datetime, timedelta

import pytest
import time_machine
from django.urls import reverse

from payments.models import PaymentSession
from payments.page.texts import ENGLISH, FRENCH, TEXTS
from payments.page.time_left import time_left

END = datetime(2026, 11, 25, 12, 10, tzinfo=UTC)


@pytest.mark.parametrize(
    ("before", "seconds", "words"),
    [
        (600, 600, "Il vous reste 10 minutes pour payer."),
        (598.2, 599, "Il vous reste 10 minutes pour payer."),
        (594, 594, "Il vous reste 9 minutes pour payer."),
        (179, 179, "Il vous reste 3 minutes pour payer."),
        (120, 120, "Il vous reste 2 minutes pour payer."),
        (61, 61, "Il vous reste une minute pour payer."),
        (54, 54, "Il vous reste 54 secondes pour payer."),
        (0.2, 1, "Il vous reste une seconde pour payer."),
        (-3, 1, "Il vous reste une seconde pour payer."),
    ],
)
def test_whole_minutes_are_said_then_seconds_in_the_last_one(before, seconds, words):
    left = time_left(PaymentSession(expires_at=END), texts=TEXTS[FRENCH], now=END - timedelta(seconds=before))
    assert (left.seconds, left.words.replace("\N{NO-BREAK SPACE}", " ")) == (seconds, words)


@pytest.mark.django_db
@pytest.mark.parametrize("number", [None, "4970 1000 0000 0022"])
def test_the_page_and_the_banks_page_say_it_and_give_the_script_the_servers_seconds(
    client, shop, open_page, pay, now, number
):
    session = open_page(shop, language=ENGLISH)
    if number:
        pay(session, number)
    address = reverse("payments:bank" if number else "payments:page", args=[session.token])

    with time_machine.travel(session.expires_at - timedelta(minutes=4), tick=False):
        page = html.unescape(client.get(address).content.decode())

    assert "You have 4 minutes left to pay." in page
    assert re.search(r'data-seconds-left="240" data-minute="You have one minute left to pay."', page)
    assert 'data-seconds="You have {n} seconds left to pay."' in page
    assert page.count('aria-live="polite"') == 1
    assert "js/time-left" in page
