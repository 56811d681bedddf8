"""Why a signature is wrong: the classic slips of shop software, tried one by one on a form that stays refused.

Nothing here accepts anything, and no signature or certificate ever leaves it: what comes out is the name of a slip
(domain 2.4 and 12). Pure but for the keys it is handed.
"""

import base64
import hashlib
import hmac
import html
import re
import unicodedata
from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass
from html.entities import codepoint2name
from itertools import groupby, islice

from backoffice.vads.signature import PREFIX, Algorithm
from certificates.keys import SigningKey
from payments.form.slips import Slip

# What one wrong signature may cost, whoever posts it.
MOST_HASHES = 40
LONGEST_TEXT = 64 * 1024
# A field added after the calculation stands at the end of the form: so many from there are looked at.
LAST_FIELDS = 6
# Combining marks behind one letter, in a text that is composed or decomposed.
MOST_MARKS = 30

_SHA_1_SHAPE = re.compile(r"[0-9a-fA-F]{40}")
_HMAC_SHAPE = re.compile(r"[0-9A-Za-z+/]{43}=")
_ESCAPES = {ord("&"): "&amp;", ord("<"): "&lt;", ord(">"): "&gt;", ord('"'): "&quot;"}
_ESCAPES_QUOTE = _ESCAPES | {ord("'"): "&#039;"}
_ESCAPES_ALL = {point: f"&{name};" for point, name in codepoint2name.items()}

Values = Mapping[str, str]


@dataclass(frozen=True, kw_only=True)
class Diagnosis:
    """The slip found, and the field it is about ("" when it is about none in particular)."""

    slip: Slip
    field: str = ""


@dataclass(frozen=True, kw_only=True)
class _Try:
    """One way in which the form may have been signed."""

    slip: Slip
    text: bytes
    key: SigningKey
    field: str = ""


def diagnose(fields: Values, received: str, *, own: SigningKey, other: SigningKey | None) -> Diagnosis:
    """Which slip alone explains that `received` does not sign these `vads_*` fields, given in the order of the wire.

    `own` is the key of the form's mode, `other` the other mode's if there is one. At most MOST_HASHES signatures are
    computed, and none for a text above LONGEST_TEXT bytes: then only the look of what was received is told.
    """
    signed = {name: value for name, value in fields.items() if name.startswith(PREFIX)}
    if sum(len(value) + 1 for value in signed.values()) > LONGEST_TEXT:
        return _shape(received, own.algorithm)
    text = _bytes(_joined(signed, own.value))
    if len(text) > LONGEST_TEXT:
        return _shape(received, own.algorithm)
    if slip := _misspelt(received, _digest(text, own), own.algorithm):
        return Diagnosis(slip=slip)
    for one in islice(_tries(signed, text, own=own, other=other), MOST_HASHES - 1):
        if _same(_written(_digest(one.text, one.key), one.key.algorithm), received):
            return Diagnosis(slip=one.slip, field=one.field)
    return _shape(received, own.algorithm)


def _tries(fields: Values, text: bytes, *, own: SigningKey, other: SigningKey | None) -> Iterator[_Try]:
    """Every way to try, the most frequent first; those that change nothing of this form are left out."""
    yield from _other_keys(fields, text, own=own, other=other)
    for slip, changed in (*_of_values(fields, own.value), *_of_order(fields, own.value)):
        if changed != text:
            yield _Try(slip=slip, text=changed, key=own)
    yield from _of_certificate(fields, own)
    for kept, name in _without_last(fields):
        yield _Try(slip=Slip.FIELD_ADDED, text=_bytes(_joined(kept, own.value)), key=own, field=name)


def _other_keys(fields: Values, text: bytes, *, own: SigningKey, other: SigningKey | None) -> Iterator[_Try]:
    another = Algorithm.SHA1 if own.algorithm is Algorithm.HMAC_SHA256 else Algorithm.HMAC_SHA256
    yield _Try(slip=Slip.OTHER_ALGORITHM, text=text, key=SigningKey(own.value, another))
    if other:
        theirs = _bytes(_joined(fields, other.value))
        yield _Try(slip=Slip.OTHER_MODE, text=theirs, key=SigningKey(other.value, own.algorithm))
        yield _Try(slip=Slip.OTHER_BOTH, text=theirs, key=SigningKey(other.value, another))


# --- What was signed instead ------------------------------------------------------------------------------------
def _of_values(fields: Values, certificate: str) -> Iterator[tuple[Slip, bytes]]:
    kept = {name: value for name, value in fields.items() if value}
    yield Slip.EMPTY_LEFT_OUT, _bytes(_joined(kept, certificate))
    # What PHP calls empty holds "0" too.
    yield Slip.EMPTY_LEFT_OUT, _bytes(_joined({name: v for name, v in kept.items() if v != "0"}, certificate))
    for slip, change in _CHANGES:
        yield slip, _bytes(_joined({name: change(value) for name, value in fields.items()}, certificate))
    text = _joined(fields, certificate)
    yield Slip.LATIN_1, text.encode("cp1252", "replace")
    yield Slip.LATIN_1, text.encode("latin-1", "replace")


def _of_order(fields: Values, certificate: str) -> Iterator[tuple[Slip, bytes]]:
    for names in (sorted(fields, key=str.casefold), list(fields), sorted(fields, key=_by_number)):
        yield Slip.ORDER, _bytes("+".join([*(fields[name] for name in names), certificate]))


def _of_certificate(fields: Values, own: SigningKey) -> Iterator[_Try]:
    # Without a certificate anybody could sign a SHA-1: that one is no slip to look for.
    if own.algorithm is Algorithm.HMAC_SHA256:
        text = "+".join(fields[name] for name in sorted(fields))
        yield _Try(slip=Slip.CERTIFICATE_MISSING, text=_bytes(text), key=own)
        yield _Try(slip=Slip.CERTIFICATE_MISSING, text=_bytes(f"{text}+"), key=own)
    for before, after in (("", " "), ("", "\n"), ("", "\r\n"), (" ", "")):
        copied = SigningKey(f"{before}{own.value}{after}", own.algorithm)
        yield _Try(slip=Slip.CERTIFICATE_SPACED, text=_bytes(_joined(fields, copied.value)), key=copied)


def _without_last(fields: Values) -> Iterator[tuple[Values, str]]:
    """The form without one of its last fields, then without its last two and three."""
    last = list(fields)[::-1][:LAST_FIELDS]
    for name in last:
        yield {other: value for other, value in fields.items() if other != name}, name
    for several in (2, 3):
        yield {other: value for other, value in fields.items() if other not in last[:several]}, last[0]


def _twice(value: str) -> str:
    return _bytes(value).decode("latin-1")


def _once(value: str) -> str:
    try:
        return value.encode("cp1252").decode("utf-8")
    except UnicodeError:
        return value


def _unescaped(value: str) -> str:
    try:
        return html.unescape(value)
    except ValueError:
        # A numeric entity of thousands of digits is none.
        return value


def _composed(value: str) -> str:
    return unicodedata.normalize("NFC", value) if _has_few_marks(value) else value


def _decomposed(value: str) -> str:
    return unicodedata.normalize("NFD", value) if _has_few_marks(value) else value


def _has_few_marks(value: str) -> bool:
    # To put marks in order takes as long as the square of how many follow each other; no language has thirty.
    if value.isascii():
        return True
    runs = groupby(value, lambda char: unicodedata.combining(char) > 0)
    return all(len(list(run)) <= MOST_MARKS for is_mark, run in runs if is_mark)


_CHANGES: tuple[tuple[Slip, Callable[[str], str]], ...] = (
    (Slip.TRIMMED, str.strip),
    (Slip.LINE_ENDS, lambda value: value.replace("\r\n", "\n")),
    (Slip.LINE_ENDS, lambda value: re.sub(r"\r?\n", "\r\n", value)),
    (Slip.LINE_ENDS, lambda value: re.sub(r"[\r\n]", "", value)),
    (Slip.ESCAPED, lambda value: value.translate(_ESCAPES)),
    (Slip.ESCAPED, lambda value: value.translate(_ESCAPES_QUOTE)),
    (Slip.ESCAPED, lambda value: value.translate(_ESCAPES_ALL)),
    (Slip.UNESCAPED, _unescaped),
    (Slip.QUOTES, lambda value: value.replace('"', "")),
    (Slip.QUOTES, lambda value: re.sub(r"([\\'\"])", r"\\\1", value)),
    (Slip.QUOTES, lambda value: re.sub(r"\\([\\'\"])", r"\1", value)),
    (Slip.ENCODED_TWICE, _twice),
    (Slip.ENCODED_TWICE, _once),
    (Slip.COMPOSED, _composed),
    (Slip.COMPOSED, _decomposed),
)


# --- What the signature itself looks like -----------------------------------------------------------------------
def _misspelt(received: str, digest: bytes, algorithm: Algorithm) -> Slip | None:
    """The right digest, written another way."""
    written = _written(digest, algorithm)
    spellings = [(Slip.SPACED, received.strip())]
    if algorithm is Algorithm.SHA1:
        spellings += [(Slip.UPPER_CASE, received.strip().lower())]
        others = [(Slip.BASE64, received.strip(), base64.b64encode(digest).decode())]
    else:
        ordinary = received.strip().replace(" ", "+")
        from_url = ordinary.translate(str.maketrans("-_", "+/"))
        spellings += [
            (Slip.PLUS_LOST, ordinary),
            (Slip.URLSAFE, from_url),
            (Slip.UNPADDED, f"{ordinary.rstrip('=')}="),
            (Slip.URLSAFE, f"{from_url.rstrip('=')}="),
        ]
        others = [(Slip.HEXADECIMAL, received.strip().lower(), digest.hex())]
    found = [slip for slip, spelt in spellings if _same(written, spelt)]
    found += [slip for slip, spelt, expected in others if _same(expected, spelt)]
    return found[0] if found else None


def _shape(received: str, algorithm: Algorithm) -> Diagnosis:
    looks = None
    if _SHA_1_SHAPE.fullmatch(received):
        looks = Algorithm.SHA1
    elif _HMAC_SHAPE.fullmatch(received):
        looks = Algorithm.HMAC_SHA256
    if looks is None:
        return Diagnosis(slip=Slip.LOOKS_NEITHER)
    if looks is algorithm:
        return Diagnosis(slip=Slip.LOOKS_RIGHT)
    return Diagnosis(slip=Slip.LOOKS_SHA_1 if looks is Algorithm.SHA1 else Slip.LOOKS_HMAC)


# --- Signing ----------------------------------------------------------------------------------------------------
def _joined(fields: Values, certificate: str) -> str:
    return "+".join([*(fields[name] for name in sorted(fields)), certificate])


def _bytes(text: str) -> bytes:
    return text.encode("utf-8", "surrogatepass")


def _digest(text: bytes, key: SigningKey) -> bytes:
    if key.algorithm is Algorithm.SHA1:
        return hashlib.sha1(text, usedforsecurity=False).digest()
    return hmac.new(_bytes(key.value), text, hashlib.sha256).digest()


def _written(digest: bytes, algorithm: Algorithm) -> str:
    return digest.hex() if algorithm is Algorithm.SHA1 else base64.b64encode(digest).decode()


def _same(expected: str, received: str) -> bool:
    return hmac.compare_digest(_bytes(expected), _bytes(received))


def _by_number(name: str) -> list[tuple[int, str]]:
    """« 2 » before « 10 », as people count."""
    return [(int(piece), "") if piece.isdecimal() else (-1, piece) for piece in re.split(r"([0-9]+)", name)]
