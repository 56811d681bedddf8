"""What is forgotten of buyers once nobody may dispute their payment any more, and what stays: the accounts (4.21)."""

from datetime import datetime

from django.conf import settings

from backoffice.core import batches
from payments.models import LoggedForm, NotificationAttempt, PaymentSession, RefusedCard, Transaction

# What a form says of the payment and not of the buyer; anything else, known or free, may name somebody.
KEPT_FIELDS = frozenset(
    {
        "vads_action_mode",
        "vads_amount",
        "vads_capture_delay",
        "vads_contracts",
        "vads_ctx_mode",
        "vads_currency",
        "vads_order_id",
        "vads_page_action",
        "vads_payment_cards",
        "vads_payment_config",
        "vads_payment_src",
        "vads_site_id",
        "vads_trans_date",
        "vads_trans_id",
        "vads_validation_mode",
        "vads_version",
    }
)


def forget_buyers(*, now: datetime) -> int:
    """Delete the visits that led to no payment, and erase the buyer from the others, past their term; return how many.

    Amounts, dates, results, order numbers and the outcome of each call to the shop stay.
    """
    limit = settings.RETENTION.buyers.before(now)
    return batches.each(lambda: _forget_some(limit, now=now))


def forget_logged_forms(*, now: datetime) -> int:
    """Delete what the form log holds past the buyers' term; return how many forms."""
    return batches.delete(LoggedForm.objects.before(settings.RETENTION.buyers.before(now)))


def _forget_some(limit: datetime, *, now: datetime) -> int:
    free = PaymentSession.objects.to_forget(limit).select_for_update(skip_locked=True, of=("self",))
    visits = list(free[: batches.SIZE])
    paid = set(Transaction.objects.of_visits(visits).values_list("session_id", flat=True))
    PaymentSession.objects.among([one for one in visits if one.pk not in paid]).delete()
    _erase([one for one in visits if one.pk in paid], now=now)
    return len(visits)


def _erase(visits: list[PaymentSession], *, now: datetime) -> None:
    for visit in visits:
        visit.forget_buyer(kept=KEPT_FIELDS, at=now)
    PaymentSession.objects.bulk_update(visits, ["fields", "language", "forgotten_at"])
    RefusedCard.objects.of_visits(visits).delete()
    Transaction.objects.of_visits(visits).update(masked_number="", expiry_month=None, expiry_year=None, answer={})
    # The trigger lets these three be emptied, and nothing else ever change.
    NotificationAttempt.objects.of_visits(visits).telling_something().update(url="", excerpt="", location="")
