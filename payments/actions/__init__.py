"""What can be done to a payment: open its page, pay, answer the bank, turn back, and write down what its shop said."""

from payments.actions.opening import choose_language, open_session, preview_session
from payments.actions.paying import CardEntry, authenticate, cancel, pay
from payments.actions.telling import DELIVERY_JOB, EndedCall, record_attempts
from payments.actions.visits import ReferenceUsed, SessionOver

__all__ = [
    "DELIVERY_JOB",
    "CardEntry",
    "EndedCall",
    "ReferenceUsed",
    "SessionOver",
    "authenticate",
    "cancel",
    "choose_language",
    "open_session",
    "pay",
    "preview_session",
    "record_attempts",
]
