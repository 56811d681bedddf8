"""What each motive needs to be treated, how long texts may be, and how many requests one address may send."""

import ipaddress
from datetime import timedelta

from support.enums import Motive

# Requests from one address in this time (RST-12).
REQUESTS_PER_ADDRESS = 5
WINDOW = timedelta(hours=1)

SHOP_LABEL_LENGTH = 120
NAME_LENGTH = 80
IDENTIFIER_LENGTH = 64
MESSAGE_LENGTH = 4000

# What an advisor cannot do without, by motive, in the order of the form (domain 1.1). Nobody is ever written to at an
# address typed for these first two: the answer goes where the company's file says.
NEEDED: dict[Motive, tuple[str, ...]] = {
    Motive.ACCOUNT_RESET: ("shop_label", "siret", "last_name", "first_name", "identifier"),
    Motive.CODE_REQUEST: ("shop_label", "siret", "last_name", "first_name", "phone"),
    Motive.TECHNICAL: ("shop_label", "siret", "last_name", "first_name", "email", "message"),
    Motive.BILLING: ("shop_label", "siret", "last_name", "first_name", "email", "message"),
    Motive.OTHER: ("last_name", "first_name", "email", "message"),
}
# What helps, by motive.
WELCOME: dict[Motive, tuple[str, ...]] = {
    Motive.ACCOUNT_RESET: ("message",),
    Motive.CODE_REQUEST: ("message",),
    Motive.TECHNICAL: ("phone",),
    Motive.BILLING: ("phone",),
    Motive.OTHER: ("shop_label", "siret", "phone"),
}


def asks_for(motive: Motive, field: str) -> bool:
    """Whether the form of this motive holds that field at all."""
    return field in NEEDED[motive] or field in WELCOME[motive]


def needs(motive: Motive, field: str) -> bool:
    """Whether a request of this motive is useless without that field."""
    return field in NEEDED[motive]


def origin(address: str) -> str:
    """Who counts as one sender: an IPv4 address, or the /64 network of an IPv6 one (AUTH-09); "" when unknown."""
    if not address:
        return ""
    parsed = ipaddress.ip_address(address)
    if isinstance(parsed, ipaddress.IPv6Address):
        return str(ipaddress.ip_network((parsed, 64), strict=False))
    return str(parsed)
