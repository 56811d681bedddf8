"""Links that follow a request: 192 random bits, of which the database keeps the SHA-256 (design 5)."""

import hashlib
import re
import secrets
from datetime import datetime

from support.enums import Voice
from support.models import ContactRequest, FollowUpLink

_SHAPE = re.compile(r"[A-Za-z0-9_-]{32}", re.ASCII)


def issue(*, contact: ContactRequest, holder: Voice, now: datetime, origin: str = "") -> tuple[FollowUpLink, str]:
    """Write a link down, within the caller's transaction; return it and its token, for its holder alone."""
    token = draw_token()
    link = FollowUpLink.objects.create(
        contact_request=contact, holder=holder, digest=digest_of(token), issued_at=now, origin=origin
    )
    return link, token


def find(token: str) -> FollowUpLink | None:
    """The link of this token with its request; None when there is none."""
    if not is_well_formed(token):
        return None
    return FollowUpLink.objects.with_digest(digest_of(token)).with_request().first()


def is_well_formed(token: str) -> bool:
    """Whether the text can be a token at all."""
    return _SHAPE.fullmatch(token) is not None


def draw_token() -> str:
    """192 random bits, as an address or a cookie carries them."""
    return secrets.token_urlsafe(24)


def digest_of(token: str) -> str:
    """What the tables know a token by."""
    return hashlib.sha256(token.encode()).hexdigest()
