"""The first-connection code: which digits are accepted, and how they are kept (RST-09, RST-10, design 4.6)."""

import hashlib
import hmac
import itertools
import re
import unicodedata
from collections.abc import Iterable
from enum import StrEnum
from uuid import UUID

from django.conf import settings
from django.contrib.auth.hashers import make_password, verify_password
from phonenumber_field.phonenumber import PhoneNumber

MIN_DIGITS, MAX_DIGITS = 6, 12


class CodeFault(StrEnum):
    FORMAT = "format"
    TRIVIAL = "trivial"
    PERSONAL = "personal"


class CodeRefused(Exception):
    """The code cannot be chosen; carries `fault`, never the code."""

    def __init__(self, fault: CodeFault) -> None:
        super().__init__(fault.value)
        self.fault = fault


def normalise(typed: str) -> str:
    """The digits of what was typed: the printed code is spaced, some keyboards type full-width figures."""
    return re.sub(r"[\s.\-]", "", unicodedata.normalize("NFKC", typed))


def is_well_formed(code: str) -> bool:
    """Whether a normalised code has 6 to 12 ASCII digits and nothing else."""
    return re.fullmatch(rf"[0-9]{{{MIN_DIGITS},{MAX_DIGITS}}}", code) is not None


def require_acceptable(code: str, *, facts: Iterable[str]) -> None:
    """Raise CodeRefused unless the code has 6 to 12 digits, is not trivial, and is no part of `facts`.

    `facts` are what others may know of the person: SIRET, telephone numbers (E.164), dates (RST-10).
    """
    if not is_well_formed(code):
        raise CodeRefused(CodeFault.FORMAT)
    if _is_trivial(code):
        raise CodeRefused(CodeFault.TRIVIAL)
    for digits in itertools.chain.from_iterable(map(_spellings, facts)):
        if digits and (code in digits or (len(digits) >= MIN_DIGITS and digits in code)):
            raise CodeRefused(CodeFault.PERSONAL)


def hash_code(code: str, *, owner: UUID) -> str:
    """Argon2id over HMAC-SHA-256(CODE_PEPPER, owner and code): six digits alone would fall in hours (RST-09)."""
    return make_password(_peppered(code, owner=owner))


def is_right(code: str, *, owner: UUID, encoded: str) -> bool:
    """Whether the normalised code is the owner's. Costs one hash whatever the answer."""
    return verify_password(_peppered(code, owner=owner), encoded)[0]


def _spellings(fact: str) -> tuple[str, ...]:
    """The digits of a fact; of a telephone number also as people dial it: 01 99 00… is not in +33 1 99 00…."""
    digits = re.sub(r"\D", "", fact)
    if not fact.startswith("+"):
        return (digits,)
    return (digits, re.sub(r"\D", "", PhoneNumber.from_string(fact).as_national))


def _peppered(code: str, *, owner: UUID) -> str:
    return hmac.new(settings.CODE_PEPPER.encode(), owner.bytes + code.encode(), hashlib.sha256).hexdigest()


def _is_trivial(code: str) -> bool:
    """Repeated digits or blocks (000000, 121212, 123123), runs up or down (123456, 987654, 890123), even steps."""
    if any(
        len(code) % size == 0 and code == code[:size] * (len(code) // size) for size in range(1, len(code) // 2 + 1)
    ):
        return True
    steps = {(int(after) - int(before)) % 10 for before, after in itertools.pairwise(code)}
    return len(steps) == 1 or len(set(code)) <= 2
