"""The shop's own reading of the signature, written from the public guide: it shares nothing with the platform."""

import base64
import hashlib
import hmac
from collections.abc import Mapping

SHA1, HMAC_SHA256 = "SHA-1", "HMAC-SHA-256"
ALGORITHMS = (HMAC_SHA256, SHA1)


def sign(fields: Mapping[str, str], certificate: str, algorithm: str) -> str:
    """Sign the `vads_*` fields: values in byte order of the names, joined by "+", the certificate last."""
    names = sorted((name for name in fields if name.startswith("vads_")), key=str.encode)
    message = "+".join([*(fields[name] for name in names), certificate]).encode()
    if algorithm == SHA1:
        return hashlib.sha1(message, usedforsecurity=False).hexdigest()
    return base64.b64encode(hmac.digest(certificate.encode(), message, "sha256")).decode()


def is_signed(fields: Mapping[str, str], certificate: str, algorithm: str) -> bool:
    """Tell whether the `signature` field is the one these fields deserve; nothing is signed without a certificate."""
    expected = sign(fields, certificate, algorithm)
    return bool(certificate) and hmac.compare_digest(expected.encode(), fields.get("signature", "").encode())
