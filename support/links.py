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
    token = secrets.token_urlsafe(24)
    link = FollowUpLink.objects.create(
        contact_request=contact, holder=holder, digest=_digest(token), issued_at=now, origin=origin
    )
    return link, token


def find(token: str) -> FollowUpLink | None:
    """The link of this token with its request; None when there is none."""
    if not is_well_formed(token):
        return None
    return FollowUpLink.objects.with_digest(_digest(token)).with_request().first()


def is_well_formed(token: str) -> bool:
    """Whether the text can be a token at all."""
    return _SHAPE.fullmatch(token) is not None


def _digest(token: str) -> str:
    return hashlib.sha256(token.encode()).hexdigest()
