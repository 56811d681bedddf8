"""The dates of the wire: fourteen digits, always UTC, and how far `vads_trans_date` may be from now."""

import re
from datetime import UTC, date, datetime, timedelta
from enum import StrEnum

# Design 4.13, PAY-07.
SILENT_DRIFT = timedelta(minutes=10)
LARGEST_DRIFT = timedelta(hours=24)

# ASCII digits only: `\d` would take Arabic-Indic ones, and strptime would take "9" for "09".
_FOURTEEN_DIGITS = re.compile(r"[0-9]{14}")


class Punctuality(StrEnum):
    """What a form's date deserves."""

    ON_TIME = "on_time"
    WARNED = "warned"
    REFUSED = "refused"


def parse(trans_date: str) -> datetime:
    """The moment (UTC) of "YYYYMMDDHHMMSS"; raises ValueError for any other text and for a date that never was."""
    if not _FOURTEEN_DIGITS.fullmatch(trans_date):
        raise ValueError("a date of the wire has fourteen digits")
    # Each form asks: strptime takes ten times as long.
    day = int(trans_date[:4]), int(trans_date[4:6]), int(trans_date[6:8])
    return datetime(*day, int(trans_date[8:10]), int(trans_date[10:12]), int(trans_date[12:]), tzinfo=UTC)


def wire(moment: datetime) -> str:
    """An aware moment as the wire writes it: "YYYYMMDDHHMMSS" in UTC."""
    # strftime's %Y has no leading zeros before the year 1000.
    return f"{moment.astimezone(UTC):%Y%m%d%H%M%S}".zfill(14)


def utc_day(trans_date: str) -> date:
    """The UTC day in which `vads_trans_id` is unique (design 4.13); raises ValueError like `parse`."""
    return parse(trans_date).date()


def drift(trans_date: str, *, now: datetime) -> timedelta:
    """How far the form's date is from now: positive when the shop's clock is ahead; raises ValueError like `parse`."""
    return parse(trans_date) - now


def punctuality(trans_date: str, *, now: datetime) -> Punctuality:
    """Up to ten minutes off is on time, up to twenty-four hours is paid and warned, beyond is error 04."""
    distance = abs(drift(trans_date, now=now))
    if distance <= SILENT_DRIFT:
        return Punctuality.ON_TIME
    return Punctuality.WARNED if distance <= LARGEST_DRIFT else Punctuality.REFUSED
