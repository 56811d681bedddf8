"""Single-use links sent by mail: 192 random bits, of which the database keeps the SHA-256 (design 4.5, 4.7)."""

import hashlib
import secrets
from datetime import datetime

from django.db import transaction

from accounts import rules
from accounts.enums import LinkPurpose
from accounts.models import MailedLink, User


class LinkOver(Exception):
    """The link was used, is too old, or never was."""


@transaction.atomic
def issue(*, purpose: LinkPurpose, user: User, now: datetime, **detail: str | int | bool) -> str:
    """Write a link down and return its token, for the mail alone. It lives `rules.LINK_LIVES[purpose]`."""
    token = secrets.token_urlsafe(24)
    MailedLink.objects.create(
        user=user,
        purpose=purpose,
        digest=_digest(token),
        detail=detail,
        issued_at=now,
        expires_at=now + rules.LINK_LIVES[purpose],
    )
    return token


def find(token: str, *, purpose: LinkPurpose, now: datetime) -> MailedLink | None:
    """The usable link of this token, for a page that only shows; using it up is `take`'s."""
    usable = MailedLink.objects.usable(purpose=purpose, now=now)
    return usable.with_digest(_digest(token)).select_related("user").first()


def take(token: str, *, purpose: LinkPurpose, now: datetime) -> MailedLink:
    """Use the link up, within the caller's transaction, and return it. Raises LinkOver; two at once get one."""
    usable = MailedLink.objects.usable(purpose=purpose, now=now).with_digest(_digest(token))
    link = usable.select_for_update(of=("self",)).select_related("user").first()
    if link is None:
        raise LinkOver
    link.used_at = now
    link.save(update_fields=["used_at"])
    return link


def kill(*, user: User, purpose: LinkPurpose, now: datetime) -> None:
    """End a person's unused links of one purpose: another replaces them."""
    MailedLink.objects.of(user).usable(purpose=purpose, now=now).update(expires_at=now)


def _digest(token: str) -> str:
    return hashlib.sha256(token.encode("utf-8", "surrogatepass")).hexdigest()
