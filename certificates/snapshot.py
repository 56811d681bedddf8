"""What a contract or an avenant says, frozen: who, which offer, which words. Pure: no row, no clock."""

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
class Frozen:
    """What a numbered document says, as canonical JSON and under its digest."""

    number: str
    agreed_on: date

    def to_json(self) -> str:
        """Canonical JSON: sorted keys, dates in ISO 8601; the same words give the same text."""
        fields = asdict(self) | {"agreed_on": self.agreed_on.isoformat()}
        return json.dumps(fields, sort_keys=True, separators=(",", ":"), ensure_ascii=True)

    def digest(self) -> str:
        """SHA-256 of the canonical JSON, in lower-case hex: what the footer's short digest begins."""
        return hashlib.sha256(self.to_json().encode()).hexdigest()


@dataclass(frozen=True)
class Snapshot(Frozen):
    """Everything the paper says, the first-connection code excepted: that one is sealed apart, and destroyed."""

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
    # Contracts of before these were asked for have none.
    company_address: str = ""
    activity: str = ""
    iban: str = ""

    @property
    def grouped_iban(self) -> str:
        """The settlement account as banks print it, by fours, with no-break spaces."""
        return "\N{NO-BREAK SPACE}".join(self.iban[start : start + 4] for start in range(0, len(self.iban), 4))

    @property
    def grouped_siret(self) -> str:
        """The SIRET as people write it."""
        return grouped(self.siret)

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


@dataclass(frozen=True)
class Fact:
    """One line of an avenant: what it is about, and what it says."""

    label: str
    value: str


@dataclass(frozen=True)
class Amended(Frozen):
    """What an avenant says: the contracts it goes with, what changed and how it was approved. Never a code."""

    kind: str
    bank: str
    bank_address: str
    bank_phone: str
    offer: str
    company: str
    siret: str
    contracts: tuple[str, ...]
    facts: tuple[Fact, ...]
    paragraphs: tuple[str, ...]

    @property
    def grouped_siret(self) -> str:
        """The SIRET as people write it."""
        return grouped(self.siret)

    @classmethod
    def from_json(cls, text: str) -> Self:
        """Read back what `to_json` wrote."""
        fields = json.loads(text)
        return cls(
            **fields
            | {
                "agreed_on": date.fromisoformat(fields["agreed_on"]),
                "contracts": tuple(fields["contracts"]),
                "facts": tuple(Fact(**one) for one in fields["facts"]),
                "paragraphs": tuple(fields["paragraphs"]),
            }
        )


def grouped(siret: str) -> str:
    """A SIRET as people write it: « 732 829 320 00074 », with no-break spaces."""
    return "\N{NO-BREAK SPACE}".join((siret[:3], siret[3:6], siret[6:9], siret[9:]))


def _chapter(fields: dict[str, Any]) -> Chapter:
    articles = (Article(one["heading"], tuple(one["paragraphs"])) for one in fields["articles"])
    return Chapter(title=fields["title"], articles=tuple(articles))
