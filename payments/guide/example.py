"""The guide's worked example: a minimal form of the shop, signed with a key that no shop has."""

from collections.abc import Mapping
from dataclasses import dataclass
from html import escape

from backoffice.vads import signature
from backoffice.vads.fields import MANDATORY, field
from backoffice.vads.signature import Algorithm

# Public on purpose, and said to be: certificates are drawn, never chosen.
KEY = "CeciEstUnExemple"
# One afternoon, so that the example can be computed again anywhere.
_VALUES = {
    "vads_action_mode": "INTERACTIVE",
    "vads_amount": "1250",
    "vads_ctx_mode": "TEST",
    "vads_currency": "978",
    "vads_page_action": "PAYMENT",
    "vads_payment_config": "SINGLE",
    "vads_trans_date": "20261125143000",
    "vads_trans_id": "4k7q2m",
    "vads_version": "V2",
}


@dataclass(frozen=True, kw_only=True)
class Row:
    """One field of the example, its value, and what it is for."""

    name: str
    value: str
    meaning: str


@dataclass(frozen=True, kw_only=True)
class Example:
    """A minimal form: its fields in the order they are signed, the signed text, and one signature per algorithm."""

    rows: tuple[Row, ...]
    message: str
    signatures: Mapping[Algorithm, str]
    html: str


def example(*, site_id: str, entry_url: str) -> Example:
    """The minimal form of the shop `site_id`, sent to `entry_url` and signed with `KEY` (compatibility 1 to 6)."""
    fields = {name: site_id if name == "vads_site_id" else _VALUES[name] for name in sorted(MANDATORY)}
    signatures = {algorithm: signature.sign(fields, KEY, algorithm) for algorithm in Algorithm}
    return Example(
        rows=tuple(Row(name=name, value=value, meaning=field(name).meaning) for name, value in fields.items()),
        message=signature.message(fields, KEY),
        signatures=signatures,
        html=_html(fields | {"signature": signatures[Algorithm.HMAC_SHA256]}, entry_url),
    )


def _html(fields: Mapping[str, str], entry_url: str) -> str:
    inputs = "\n".join(
        f'  <input type="hidden" name="{escape(name)}" value="{escape(value)}">' for name, value in fields.items()
    )
    return (
        f'<form method="post" action="{escape(entry_url)}" accept-charset="UTF-8">\n'
        f'{inputs}\n  <button type="submit">Payer</button>\n</form>'
    )
