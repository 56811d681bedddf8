"""The way back to the shop: where, how, when, and with which signed fields (compatibility 23)."""

import math
from collections.abc import Sequence
from dataclasses import dataclass, replace
from datetime import datetime, timedelta
from urllib.parse import urlencode

from backoffice.core import outbound
from backoffice.vads import return_params
from certificates.keys import signing_key
from payments.enums import SessionState
from payments.models import PaymentSession
from payments.notifications import payload

# A longer line is refused by the shop's server as by ours: such a return goes by POST (design 4.16).
LONGEST_GET = 8000
# A first display may take that long: a shorter wait still begins.
SLOW_DISPLAY = timedelta(seconds=5)

Pairs = Sequence[tuple[str, str]]


@dataclass(frozen=True, kw_only=True)
class Departure:
    """A way back that the page takes by itself in `seconds`, with the shop's own `message` until then ("" for none).

    One that `needs_scripts` is taken by them alone: forms, and what a refresh would do again to whoever comes back.
    """

    seconds: int
    message: str
    needs_scripts: bool


@dataclass(frozen=True, kw_only=True)
class WayBack:
    """A link when `is_post` is false; otherwise a form that posts `fields`, in their order, to `url`.

    Without a `departure`, by a click alone.
    """

    url: str
    is_post: bool
    fields: Pairs = ()
    departure: Departure | None = None

    @property
    def origins(self) -> list[str]:
        """The origin that a form of the page leads to, for the page's form-action; none if the address has none."""
        try:
            return [outbound.origin_of(self.url)]
        except outbound.AddressRefused:
            return []


def way_back(session: PaymentSession) -> WayBack:
    """Where this buyer goes, whatever became of the visit: a visit that is neither paid nor ended counts as abandoned.

    Nothing is sent along unless `vads_return_mode` is GET or POST; then the parameters that the shop asked for
    (`vads_return_get_params`, `vads_return_post_params`) and, after them, the signed set of the notification without
    `vads_hash` and `vads_url_check_src` (PAY-12).
    """
    if session.state == SessionState.COMPLETED and (paid := session.transaction):
        own = "vads_url_success" if paid.is_accepted else "vads_url_refused"
        return _carrying(session, payload.result_fields(paid), own=own)
    return _carrying(session, payload.abandoned_fields(session), own="vads_url_cancel")


def way_back_from_incident(session: PaymentSession) -> WayBack:
    """Where this buyer goes when the payment could not even be asked for, through no fault of the shop or the buyer.

    What is sent along says a technical error (`vads_result` 96) and no payment; nothing, from a visit that never took
    its reference: another one may have paid it.
    """
    if not session.holds_reference:
        return WayBack(url=_address(session, own="vads_url_error"), is_post=False)
    return _carrying(session, payload.abandoned_fields(session) | {"vads_result": "96"}, own="vads_url_error")


def plain_way_back(session: PaymentSession) -> WayBack:
    """The address of an abandoned visit with nothing sent along: for a page whose time is over."""
    return WayBack(url=_address(session, own="vads_url_cancel"), is_post=False)


def leaving_by_itself(back: WayBack, session: PaymentSession, *, now: datetime) -> WayBack:
    """The same way back, taken by the page itself if the shop asked for it and the visit has just ended.

    The shop's seconds (`vads_redirect_success_timeout`, `vads_redirect_error_timeout`, 0 to 600) run from the end of
    the visit: a buyer who comes back to the receipt later stays there. Who cancelled waits for nothing.
    """
    if session.state == SessionState.CANCELLED:
        # Only a form needs it: whoever goes back by a link left from the very button.
        wait, message = ("0" if back.is_post else ""), ""
    else:
        paid = session.transaction if session.state == SessionState.COMPLETED else None
        outcome = "success" if paid and paid.is_accepted else "error"
        wait, message = (session.fields.get(f"vads_redirect_{outcome}_{part}", "") for part in ("timeout", "message"))
    if not wait.isdecimal():
        return back
    asked = timedelta(seconds=int(wait))
    since = now - session.ended_at if session.ended_at else timedelta()
    if since > max(asked, SLOW_DISPLAY):
        return back
    left = max(0, math.ceil((asked - since).total_seconds()))
    # Scripts know a page that was left already; a refresh does not, so it is not offered beyond its time. At once is
    # the exception: browsers put nothing of it in their history.
    is_late = asked > timedelta() and since > asked
    departure = Departure(seconds=left, message=message, needs_scripts=back.is_post or is_late)
    return replace(back, departure=departure)


def _carrying(session: PaymentSession, fields: dict[str, str], *, own: str) -> WayBack:
    url = _address(session, own=own)
    mode = session.fields.get("vads_return_mode", "")
    key = signing_key(session.shop, session.mode) if mode in {"GET", "POST"} else None
    if key is None:
        return WayBack(url=url, is_post=False)
    signed = list(payload.signed(fields, key).items())
    if mode == "POST":
        return WayBack(url=url, is_post=True, fields=[*_asked_for(session, "vads_return_post_params"), *signed])
    if asked_for := _asked_for(session, "vads_return_get_params"):
        url = _with_query(url, urlencode(asked_for))
    link = _with_query(url, urlencode(signed))
    if len(link) > LONGEST_GET:
        return WayBack(url=url, is_post=True, fields=signed)
    return WayBack(url=link, is_post=False)


def _asked_for(session: PaymentSession, name: str) -> Pairs:
    # Judged when the form came in, and once more here: none may pass for a field that the house signed.
    try:
        return return_params.parse(session.fields.get(name, ""))
    except ValueError:
        return []


def _address(session: PaymentSession, *, own: str) -> str:
    shop, fields = session.shop, session.fields
    return fields.get(own) or fields.get("vads_url_return") or shop.return_url(session.mode) or shop.url


def _with_query(url: str, query: str) -> str:
    address, mark, fragment = url.partition("#")
    joint = "" if address.endswith(("?", "&")) else "&" if "?" in address else "?"
    return f"{address}{joint}{query}{mark}{fragment}"
