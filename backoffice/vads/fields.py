"""Which fields a form may hold, and what is wrong with the ones it holds."""

import re
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from itertools import accumulate

from backoffice.vads import cards, formats, instalments, shapes
from backoffice.vads.currencies import CURRENCIES
from backoffice.vads.dictionary import FIELDS, NAMED, NUMBERED, UNKNOWN_CODE, Field
from backoffice.vads.formats import Reason
from backoffice.vads.signature import PREFIX

__all__ = ["FIELDS", "MANDATORY", "SENSITIVE_CODE", "Fault", "Field", "Reason", "check", "field", "written"]

MANDATORY = tuple(name for name, known in FIELDS.items() if known.is_mandatory)
SENSITIVE_CODE = "999"
_SENSITIVE = frozenset({Reason.SENSITIVE, Reason.SECURITY_CODE})

_NUMBERED_NAME = re.compile(r"(vads_product_[a-z]+)([0-9]{1,5})")

# The fields that decide who pays what, in the order of the signed text.
_MONEY_FIELDS = ("vads_action_mode", "vads_amount", "vads_ctx_mode", "vads_currency")
_ACTION_MODE, _AMOUNT, _CTX_MODE, _CURRENCY = _MONEY_FIELDS
_PAYMENT_CONFIG = "vads_payment_config"
_SITE_ID = "vads_site_id"
_STRUCTURAL_WORDS = frozenset({"INTERACTIVE", "IFRAME", "SILENT", "TEST", "PRODUCTION"})
# A number as the amount and the currency have it; a schedule's shape begins with a word of its own.
_BARE_NUMBER = re.compile(r"[0-9]+")
# What the four money fields leave behind them when the buyer's words took their place.
_MONEY_LEFT_OVER = re.compile(
    rf"(?<![^+])(?:INTERACTIVE(?![^+])|(?:TEST|PRODUCTION)\+(?:{'|'.join(CURRENCIES)})(?![^+]))"
)
_CODE_NAME = re.compile(r"cvv|cvc|cvx|security_?code|cryptogram", re.IGNORECASE)
_SCHEDULE_WORD = re.compile(r"SINGLE|MULTI")
_SHORTEST_CARD_NAME = len(PREFIX) + formats.SHORTEST_CARD


@dataclass(frozen=True, kw_only=True)
class Fault:
    """One thing wrong with a form: the error code, the field, and why. It never holds the value itself."""

    code: str
    field: str
    reason: Reason

    @property
    def explanation(self) -> str:
        """What happened and what was expected, in French."""
        return f"{self.reason.label} Attendu : {field(self.field).expected}."


_UNKNOWN = Field(name="", code=UNKNOWN_CODE, format=shapes.UNKNOWN, meaning="Champ libre de la boutique")


def field(name: str) -> Field:
    """What is known of a field, under the very name asked for.

    Numbered families (`vads_product_label0`) and free ones (`vads_ext_info_XXX`) are found; any other name is legal
    too, as text of error code 99 (compatibility 1).
    """
    known = _known(name)
    return known if known.name == name else replace(known, name=name, ending="")


def written(name: str) -> str:
    """The name as documentation writes it (`vads_ext_info_XXX`); "" for one that it does not know.

    A name is not signed: one that is made up may be anybody's words.
    """
    return _known(name).written


def _known(name: str) -> Field:
    """The entry of the dictionary that a name falls under, a family's as such."""
    if known := FIELDS.get(name):
        return known
    numbered = _NUMBERED_NAME.fullmatch(name)
    if numbered and (family := NUMBERED.get(numbered[1])):
        return family
    for beginning, family in NAMED.items():
        if name.startswith(beginning) and name != beginning:
            return family
    return _UNKNOWN


def check(values: Mapping[str, str]) -> list[Fault]:
    """Everything wrong with the fields of a form, in order of code; the signature is somebody else's business.

    Names that do not begin with `vads_` are ignored, empty optional values are legal (compatibility 1 and 2).
    """
    faults = [
        Fault(code=FIELDS[name].code, field=name, reason=Reason.MISSING) for name in MANDATORY if not values.get(name)
    ]
    for name, value in values.items():
        if not name.startswith(PREFIX):
            continue
        known = _known(name)
        reason = (
            _named_like_card(name)
            or _holds_code(name, value)
            or (value and (known.format.fault(value) or _shifted(name, value, values)))
        )
        if reason:
            code = SENSITIVE_CODE if reason in _SENSITIVE else known.code
            faults.append(Fault(code=code, field=name, reason=reason))
    if left_over := _left_over(values):
        faults.append(Fault(code=_known(left_over).code, field=left_over, reason=Reason.AMBIGUOUS))
    return sorted(faults, key=lambda fault: (int(fault.code), fault.field))


def _named_like_card(name: str) -> Reason | None:
    # The shop chooses some names itself, and they are kept and echoed like the values.
    is_sensitive = len(name) >= _SHORTEST_CARD_NAME and name not in FIELDS and cards.looks_like_card(name)
    return Reason.SENSITIVE if is_sensitive else None


def _shifted(name: str, value: str, values: Mapping[str, str]) -> Reason | None:
    """Refuse a value that could have been cut out of the money fields (compatibility 13, PAY-05).

    The signed text holds values without their names, so a field sorted before or among the four money fields could
    swallow one of them and leave its place to something the buyer typed. None of those may hold, between two "+",
    a word that only the money fields use; nor a bare number right before the amount or the currency. Nor may any
    field hold another schedule than the form's own: it would be the one that the shop signed.
    """
    if _SCHEDULE_WORD.search(value) and name != _PAYMENT_CONFIG:
        schedules = {piece for piece in value.split("+") if instalments.is_well_formed(piece)}
        if schedules - {values.get(_PAYMENT_CONFIG)}:
            return Reason.AMBIGUOUS
    if name in _MONEY_FIELDS or name > _CURRENCY:
        return None
    pieces = value.split("+")
    if not _STRUCTURAL_WORDS.isdisjoint(pieces):
        return Reason.AMBIGUOUS
    stands_before_a_number = _ACTION_MODE < name < _AMOUNT or _CTX_MODE < name < _CURRENCY
    if stands_before_a_number and any(map(_BARE_NUMBER.fullmatch, pieces)):
        return Reason.AMBIGUOUS
    return None


def _holds_code(name: str, value: str) -> Reason | None:
    # No security code is ever kept, under whatever name a shop sends the one that it should not have asked for.
    if len(value) not in {3, 4} or name in FIELDS or not _BARE_NUMBER.fullmatch(value):
        return None
    return Reason.SECURITY_CODE if _CODE_NAME.search(name) else None


def _left_over(values: Mapping[str, str]) -> str | None:
    """The field that could hold what the shop signed, where the money fields or the reference are words of the buyer.

    Names are not signed, and a shop may let its buyer type into a field of its own that is sorted before them
    (`vads_comment`), or before the reference (`vads_ship_to_city`). Whoever takes their places from there has to lay
    down the real ones further on: a mode with its currency beside it, an action mode, the shop's own number (PAY-05).
    """
    after = sorted(name for name in values if name > _CURRENCY and name.startswith(PREFIX))
    if found := _MONEY_LEFT_OVER.search("+".join([values[name] for name in after])):
        return _holder(values, after, found.start())
    site_id, behind = values.get(_SITE_ID), [name for name in after if name > _SITE_ID]
    place = f"+{'+'.join([values[name] for name in behind])}+".find(f"+{site_id}+") if site_id else -1
    return _holder(values, behind, place) if place >= 0 else None


def _holder(values: Mapping[str, str], names: Sequence[str], place: int) -> str | None:
    """Which of these fields a character of their values joined with "+" belongs to."""
    ends = accumulate(len(values[name]) + 1 for name in names)
    return next((name for name, end in zip(names, ends, strict=True) if place < end), None)
