"""What the value of a field may look like: each format judges one value and says in French what it expects."""

import re
from collections.abc import Callable, Container
from dataclasses import dataclass
from enum import StrEnum

from backoffice.vads import cards, instalments, moments
from backoffice.vads.currencies import CURRENCIES

LONGEST_URL = 1024
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

# NUL and the other control characters, save tab and line ends which real texts hold; lone surrogates (OUT-07).
_UNSTORABLE = re.compile(r"[\x00-\x08\x0b\x0c\x0e-\x1f\x7f\ud800-\udfff]")


class Reason(StrEnum):
    """Why a value is refused; `label` says it in French."""

    MISSING = "missing"
    FORMAT = "format"
    TOO_LONG = "too_long"
    CHARACTERS = "characters"
    NOT_OFFERED = "not_offered"
    SENSITIVE = "sensitive"
    AMBIGUOUS = "ambiguous"

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
    Reason.AMBIGUOUS: "La valeur imite un champ voisin, ce qui permettrait de changer le paiement.",
}


@dataclass(frozen=True, kw_only=True)
class Format:
    """The form of a value: what to expect (French, for people), how long, and who judges it.

    `judge` gets a value that is not empty, not too long and storable, and gives a Reason or None.
    """

    expected: str
    max_length: int
    judge: Callable[[str], Reason | None]
    # From how many digits on a value is looked at as a possible card number; None where the form rules it out.
    shortest_card: int | None = None

    def fault(self, value: str) -> Reason | None:
        """Why this value is refused, or None; an empty value is never wrong here (compatibility 2)."""
        if not value:
            return None
        if _UNSTORABLE.search(value):
            return Reason.CHARACTERS
        if len(value) > self.max_length:
            return Reason.TOO_LONG
        if self._is_sensitive(value):
            return Reason.SENSITIVE
        return self.judge(value)

    def _is_sensitive(self, value: str) -> bool:
        if self.shortest_card is None or sum(map(str.isdigit, value)) < self.shortest_card:
            return False
        return cards.looks_like_card(value)


def matching(pattern: str, *, expected: str, max_length: int) -> Format:
    """Values that match the whole pattern (ASCII classes written out, never `\\d`)."""
    compiled = re.compile(pattern)
    return Format(
        expected=expected,
        max_length=max_length,
        judge=lambda value: None if compiled.fullmatch(value) else Reason.FORMAT,
    )


def text(max_length: int, *, shortest_card: int = SHORTEST_CARD) -> Format:
    """Free text: anything storable without "<" and ">", and nothing that looks like a card number.

    `shortest_card` rises where honest values have many digits: telephone numbers (15), bar codes (13).
    """
    return Format(
        expected=f"texte de {max_length} caractères au plus, sans « < » ni « > »",
        max_length=max_length,
        judge=lambda value: Reason.CHARACTERS if "<" in value or ">" in value else None,
        shortest_card=shortest_card,
    )


def digits(length: int) -> Format:
    """Exactly that many ASCII digits."""
    plural = "s" if length > 1 else ""
    return matching(rf"[0-9]{{{length}}}", expected=f"{length} chiffre{plural}", max_length=length)


def digits_up_to(length: int) -> Format:
    """One to that many ASCII digits."""
    return matching(rf"[0-9]{{1,{length}}}", expected=f"{length} chiffres au plus", max_length=length)


def number_between(low: int, high: int, *, unit: str) -> Format:
    """A whole number without leading zeros, in a range."""
    return Format(
        expected=f"nombre entier de {low} à {high} {unit}".rstrip(),
        max_length=len(str(high)),
        judge=lambda value: (
            None if re.fullmatch(r"0|[1-9][0-9]*", value) and low <= int(value) <= high else Reason.FORMAT
        ),
    )


def one_of(*values: str, not_offered: Container[str] = ()) -> Format:
    """One of the values as written; those of `not_offered` are known to the protocol but not accepted here."""
    accepted = [value for value in values if value not in not_offered]
    expected = " ou ".join([", ".join(accepted[:-1]), accepted[-1]]) if len(accepted) > 1 else accepted[0]

    def judge(value: str) -> Reason | None:
        if value not in values:
            return Reason.FORMAT
        return Reason.NOT_OFFERED if value in not_offered else None

    return Format(expected=expected, max_length=max(map(len, values)), judge=judge)


def list_of(*values: str) -> Format:
    """Values of a closed list joined with ";", a last ";" being legal (compatibility 5)."""

    def judge(value: str) -> Reason | None:
        named = value.removesuffix(";").split(";")
        if any(not re.fullmatch(r"[0-9A-Za-z_\-]+", name) for name in named):
            return Reason.FORMAT
        return None if all(name in values for name in named) else Reason.NOT_OFFERED

    return Format(expected=f"liste séparée par « ; » parmi {', '.join(values)}", max_length=255, judge=judge)


def _judge_url(value: str) -> Reason | None:
    # A tighter judgement (host, port, resolution) belongs to those who call or redirect; this is the syntax alone.
    shape = re.fullmatch(r"https?://([^/?#\\@\s<>\"]+)([/?#][^\\\s<>\"]*)?", value, re.IGNORECASE)
    return None if shape else Reason.FORMAT


def _judge_email(value: str) -> Reason | None:
    return None if re.fullmatch(r"[^@\s<>,;\"]+@[^@\s<>,;\"]+\.[^@\s<>,;\".]{2,}", value) else Reason.FORMAT


def _judge_trans_id(value: str) -> Reason | None:
    # 900000 to 999999 are the platform's own (refunds, operations of the back office).
    well_formed = re.fullmatch(r"[0-9A-Za-z]{6}", value) and not re.fullmatch(r"9[0-9]{5}", value)
    return None if well_formed else Reason.FORMAT


def _judge_moment(value: str) -> Reason | None:
    try:
        moments.parse(value)
    except ValueError:
        return Reason.FORMAT
    return None


def _judge_day(value: str) -> Reason | None:
    return _judge_moment(f"{value}000000")


def _judge_currency(value: str) -> Reason | None:
    if not re.fullmatch(r"[0-9]{3}", value):
        return Reason.FORMAT
    return None if value in CURRENCIES else Reason.NOT_OFFERED


def _judge_payment_config(value: str) -> Reason | None:
    # The shape alone: its sums and dates are judged with the amount, by `instalments.schedule`.
    return None if instalments.is_well_formed(value) else Reason.FORMAT


URL = Format(
    expected=f"adresse complète en http:// ou https://, {LONGEST_URL} caractères au plus",
    max_length=LONGEST_URL,
    judge=_judge_url,
)
EMAIL = Format(
    expected="adresse e-mail de 150 caractères au plus",
    max_length=150,
    judge=_judge_email,
    shortest_card=SHORTEST_CARD,
)
TRANS_ID = Format(
    expected="6 chiffres ou lettres sans accent, hors 900000 à 999999", max_length=6, judge=_judge_trans_id
)
MOMENT = Format(expected="date et heure UTC en 14 chiffres, AAAAMMJJHHMMSS", max_length=14, judge=_judge_moment)
DAY = Format(expected="date en 8 chiffres, AAAAMMJJ", max_length=8, judge=_judge_day)
AMOUNT = matching(
    r"[1-9][0-9]{0,11}",
    expected="nombre entier positif en plus petite unité de la devise, 12 chiffres au plus",
    max_length=12,
)
CURRENCY = Format(
    expected="code ISO 4217 en 3 chiffres d’une devise acceptée, par exemple 978 pour l’euro",
    max_length=3,
    judge=_judge_currency,
)
PAYMENT_CONFIG = Format(
    expected="SINGLE, MULTI:first=montant;count=nombre;period=jours ou MULTI_EXT:AAAAMMJJ=montant;…",
    max_length=1024,
    judge=_judge_payment_config,
)
COUNTRY = matching(r"[A-Za-z]{2}", expected="code pays ISO 3166 en 2 lettres", max_length=2)
THEME_CONFIG = matching(
    r"[0-9A-Za-z_]+=[^;<>]*(;[0-9A-Za-z_]+=[^;<>]*)*;?",
    expected="suite de CODE=valeur séparés par « ; »",
    max_length=1024,
)
CONTRACTS = matching(
    r"[0-9A-Z_\-]+=[0-9A-Za-z_\-]+(;[0-9A-Z_\-]+=[0-9A-Za-z_\-]+)*;?",
    expected="suite de RÉSEAU=contrat séparés par « ; »",
    max_length=255,
)
RECURRENCE = matching(
    r"RRULE:[A-Z]+=[0-9A-Z,:\-]+(;[A-Z]+=[0-9A-Z,:\-]+)*;?",
    expected="règle de récurrence RFC 5545 commençant par RRULE:",
    max_length=255,
)
VAT = matching(
    r"[0-9]{1,12}|[0-9]{1,2}\.[0-9]{1,4}",
    expected="montant entier, ou pourcentage avec un point et 4 décimales au plus",
    max_length=12,
)
UNKNOWN = Format(
    expected="texte de 4096 caractères au plus",
    max_length=4096,
    judge=lambda value: None,
    shortest_card=SHORTEST_CARD,
)
