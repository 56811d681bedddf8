"""Contracts, avenants and attestations on paper: composed once, then printed from the frozen snapshot only."""

from collections.abc import Callable, Sequence
from datetime import date, datetime
from typing import Any, Protocol

from django.conf import settings
from django.utils import timezone
from django.utils.formats import date_format

from accounts.models import Company
from backoffice.core import pdf
from certificates import conditions
from certificates.enums import AmendmentKind
from certificates.marks import mark_of
from certificates.models import Amendment, Attestation, Certificate, Contract
from certificates.rules import draw_amendment_number, draw_attestation_number, draw_contract_number
from certificates.snapshot import Amended, Attested, Fact, Snapshot
from shops.enums import Mode
from shops.models import Shop


class Numbered(Protocol):
    """The papers of one kind, found by what is printed on them."""

    def numbered(self, number: str) -> Any:
        """Those that bear this number."""


def compose(
    *,
    shop: Shop,
    representative: str,
    representative_role: str,
    agreed_on: date,
    company_address: str = "",
    activity: str = "",
    iban: str = "",
    number: str | None = None,
) -> Snapshot:
    """What today's contract of `shop` says: its company, its representative, the brand's offer, today's conditions.

    `number` (seven digits) is drawn when absent; `iban` is compact. Hand the result to `actions.issue_contract`.
    """
    company = shop.company
    return Snapshot(
        number=number or _free(draw_contract_number, Contract.objects),
        agreed_on=agreed_on,
        **_letterhead(),
        company=company.legal_name,
        siret=company.siret,
        company_email=company.email,
        company_phone=str(company.phone.as_national),
        representative=representative,
        representative_role=representative_role,
        shop=shop.label,
        shop_url=shop.url,
        site_id=shop.site_id,
        conditions_version=conditions.VERSION,
        chapters=conditions.CHAPTERS,
        company_address=company_address,
        activity=activity,
        iban=iban,
    )


def contract_paper(contract: Contract, *, with_code: bool) -> pdf.Paper:
    """The contract, to be printed; `with_code` adds the page of the first-connection code, for the paper copy only.

    Without it, words say where the code is (DOC-06). Once the contract is signed the code is gone and no page can
    show it.
    """
    context = {
        "contract": contract,
        "snapshot": contract.snapshot(),
        "code": contract.code() if with_code else "",
        "mark": mark_of(number=contract.number, digest=contract.digest),
    }
    return pdf.Paper(
        template="certificates/paper/contract.html",
        context=context,
        title=f"Contrat n°\N{NO-BREAK SPACE}{contract.number}",
        file_name=f"contrat-{contract.number}.pdf",
        about=contract.public_id,
    )


def contract_pdf(contract: Contract, *, with_code: bool) -> bytes:
    """The same as PDF, where nobody waits for a page. Raises pdf.PdfUnavailable or pdf.PdfFailed."""
    return pdf.render(contract_paper(contract, with_code=with_code))


def compose_amendment(
    *,
    company: Company,
    kind: AmendmentKind,
    facts: Sequence[tuple[str, str]],
    paragraphs: Sequence[str],
    on: date,
    subject: str = "",
    contracts: Sequence[str] | None = None,
    signatory: str = "",
    iban: str = "",
) -> Amended:
    """What today's avenant of a company says; `facts` are its lines (label, value). Hand it to `issue_amendment`.

    It goes with all of the company's contracts unless `contracts` (numbers) says which; a later one of the same `kind`
    and `subject` replaces it; with a `signatory` it has boxes to sign in; `iban`, compact, is
    the account that it changes to.
    """
    return Amended(
        number=_free(draw_amendment_number, Amendment.objects),
        agreed_on=on,
        kind=kind.value,
        **_letterhead(),
        company=company.legal_name,
        siret=company.siret,
        contracts=tuple(one.number for one in Contract.objects.of_company(company))
        if contracts is None
        else tuple(contracts),
        facts=tuple(Fact(label, value) for label, value in facts),
        paragraphs=tuple(paragraphs),
        subject=subject,
        signatory=signatory,
        iban=iban,
    )


def settlement_account(contract: Contract) -> str:
    """The compact IBAN a contract is settled on: that of its latest avenant about it, else its own."""
    changes = Amendment.objects.of_company(contract.shop.company).of_kind(AmendmentKind.SETTLEMENT_ACCOUNT)
    for change in changes:
        said = change.snapshot()
        if said.subject == contract.number:
            return said.iban
    return contract.snapshot().iban


def amendment_paper(amendment: Amendment) -> pdf.Paper:
    """The avenant, to be printed."""
    return pdf.Paper(
        template="certificates/paper/amendment.html",
        context={
            "amendment": amendment,
            "snapshot": amendment.snapshot(),
            "mark": mark_of(number=amendment.number, digest=amendment.digest),
        },
        title=f"Avenant n°\N{NO-BREAK SPACE}{amendment.number}",
        file_name=f"avenant-{amendment.number}.pdf",
        about=amendment.public_id,
    )


def amendment_pdf(amendment: Amendment) -> bytes:
    """The same as PDF, where nobody waits for a page. Raises pdf.PdfUnavailable or pdf.PdfFailed."""
    return pdf.render(amendment_paper(amendment))


def compose_attestation(*, shop: Shop, on: date, number: str | None = None) -> Attested:
    """What the shop's file says today: its contract, the avenants since, the modes that are open. No account, no code.

    `number` is drawn when absent. Hand it to `issue_attestation`.
    """
    company = shop.company
    contract = Contract.objects.of_shop(shop).with_shop().first()
    return Attested(
        number=number or _free(draw_attestation_number, Attestation.objects),
        agreed_on=on,
        **_letterhead(),
        company=company.legal_name,
        siret=company.siret,
        company_address=contract.snapshot().company_address if contract else "",
        shop=shop.label,
        shop_url=shop.url,
        site_id=shop.site_id,
        contract=contract.number if contract else "",
        contract_state=_state_in_words(contract) if contract else "",
        amendments=tuple(_line_of(one) for one in _avenants_of(contract)) if contract else (),
        modes=() if shop.closed_at else tuple(Mode(one.mode).label for one in Certificate.objects.of_shop(shop)),
        closed_on=date_format(timezone.localdate(shop.closed_at), "j F Y") if shop.closed_at else "",
    )


def attestation_paper(attestation: Attestation) -> pdf.Paper:
    """The attestation, to be printed."""
    return pdf.Paper(
        template="certificates/paper/attestation.html",
        context={
            "attestation": attestation,
            "snapshot": attestation.snapshot(),
            "mark": mark_of(number=attestation.number, digest=attestation.digest),
        },
        title=f"Attestation n°\N{NO-BREAK SPACE}{attestation.number}",
        file_name=f"attestation-{attestation.number}.pdf",
        about=attestation.public_id,
    )


def attestation_pdf(attestation: Attestation) -> bytes:
    """The same as PDF, where nobody waits for a page. Raises pdf.PdfUnavailable or pdf.PdfFailed."""
    return pdf.render(attestation_paper(attestation))


def _letterhead() -> dict[str, str]:
    """The bank as it is today."""
    brand = settings.BRAND
    return {
        "bank": brand["bank"],
        "bank_address": brand["address"],
        "bank_phone": brand["phone"],
        "offer": brand["offer"],
    }


def _avenants_of(contract: Contract) -> list[Amendment]:
    """The avenants that go with a contract, the oldest first."""
    since = Amendment.objects.of_company(contract.shop.company).after(contract.issued_at)
    return [one for one in reversed(since) if one.concerns(contract.number)]


def _line_of(amendment: Amendment) -> Fact:
    words = f"{AmendmentKind(amendment.kind).label}, établi le {_day(amendment.issued_at)}"
    return Fact(f"Avenant n°\N{NO-BREAK SPACE}{amendment.number}", words)


def _state_in_words(contract: Contract) -> str:
    if contract.signed_at is None:
        return f"Établi le {_day(contract.issued_at)}, en attente de signature"
    return f"Établi le {_day(contract.issued_at)}, signé le {_day(contract.signed_at)}"


def _day(moment: datetime) -> str:
    return date_format(timezone.localtime(moment), "j F Y")


def _free(draw: Callable[[], str], papers: Numbered) -> str:
    """A number that no paper of that kind bears yet."""
    drawn = draw()
    while papers.numbered(drawn).exists():
        drawn = draw()
    return drawn
