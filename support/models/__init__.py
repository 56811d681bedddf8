"""Requests at the counter."""

from support.models.requests import (
    IDENTIFIER_LENGTH,
    MESSAGE_LENGTH,
    NAME_LENGTH,
    PAGE_SIZE,
    SHOP_LABEL_LENGTH,
    ContactRequest,
    Page,
)

__all__ = [
    "IDENTIFIER_LENGTH",
    "MESSAGE_LENGTH",
    "NAME_LENGTH",
    "PAGE_SIZE",
    "SHOP_LABEL_LENGTH",
    "ContactRequest",
    "Page",
]
