"""How a form, a notification or a return is signed: SHA-1 or HMAC-SHA-256 over the values of the `vads_` fields."""

import base64
import hashlib
import hmac
from collections.abc import Mapping
from enum import StrEnum

PREFIX = "vads_"


class Algorithm(StrEnum):
    """The two algorithms that shop software knows; the shop chooses one per mode."""

    SHA1 = "SHA-1"
    HMAC_SHA256 = "HMAC-SHA-256"


def message(fields: Mapping[str, str], certificate: str) -> str:
    """The text that gets signed: every `vads_` value in byte order of the names, joined with "+", certificate last.

    Values are taken exactly as received, empty ones included; other names are ignored (compatibility 1 to 3).
    The result contains the certificate: it is for people only once that is masked. Raises ValueError without one,
    since a signature made with an empty certificate could be made by anybody.
    """
    if not certificate:
        raise ValueError("a signature needs a certificate")
    names = sorted(name for name in fields if name.startswith(PREFIX))
    return "+".join([*(fields[name] for name in names), certificate])


def sign(fields: Mapping[str, str], certificate: str, algorithm: Algorithm) -> str:
    """The signature: 40 lower-case hexadecimal digits (SHA-1) or 44 characters of base64 (HMAC-SHA-256).

    The HMAC's key is the certificate, and its message ends with it too (compatibility 6). Raises ValueError
    without a certificate.
    """
    # surrogatepass: a lone surrogate is an ordinary wrong value here, never a crash (OUT-07).
    signed = message(fields, certificate).encode("utf-8", "surrogatepass")
    if algorithm is Algorithm.SHA1:
        return hashlib.sha1(signed, usedforsecurity=False).hexdigest()
    digest = hmac.new(certificate.encode("utf-8", "surrogatepass"), signed, hashlib.sha256).digest()
    return base64.b64encode(digest).decode("ascii")


def is_valid(fields: Mapping[str, str], received: str, certificate: str, algorithm: Algorithm) -> bool:
    """Whether `received` signs exactly these fields; compared whole and in constant time (PAY-04)."""
    expected = sign(fields, certificate, algorithm)
    return hmac.compare_digest(expected.encode("ascii"), received.encode("utf-8", "surrogatepass"))
