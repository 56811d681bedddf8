"""Requests at the counter, the links that follow them, and what is said in them."""

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
    "PAGE_SIZE",
    "SHOP_LABEL_LENGTH",
    "ContactRequest",
    "FollowUpLink",
    "Page",
    "RequestMessage",
]
