"""The journal: what people did to accounts, shops, certificates, contracts and requests, failures included.

One chain per company: each entry's hash covers its columns and the previous entry's hash, so that a changed, removed
or inserted line shows (LOG-02). Personal text (names, labels, addresses) is sealed under a key per year; the chain
runs over the ciphertext and stays whole when that key is destroyed (design 4.20, 4.21).
"""

import base64
import json
import os
from dataclasses import dataclass
from datetime import UTC, datetime
from enum import StrEnum
from typing import Protocol
from uuid import UUID, uuid4

from cryptography.exceptions import InvalidTag
from cryptography.hazmat.primitives.ciphers.aead import AESGCM
from django.conf import settings
from django.db import transaction

from backoffice.core import vault
from backoffice.core.chains import Head, Walk, chain_hash
from backoffice.core.events import Event
from backoffice.core.models.journal import JournalChain, JournalEntry, JournalKey

__all__ = [
    "PLATFORM",
    "BrokenChain",
    "Event",
    "Named",
    "PersonalText",
    "Readable",
    "TextReader",
    "forget_texts",
    "personal_text",
    "record",
    "verify",
]

# The chain of what concerns no company (an unknown identifier tried at the door, an advisor's own account).
PLATFORM = UUID(int=0)


class Named(Protocol):
    """What can act in the journal or be its subject."""

    public_id: UUID

    @property
    def journal_label(self) -> str: ...


class BrokenChain(Exception):
    """An entry is not what was written; carries `company` and the first broken `position`."""

    def __init__(self, company: UUID, position: int) -> None:
        super().__init__(f"chain {company} is broken at {position}")
        self.company, self.position = company, position


class Readable(StrEnum):
    """Whether an entry's personal text can be read: yes, no longer (the year's key is gone), or not (altered)."""

    YES = "yes"
    FORGOTTEN = "forgotten"
    ALTERED = "altered"


@dataclass(frozen=True, kw_only=True)
class PersonalText:
    """Who acted, on whom or what, and from which address, as it was written; empty unless `readable` is YES."""

    actor: str = ""
    subject: str = ""
    address: str = ""
    readable: Readable = Readable.YES


def record(
    event: Event,
    *,
    now: datetime,
    company: UUID | None,
    by: Named | None,
    about: Named | None,
    address: str = "",
    **detail: str | int | bool,
) -> JournalEntry:
    """Append one entry to the company's chain, inside the caller's transaction (which it requires).

    `detail` holds codes and figures, never a secret and never personal text; `address` is the client's IP address.
    """
    # No savepoint: what cannot be written down must not have happened, so the whole transaction falls with it.
    with transaction.atomic(savepoint=False):
        chain = _locked_chain(company or PLATFORM)
        public_id = uuid4()
        text = {"actor": by.journal_label if by else "", "subject": about.journal_label if about else ""}
        entry = JournalEntry(
            public_id=public_id,
            company=chain.company,
            position=chain.length + 1,
            event=event,
            at=now.astimezone(UTC),
            actor_id=by.public_id if by else None,
            subject_id=about.public_id if about else None,
            detail=detail,
            sealed_text=_seal_text(text | {"address": address}, year=now.astimezone(UTC).year, public_id=public_id),
            previous_hash=chain.head_hash,
        )
        entry.entry_hash = chain_hash(entry)
        entry.save(force_insert=True)
        chain.length, chain.head_hash = entry.position, entry.entry_hash
        chain.save(update_fields=["length", "head_hash"])
    return entry


def forget_texts(*, now: datetime) -> int:
    """Destroy the keys of the years that ended longer ago than their term; return how many (design 4.21).

    The names and addresses that they sealed are gone, pages say « effacé », and every chain stays whole.
    """
    last_year = settings.RETENTION.journal.before(now.astimezone(UTC)).year - 1
    forgotten: int = JournalKey.objects.up_to(last_year).delete()[0]
    return forgotten


def verify(company: UUID | None) -> int:
    """Walk a company's chain from its first entry; return its length or raise BrokenChain at the first fault.

    `manage.py verify_journal` walks all of them, against their anchors too.
    """
    chain = JournalChain.objects.get(company=company or PLATFORM)
    head = Head(length=chain.length, entry_hash=chain.head_hash)
    walk = Walk(company=chain.company, head=head, anchored={})
    breach = walk.over(JournalEntry.objects.of_chain(chain.company).in_order().iterator(chunk_size=2000))
    if breach:
        raise BrokenChain(breach.company, breach.position)
    return walk.length


class TextReader:
    """Opens the personal text of many entries; asks for each year's key once."""

    def __init__(self) -> None:
        self._keys: dict[int, bytes | None] = {}

    def read(self, entry: JournalEntry) -> PersonalText:
        """The entry's names and address. Raises nothing: an altered seal is told, not thrown."""
        key = self._key_of(entry.at.astimezone(UTC).year)
        if key is None or not entry.sealed_text:
            return PersonalText(readable=Readable.FORGOTTEN)
        try:
            sealed = base64.b64decode(entry.sealed_text, validate=True)
            plain = AESGCM(key).decrypt(sealed[:12], sealed[12:], entry.public_id.bytes)
        except (InvalidTag, ValueError):
            return PersonalText(readable=Readable.ALTERED)
        return PersonalText(**json.loads(plain))

    def _key_of(self, year: int) -> bytes | None:
        if year not in self._keys:
            kept = JournalKey.objects.filter(year=year).first()
            self._keys[year] = _year_key_bytes(kept) if kept else None
        return self._keys[year]


def personal_text(entry: JournalEntry) -> dict[str, str]:
    """The entry's actor, subject and address in clear; empty strings once the year's key was destroyed."""
    text = TextReader().read(entry)
    return {"actor": text.actor, "subject": text.subject, "address": text.address}


def _locked_chain(company: UUID) -> JournalChain:
    chains = JournalChain.objects.select_for_update().filter(company=company)
    if found := chains.first():
        return found
    JournalChain.objects.bulk_create([JournalChain(company=company)], ignore_conflicts=True)
    return chains.get()


def _seal_text(text: dict[str, str], *, year: int, public_id: UUID) -> str:
    key = JournalKey.objects.filter(year=year).first() or _draw_year_key(year)
    nonce = os.urandom(12)
    ciphertext = AESGCM(_year_key_bytes(key)).encrypt(nonce, json.dumps(text).encode(), public_id.bytes)
    return base64.b64encode(nonce + ciphertext).decode()


def _draw_year_key(year: int) -> JournalKey:
    drawn = base64.b64encode(AESGCM.generate_key(bit_length=256)).decode()
    sealed = vault.seal(drawn, identity=year_key_identity(year))
    JournalKey.objects.bulk_create([JournalKey(year=year, sealed_key=sealed)], ignore_conflicts=True)
    return JournalKey.objects.get(year=year)


def _year_key_bytes(key: JournalKey) -> bytes:
    return base64.b64decode(vault.unseal(key.sealed_key, identity=year_key_identity(key.year)))


def year_key_identity(year: int) -> str:
    """What the seal of a year's key is bound to."""
    return f"core.journalkey/{year}/key"
