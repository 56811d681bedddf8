"""Passwords: the four criteria, the three levels and their reasons, the drawing of temporary ones, the hashing.

The browser's meter (`static/js/meter.js`) computes the same level and reasons from the same `strength.json`; what both
sides do to the text is written here once (design 4.8, PWD-03, PWD-04). Judged and hashed is the NFKC form. Words are
looked for in its unaccented form: zxcvbn's two versions count the capitals of accented words differently. Zxcvbn reads
72 characters of that, those beyond the BMP and the digits other than 0-9 being one placeholder, and stops before the
eleventh different sign of those it takes for disguised letters: it tries all their readings together, and a text of
nothing else would hold a process for ten seconds. Ten of them make a strong password already.
"""

import json
import re
import secrets
import string
import threading
import unicodedata
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import UTC, datetime
from enum import StrEnum
from functools import cache
from pathlib import Path
from typing import Any

from django.contrib.auth.hashers import make_password, verify_password

# Code points; more is refused before any hashing (AUTH-13).
MAX_LENGTH = 128
MIN_LENGTH = 8
# Characters zxcvbn looks at, on both sides; all of them are hashed.
LOOKED_AT = 72
LEAST_BESIDE_OWN_WORDS = 6
TEMPORARY_LENGTH = 12
# No 0 O o 1 l I i: read on a screen, copied by hand (RST-03).
UNAMBIGUOUS = "".join(sorted(set(string.ascii_letters + string.digits) - set("0Oo1lIi")))

LIGATURES = str.maketrans({"œ": "oe", "Œ": "OE", "æ": "ae", "Æ": "AE", "ß": "ss", "ẞ": "SS"})
DISGUISES = frozenset("4@8({[<3691!|0$5+7%2")
DISGUISES_READ = 10

PLACEHOLDER = "\ufffd"
SHARED_DATA = Path(__file__).resolve().parent / "static" / "accounts" / "strength.json"

# zxcvbn keeps the person's words in a module-level dictionary: one judgement at a time in a process.
_one_at_a_time = threading.Lock()


class Level(StrEnum):
    WEAK = "weak"
    MEDIUM = "medium"
    OK = "ok"

    @property
    def label(self) -> str:
        return {"weak": "Sécurité faible", "medium": "Sécurité moyenne", "ok": "Sécurité OK"}[self.value]


@dataclass(frozen=True)
class Assessment:
    """A password's level and what to change, in French, the most useful first; nothing to change at OK."""

    level: Level
    reasons: list[str]


def criteria(password: str, *, minimum: int = MIN_LENGTH) -> list[str]:
    """Names of the criteria a normalised password misses, among length, upper, lower, digit (PWD-02, PWD-04).

    « É » is an upper-case letter and « é » a lower-case one; only 0-9 are digits; an emoji counts as one character.
    """
    categories = {unicodedata.category(character) for character in password}
    return [
        name
        for name, is_met in (
            ("length", len(password) >= minimum),
            ("upper", "Lu" in categories),
            ("lower", "Ll" in categories),
            ("digit", any("0" <= character <= "9" for character in password)),
        )
        if not is_met
    ]


def assess(password: str, words: Sequence[str], *, minimum: int = MIN_LENGTH) -> Assessment:
    """Judge a password typed as is; `words` are those of the person, in lower case (design 4.8).

    Weak: a criterion is missing, zxcvbn's score ≤ 1, a common password, little beside the person's words, or more than
    128 characters. Medium: score 2.
    """
    if is_too_long(password):
        return Assessment(Level.WEAK, [_say("too_long")])
    text = normalise(password)
    missing = criteria(text, minimum=minimum)
    reasons = [_say(f"missing_{name}", minimum=minimum) for name in missing]
    if not text:
        return Assessment(Level.WEAK, reasons)
    if text.lower() in _common():
        return Assessment(Level.WEAK, [*reasons, _say("common")])
    plain, own_words = unaccented(text), [unaccented(word) for word in words]
    if _is_made_of(plain.lower(), own_words):
        return Assessment(Level.WEAK, [*reasons, _say("own_word"), _say("add_words")])
    score, advice = _score(plain, [word for word in own_words if word.isascii()])
    if missing or score <= 1:
        return Assessment(Level.WEAK, reasons + advice)
    return Assessment(Level.MEDIUM if score == 2 else Level.OK, advice)


def draw_temporary_password() -> str:
    """Twelve unambiguous random characters that satisfy the four criteria (RST-03)."""
    while True:
        drawn = "".join(secrets.choice(UNAMBIGUOUS) for _ in range(TEMPORARY_LENGTH))
        if not criteria(drawn):
            return drawn


def is_too_long(password: str) -> bool:
    """Whether a password is refused unread and unhashed (AUTH-13)."""
    return len(password) > MAX_LENGTH


def normalise(password: str) -> str:
    """The text that is judged and hashed: NFKC, so that « é » is one password whatever the keyboard composes (NIST)."""
    return unicodedata.normalize("NFKC", password)


def unaccented(text: str) -> str:
    """The text without the accents of Latin, Greek and Cyrillic letters, ligatures apart: « cœur » gives « coeur »."""
    bare = re.sub(r"[\u0300-\u036f]", "", unicodedata.normalize("NFD", text))
    return unicodedata.normalize("NFC", bare).translate(LIGATURES)


def hash_password(password: str) -> str:
    """The hash to store, by the house's hasher. One hash's time (AUTH-14)."""
    return make_password(normalise(password))


def verify(password: str, encoded: str) -> tuple[bool, bool]:
    """Whether the password is the hashed one, and whether it should be hashed again with today's settings."""
    return verify_password(normalise(password), encoded)


def spend_one_hash(password: str) -> None:
    """Cost as much as a comparison, for the accounts that are not compared (AUTH-02, AUTH-03)."""
    make_password(normalise(password))


# Private


@cache
def _shared() -> dict[str, Any]:
    shared: dict[str, Any] = json.loads(SHARED_DATA.read_text(encoding="utf-8"))
    return shared


@cache
def _common() -> frozenset[str]:
    return frozenset(_shared()["common"])


def _say(key: str, **values: int) -> str:
    text: str = _shared()["reasons"][key]
    for name, value in values.items():
        text = text.replace(f"{{{name}}}", str(value))
    return text


def _is_made_of(text: str, words: Iterable[str]) -> bool:
    """Whether a word of the person is in it, and fewer than six letters and digits remain without them (PWD-05).

    Zxcvbn alone would take « Claire-Lefebvre-7 » for strong, because of the dashes.
    """
    remaining = text
    for word in sorted(words, key=len, reverse=True):
        remaining = remaining.replace(word, " ")
    kept = sum(unicodedata.category(character)[0] in "LN" for character in remaining)
    return remaining != text and kept < LEAST_BESIDE_OWN_WORDS


def _score(text: str, words: Sequence[str]) -> tuple[int, list[str]]:
    """Zxcvbn's score from 0 to 4, and the advice that goes with a score under 3."""
    import zxcvbn  # 40 MB of word lists and half a second: not at the start of every web process
    from zxcvbn import scoring

    looked_at = _what_zxcvbn_reads(text)
    with _one_at_a_time:
        scoring.REFERENCE_YEAR = datetime.now(UTC).year
        verdict = zxcvbn.zxcvbn(looked_at, user_inputs=[*words, *_shared()["french_words"]])
    if verdict["score"] >= 3:
        return verdict["score"], []
    return verdict["score"], list(dict.fromkeys(_advice(verdict, words)))


def _what_zxcvbn_reads(text: str) -> str:
    start = re.sub(r"[\U00010000-\U0010ffff\ud800-\udfff]|(?![0-9])\d", PLACEHOLDER, text)[:LOOKED_AT]
    seen: set[str] = set()
    for place, character in enumerate(start):
        seen |= DISGUISES & {character}
        if len(seen) > DISGUISES_READ:
            return start[:place]
    return start


def _advice(verdict: dict[str, Any], words: Sequence[str]) -> Iterable[str]:
    own = set(words)
    matched = [match for match in verdict["sequence"] if match.get("dictionary_name") == "user_inputs"]
    if any(match["matched_word"] in own for match in matched):
        yield _say("own_word")
    elif matched:
        yield _say("french_word")
    feedback = verdict["feedback"]
    for english in filter(None, [feedback["warning"], *feedback["suggestions"]]):
        yield _shared()["feedback"][english.rstrip(".")]
