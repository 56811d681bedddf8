"""Device cookies: what makes a browser known to an account, so that strangers' tries cannot keep its owner out.

One cookie holds up to eight entries, one an account (several people may share a browser). An entry is the account's
public id, a 128-bit nonce, and their HMAC-SHA-256 under a key of its own; the database keeps the nonce's digest.
Whatever is forged, cut or sealed under an old key counts as nothing (AUTH-06; OWASP's device cookies).
"""

import hashlib
import hmac
import re
import secrets
from datetime import timedelta
from uuid import UUID

from django.conf import settings
from django.http import HttpResponse

ENTRIES = 8
LIFE = timedelta(days=365)
_ENTRY = re.compile(r"([0-9a-f]{32})\.([0-9a-f]{32})\.([0-9a-f]{64})")
_SEPARATOR = "~"


def read(cookie: str) -> dict[UUID, str]:
    """The nonces of a cookie by account, those whose HMAC is right; never an error (AUTH-06)."""
    known: dict[UUID, str] = {}
    for entry in cookie.split(_SEPARATOR)[:ENTRIES]:
        if (found := _ENTRY.fullmatch(entry)) and hmac.compare_digest(found[3], _mac(found[1], found[2])):
            known.setdefault(UUID(found[1]), found[2])
    return known


def with_entry(cookie: str, *, account: UUID, nonce: str) -> str:
    """The cookie with this account's entry in front; the oldest one beyond eight falls out."""
    entries = {account: nonce} | {other: kept for other, kept in read(cookie).items() if other != account}
    kept = list(entries.items())[:ENTRIES]
    return _SEPARATOR.join(f"{one.hex}.{nonce}.{_mac(one.hex, nonce)}" for one, nonce in kept)


def draw_nonce() -> str:
    """128 random bits, in hex."""
    return secrets.token_hex(16)


def digest_of(nonce: str) -> str:
    """What the database knows a nonce by."""
    return hashlib.sha256(nonce.encode()).hexdigest()


def remember(response: HttpResponse, cookie: str) -> None:
    """Give the browser its cookie, for a year; signing out leaves it there."""
    response.set_cookie(
        settings.DEVICE_COOKIE_NAME,
        cookie,
        max_age=LIFE,
        path="/",
        secure=not settings.PLAIN_HTTP,
        httponly=True,
        samesite="Lax",
    )


def _mac(account: str, nonce: str) -> str:
    return hmac.new(settings.DEVICE_COOKIE_KEY.encode(), f"{account}.{nonce}".encode(), hashlib.sha256).hexdigest()
