"""What a contract, an avenant or an attestation says, frozen: who, what, which words. Pure: no row, no clock."""

import hashlib
import json
from dataclasses import asdict, dataclass, replace
from datetime import date
from typing import Any, Self

# SHA-256 in hex, whole, and as much of it as the footers print (48 bits).
DIGEST_LENGTH, SHORT_DIGEST_LENGTH = 64, 12
# Of an address, and of the avenants, on the one page of an attestation.
SITE_SHOWN, AMENDMENTS_SHOWN = 120, 2


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
    def signatory(self) -> str:
        """Who signs for the company, and in what quality."""
        return f"{self.representative} ({self.representative_role})"

    @property
    def grouped_iban(self) -> str:
        """The settlement account as banks print it."""
        return grouped_iban(self.iban)

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
    """One line of a document: what it is about, and what it says."""

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
    # Whose code or which contract's account: a later avenant of the same kind about the same replaces it.
    subject: str = ""
    # Who signs it for the company; nobody where what it says was done by its owner's own hand.
    signatory: str = ""
    # Of a changed account: the new one, compact.
    iban: str = ""

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


@dataclass(frozen=True)
class Attested(Frozen):
    """What an attestation says of a shop's file on its day: nothing secret, and no account."""

    bank: str
    bank_address: str
    bank_phone: str
    offer: str
    company: str
    siret: str
    company_address: str
    shop: str
    shop_url: str
    site_id: str
    contract: str
    contract_state: str
    amendments: tuple[Fact, ...]
    modes: tuple[str, ...]
    # Of a closed shop, in words: no mode is open any more.
    closed_on: str = ""

    @property
    def grouped_siret(self) -> str:
        """The SIRET as people write it."""
        return grouped(self.siret)

    @property
    def site(self) -> str:
        """The shop's address, cut where it would not leave the rest its page; the digest covers all of it."""
        return self.shop_url if len(self.shop_url) <= SITE_SHOWN else f"{self.shop_url[: SITE_SHOWN - 1]}…"

    @property
    def latest_amendments(self) -> tuple[Fact, ...]:
        """The avenants that are printed, the latest last."""
        return self.amendments[-AMENDMENTS_SHOWN:]

    @property
    def earlier_amendments(self) -> int:
        """How many stand before those that are printed."""
        return len(self.amendments) - len(self.latest_amendments)

    def says_the_same_as(self, other: "Attested") -> bool:
        """Whether both tell the same of the file, whatever their number, their day and the bank's own address."""
        beside = ("number", "agreed_on", "bank", "bank_address", "bank_phone")
        return replace(self, **{name: getattr(other, name) for name in beside}) == other

    @classmethod
    def from_json(cls, text: str) -> Self:
        """Read back what `to_json` wrote."""
        fields = json.loads(text)
        return cls(
            **fields
            | {
                "agreed_on": date.fromisoformat(fields["agreed_on"]),
                "amendments": tuple(Fact(**one) for one in fields["amendments"]),
                "modes": tuple(fields["modes"]),
            }
        )


def grouped_iban(iban: str) -> str:
    """An account number as banks print it, by fours, with no-break spaces."""
    return "\N{NO-BREAK SPACE}".join(iban[start : start + 4] for start in range(0, len(iban), 4))


def grouped(siret: str) -> str:
    """A SIRET as people write it: « 732 829 320 00074 », with no-break spaces."""
    return "\N{NO-BREAK SPACE}".join((siret[:3], siret[3:6], siret[6:9], siret[9:]))


def _chapter(fields: dict[str, Any]) -> Chapter:
    articles = (Article(one["heading"], tuple(one["paragraphs"])) for one in fields["articles"])
    return Chapter(title=fields["title"], articles=tuple(articles))
