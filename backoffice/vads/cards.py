"""Card numbers: the listed ones, how they are shown, and what looks like one where none may be."""

import itertools
import re
import unicodedata
from types import MappingProxyType
from urllib.parse import unquote

from backoffice.vads.card_catalogue import TEST_CARDS, Play, TestCard

__all__ = [
    "TEST_CARDS",
    "Play",
    "TestCard",
    "find",
    "is_luhn_valid",
    "looks_like_card",
    "masked",
    "network_name",
    "of_token",
]

_NETWORK_NAMES = {
    "VISA": "Visa",
    "MASTERCARD": "Mastercard",
    "MAESTRO": "Maestro",
    "VISA_ELECTRON": "Visa Electron",
    "AMEX": "American Express",
    "DINERS": "Diners Club",
    "VPAY": "V PAY",
    "E-CARTEBLEUE": "e-Carte Bleue",
}

_BY_NUMBER = MappingProxyType({card.number: card for card in TEST_CARDS})
_BY_TOKEN = MappingProxyType({card.token: card for card in TEST_CARDS})

# A card number as people type it: digits, with single spaces or dashes (no-break ones too) between them.
_SEPARATORS = re.compile(r"[ \-\u00a0\u202f\u2010\u2011]")
_DIGIT_RUN = re.compile(r"(?<![0-9])[0-9](?:[ \-\u00a0\u202f\u2010\u2011]?[0-9]){12,18}(?![0-9])")
_UNBROKEN_RUN = re.compile(r"(?<![0-9])[0-9]{13,16}(?![0-9])")
_LONG_RUN = re.compile(r"[0-9]{17,}")
# Printed on a card as 4-4-4-4, 4-6-5 or 4-6-4; whatever stands between the groups is the same each time.
_GROUPS = re.compile(
    r"(?<![0-9])(?=([0-9]{4})([^0-9A-Za-z]{1,3})(?:([0-9]{4})\2([0-9]{4})\2([0-9]{4})|([0-9]{6})\2([0-9]{4,5}))(?![0-9]))"
)
_IBAN = re.compile(r"\b[A-Z]{2}[0-9]{2}( ?)(?:[0-9A-Z]{4}\1){2,7}[0-9A-Z]{1,4}\b")
# A digit doubled, then the sum of its own digits: 7 gives 14, so 5.
_DOUBLED = str.maketrans("0123456789", "0246813579")
_WHOLE_CARD = re.compile(r"[345][0-9]{12,15}")
# Inside a text, 13 and 14 digits are bar codes and SIRET numbers, whose check digit is the cards' own.
_CARD_IN_TEXT = re.compile(r"3[0-9]{14,15}|[45][0-9]{15}")
_MASTERCARD_TWO = re.compile(r"2(?:22[1-9]|2[3-9][0-9]|[3-6][0-9]{2}|7[01][0-9]|720)[0-9]{12}")
_OTHER_NETWORKS = re.compile(r"6[0-9]{15}")
# What is glued behind a card: its expiry date as MMYY, MMYYYY, YYMM or YYYYMM, then perhaps its security code.
_EXPIRY_BEHIND = re.compile(r"(?:(?:0[1-9]|1[0-2])(?:20)?[23][0-9]|(?:20)?[23][0-9](?:0[1-9]|1[0-2]))(?:[0-9]{3,4})?")


def find(number: str) -> TestCard | None:
    """The test card of that number, spaces and dashes ignored; None for any other (PAY-09)."""
    return _BY_NUMBER.get(_SEPARATORS.sub("", number.strip()))


def of_token(token: str) -> TestCard:
    """The test card that a token stands for. Raises KeyError for a token that none of them has."""
    return _BY_TOKEN[token]


def network_name(brand: str) -> str:
    """A network's wire code as people write it: `VISA_ELECTRON` → « Visa Electron »; a code we do not list as it is."""
    return _NETWORK_NAMES.get(brand, brand)


def masked(number: str) -> str:
    """Six first and four last digits, the others as X: "497010XXXXXX0014" (IPN-13); all X under 13 characters."""
    digits = _SEPARATORS.sub("", number.strip())
    if len(digits) < 13:
        return "X" * len(digits)
    return f"{digits[:6]}{'X' * (len(digits) - 10)}{digits[-4:]}"


def is_luhn_valid(digits: str) -> bool:
    """Whether ASCII digits end with the right check digit."""
    once, doubled = digits[::-2], digits[-2::-2].translate(_DOUBLED)
    return (sum(map(int, once)) + sum(map(int, doubled))) % 10 == 0


def looks_like_card(text: str) -> bool:
    """Whether a value looks like a card number (form error 999).

    As a whole value: 13 to 16 digits that start with 3, 4 or 5, right check digit or not. Inside a longer text or an
    address (percent-encoded or not), and for the other networks, what counts is a listed test card, or 15 or 16
    digits with the beginning and the check digit of a card:

    - between two characters that are no digits, or in groups as on a card, whatever separates them;
    - in a longer run of digits, a listed card anywhere; any other one after zeros, or followed by an expiry date.

    Nothing else does, so that order references, dates, timestamps, telephones, bar codes, SIRET numbers and IBAN stay
    legal (compatibility 12). Digits of other scripts count as digits, invisible characters as nothing.
    """
    text = _plain(text)
    whole = _SEPARATORS.sub("", text.strip())
    if _WHOLE_CARD.fullmatch(whole):
        return True
    text = _IBAN.sub(_without_iban, text)
    candidates = itertools.chain(
        _UNBROKEN_RUN.findall(text),
        (_SEPARATORS.sub("", run) for run in _DIGIT_RUN.findall(text)),
        ("".join(groups[:1] + groups[2:]) for groups in _GROUPS.findall(text)),
    )
    return any(map(_is_card, candidates)) or any(map(_holds_card, _LONG_RUN.findall(text)))


def _plain(text: str) -> str:
    if "%" in text:
        text = unquote(text, errors="replace")
    if text.isascii():
        return text
    kept = (character for character in text if unicodedata.category(character) != "Cf")
    return "".join(str(unicodedata.decimal(one)) if one.isdecimal() else one for one in kept)


def _without_iban(found: re.Match[str]) -> str:
    written = found[0].replace(" ", "")
    number = int("".join(str(int(character, 36)) for character in written[4:] + written[:4]))
    return "" if number % 97 == 1 else found[0]


def _is_card(digits: str) -> bool:
    if digits in _BY_NUMBER:
        return True
    shapes = (_CARD_IN_TEXT, _MASTERCARD_TWO, _OTHER_NETWORKS)
    return any(shape.fullmatch(digits) for shape in shapes) and is_luhn_valid(digits)


def _holds_card(run: str) -> bool:
    """Whether a card is glued to other digits in an unbroken run of more than 16."""
    if any(run[start : start + length] in _BY_NUMBER for start in range(len(run) - 13) for length in (14, 15, 16)):
        return True
    if _is_card(run.lstrip("0")):
        return True
    return any(_is_card(run[:length]) and _EXPIRY_BEHIND.fullmatch(run[length:]) for length in (15, 16))
