"""The way back to the shop: where, how, and with which signed fields (compatibility 23)."""

from dataclasses import dataclass
from urllib.parse import urlencode

from backoffice.core import outbound
from certificates.keys import signing_key
from payments.enums import SessionState
from payments.models import PaymentSession
from payments.notifications import payload

# A longer line is refused by the shop's server as by ours: such a return goes by POST (design 4.16).
LONGEST_GET = 8000


@dataclass(frozen=True, kw_only=True)
class WayBack:
    """A link when `is_post` is false; otherwise a form that posts `fields` to `url`."""

    url: str
    is_post: bool
    fields: dict[str, str]

    @property
    def origins(self) -> list[str]:
        """The origin that a form of the page leads to, for the page's form-action; none if the address has none."""
        try:
            return [outbound.origin_of(self.url)]
        except outbound.AddressRefused:
            return []


def way_back(session: PaymentSession) -> WayBack:
    """Where this buyer goes, whatever became of the visit: a visit that is neither paid nor ended counts as abandoned.

    Nothing is sent along unless `vads_return_mode` is GET or POST; then the signed set of the notification without
    `vads_hash` and `vads_url_check_src`, and nothing else (PAY-12).
    """
    url = _address(session)
    mode = session.fields.get("vads_return_mode", "")
    key = signing_key(session.shop, session.mode) if mode in {"GET", "POST"} else None
    if key is None:
        return WayBack(url=url, is_post=False, fields={})
    fields = payload.signed(_fields(session), key)
    link = _with_query(url, urlencode(fields))
    if mode == "POST" or len(link) > LONGEST_GET:
        return WayBack(url=url, is_post=True, fields=fields)
    return WayBack(url=link, is_post=False, fields={})


def plain_way_back(session: PaymentSession) -> WayBack:
    """The same address with nothing sent along: for a page whose time is over."""
    return WayBack(url=_address(session), is_post=False, fields={})


def _fields(session: PaymentSession) -> dict[str, str]:
    if session.state == SessionState.COMPLETED and (paid := session.transaction):
        return payload.result_fields(paid)
    return payload.abandoned_fields(session)


def _address(session: PaymentSession) -> str:
    if session.state == SessionState.COMPLETED and (paid := session.transaction):
        own = "vads_url_success" if paid.is_accepted else "vads_url_refused"
    else:
        own = "vads_url_cancel"
    return session.fields.get(own) or session.fields.get("vads_url_return") or session.shop.url


def _with_query(url: str, query: str) -> str:
    address, mark, fragment = url.partition("#")
    joint = "" if address.endswith(("?", "&")) else "&" if "?" in address else "?"
    return f"{address}{joint}{query}{mark}{fragment}"
