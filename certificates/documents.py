"""The contract on paper: composed once from what was agreed, then printed from the frozen snapshot only."""

from datetime import date

from django.conf import settings

from backoffice.core import pdf
from certificates import conditions
from certificates.models import Contract
from certificates.rules import draw_contract_number
from certificates.snapshot import Snapshot
from shops.models import Shop


def compose(
    *, shop: Shop, representative: str, representative_role: str, agreed_on: date, number: str | None = None
) -> Snapshot:
    """What today's contract of `shop` says: its company, its representative, the brand's offer, today's conditions.

    `number` (seven digits) is drawn when absent. Hand the result to `actions.issue_contract`.
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
    )


def contract_pdf(contract: Contract, *, with_code: bool) -> bytes:
    """The contract as PDF; `with_code` adds the page of the first-connection code, for the paper copy only.

    Without it, words say where the code is (DOC-06). Once the contract is signed the code is gone and no page can
    show it. Raises pdf.PdfUnavailable or pdf.PdfFailed.
    """
    context = {
        "contract": contract,
        "snapshot": contract.snapshot(),
        "code": contract.code() if with_code else "",
    }
    return pdf.render("certificates/paper/contract.html", context)


def _free_number() -> str:
    drawn = draw_contract_number()
    while Contract.objects.filter(number=drawn).exists():
        drawn = draw_contract_number()
    return drawn
