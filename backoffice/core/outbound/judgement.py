"""Which addresses the house may call: the string, the settings, then every address behind the name."""

import asyncio
import threading
from concurrent.futures import Future
from concurrent.futures import TimeoutError as FutureTimeoutError
from socket import SOCK_STREAM, gaierror, getaddrinfo

from django.conf import settings

from backoffice.core.outbound.addresses import AddressRefused, Refusal, Target, is_internal_name, is_public, parse

LOOKUP_SECONDS = 5.0
# A name server that never answers holds a thread for half a minute: so many at once, and no more.
_lookups = threading.BoundedSemaphore(64)


def judge_syntax(url: str) -> None:
    """Judge an address the browser will follow: http(s), no tricks, never resolved (SSRF-16). Raises AddressRefused."""
    parse(url)


def judge_address(url: str, *, production: bool) -> None:
    """Judge an address we may call, name resolution included, in at most five seconds. Raises AddressRefused.

    PRODUCTION: https and a name. TEST: http and public IPs too (design 4.10, SSRF-01 to SSRF-10).
    """
    target = judge_target(url, production=production)
    try:
        addresses = _start_lookup(target).result(timeout=LOOKUP_SECONDS)
    except (OSError, FutureTimeoutError):
        raise AddressRefused(Refusal.UNRESOLVED) from None
    judge_addresses(target, addresses)


def origin_of(url: str) -> str:
    """The `scheme://host[:port]` of an address, as a browser writes it. Raises AddressRefused."""
    return parse(url).origin


def host_of(url: str) -> str:
    """The host of an address: lower-case ASCII name or canonical IP (SSRF-16). Raises AddressRefused."""
    return parse(url).host


def judge_target(url: str, *, production: bool) -> Target:
    """Read the address and judge all that needs no network. Raises AddressRefused."""
    target = parse(url)
    if production and target.scheme != "https":
        raise AddressRefused(Refusal.HTTPS_REQUIRED)
    if production and target.ip is not None:
        raise AddressRefused(Refusal.NAME_REQUIRED)
    if is_allow_listed(target):
        return target
    if target.port not in settings.OUTBOUND_PORTS:
        raise AddressRefused(Refusal.PORT)
    if _is_our_own(target.host) or (target.ip is None and is_internal_name(target.host)):
        raise AddressRefused(Refusal.HOST)
    return target


def judge_addresses(target: Target, addresses: tuple[str, ...]) -> None:
    """Every address behind the name must be public: one bad answer refuses them all (SSRF-04, SSRF-06)."""
    if not addresses:
        raise AddressRefused(Refusal.UNRESOLVED)
    if not is_allow_listed(target) and not all(map(is_public, addresses)):
        raise AddressRefused(Refusal.ADDRESS)


def is_allow_listed(target: Target) -> bool:
    """Tell whether the demo or a test named this exact host:port; production starts with an empty list (SSRF-15)."""
    return target.authority in settings.OUTBOUND_ALLOW_LIST


async def resolve(target: Target) -> tuple[str, ...]:
    """Every address of the target's host, asked once. Raises OSError, and TimeoutError after five seconds."""
    return await asyncio.wait_for(asyncio.wrap_future(_start_lookup(target)), LOOKUP_SECONDS)


def _is_our_own(host: str) -> bool:
    names = {name.lower() for name in settings.ALLOWED_HOSTS} | {parse(settings.BASE_URL).host}
    return any(host == name or (name.startswith(".") and (host == name[1:] or host.endswith(name))) for name in names)


def _start_lookup(target: Target) -> Future[tuple[str, ...]]:
    # Daemon threads of our own: the C library's resolver has no time limit and cannot be interrupted.
    answer: Future[tuple[str, ...]] = Future()
    if target.ip is not None:
        answer.set_result((target.host,))
    elif target.host in settings.OUTBOUND_RESOLVER:
        answer.set_result((settings.OUTBOUND_RESOLVER[target.host],))
    elif _lookups.acquire(blocking=False):
        threading.Thread(target=_lookup, args=(target, answer), name="outbound-dns", daemon=True).start()
    else:
        answer.set_exception(gaierror("too many names are being resolved"))
    return answer


def _lookup(target: Target, answer: Future[tuple[str, ...]]) -> None:
    try:
        found = getaddrinfo(target.host, target.port, type=SOCK_STREAM)
        result = tuple(dict.fromkeys(str(address[0]) for *_, address in found))
    except (OSError, UnicodeError) as error:
        _settle(answer, error=error if isinstance(error, OSError) else gaierror(str(error)))
    else:
        _settle(answer, result=result)
    finally:
        _lookups.release()


def _settle(answer: Future[tuple[str, ...]], *, result: tuple[str, ...] = (), error: OSError | None = None) -> None:
    if not answer.set_running_or_notify_cancel():
        return  # the caller stopped waiting
    if error is not None:
        answer.set_exception(error)
    else:
        answer.set_result(result)
