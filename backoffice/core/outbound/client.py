"""The guarded aiohttp session: what was judged is what is dialled, and nothing outlives the deadline."""

import asyncio
import errno
import functools
import socket
import ssl
import time
from collections.abc import Mapping, Sequence
from email.utils import parsedate_to_datetime
from ipaddress import ip_address
from pathlib import Path
from typing import Any

import aiohttp
from aiohttp.abc import AbstractResolver, ResolveResult
from aiohttp.connector import AddrInfoType, Connection
from aiohttp.tracing import Trace
from django.conf import settings
from yarl import URL

from backoffice.core.outbound import judgement
from backoffice.core.outbound.addresses import AddressRefused, Refusal, Target, is_public
from backoffice.core.outbound.outcome import EXCERPT_LENGTH, Outcome, OutcomeKind, readable

# Shops recognise us by it (compatibility 14): it never changes with a release.
USER_AGENT = "OutilDeGestionDeCaisse-Notification/1.0"
CONNECT_SECONDS = 5.0
TOTAL_SECONDS = 15.0
MAX_HEADER_BYTES = 32 * 1024
MAX_HEADER_LINE_BYTES = 8190
MAX_HEADER_LINES = 100
MAX_BODY_BYTES = 64 * 1024
_REDIRECTIONS = range(300, 400)
_SUCCESSES = range(200, 300)


async def post(url: str, *, body: bytes, content_type: str, production: bool) -> Outcome:
    """See `backoffice.core.outbound.post`."""
    started = time.monotonic()
    answer = _Answer()
    try:
        async with asyncio.timeout(TOTAL_SECONDS):
            target = judgement.judge_target(url, production=production)
            addresses = await judgement.resolve(target)
            judgement.judge_addresses(target, addresses)
            await _speak(target, addresses, body=body, content_type=content_type, answer=answer)
        kind = answer.kind
    except AddressRefused as refused:
        unresolved = refused.reason is Refusal.UNRESOLVED
        kind = OutcomeKind.UNREACHABLE if unresolved else OutcomeKind.REFUSED_ADDRESS
    except (TimeoutError, aiohttp.ClientError, ssl.SSLError, OSError) as fault:
        # An answer counts once its headers are complete: what happens to the body afterwards changes nothing.
        kind = answer.kind if answer.status is not None else _kind_of(fault)
    return answer.as_outcome(kind, duration_ms=round((time.monotonic() - started) * 1000))


def _kind_of(fault: BaseException) -> OutcomeKind:
    if isinstance(fault, TimeoutError):
        return OutcomeKind.TIMED_OUT
    if isinstance(fault, (aiohttp.ClientSSLError, ssl.SSLError)):
        return OutcomeKind.TLS_FAILURE
    if isinstance(fault, aiohttp.ClientConnectorError) or not isinstance(fault, aiohttp.ClientError | ConnectionError):
        return OutcomeKind.UNREACHABLE
    return OutcomeKind.INTERRUPTED


class _Answer:
    """What has been read so far; it stays readable when the call is cut."""

    def __init__(self) -> None:
        self.status: int | None = None
        self.headers: Mapping[str, str] = {}
        self.body = bytearray()

    @property
    def kind(self) -> OutcomeKind:
        if self.status in _SUCCESSES:
            return OutcomeKind.ACKNOWLEDGED
        return OutcomeKind.REDIRECTED if self.status in _REDIRECTIONS else OutcomeKind.HTTP_ERROR

    def as_outcome(self, kind: OutcomeKind, *, duration_ms: int) -> Outcome:
        is_compressed = self.headers.get("Content-Encoding", "identity").lower() not in {"", "identity"}
        return Outcome(
            kind=kind,
            status=self.status,
            duration_ms=duration_ms,
            excerpt="" if is_compressed else readable(bytes(self.body)),
            location=readable(self.headers.get("Location", ""), length=2 * EXCERPT_LENGTH),
            retry_after=_retry_after(self.headers),
        )


def _retry_after(headers: Mapping[str, str]) -> int | None:
    text = headers.get("Retry-After", "").strip()
    if text.isascii() and text.isdigit() and len(text) <= 9:
        return int(text)
    try:
        # A date is read against the shop's own clock: ours may differ.
        wait = parsedate_to_datetime(text) - parsedate_to_datetime(headers.get("Date", ""))
    except (TypeError, ValueError):
        return None
    return max(0, round(wait.total_seconds()))


async def _speak(
    target: Target, addresses: tuple[str, ...], *, body: bytes, content_type: str, answer: _Answer
) -> None:
    headers = {
        "User-Agent": USER_AGENT,
        "Accept": "*/*",
        "Accept-Encoding": "identity",
        "Content-Type": content_type,
    }
    url = URL.build(
        scheme=target.scheme,
        host=target.host,
        port=target.port,
        path=target.path,
        query_string=target.query,
        encoded=True,
    )
    async with (
        _session(target, addresses) as session,
        session.post(url, data=body, headers=headers, allow_redirects=False) as response,
    ):
        if sum(len(name) + len(value) + 4 for name, value in response.raw_headers) > MAX_HEADER_BYTES:
            raise aiohttp.ClientPayloadError("the answer's headers exceed 32 kB")
        answer.status, answer.headers = response.status, response.headers
        # Read on after the excerpt is full: a shop whose page is cut short may stop before it has saved the order.
        while len(answer.body) < MAX_BODY_BYTES and (chunk := await response.content.read(8192)):
            answer.body += chunk


def _session(target: Target, addresses: tuple[str, ...]) -> aiohttp.ClientSession:
    judged = frozenset(addresses) if judgement.is_allow_listed(target) else frozenset(filter(is_public, addresses))
    return aiohttp.ClientSession(
        connector=_GuardedConnector(judged, resolver=_Pinned(addresses)),
        timeout=aiohttp.ClientTimeout(
            total=TOTAL_SECONDS, connect=CONNECT_SECONDS, sock_connect=CONNECT_SECONDS, ceil_threshold=60
        ),
        cookie_jar=aiohttp.DummyCookieJar(),
        trust_env=False,
        auto_decompress=False,
        max_line_size=MAX_HEADER_LINE_BYTES,
        max_field_size=MAX_HEADER_LINE_BYTES,
        max_headers=MAX_HEADER_LINES,
    )


class _Pinned(AbstractResolver):
    """Gives back the addresses already judged: the name is not asked twice (SSRF-05)."""

    def __init__(self, addresses: Sequence[str]) -> None:
        self._addresses = addresses

    async def resolve(
        self, host: str, port: int = 0, family: socket.AddressFamily = socket.AF_UNSPEC
    ) -> list[ResolveResult]:
        return [
            ResolveResult(
                hostname=host,
                host=address,
                port=port,
                family=socket.AF_INET6 if ":" in address else socket.AF_INET,
                proto=socket.IPPROTO_TCP,
                flags=socket.AI_NUMERICHOST,
            )
            for address in self._addresses
        ]

    async def close(self) -> None:
        """Nothing is held."""


class _GuardedConnector(aiohttp.TCPConnector):
    """Dials only addresses that were judged, and looks once more at who answered before a byte is said (SSRF-05)."""

    def __init__(self, judged: frozenset[str], *, resolver: AbstractResolver) -> None:
        super().__init__(
            resolver=resolver,
            socket_factory=self._open,
            ssl=_tls_context(settings.OUTBOUND_EXTRA_AUTHORITY),
            use_dns_cache=False,
            force_close=True,
        )
        self._judged = frozenset(map(ip_address, judged))
        self._has_refused = False

    def _open(self, address: AddrInfoType) -> socket.socket:
        family, kind, protocol, _, peer = address
        if not self._is_judged(peer):
            # The dialling loop only understands OSError; `connect` gives the refusal its name back.
            self._has_refused = True
            raise PermissionError(errno.EACCES, "this address was not judged")
        return socket.socket(family=family, type=kind, proto=protocol)

    async def connect(
        self,
        req: aiohttp.ClientRequest,
        traces: list[Trace],
        timeout: aiohttp.ClientTimeout,  # noqa: ASYNC109 - aiohttp's own signature
    ) -> Connection:
        try:
            connection = await super().connect(req, traces, timeout)
        except aiohttp.ClientConnectorError as error:
            if self._has_refused:
                raise AddressRefused(Refusal.ADDRESS) from error
            raise
        if connection.transport is None or not self._is_judged(connection.transport.get_extra_info("peername")):
            connection.close()
            raise AddressRefused(Refusal.ADDRESS)
        return connection

    def _is_judged(self, peer: Sequence[Any] | None) -> bool:
        try:
            return peer is not None and ip_address(peer[0]) in self._judged
        except ValueError:
            return False


def _tls_context(authority: str) -> ssl.SSLContext:
    stamp = Path(authority).stat().st_mtime_ns if authority else 0
    return _cached_tls_context(authority, stamp)


@functools.lru_cache(maxsize=4)
def _cached_tls_context(authority: str, _stamp: int) -> ssl.SSLContext:
    # Reading the system's authorities takes 20 ms: once per process, and once more when the extra one is re-made.
    context = ssl.create_default_context()
    if authority:
        context.load_verify_locations(cafile=authority)
    return context
