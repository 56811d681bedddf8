"""Requests at the counter, the links that follow them, calls and proposals, and what advisors note of companies."""

from support.models.calls import CallBack
from support.models.companies import NOTE_LENGTH, CompanyNote, CompanyTag, with_tags
from support.models.follow_up import FollowUpLink, RequestMessage
from support.models.proposals import WORDS_LENGTH, Proposal
from support.models.registration_links import RegistrationLink
from support.models.registrations import LEGAL_NAME_LENGTH, Registration
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
    "LEGAL_NAME_LENGTH",
    "MESSAGE_LENGTH",
    "NAME_LENGTH",
    "NOTE_LENGTH",
    "PAGE_SIZE",
    "SHOP_LABEL_LENGTH",
    "WORDS_LENGTH",
    "CallBack",
    "CompanyNote",
    "CompanyTag",
    "ContactRequest",
    "FollowUpLink",
    "Page",
    "Proposal",
    "Registration",
    "RegistrationLink",
    "RequestMessage",
    "with_tags",
]
