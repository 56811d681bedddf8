"""How a shop names itself to its buyers: as its form says, else as the back office knows it."""

from dataclasses import dataclass

from payments.models import PaymentSession


@dataclass(frozen=True, kw_only=True)
class Shopfront:
    """The shop at the head of the page and on the receipt."""

    label: str
    url: str
    site_id: str


def shopfront(session: PaymentSession) -> Shopfront:
    """The shop of a visit under `vads_shop_name` and `vads_shop_url`, where its form gives them (domain 3.2)."""
    return Shopfront(
        label=session.fields.get("vads_shop_name") or session.shop.label,
        url=session.fields.get("vads_shop_url") or session.shop.url,
        site_id=session.shop.site_id,
    )
