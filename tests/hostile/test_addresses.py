"""Every address takes every query string and every path: a page, a redirection or a refusal, never a 500 (OUT-07).

A run of the suite tries a share of the worst bytes at each page and place, in rotation; `python -m tests.long.hostile`
tries all of them. Pages open to all are tried as a stranger.
"""

import pytest
from django.urls import resolve

from tests.hostile import found, texts
from tests.hostile.people import EVERYBODY
from tests.hostile.setting import share
from tests.hostile.visitor import assert_escaped

SIGNED_IN = ("owner", "advisor")
TOGETHER_STEP, NAMES_STEP, ALONE_STEP, PLACE_STEP = 12, 5, 49, 24


def is_open_to_all(page):
    return getattr(resolve(page).func, "login_required", True) is False


@pytest.mark.parametrize("who", EVERYBODY)
def test_out_07_every_page_takes_every_query(visitor_as, house, who):
    visitor, names = visitor_as(who), found.query_names()
    assert {"motif", "next", "avant"} <= set(names)
    _, pages = found.walk(visitor.get, house)
    own = [page for page in pages if who == "stranger" or not is_open_to_all(page.partition("?")[0])]
    for number, page in enumerate(dict.fromkeys(page.partition("?")[0] for page in own)):
        # All parameters at once, then each alone: one refused early would hide the others.
        for step, asked in [
            (TOGETHER_STEP, names),
            *((ALONE_STEP, [name]) for name in share(names, NAMES_STEP, number)),
        ]:
            for attack in share(texts.WORST, step, number):
                query = texts.body([(name, attack) for name in asked]).decode()
                answer, _ = visitor.get(f"{page}?{query}", follow=False)
                assert answer.status_code < 500, (page, asked, attack)
                assert_escaped(answer, attack)


@pytest.mark.parametrize("who", SIGNED_IN)
def test_out_07_every_place_of_every_path_takes_the_worst(visitor_as, house, who):
    visitor = visitor_as(who)
    for number, (name, entry) in enumerate(found.patterns()):
        address = found.address_of(name, entry, house) if entry.pattern.converters else ""
        for place in range(1, address.count("/")):
            for attack in share(texts.WORST, PLACE_STEP, number + place):
                parts = address.split("/")
                parts[place] = attack.decode()[:600]
                answer, _ = visitor.get("/".join(parts).replace("?", "%3F"), follow=False)
                assert answer.status_code < 500, (name, place, attack)


def test_every_address_with_a_parameter_can_be_made(house):
    """A page whose address the walk cannot write would never be tried: give it a row in tests/hostile/people.py."""
    assert not [name for name, entry in found.patterns() if found.address_of(name, entry, house) is None]
