"""What a contract says, frozen: who, which shop, which offer, which conditions. Pure: no row, no clock."""

import hashlib
import json
from dataclasses import asdict, dataclass
from datetime import date
from typing import Any, Self


@dataclass(frozen=True)
class Article:
    """One numbered article of the conditions: its heading and its paragraphs."""

    heading: str
    paragraphs: tuple[str, ...]


@dataclass(frozen=True)
class Chapter:
    """A part of the conditions: its title and its articles."""

    title: str
    articles: tuple[Article, ...]


@dataclass(frozen=True)
class Snapshot:
    """Everything the paper says, the first-connection code excepted: that one is sealed apart, and destroyed."""

    number: str
    agreed_on: date
    bank: str
    bank_address: str
    bank_phone: str
    offer: str
    company: str
    siret: str
    company_email: str
    company_phone: str
    representative: str
    representative_role: str
    shop: str
    shop_url: str
    site_id: str
    conditions_version: str
    chapters: tuple[Chapter, ...]

    @property
    def grouped_siret(self) -> str:
        """The SIRET as people write it: « 732 829 320 00074 », with no-break spaces."""
        return "\N{NO-BREAK SPACE}".join((self.siret[:3], self.siret[3:6], self.siret[6:9], self.siret[9:]))

    def to_json(self) -> str:
        """The snapshot as canonical JSON: sorted keys, dates in ISO 8601; the same snapshot gives the same text."""
        fields = asdict(self) | {"agreed_on": self.agreed_on.isoformat()}
        return json.dumps(fields, sort_keys=True, separators=(",", ":"), ensure_ascii=True)

    @classmethod
    def from_json(cls, text: str) -> Self:
        """Read back what `to_json` wrote."""
        fields = json.loads(text)
        return cls(
            **fields
            | {
                "agreed_on": date.fromisoformat(fields["agreed_on"]),
                "chapters": tuple(_chapter(one) for one in fields["chapters"]),
            }
        )

    def digest(self) -> str:
        """SHA-256 of the canonical JSON, in lower-case hex: what the footer's short digest begins."""
        return hashlib.sha256(self.to_json().encode()).hexdigest()


def _chapter(fields: dict[str, Any]) -> Chapter:
    articles = (Article(one["heading"], tuple(one["paragraphs"])) for one in fields["articles"])
    return Chapter(title=fields["title"], articles=tuple(articles))
