"""How long a buyer still has: in words for everybody, in seconds for the page's script."""

import math
from dataclasses import dataclass
from datetime import datetime

from payments.models import PaymentSession
from payments.page.texts import Texts

# What a page takes to arrive: one that has just opened says ten minutes, not nine.
TRAVEL_SECONDS = 5


@dataclass(frozen=True, kw_only=True)
class TimeLeft:
    """Whole seconds until the visit is over, and the sentence that says it."""

    seconds: int
    words: str


def time_left(session: PaymentSession, *, texts: Texts, now: datetime) -> TimeLeft:
    """What is left of a visit at `now`: whole minutes, then seconds in the last one; never less than a second.

    The page counts on from the server's seconds, so that a buyer's clock that is wrong changes nothing.
    """
    seconds = max(1, math.ceil((session.expires_at - now).total_seconds()))
    minutes = (seconds + TRAVEL_SECONDS) // 60
    return TimeLeft(seconds=seconds, words=texts.minutes_left(minutes) if minutes else texts.seconds_left(seconds))
