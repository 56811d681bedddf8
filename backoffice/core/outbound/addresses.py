"""What an address someone typed really says, judged as a string and as an IP, without asking the network."""

import re
import socket
import unicodedata
from collections.abc import Callable
from dataclasses import dataclass
from ipaddress import IPv4Address, IPv6Address, ip_address, ip_network
from urllib.parse import quote

from django.db import models

MAX_LENGTH = 1024
MAX_HOST_LENGTH = 253
SCHEME_PORTS = {"http": 80, "https": 443}

IP = IPv4Address | IPv6Address

_NOT_REACHABLE = (
    "Ce site n’est pas joignable depuis Internet. Vérifiez l’adresse, "
    "ou demandez à votre hébergeur le nom public de votre boutique."
)


class Refusal(models.TextChoices):
    """Why an address is refused; the label tells the merchant what to do.

    HOST, ADDRESS and UNRESOLVED share one wording, so that nobody maps an internal network by typing names (SSRF-13).
    """

    SYNTAX = (
        "syntax",
        "Cette adresse est illisible : il lui manque une partie, ou elle contient un caractère interdit. "
        "Recopiez-la en entier, par exemple https://www.ma-boutique.fr/notification.",
    )
    SCHEME = "scheme", "L’adresse doit commencer par https:// (http:// est accepté en mode TEST)."
    HTTPS_REQUIRED = "https_required", "En mode PRODUCTION, l’adresse doit commencer par https://."
    NAME_REQUIRED = "name_required", "En mode PRODUCTION, indiquez le nom de votre site, pas son adresse IP."
    PORT = "port", "Ce numéro de port n’est pas accepté. Retirez-le de l’adresse pour utiliser le port habituel."
    HOST = "host", _NOT_REACHABLE
    ADDRESS = "address", _NOT_REACHABLE
    UNRESOLVED = "unresolved", _NOT_REACHABLE


class AddressRefused(Exception):
    """The address may not be called; `reason` says why."""

    def __init__(self, reason: Refusal) -> None:
        super().__init__(reason.value)
        self.reason = reason


@dataclass(frozen=True, slots=True)
class Target:
    """An address parsed once: everything the client needs, so that nothing parses the string again."""

    scheme: str
    host: str  # lower-case ASCII name, or canonical IP without brackets
    port: int
    path: str  # percent-encoded, begins with "/"
    query: str  # percent-encoded, without "?"
    ip: IP | None  # the host, when it is an IP in any spelling

    @property
    def authority(self) -> str:
        """The `host:port` the allow-list is written in (IPv6 in brackets)."""
        return f"{self._bracketed}:{self.port}"

    @property
    def origin(self) -> str:
        """`scheme://host`, with the port when it is not the scheme's own."""
        if self.port == SCHEME_PORTS[self.scheme]:
            return f"{self.scheme}://{self._bracketed}"
        return f"{self.scheme}://{self.authority}"

    @property
    def _bracketed(self) -> str:
        return f"[{self.host}]" if ":" in self.host else self.host


_URL = re.compile(
    r"(?P<scheme>[A-Za-z][A-Za-z0-9+.-]*)://(?P<authority>[^/?#]*)(?P<path>[^?#]*)(?:\?(?P<query>[^#]*))?(?:#.*)?"
)
_OTHER_SCHEME = re.compile(r"[A-Za-z][A-Za-z0-9+.-]*:")
_AUTHORITY = re.compile(r"(?P<host>\[[0-9A-Fa-f:.]+\]|[^\[\]:]+)(?::(?P<port>[0-9]{1,6}))?")
_LABEL = re.compile(r"(?!-)[a-z0-9_-]{1,63}(?<!-)")
_NUMBER = re.compile(r"[0-9]+|0x[0-9a-f]*")
_FULL_STOPS = frozenset("\u3002\uff0e\uff61\u2024\ufe52")
_PATH_SAFE = "/%:@!$&'()*+,;=-._~"
_QUERY_SAFE = _PATH_SAFE + "?"


def parse(url: str) -> Target:
    """Judge the raw string, then read it once (SSRF-01, SSRF-02, SSRF-03). Raises AddressRefused."""
    _judge_raw(url)
    parts = _URL.fullmatch(url)
    if parts is None:
        raise AddressRefused(Refusal.SCHEME if _is_of_another_scheme(url) else Refusal.SYNTAX)
    scheme = parts["scheme"].lower()
    if scheme not in SCHEME_PORTS:
        raise AddressRefused(Refusal.SCHEME)
    authority = _AUTHORITY.fullmatch(parts["authority"])
    if authority is None:
        raise AddressRefused(Refusal.SYNTAX)
    host, ip = _read_host(authority["host"])
    return Target(
        scheme=scheme,
        host=host,
        port=_read_port(authority["port"], scheme),
        path=quote(parts["path"], safe=_PATH_SAFE) or "/",
        query=quote(parts["query"] or "", safe=_QUERY_SAFE),
        ip=ip,
    )


def _judge_raw(url: str) -> None:
    # Before any parser: two parsers that read `http://a.com\@127.0.0.1/` differently are a hole.
    if not url or len(url) > MAX_LENGTH or not unicodedata.is_normalized("NFC", url):
        raise AddressRefused(Refusal.SYNTAX)
    if any(c == "\\" or c.isspace() or unicodedata.category(c) in _HIDDEN for c in url):
        raise AddressRefused(Refusal.SYNTAX)


# Controls, invisible format characters (soft hyphen, bidi marks), surrogates, private and unassigned code points.
_HIDDEN = frozenset({"Cc", "Cf", "Cs", "Co", "Cn", "Zs", "Zl", "Zp"})


def _is_of_another_scheme(url: str) -> bool:
    scheme = _OTHER_SCHEME.match(url)
    return "://" not in url or (scheme is not None and scheme[0][:-1].lower() not in SCHEME_PORTS)


def _read_port(text: str | None, scheme: str) -> int:
    if text is None:
        return SCHEME_PORTS[scheme]
    port = int(text)
    if text.startswith("0") or not 1 <= port <= 65535:
        raise AddressRefused(Refusal.PORT)
    return port


def _read_host(text: str) -> tuple[str, IP | None]:
    if text.startswith("["):
        return _as_ip(IPv6Address, text[1:-1])
    # NFKC would turn ①②⑦ or a full-width letter into ASCII somewhere down the road: such a host is a disguise.
    if "%" in text or "@" in text or unicodedata.normalize("NFKC", text) != text or not _FULL_STOPS.isdisjoint(text):
        raise AddressRefused(Refusal.SYNTAX)
    if any(c.isnumeric() and not c.isascii() for c in text):
        raise AddressRefused(Refusal.SYNTAX)
    name = text.lower() if text.isascii() else _punycode(text)
    labels = name.split(".")
    if _NUMBER.fullmatch(labels[-1]):
        return _as_ip(_from_any_spelling, name)
    if len(name) > MAX_HOST_LENGTH or not all(map(_LABEL.fullmatch, labels)):
        # A trailing dot leaves an empty last label: it names the same machine twice (SSRF-10).
        raise AddressRefused(Refusal.HOST if name.endswith(".") else Refusal.SYNTAX)
    if any(label.startswith("xn--") for label in labels):
        _judge_punycode(name)
    return name, None


def _as_ip(read: Callable[[str], IP], text: str) -> tuple[str, IP]:
    try:
        ip = read(text)
    except (ValueError, OSError):
        raise AddressRefused(Refusal.SYNTAX) from None
    return str(ip), ip


def _from_any_spelling(text: str) -> IPv4Address:
    # Decimal, octal, hexadecimal and short forms, read as the C library would (SSRF-03).
    return IPv4Address(socket.inet_aton(text))


def _punycode(name: str) -> str:
    import idna  # its tables weigh a megabyte, and most shops have a plain name

    try:
        return idna.encode(name.lower(), strict=True, std3_rules=True).decode("ascii")
    except (idna.IDNAError, UnicodeError):
        raise AddressRefused(Refusal.SYNTAX) from None


def _judge_punycode(name: str) -> None:
    import idna

    try:
        idna.decode(name, strict=True)
    except (idna.IDNAError, UnicodeError):
        raise AddressRefused(Refusal.SYNTAX) from None


# Names that mean "this machine" or "this network" wherever they are asked (SSRF-10).
_INTERNAL_SUFFIXES = ("localhost", "localdomain", "local", "internal", "intranet", "lan", "home.arpa")


def is_internal_name(host: str) -> bool:
    """Tell whether a canonical host name never leaves the local network: single-label names included (SSRF-10)."""
    return "." not in host or any(host == suffix or host.endswith("." + suffix) for suffix in _INTERNAL_SUFFIXES)


# `ipaddress.is_global` accepts NAT64, 6to4, multicast and more: the ranges are written out (SSRF-06).
_REFUSED_V4 = tuple(
    map(
        ip_network,
        (
            "0.0.0.0/8",
            "10.0.0.0/8",
            "100.64.0.0/10",
            "127.0.0.0/8",
            "169.254.0.0/16",
            "172.16.0.0/12",
            "192.0.0.0/24",
            "192.0.2.0/24",
            "192.88.99.0/24",
            "192.168.0.0/16",
            "198.18.0.0/15",
            "198.51.100.0/24",
            "203.0.113.0/24",
            "224.0.0.0/4",
            "240.0.0.0/4",
            "168.63.129.16/32",  # a cloud's own control address, in the middle of public space
        ),
    )
)
# Every form that embeds an IPv4 address (mapped, compatible, NAT64, SIIT, 6to4, Teredo) falls outside 2000::/3 or here.
_ALLOWED_V6 = ip_network("2000::/3")
_REFUSED_V6 = tuple(map(ip_network, ("2001::/23", "2001:db8::/32", "2002::/16", "3fff::/20")))


def is_public(address: str | IP) -> bool:
    """Tell whether an IP is one a shop may stand on. Text that is no plain IP (a scope `%eth0` too) is not."""
    try:
        ip = ip_address(address)
    except ValueError:
        return False
    if isinstance(ip, IPv4Address):
        return not any(ip in network for network in _REFUSED_V4)
    return ip.scope_id is None and ip in _ALLOWED_V6 and not any(ip in network for network in _REFUSED_V6)
