"""Recognising a document of ours by its number and its digest, and whether it still says what is in force.

A number alone finds nothing, and what was found tells no name: whoever asks holds the document already.
"""

import hmac
from dataclasses import dataclass
from datetime import datetime

from django.utils import timezone

from certificates.documents import compose_attestation
from certificates.enums import AmendmentKind, PaperKind, Standing
from certificates.models import Amendment, Attestation, Contract


@dataclass(frozen=True)
class Recognised:
    """A document of ours: what it is, of when, and whether it is still the current one (`since` when it is not)."""

    kind: PaperKind
    issued_at: datetime
    standing: Standing
    about: str = ""
    since: datetime | None = None

    @property
    def is_current(self) -> bool:
        """Whether nothing has changed what it says."""
        return self.standing == Standing.CURRENT


def recognise(*, number: str, digest: str, now: datetime) -> Recognised | None:
    """The document that bears both; None for a wrong number as for a wrong digest.

    `number` in capitals without spaces; `digest` in lower-case hex, the first twelve characters or all sixty-four.
    """
    contract = Contract.objects.numbered(number).with_shop().first()
    if contract is not None:
        return _contract(contract, digest)
    amendment = Amendment.objects.numbered(number).with_company().first()
    if amendment is not None:
        return _amendment(amendment) if _bears(amendment.digest, digest) else None
    attestation = Attestation.objects.numbered(number).with_shop().first()
    if attestation is not None and _bears(attestation.digest, digest):
        return _attestation(attestation, now=now)
    return None


def _bears(kept: str, given: str) -> bool:
    return hmac.compare_digest(kept[: len(given)], given)


def _contract(contract: Contract, digest: str) -> Recognised | None:
    signed_at, scan = contract.signed_at, contract.scan_digest
    if signed_at and scan and hmac.compare_digest(scan, digest):
        return _since_amended(contract, Recognised(PaperKind.SIGNED_COPY, signed_at, Standing.CURRENT))
    if not _bears(contract.digest, digest):
        return None
    standing = Standing.CURRENT if contract.is_signed else Standing.UNSIGNED
    return _since_amended(contract, Recognised(PaperKind.CONTRACT, contract.issued_at, standing))


def _since_amended(contract: Contract, found: Recognised) -> Recognised:
    if not found.is_current:
        return found
    for one in Amendment.objects.of_company(contract.shop.company).after(contract.issued_at):
        if one.concerns(contract.number):
            return Recognised(found.kind, found.issued_at, Standing.AMENDED, since=one.issued_at)
    return found


def _amendment(amendment: Amendment) -> Recognised:
    about = AmendmentKind(amendment.kind).label
    subject = amendment.snapshot().subject
    later = Amendment.objects.of_company(amendment.company).of_kind(amendment.kind).after(amendment.issued_at)
    for one in reversed(later):
        if one.snapshot().subject == subject:
            return Recognised(PaperKind.AMENDMENT, amendment.issued_at, Standing.REPLACED, about, since=one.issued_at)
    return Recognised(PaperKind.AMENDMENT, amendment.issued_at, Standing.CURRENT, about)


def _attestation(attestation: Attestation, *, now: datetime) -> Recognised:
    """It tells one day of the file: composed anew, the file says whether that is still so."""
    today = compose_attestation(shop=attestation.shop, on=timezone.localdate(now), number=attestation.number)
    is_same = attestation.snapshot().says_the_same_as(today)
    standing = Standing.CURRENT if is_same else Standing.CHANGED
    return Recognised(PaperKind.ATTESTATION, attestation.issued_at, standing)
