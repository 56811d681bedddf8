"""How a shop's identifier is drawn and shaped, and how long an address may be."""

import re
import secrets

SITE_ID_DIGITS = 8
SITE_ID_PATTERN = r"[0-9]{8}"
SERVER_URL_MAX_LENGTH = 1024

_SITE_ID = re.compile(SITE_ID_PATTERN)


def is_site_id(text: str) -> bool:
    """Whether `text` has the shape of a `vads_site_id`: eight ASCII digits, nothing around them (domain 2.1)."""
    return _SITE_ID.fullmatch(text) is not None


def draw_site_id() -> str:
    """Eight random digits, the first not zero so that no spreadsheet eats it (design 4.9, AUTHZ-07)."""
    return str(secrets.randbelow(90_000_000) + 10_000_000)
