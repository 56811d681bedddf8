"""What is kept of payments: the visit to the hosted page, its result, and the telling of that result to the shop."""

from payments.models.cards import CardChallenge, RefusedCard
from payments.models.notification import Notification, NotificationAttempt
from payments.models.session import PaymentSession
from payments.models.transaction import Transaction

__all__ = ["CardChallenge", "Notification", "NotificationAttempt", "PaymentSession", "RefusedCard", "Transaction"]
