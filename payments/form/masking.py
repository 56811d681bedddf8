"""What may be kept of a form that was refused: no card, nothing the database cannot hold, and not too much of it.

Generous on purpose: a reference that is masked although it was none costs a webmaster a minute, a card number that is
kept costs its owner more (PAY-09).
"""

import re
from collections.abc import Mapping
from dataclasses import dataclass
from itertools import accumulate

from backoffice.vads.cards import TEST_CARDS, looks_like_card

REMOVED = "[numéro de carte retiré]"
SENSITIVE_REMOVED = "[donnée de carte retirée]"
# Characters of one value and of all names and values together.
LONGEST_VALUE = 1024
LONGEST_FORM = 32 * 1024
LONGEST_NAME = 160
# What is looked at of a whole form: what is masked may be shorter than it was, and strangers choose how much of it.
_ALL_READ = 2 * LONGEST_FORM

# A shop that types cards in its own page is refused, and what it sent is not looked at twice.
_SENSITIVE_NAME = re.compile(r"card_?num|cvv|cvc|cvx|expir|security_?code|cryptogram|_pan(_|$)", re.IGNORECASE)
_BETWEEN = "(?:[\\s\\-._/+,:*|\u00ad\u200b-\u200f\u2010-\u2015\u2060\ufeff]|%20|%2[bBdDfF]){0,3}"
_RUN = re.compile(f"[0-9](?:{_BETWEEN}[0-9]){{12,}}")
# Digits that a cut left without their end, which might have made a card of them.
_UNFINISHED_RUN = re.compile(f"[0-9](?:{_BETWEEN}[0-9])*(?:{_BETWEEN}|%2?)\\Z")
# A card with as much between its digits as `_RUN` takes is not as long as this.
_LONGEST_SPELLING = 256
_NOT_A_DIGIT = re.compile(r"%2[0bBdDfF]|[^0-9]")
# Longer than this nobody looks for the card inside: it all goes.
_LONGEST_RUN = 64
_CARD_START = re.compile(r"[3-6]|2(?:22[1-9]|2[3-9]|[3-6]|7[01]|720)")
_SHORTEST_CARD, _LONGEST_CARD = 13, 19
_DOUBLED = (0, 2, 4, 6, 8, 1, 3, 5, 7, 9)
_LISTED = tuple(card.number for card in TEST_CARDS)

# NUL and lone surrogates, which no column takes; other control characters, save tab and line ends which are shown.
_UNSTORABLE = re.compile("[\x00-\x08\x0b\x0c\x0e-\x1f\x7f\ud800-\udfff]")
_REPLACED = "\N{REPLACEMENT CHARACTER}"


@dataclass(frozen=True, kw_only=True)
class KeptFields:
    """The fields that may be kept, and whether something of them was cut."""

    fields: dict[str, str]
    is_cut: bool


def keep(received: Mapping[str, str]) -> KeptFields:
    """The fields of a form without card numbers and within LONGEST_VALUE and LONGEST_FORM characters."""
    kept: dict[str, str] = {}
    left, to_read, is_cut = LONGEST_FORM, _ALL_READ, False
    for name, value in received.items():
        to_read -= len(name) + min(len(value), LONGEST_VALUE)
        if to_read < 0:
            return KeptFields(fields=kept, is_cut=True)
        shown = SENSITIVE_REMOVED if value and _SENSITIVE_NAME.search(name) else beginning(value, LONGEST_VALUE)
        named = masked_name(name)
        is_cut = is_cut or len(value) > LONGEST_VALUE
        if len(named) + len(shown) > left:
            return KeptFields(fields=kept, is_cut=True)
        left -= len(named) + len(shown)
        kept[named] = shown
    return KeptFields(fields=kept, is_cut=is_cut)


def masked_name(name: str) -> str:
    """The name of a field as it may be kept and told: like any other text, a stranger can write a card in it."""
    return beginning(name, LONGEST_NAME)


def beginning(text: str, longest: int) -> str:
    """The first `longest` characters of a text at most, masked; a card across the cut goes whole.

    Nothing is looked at beyond the cut: anybody can post 256 kB of what is nearly a card.
    """
    if len(text) <= longest:
        return masked(text)[:longest]
    head = text[:longest]
    unfinished = _UNFINISHED_RUN.search(_ascii_digits(head), max(0, longest - _LONGEST_SPELLING))
    return masked(head[: unfinished.start()] if unfinished else head)[:longest]


def masked(text: str) -> str:
    """The text with everything that may be a card number replaced, wherever it stands, and storable."""
    storable = _UNSTORABLE.sub(_REPLACED, text)
    plain = _ascii_digits(storable)
    is_card = looks_like_card(plain)
    pieces, end = [], 0
    for run in _RUN.finditer(plain):
        if is_card or _may_be_card(_NOT_A_DIGIT.sub("", run[0])):
            pieces += [storable[end : run.start()], REMOVED]
            end = run.end()
    if is_card and not pieces:
        return REMOVED
    return "".join([*pieces, storable[end:]])


def _may_be_card(digits: str) -> bool:
    if len(digits) > _LONGEST_RUN or any(number in digits for number in _LISTED):
        return True
    sums = _luhn_sums(digits)
    return any(
        (sums[end % 2][end] - sums[end % 2][start]) % 10 == 0 and _CARD_START.match(digits, start)
        for end in range(_SHORTEST_CARD, len(digits) + 1)
        for start in range(max(0, end - _LONGEST_CARD), end - _SHORTEST_CARD + 1)
    )


def _luhn_sums(digits: str) -> tuple[list[int], list[int]]:
    """The check sums from the first digit on, doubling those of even and of odd places: any window's is a difference.

    Whoever posts a form chooses how many runs there are: each window must cost next to nothing.
    """
    values = [int(digit) for digit in digits]
    even = [_DOUBLED[value] if place % 2 == 0 else value for place, value in enumerate(values)]
    odd = [_DOUBLED[value] if place % 2 else value for place, value in enumerate(values)]
    return list(accumulate(even, initial=0)), list(accumulate(odd, initial=0))


def _ascii_digits(text: str) -> str:
    """The same text, as long, whose digits of every script are 0 to 9."""
    if text.isascii():
        return text
    return "".join(str(int(char)) if char.isdecimal() else char for char in text)
