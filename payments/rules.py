"""How long, how many and how late: the numbers of the hosted page and of its notifications, and questions on them."""

from datetime import UTC, datetime, timedelta
from http import HTTPStatus

from payments.enums import FormVerdict

SESSION_LIFETIME = timedelta(minutes=10)
# The receipt stays readable that long after the payment, so that a reload shows it again.
RECEIPT_LIFETIME = timedelta(minutes=10)

# domain 9: an authorisation that is not captured by then has to be asked again.
AUTHORISATION_VALIDITY = timedelta(days=7)
LONG_AUTHORISATION_VALIDITY = timedelta(days=30)
LONG_VALIDITY_BRANDS = frozenset({"MAESTRO"})

# One call lasts 15 s at most (SSRF-12); the lease outlives it and the writing down of its outcome (IPN-11).
LEASE = timedelta(seconds=25)
CALLS_PER_DRAIN = 50
CALLS_PER_SHOP = 4
CALLS_PER_SHOP_AFTER_TIME_OUT = 1

# IPN-04: at once, three quarter-hour marks, then these; 1 + 3 + 6 = 10 attempts over about 67 hours.
QUARTER_HOUR_RETRIES = 3
LATER_RETRIES = tuple(timedelta(hours=hours) for hours in (1, 2, 5, 10, 24, 24))
MAX_ATTEMPTS = 1 + QUARTER_HOUR_RETRIES + len(LATER_RETRIES)
JITTER = 0.10
LONGEST_ASKED_WAIT = timedelta(hours=1)

# How many forms of one shop the log keeps in an hour: sixty, of which strangers, who need no certificate to be
# refused, can fill half; a clock that is off, which tells the same of every payment, hides no refusal either.
FORMS_BY_ANYBODY = 30
FORMS_BY_THE_SHOP = 20
FORMS_WARNED = 10
# A company is told of its refused forms so often, and of one cause again after that long.
ALERTS_APART = timedelta(hours=1)
CAUSE_TOLD_AGAIN_AFTER = timedelta(hours=24)


def forms_kept_an_hour(*, verdict: FormVerdict, is_proven: bool) -> int:
    """How many forms of this kind the log keeps of one shop in an hour; the others are counted."""
    if verdict is FormVerdict.WARNED:
        return FORMS_WARNED
    return FORMS_BY_THE_SHOP if is_proven else FORMS_BY_ANYBODY


def authorisation_validity(brand: str) -> timedelta:
    """How long a bank's yes holds for a card of this brand (domain 9)."""
    return LONG_AUTHORISATION_VALIDITY if brand in LONG_VALIDITY_BRANDS else AUTHORISATION_VALIDITY


def next_attempt_at(*, attempts: int, now: datetime, jitter: float) -> datetime | None:
    """When to call again after `attempts` failed calls; None when the last one was spent (design 4.11, IPN-04).

    `jitter` is drawn by the caller between -1 and 1; it spreads by ±10 % the attempts after the fourth.
    """
    if attempts <= QUARTER_HOUR_RETRIES:
        return next_quarter_hour(now)
    if attempts >= MAX_ATTEMPTS:
        return None
    return now + LATER_RETRIES[attempts - QUARTER_HOUR_RETRIES - 1] * (1 + JITTER * jitter)


def next_quarter_hour(now: datetime) -> datetime:
    """The first minute 00, 15, 30 or 45 strictly after `now`."""
    utc = now.astimezone(UTC)
    mark = utc.replace(minute=utc.minute - utc.minute % 15, second=0, microsecond=0)
    return mark + timedelta(minutes=15)


def calls_at_once(*, last_call_timed_out: bool) -> int:
    """How many calls one shop may have in flight: one after a time-out, so that its queue takes a slower lane."""
    return CALLS_PER_SHOP_AFTER_TIME_OUT if last_call_timed_out else CALLS_PER_SHOP


def is_farewell(http_status: int | None) -> bool:
    """Whether the server said that nothing lives there any more: 410 stops the retries (IPN-05)."""
    return http_status == HTTPStatus.GONE


def asked_wait(*, status: int | None, retry_after: int | None) -> timedelta:
    """How long a busy server asked to be left alone: Retry-After of a 429 or a 503, one hour at most (IPN-05)."""
    if status not in {HTTPStatus.TOO_MANY_REQUESTS, HTTPStatus.SERVICE_UNAVAILABLE} or not retry_after:
        return timedelta()
    return min(timedelta(seconds=retry_after), LONGEST_ASKED_WAIT)
