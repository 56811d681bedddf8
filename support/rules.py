"""What each motive asks for, and how many requests one address may send."""

import ipaddress
from datetime import timedelta

from support.enums import NEEDED, WELCOME, Motive

# Requests from one address in this time (RST-12).
REQUESTS_PER_ADDRESS = 5
WINDOW = timedelta(hours=1)


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
