"""One-time codes as people see them: the key of an application in words and picture, six digits, recovery codes."""

import base64
import hashlib
import hmac
import re
import secrets
import unicodedata
from urllib.parse import quote, urlencode
from uuid import UUID

import segno
from django.conf import settings
from django.utils.safestring import SafeString

# RFC 6238 as every application has it: SHA-1, six digits, thirty seconds; RFC 4226 recommends a key of 160 bits.
DIGITS, STEP_SECONDS, KEY_BYTES = 6, 30, 20
# Neither 0, O, 1, I nor L: what is copied by hand is not misread. 31 signs, so that ten carry 49 bits.
ALPHABET = "23456789ABCDEFGHJKMNPQRSTUVWXYZ"
RECOVERY_LENGTH, _RECOVERY_HALF = 10, 5
# Beyond that nothing typed is a code, spaces and dashes included.
LONGEST_TYPED = 64


def draw_key() -> bytes:
    """A new key of an application."""
    return secrets.token_bytes(KEY_BYTES)


def typed_key(key: bytes) -> str:
    """The key to type by hand: base32 in groups of four."""
    text = base64.b32encode(key).decode()
    return " ".join(text[start : start + 4] for start in range(0, len(text), 4))


def picture_of(key: bytes, *, identifier: str) -> SafeString:
    """The key as an SVG QR code, dark on light in both themes, without any `style` (OUT-03)."""
    code = segno.make(_address_of(key, identifier=identifier), error="m", micro=False)
    picture: str = code.svg_inline(border=4, dark="#000", light="#fff", svgclass="qr", lineclass=None, omitsize=True)
    return SafeString(picture)


def draw_recovery_code() -> str:
    """Ten unambiguous signs, as they are kept: capitals, without the dash."""
    return "".join(secrets.choice(ALPHABET) for _ in range(RECOVERY_LENGTH))


def printed(recovery_code: str) -> str:
    """A recovery code as shown: two halves and a dash."""
    return f"{recovery_code[:_RECOVERY_HALF]}-{recovery_code[_RECOVERY_HALF:]}"


def normalise(typed: str) -> str:
    """What was typed without spaces and dashes, in capitals; some keyboards type full-width figures."""
    return re.sub(r"[\s.\-]", "", unicodedata.normalize("NFKC", typed[:LONGEST_TYPED])).upper()


def is_application_code(code: str) -> bool:
    """Whether a normalised code is six ASCII digits."""
    return re.fullmatch(rf"[0-9]{{{DIGITS}}}", code) is not None


def is_recovery_code(code: str) -> bool:
    """Whether a normalised code has the shape of a recovery code."""
    return re.fullmatch(rf"[{ALPHABET}]{{{RECOVERY_LENGTH}}}", code) is not None


def digest_of(recovery_code: str, *, owner: UUID) -> str:
    """HMAC-SHA-256 under CODE_PEPPER of the owner and a normalised code, in hex.

    Ten random signs and a key that is not in the database need no slow hash (RST-09).
    """
    # A message of its own: the first-connection code stands under the same key.
    message = b"recovery code\0" + owner.bytes + recovery_code.encode()
    return hmac.new(settings.CODE_PEPPER.encode(), message, hashlib.sha256).hexdigest()


def _address_of(key: bytes, *, identifier: str) -> str:
    """The `otpauth:` address that applications read from the picture."""
    issuer = settings.BRAND["name"]
    secret = base64.b32encode(key).decode()
    more = {"secret": secret, "issuer": issuer, "algorithm": "SHA1", "digits": DIGITS, "period": STEP_SECONDS}
    return f"otpauth://totp/{quote(f'{issuer}:{identifier}', safe=':')}?{urlencode(more, quote_via=quote)}"
