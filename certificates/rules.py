"""What certificates, numbers and digests look like, how they are drawn, and how often a use is written down."""

import re
import secrets
import string
from datetime import timedelta

from certificates.models import CONTRACT_NUMBER_DIGITS

CERTIFICATE_LENGTH = 16
CERTIFICATE_ALPHABET = string.ascii_letters + string.digits
LAST_USE_PRECISION = timedelta(minutes=1)

_CERTIFICATE = re.compile(rf"[A-Za-z0-9]{{{CERTIFICATE_LENGTH}}}")


def is_certificate(text: str) -> bool:
    """Whether `text` has a certificate's shape: 16 characters of [A-Za-z0-9] (older ones: 16 digits) (design 4.9)."""
    return _CERTIFICATE.fullmatch(text) is not None


def draw_certificate() -> str:
    """A new certificate: 16 characters of [A-Za-z0-9] from the system's generator, 95 bits (KEY-01)."""
    return "".join(secrets.choice(CERTIFICATE_ALPHABET) for _ in range(CERTIFICATE_LENGTH))


def draw_contract_number() -> str:
    """Seven random digits, the first not zero (domain 10, AUTHZ-07)."""
    return str(secrets.randbelow(9 * 10 ** (CONTRACT_NUMBER_DIGITS - 1)) + 10 ** (CONTRACT_NUMBER_DIGITS - 1))


def draw_amendment_number() -> str:
    """« A » and seven random digits (AUTHZ-07)."""
    return f"A{draw_contract_number()}"


def draw_attestation_number() -> str:
    """« T » and seven random digits (AUTHZ-07)."""
    return f"T{draw_contract_number()}"
