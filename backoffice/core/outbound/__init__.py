"""The one door to the outside: which addresses may be called, and the guarded call itself (SSRF-01 to SSRF-17).

`aiohttp` is loaded by the first call, in the worker: a web process judges addresses without it.
"""

from backoffice.core.outbound.addresses import MAX_LENGTH, AddressRefused, Refusal
from backoffice.core.outbound.judgement import host_of, judge_address, judge_syntax, judge_target, origin_of
from backoffice.core.outbound.outcome import Outcome, OutcomeKind

__all__ = [
    "MAX_LENGTH",
    "AddressRefused",
    "Outcome",
    "OutcomeKind",
    "Refusal",
    "host_of",
    "judge_address",
    "judge_syntax",
    "judge_target",
    "origin_of",
    "post",
]


async def post(url: str, *, body: bytes, content_type: str, production: bool) -> Outcome:
    """POST `body` to a shop and tell what became of it; never raises for a fault of the address or the network.

    Judged again at each call, one resolution, 5 s to connect, 15 s in all, no redirection followed, 64 kB read
    (design 4.10, SSRF-04 to SSRF-12). A cancelled call raises CancelledError: the caller notes it as interrupted.
    """
    from backoffice.core.outbound import client

    return await client.post(url, body=body, content_type=content_type, production=production)
