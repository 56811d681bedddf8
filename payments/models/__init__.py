"""What is kept of payments: the visit to the hosted page, its result, its telling to the shop, and forms to look at."""

from payments.models.cards import CardChallenge, RefusedCard
from payments.models.logged_form import LoggedForm
from payments.models.notification import Notification, NotificationAttempt
from payments.models.session import PaymentSession
from payments.models.transaction import Transaction

__all__ = [
    "CardChallenge",
    "LoggedForm",
    "Notification",
    "NotificationAttempt",
    "PaymentSession",
    "RefusedCard",
    "Transaction",
]
