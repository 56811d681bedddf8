"""The page goes back to the shop by itself when the shop asked for it, once, and says so (compatibility 23)."""

import html
import re
from datetime import timedelta

import pytest
import time_machine
from django.urls import reverse

from tests.payments.conftest import ACCEPTED, LIMIT_EXCEEDED
from tests.payments.factories import PaymentSessionFactory

pytestmark = pytest.mark.django_db
BACK = "https://boutique.example/retour"


def result_page(client, session, query=""):
    return client.get(reverse("payments:result", args=[session.token]) + query)


def seconds_of(page):
    """In how many seconds the page leaves by itself, None when it does not."""
    found = re.search(r'data-way-back="(\d+)"', page.text)
    assert bool(found) == ("way-back" in "".join(re.findall(r'<script[^>]*src="([^"]+)"', page.text)))
    return int(found[1]) if found else None


def refresh_of(page):
    """The address and the seconds of the page's own refresh, for a browser without scripts."""
    found = re.search(r'<noscript><meta http-equiv="refresh" content="(\d+); url=([^"]+)"></noscript>', page.text)
    return (int(found[1]), html.unescape(found[2])) if found else None


@pytest.fixture
def visit(client, shop, open_page, pay, now):
    """Pay with a card under a form of these fields, and look at the result at once."""

    def play(number=ACCEPTED, **fields):
        session = open_page(shop, url_return=BACK, **fields)
        with time_machine.travel(now, tick=False):
            pay(session, number)
            return session, result_page(client, session)

    return play


@pytest.mark.parametrize("timeout", [{}, {"redirect_success_timeout": ""}, {"redirect_error_timeout": "3"}])
def test_an_accepted_payment_waits_for_a_click_unless_its_own_seconds_are_given(visit, timeout):
    _, page = visit(**timeout)
    assert seconds_of(page) is None
    assert refresh_of(page) is None


@pytest.mark.parametrize("timeout", [{}, {"redirect_error_timeout": ""}, {"redirect_success_timeout": "3"}])
def test_a_refusal_waits_for_a_click_unless_its_own_seconds_are_given(visit, timeout):
    assert seconds_of(visit(LIMIT_EXCEEDED, **timeout)[1]) is None


@pytest.mark.parametrize("seconds", [0, 1, 10, 600])
@pytest.mark.parametrize(("number", "outcome"), [(ACCEPTED, "success"), (LIMIT_EXCEEDED, "error")])
def test_each_outcome_has_its_seconds_and_its_message(visit, number, outcome, seconds):
    other = "error" if outcome == "success" else "success"
    _, page = visit(
        number,
        **{
            f"redirect_{outcome}_timeout": str(seconds),
            f"redirect_{outcome}_message": "À bientôt & merci",
            f"redirect_{other}_message": "jamais dit",
        },
    )
    assert seconds_of(page) == seconds
    assert refresh_of(page) == (seconds, BACK)
    assert "<p>À bientôt &amp; merci</p>" in page.text
    assert "<p>jamais dit" not in page.text


def test_wcag_2_2_1_the_page_says_when_and_lets_the_buyer_stay_without_scripts_too(client, visit):
    session, page = visit(redirect_success_timeout="10", redirect_success_message="À bientôt")
    text = html.unescape(page.text).replace("\N{NO-BREAK SPACE}", " ")
    assert "Retour à la boutique dans 10 secondes." in text
    assert '<a href="?rester" data-way-back-stay>Rester sur cette page</a>' in text

    stays = result_page(client, session, "?rester")

    assert seconds_of(stays) is None
    assert refresh_of(stays) is None
    assert "À bientôt</p>" not in stays.text
    assert "Reçu" in stays.text


def test_one_second_is_said_in_the_singular_and_in_the_buyer_s_language(visit):
    assert "Returning to the shop in one second." in visit(redirect_success_timeout="1", language="en")[1].text


def test_a_post_return_leaves_by_itself_with_scripts_alone(visit):
    _, page = visit(return_mode="POST", redirect_success_timeout="10")
    assert seconds_of(page) == 10
    assert refresh_of(page) is None
    assert 'class="till-departure needs-js"' in page.text


def test_a_get_return_refreshes_to_the_signed_address(visit):
    _, page = visit(return_mode="GET", redirect_success_timeout="10")
    link = html.unescape(re.search(r'<a class="btn btn-primary" href="([^"]+)"', page.text)[1])
    assert "signature=" in link
    assert refresh_of(page) == (10, link)


@pytest.mark.parametrize(("later", "left"), [(3, 7), (9.5, 1), (11, None), (300, None)])
def test_a_reload_goes_on_counting_and_whoever_comes_back_later_stays(client, visit, now, later, left):
    session, _ = visit(redirect_success_timeout="10")
    with time_machine.travel(now + timedelta(seconds=later), tick=False):
        page = result_page(client, session)
        assert seconds_of(page) == left
        assert "Reçu" in page.text


@pytest.mark.parametrize(("later", "left"), [(4, 0), (6, None)])
def test_a_page_that_came_slowly_still_leaves_at_once(client, visit, now, later, left):
    session, _ = visit(redirect_success_timeout="0")
    with time_machine.travel(now + timedelta(seconds=later), tick=False):
        assert seconds_of(result_page(client, session)) == left


def test_without_scripts_nobody_is_sent_away_twice_from_a_page_that_left_after_its_seconds(client, visit, now):
    session, _ = visit(redirect_success_timeout="2")
    with time_machine.travel(now + timedelta(seconds=3), tick=False):
        page = result_page(client, session)
    assert seconds_of(page) == 0  # for scripts, which know that they left already
    assert refresh_of(page) is None
    assert 'class="till-departure needs-js"' in page.text


def test_who_cancels_goes_straight_back_and_finds_a_still_page_on_coming_back(client, shop, open_page):
    session = open_page(shop, url_cancel=BACK, return_mode="GET", redirect_error_timeout="600")
    assert client.post(reverse("payments:cancel", args=[session.token])).url.startswith(f"{BACK}?")
    assert seconds_of(result_page(client, session)) is None


def test_who_cancels_towards_a_form_leaves_at_once_without_its_seconds(client, shop, open_page, now):
    session = open_page(shop, url_cancel=BACK, return_mode="POST", redirect_error_timeout="600")
    with time_machine.travel(now, tick=False):
        page = client.get(client.post(reverse("payments:cancel", args=[session.token])).url)
        assert seconds_of(page) == 0
    with time_machine.travel(now + timedelta(minutes=1)):
        assert seconds_of(result_page(client, session)) is None


def test_a_visit_whose_time_is_over_leaves_after_the_seconds_of_a_refusal(client, shop, open_page, now):
    session = open_page(shop, url_cancel=BACK, redirect_error_timeout="15", redirect_error_message="Recommencez")
    path = reverse("payments:page", args=[session.token])
    with time_machine.travel(now + timedelta(minutes=25)):
        page = client.get(path)
        assert (page.status_code, seconds_of(page), refresh_of(page)) == (410, 15, (15, BACK))
        assert "Recommencez" in page.text
        assert seconds_of(client.get(f"{path}?rester")) is None


@pytest.mark.parametrize("hostile", ["0; url=https://voleur.example", "-1", "1e3", "", "²"])
def test_seconds_that_are_none_leave_by_a_click(client, shop, hostile):
    session = PaymentSessionFactory(shop=shop)
    session.fields |= {"vads_redirect_error_timeout": hostile}
    session.save()
    with time_machine.travel(session.expires_at + timedelta(seconds=1)):
        page = client.get(reverse("payments:page", args=[session.token]))
    assert page.status_code == 410
    assert seconds_of(page) is None


def test_the_refresh_leads_nowhere_but_to_the_address_as_it_is(client, shop, open_page, pay, now):
    hostile = "https://boutique.example/?a=1;url=https://voleur.example/"
    session = open_page(shop, url_return=hostile, redirect_success_timeout="3")
    with time_machine.travel(now, tick=False):
        pay(session)
        assert refresh_of(result_page(client, session)) == (3, hostile)
