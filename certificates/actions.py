"""What can be done to certificates, the test phase and contracts: the product's table of contents for this room."""

from collections.abc import Collection
from datetime import datetime
from uuid import UUID

from django.db import transaction
from django.utils import timezone

from accounts.actions import lock_unfrozen
from accounts.models import Company, User
from backoffice.core import journal, prints
from backoffice.core.models import Print
from backoffice.core.moves import IllegalMove
from backoffice.vads.signature import Algorithm
from certificates import documents, emails
from certificates.enums import ContractState, EvidenceStep
from certificates.models import Amendment, Attestation, Certificate, Contract, Evidence, SignatureSetting
from certificates.rules import draw_certificate, is_certificate
from certificates.snapshot import Amended, Snapshot
from shops.enums import Mode
from shops.models import Shop


class TestPhaseIncomplete(Exception):
    """The production certificate waits for steps of the test phase; carries them in `missing`."""

    __test__ = False  # Not a test class, whatever its name suggests to a collector.

    def __init__(self, missing: Collection[EvidenceStep]) -> None:
        super().__init__(", ".join(missing))
        self.missing = tuple(missing)


class AlreadyGenerated(Exception):
    """The shop has a certificate of this mode already."""


class ContractAlreadyIssued(Exception):
    """The shop has its contract already."""


class ProofNeeded(Exception):
    """A contract is marked signed with the digest of its scanned copy, or with a note about it."""


class ContractUnsigned(Exception):
    """The production certificate waits for the signed contract."""


@transaction.atomic
def issue_test_certificate(*, shop: Shop, now: datetime, value: str | None = None) -> Certificate:
    """Give the shop its TEST certificate; `value` (16 of [A-Za-z0-9]) is drawn when absent (KEY-01).

    Raises AlreadyGenerated, and ValueError for a value that no shop software would accept.
    """
    shop = _locked(shop)
    certificate = _issue(shop, mode=Mode.TEST, value=value or draw_certificate(), by=None, now=now)
    journal.record(
        journal.Event.CERTIFICATE_ISSUED, now=now, company=shop.company.public_id, by=None, about=shop, mode="TEST"
    )
    return certificate


@transaction.atomic
def generate_production_certificate(*, shop: Shop, by: User, now: datetime, address: str = "") -> Certificate:
    """Draw and seal the shop's PRODUCTION certificate, once; the company is told by e-mail that it happened.

    Raises accounts.ChangesFrozen, AlreadyGenerated (a double click makes one certificate), TestPhaseIncomplete(missing)
    or ContractUnsigned (KEY-06, domain 2.3, design 2).
    """
    lock_unfrozen(by)
    shop = _locked(shop)
    missing = Evidence.objects.missing_steps(shop)
    if missing:
        raise TestPhaseIncomplete(missing)
    if not Contract.objects.of_shop(shop).signed().exists():
        raise ContractUnsigned
    certificate = _issue(shop, mode=Mode.PRODUCTION, value=draw_certificate(), by=by, now=now)
    emails.production_certificate_generated(shop, by=by, now=now)
    journal.record(
        journal.Event.CERTIFICATE_GENERATED,
        now=now,
        company=shop.company.public_id,
        by=by,
        about=shop,
        address=address,
        mode="PRODUCTION",
    )
    return certificate


@transaction.atomic
def reveal_certificate(*, certificate: Certificate, by: User, now: datetime, address: str = "") -> str:
    """The certificate in clear, once the journal has kept who read it (KEY-03).

    Raises vault.SealBroken, or accounts.ChangesFrozen: whoever has it can do what its owner can (AUTH-16).
    """
    lock_unfrozen(by)
    value = certificate.unsealed_value()
    shop = certificate.shop
    journal.record(
        journal.Event.CERTIFICATE_REVEALED,
        now=now,
        company=shop.company.public_id,
        by=by,
        about=shop,
        address=address,
        mode=certificate.mode,
    )
    return value


@transaction.atomic
def choose_algorithm(
    *, shop: Shop, mode: Mode, algorithm: Algorithm, by: User, now: datetime, address: str = ""
) -> SignatureSetting:
    """Sign and verify this mode of the shop with `algorithm` from now on (design 4.9). Raises ChangesFrozen."""
    lock_unfrozen(by)
    shop = _locked(shop)
    setting, _ = SignatureSetting.objects.update_or_create(
        shop=shop, mode=mode, defaults={"algorithm": algorithm.value}
    )
    journal.record(
        journal.Event.CERTIFICATE_ALGORITHM_CHOSEN,
        now=now,
        company=shop.company.public_id,
        by=by,
        about=shop,
        address=address,
        mode=mode.value,
        algorithm=algorithm.value,
    )
    return setting


@transaction.atomic
def record_evidence(*, shop: Shop, step: EvidenceStep, reference: str, now: datetime) -> None:
    """Keep what proved a step of the test phase, the first time only; runs in the caller's transaction (design 3).

    `reference` is the public id of the TEST transaction, so that the checklist can link to it.
    """
    if Evidence.objects.filter(shop=shop, step=step).exists():
        return
    # Two payments may prove the same step at once: the second insert gives way instead of failing its payment.
    Evidence.objects.bulk_create(
        [Evidence(shop=shop, step=step, reference=reference, proved_at=now)], ignore_conflicts=True
    )


@transaction.atomic
def issue_contract(*, shop: Shop, snapshot: Snapshot, code: str, now: datetime) -> Contract:
    """Freeze what was agreed as the shop's contract, the printable code of first connection sealed apart (design 4.6).

    Raises ContractAlreadyIssued.
    """
    shop = _locked(shop)
    if Contract.objects.of_shop(shop).exists():
        raise ContractAlreadyIssued
    contract = Contract(shop=shop, number=snapshot.number, issued_at=now)
    contract.freeze(snapshot, code=code)
    contract.save(force_insert=True)
    journal.record(journal.Event.CONTRACT_ISSUED, now=now, company=shop.company.public_id, by=None, about=contract)
    return contract


@transaction.atomic
def mark_contract_signed(
    *,
    contract: Contract,
    by: User | None,
    now: datetime,
    scan_digest: str = "",
    note: str = "",
    address: str = "",
) -> Contract:
    """Note that the signed paper is back, and destroy the printable code (design 4.6, DOC-06).

    `scan_digest` is the SHA-256 of its scanned copy, in lower-case hex; without one, `note` says what came back. Raises
    ProofNeeded, or IllegalMove.
    """
    if not (scan_digest or note):
        raise ProofNeeded
    contract = Contract.objects.select_for_update(of=("self",)).select_related("shop__company").get(pk=contract.pk)
    contract.sign(at=now, scan_digest=scan_digest, note=note)
    contract.save(update_fields=["state", "signed_at", "sealed_code", "scan_digest", "signed_note"])
    prints.forget_about(contract.public_id)
    company = contract.shop.company.public_id
    journal.record(journal.Event.CONTRACT_SIGNED, now=now, company=company, by=by, about=contract, address=address)
    return contract


@transaction.atomic
def issue_amendment(*, company: Company, snapshot: Amended, by: User | None, now: datetime, address: str) -> Amendment:
    """Freeze an avenant for the company's file; `by` is who approved what it says (design 4.6)."""
    amendment = Amendment(company=company, issued_at=now)
    amendment.freeze(snapshot)
    amendment.save(force_insert=True)
    journal.record(
        journal.Event.AMENDMENT_ISSUED,
        now=now,
        company=company.public_id,
        by=by,
        about=amendment,
        address=address,
        kind=amendment.kind,
    )
    return amendment


@transaction.atomic
def issue_attestation(*, shop: Shop, by: User, now: datetime, address: str) -> Attestation:
    """Freeze what the shop's file says today; while it says the same, the day's attestation is given again."""
    shop = _locked(shop)
    snapshot = documents.compose_attestation(shop=shop, on=timezone.localdate(now))
    latest = Attestation.objects.of_shop(shop).first()
    is_today_s = latest is not None and timezone.localdate(latest.issued_at) == snapshot.agreed_on
    if latest is not None and is_today_s and latest.snapshot().says_the_same_as(snapshot):
        return latest
    attestation = Attestation(shop=shop, issued_at=now)
    attestation.freeze(snapshot)
    attestation.save(force_insert=True)
    company = shop.company.public_id
    journal.record(
        journal.Event.ATTESTATION_ISSUED, now=now, company=company, by=by, about=attestation, address=address
    )
    return attestation


def forget_printed_codes(*, company: Company) -> int:
    """Destroy the printable codes of contracts that wait for their signature: another replaced them; return how many.

    Within the caller's transaction, before it writes in the journal, which says why: contracts are locked first, here
    as where they are signed or printed. Prints on their way may show the codes, so they go too.
    """
    contracts = list(Contract.objects.of_company(company).select_for_update(of=("self",)))
    forgotten = Contract.objects.of_company(company).forget_codes()
    for contract in contracts:
        prints.forget_about(contract.public_id)
    return forgotten


def print_contract(*, contract: Contract, by: User, back: str, now: datetime) -> Print:
    """Ask for the contract on paper, without its code; `back` is the page to go back to from the print's."""
    return prints.ask(documents.contract_paper(contract, with_code=False), by=by.public_id, back=back, now=now)


@transaction.atomic
def print_contract_with_code(*, contract: Contract, asker: UUID, back: str, now: datetime, address: str) -> Print:
    """Ask for the paper copy, with the page of the first-connection code; the journal keeps that it was printed.

    `asker` is the public id that alone may fetch it: of the enrolment whose browser asks. Raises IllegalMove once the
    contract is signed: the code is gone (design 4.6, DOC-06).
    """
    locked = Contract.objects.select_for_update(of=("self",)).with_shop().get(pk=contract.pk)
    if locked.is_signed:
        raise IllegalMove(locked.state, ContractState.SIGNED)
    if locked.sealed_code:  # Another code may have replaced the one it printed.
        journal.record(
            journal.Event.CONTRACT_CODE_PRINTED,
            now=now,
            company=locked.shop.company.public_id,
            by=None,
            about=locked,
            address=address,
        )
    return prints.ask(documents.contract_paper(locked, with_code=True), by=asker, back=back, now=now)


def print_amendment(*, amendment: Amendment, by: User, back: str, now: datetime) -> Print:
    """Ask for an avenant on paper; `back` is the page to go back to from the print's."""
    return prints.ask(documents.amendment_paper(amendment), by=by.public_id, back=back, now=now)


def print_attestation(*, attestation: Attestation, by: User, back: str, now: datetime) -> Print:
    """Ask for an attestation on paper; `back` is the page to go back to from the print's."""
    return prints.ask(documents.attestation_paper(attestation), by=by.public_id, back=back, now=now)


def _locked(shop: Shop) -> Shop:
    # NO KEY: payments that only refer to the shop go on meanwhile.
    return Shop.objects.select_for_update(of=("self",), no_key=True).select_related("company").get(pk=shop.pk)


def _issue(shop: Shop, *, mode: Mode, value: str, by: User | None, now: datetime) -> Certificate:
    if not is_certificate(value):
        raise ValueError("a certificate is 16 characters of [A-Za-z0-9]")
    if Certificate.objects.filter(shop=shop, mode=mode).exists():
        raise AlreadyGenerated(mode)
    certificate = Certificate(shop=shop, mode=mode, created_at=now, created_by_label=by.full_name if by else "")
    certificate.seal_value(value)
    certificate.save(force_insert=True)
    return certificate
