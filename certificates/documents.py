"""The contract and its avenants on paper: composed once, then printed from the frozen snapshot only."""

from collections.abc import Sequence
from datetime import date

from django.conf import settings

from accounts.models import Company
from backoffice.core import pdf
from certificates import conditions
from certificates.enums import AmendmentKind
from certificates.models import Amendment, Contract
from certificates.rules import draw_amendment_number, draw_contract_number
from certificates.snapshot import Amended, Fact, Snapshot
from shops.models import Shop


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
    company, brand = shop.company, settings.BRAND
    return Snapshot(
        number=number or _free_number(),
        agreed_on=agreed_on,
        bank=brand["bank"],
        bank_address=brand["address"],
        bank_phone=brand["phone"],
        offer=brand["offer"],
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
    *, company: Company, kind: AmendmentKind, facts: Sequence[tuple[str, str]], paragraphs: Sequence[str], on: date
) -> Amended:
    """What today's avenant of a company says; `facts` are its lines (label, value). Hand it to `issue_amendment`."""
    brand = settings.BRAND
    return Amended(
        number=_free_amendment_number(),
        agreed_on=on,
        kind=kind.value,
        bank=brand["bank"],
        bank_address=brand["address"],
        bank_phone=brand["phone"],
        offer=brand["offer"],
        company=company.legal_name,
        siret=company.siret,
        contracts=tuple(one.number for one in Contract.objects.of_company(company)),
        facts=tuple(Fact(label, value) for label, value in facts),
        paragraphs=tuple(paragraphs),
    )


def amendment_paper(amendment: Amendment) -> pdf.Paper:
    """The avenant, to be printed."""
    return pdf.Paper(
        template="certificates/paper/amendment.html",
        context={"amendment": amendment, "snapshot": amendment.snapshot()},
        title=f"Avenant n°\N{NO-BREAK SPACE}{amendment.number}",
        file_name=f"avenant-{amendment.number}.pdf",
        about=amendment.public_id,
    )


def amendment_pdf(amendment: Amendment) -> bytes:
    """The same as PDF, where nobody waits for a page. Raises pdf.PdfUnavailable or pdf.PdfFailed."""
    return pdf.render(amendment_paper(amendment))


def _free_amendment_number() -> str:
    drawn = draw_amendment_number()
    while Amendment.objects.numbered(drawn).exists():
        drawn = draw_amendment_number()
    return drawn


def _free_number() -> str:
    drawn = draw_contract_number()
    while Contract.objects.numbered(drawn).exists():
        drawn = draw_contract_number()
    return drawn
