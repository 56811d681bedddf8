"""What the value of a field may look like: each format judges one value and says in French what it expects."""

import re
from collections.abc import Callable, Container
from dataclasses import dataclass
from enum import StrEnum
from functools import cache

from backoffice.vads import cards

SHORTEST_CARD = 13
LANGUAGES = ("de", "en", "es", "fr", "it", "ja", "nl", "pl", "pt", "ru", "sv", "tr", "zh")
# Methods a shop's contract may hold; a list that names anything else is error 08.
PAYMENT_CARDS = (
    "CB",
    "VISA",
    "VISA_ELECTRON",
    "VPAY",
    "MASTERCARD",
    "MAESTRO",
    "E-CARTEBLEUE",
    "AMEX",
    "DINERS",
)

_WHOLE_NUMBER = re.compile(r"0|[1-9][0-9]*")
_LISTED = re.compile(r"[0-9A-Za-z_\-]+")
# NUL and the other control characters, save tab and line ends which real texts hold; lone surrogates (OUT-07).
UNSTORABLE = re.compile(r"[\x00-\x08\x0b\x0c\x0e-\x1f\x7f\ud800-\udfff]")


# What examples are made of.
_TEXT = "Comté affiné"
_DIGITS = "12345678"


class Reason(StrEnum):
    """Why a value is refused; `label` says it in French."""

    MISSING = "missing"
    FORMAT = "format"
    TOO_LONG = "too_long"
    CHARACTERS = "characters"
    NOT_OFFERED = "not_offered"
    SENSITIVE = "sensitive"
    SECURITY_CODE = "security_code"
    AMBIGUOUS = "ambiguous"
    RESERVED = "reserved"

    @property
    def label(self) -> str:
        """What happened, as a sentence about the field."""
        return _LABELS[self]


_LABELS = {
    Reason.MISSING: "Ce champ obligatoire est absent ou vide.",
    Reason.FORMAT: "La valeur n’a pas la forme attendue.",
    Reason.TOO_LONG: "La valeur est trop longue.",
    Reason.CHARACTERS: "La valeur contient un caractère interdit.",
    Reason.NOT_OFFERED: "La valeur est correcte, mais cette possibilité n’est pas proposée ici.",
    Reason.SENSITIVE: "La valeur ressemble à un numéro de carte, ce qui est interdit dans un formulaire.",
    Reason.SECURITY_CODE: (
        "Le champ porte le nom d’un cryptogramme et en contient un, ce qui est interdit dans un formulaire."
    ),
    Reason.RESERVED: "Un paramètre porte un nom réservé au résultat : vads_… ou signature.",
    Reason.AMBIGUOUS: "La valeur imite un champ voisin, ce qui permettrait de changer le paiement.",
}


@dataclass(frozen=True, kw_only=True)
class Format:
    """The form of a value: what to expect (French, for people), an example, how long, and who judges it.

    `judge` gets a value that is not empty, not too long and storable, and gives a Reason or None.
    """

    expected: str
    example: str
    max_length: int
    judge: Callable[[str], Reason | None]
    # From how many digits on a value is looked at as a possible card number; None where the form rules it out.
    shortest_card: int | None = None

    def fault(self, value: str) -> Reason | None:
        """Why this value is refused, or None; an empty value is never wrong here (compatibility 2)."""
        if not value:
            return None
        if UNSTORABLE.search(value):
            return Reason.CHARACTERS
        if len(value) > self.max_length:
            return Reason.TOO_LONG
        if self._is_sensitive(value):
            return Reason.SENSITIVE
        return self.judge(value)

    def _is_sensitive(self, value: str) -> bool:
        if self.shortest_card is None or len(value) < self.shortest_card:
            return False
        return bool(_enough_digits(self.shortest_card).match(value)) and cards.looks_like_card(value)


@cache
def _enough_digits(number: int) -> re.Pattern[str]:
    # Digits of any script: a card number written with them is read by people all the same.
    return re.compile(rf"(?:\D*\d){{{number}}}")


def matching(pattern: str, *, expected: str, example: str, max_length: int, shortest_card: int | None = None) -> Format:
    """Values that match the whole pattern (ASCII classes written out, never `\\d`)."""
    compiled = re.compile(pattern)
    return Format(
        expected=expected,
        example=example,
        max_length=max_length,
        judge=lambda value: None if compiled.fullmatch(value) else Reason.FORMAT,
        shortest_card=shortest_card,
    )


def text(max_length: int, *, shortest_card: int = SHORTEST_CARD) -> Format:
    """Free text: anything storable without "<" and ">", and nothing that looks like a card number.

    `shortest_card` rises where honest values have many digits: telephone numbers (15), bar codes (13).
    """
    return Format(
        expected=f"texte de {max_length} caractères au plus, sans « < » ni « > »",
        example=_TEXT[:max_length],
        max_length=max_length,
        judge=lambda value: Reason.CHARACTERS if "<" in value or ">" in value else None,
        shortest_card=shortest_card,
    )


def digits(length: int) -> Format:
    """Exactly that many ASCII digits."""
    plural = "s" if length > 1 else ""
    return matching(
        rf"[0-9]{{{length}}}", expected=f"{length} chiffre{plural}", example=_DIGITS[:length], max_length=length
    )


def digits_up_to(length: int) -> Format:
    """One to that many ASCII digits."""
    return matching(rf"[0-9]{{1,{length}}}", expected=f"{length} chiffres au plus", example="1", max_length=length)


def number_between(low: int, high: int, *, unit: str) -> Format:
    """A whole number without leading zeros, in a range."""
    return Format(
        expected=f"nombre entier de {low} à {high} {unit}".rstrip(),
        example=str(low),
        max_length=len(str(high)),
        judge=lambda value: None if _WHOLE_NUMBER.fullmatch(value) and low <= int(value) <= high else Reason.FORMAT,
    )


def one_of(*values: str, not_offered: Container[str] = ()) -> Format:
    """One of the values as written; those of `not_offered` are known to the protocol but not accepted here."""
    accepted = [value for value in values if value not in not_offered]
    expected = " ou ".join([", ".join(accepted[:-1]), accepted[-1]]) if len(accepted) > 1 else accepted[0]

    def judge(value: str) -> Reason | None:
        if value not in values:
            return Reason.FORMAT
        return Reason.NOT_OFFERED if value in not_offered else None

    return Format(expected=expected, example=accepted[0], max_length=max(map(len, values)), judge=judge)


def list_of(*values: str) -> Format:
    """Values of a closed list joined with ";", a last ";" being legal (compatibility 5)."""

    def judge(value: str) -> Reason | None:
        named = value.removesuffix(";").split(";")
        if not all(map(_LISTED.fullmatch, named)):
            return Reason.FORMAT
        return None if all(name in values for name in named) else Reason.NOT_OFFERED

    return Format(
        expected=f"liste séparée par « ; » parmi {', '.join(values)}",
        example=";".join(values[:2]),
        max_length=255,
        judge=judge,
    )
