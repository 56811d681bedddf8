"""Everything that can be done with a request at the counter."""

from support.actions.receiving import (
    Letter,
    NoSuchAccount,
    TooManyRequests,
    accept_reset,
    lift_freeze,
    receive_request,
    report_not_me,
)

__all__ = [
    "Letter",
    "NoSuchAccount",
    "TooManyRequests",
    "accept_reset",
    "lift_freeze",
    "receive_request",
    "report_not_me",
]
