"""What can be believed of a request: the address it comes from."""

import ipaddress

from django.conf import settings
from django.http import HttpRequest


def origin(address: str) -> str:
    """Who counts as one caller: an IPv4 address, or the /64 network of an IPv6 one (AUTH-09); "" when unknown."""
    if not address:
        return ""
    parsed = ipaddress.ip_address(address)
    if isinstance(parsed, ipaddress.IPv6Address):
        return str(ipaddress.ip_network((parsed, 64), strict=False))
    return str(parsed)


def client_address(request: HttpRequest) -> str:
    """The client's IP address as the outermost trusted proxy saw it, "" when there is none (AUTH-09).

    With TRUSTED_PROXY_COUNT = 0 nothing but the connection itself is believed; with n, the n-th value from the right
    of X-Forwarded-For. Whatever a client wrote further left changes nothing.
    """
    peer = str(request.META.get("REMOTE_ADDR", ""))
    trusted: int = settings.TRUSTED_PROXY_COUNT
    if trusted:
        hops = [hop.strip() for hop in str(request.META.get("HTTP_X_FORWARDED_FOR", "")).split(",") if hop.strip()]
        peer = hops[-trusted] if len(hops) >= trusted else peer
    try:
        parsed = ipaddress.ip_address(peer)
    except ValueError:
        return ""
    # ::ffff:192.0.2.1 is 192.0.2.1: grouped as IPv6, all of IPv4 would count as one sender.
    return str(getattr(parsed, "ipv4_mapped", None) or parsed)
