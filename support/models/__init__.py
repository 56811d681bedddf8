"""Requests at the counter, the links that follow them, what is said in them, and what advisors note of companies."""

from support.models.companies import NOTE_LENGTH, CompanyNote, CompanyTag, with_tags
from support.models.follow_up import FollowUpLink, RequestMessage
from support.models.requests import (
    CLOSING_LENGTH,
    IDENTIFIER_LENGTH,
    MESSAGE_LENGTH,
    NAME_LENGTH,
    PAGE_SIZE,
    SHOP_LABEL_LENGTH,
    ContactRequest,
    Page,
)

__all__ = [
    "CLOSING_LENGTH",
    "IDENTIFIER_LENGTH",
    "MESSAGE_LENGTH",
    "NAME_LENGTH",
    "NOTE_LENGTH",
    "PAGE_SIZE",
    "SHOP_LABEL_LENGTH",
    "CompanyNote",
    "CompanyTag",
    "ContactRequest",
    "FollowUpLink",
    "Page",
    "RequestMessage",
    "with_tags",
]
