"""How a shop's identifier is recognised and drawn."""

import re
import secrets

from shops.models import SITE_ID_SHAPE

_SITE_ID = re.compile(SITE_ID_SHAPE)


def is_site_id(text: str) -> bool:
    """Whether `text` has the shape of a `vads_site_id`: eight ASCII digits, nothing around them (domain 2.1)."""
    return _SITE_ID.fullmatch(text) is not None


def draw_site_id() -> str:
    """Eight random digits, the first not zero so that no spreadsheet eats it (design 4.9, AUTHZ-07)."""
    return str(secrets.randbelow(90_000_000) + 10_000_000)
