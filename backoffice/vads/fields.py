"""Which fields a form may hold, and what is wrong with the ones it holds."""

import re
from collections.abc import Mapping
from dataclasses import dataclass, replace

from backoffice.vads import formats
from backoffice.vads.dictionary import FIELDS, NAMED, NUMBERED, UNKNOWN_CODE, Field
from backoffice.vads.formats import Reason
from backoffice.vads.signature import PREFIX

__all__ = ["FIELDS", "MANDATORY", "SENSITIVE_CODE", "Fault", "Field", "Reason", "check", "field"]

MANDATORY = tuple(name for name, known in FIELDS.items() if known.is_mandatory)
SENSITIVE_CODE = "999"

_NUMBERED_NAME = re.compile(r"(vads_product_[a-z]+)([0-9]{1,5})")

# The fields that decide who pays what, in the order of the signed text.
_MONEY_FIELDS = ("vads_action_mode", "vads_amount", "vads_ctx_mode", "vads_currency")
_STRUCTURAL_WORDS = frozenset({"INTERACTIVE", "IFRAME", "SILENT", "TEST", "PRODUCTION"})


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


def field(name: str) -> Field:
    """What is known of a field, under the very name asked for.

    Numbered families (`vads_product_label0`) and free ones (`vads_ext_info_XXX`) are found; any other name is legal
    too, as text of error code 99 (compatibility 1).
    """
    if known := FIELDS.get(name):
        return known
    numbered = _NUMBERED_NAME.fullmatch(name)
    if numbered and (family := NUMBERED.get(numbered[1])):
        return replace(family, name=name)
    for beginning, family in NAMED.items():
        if name.startswith(beginning) and name != beginning:
            return replace(family, name=name)
    return Field(name=name, code=UNKNOWN_CODE, format=formats.UNKNOWN, meaning="Champ libre de la boutique")


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
        known = field(name)
        reason = known.format.fault(value) or _shifted(name, value)
        if reason:
            code = SENSITIVE_CODE if reason is Reason.SENSITIVE else known.code
            faults.append(Fault(code=code, field=name, reason=reason))
    return sorted(faults, key=lambda fault: (int(fault.code), fault.field))


def _shifted(name: str, value: str) -> Reason | None:
    """Refuse a value that could have been cut out of the money fields (compatibility 13, PAY-05).

    The signed text holds values without their names, so a field sorted before or among the four money fields could
    swallow one of them and leave its place to something the buyer typed. None of those may hold, between two "+",
    a word that only the money fields use; nor a bare number right before the amount or the currency.
    """
    if name in _MONEY_FIELDS or name > _MONEY_FIELDS[-1]:
        return None
    pieces = set(value.split("+"))
    if pieces & _STRUCTURAL_WORDS:
        return Reason.AMBIGUOUS
    action_mode, amount, ctx_mode, currency = _MONEY_FIELDS
    stands_before_a_number = action_mode < name < amount or ctx_mode < name < currency
    if stands_before_a_number and any(re.fullmatch(r"[0-9]+", piece) for piece in pieces):
        return Reason.AMBIGUOUS
    return None
