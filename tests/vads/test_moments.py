"""Dates of the wire and the windows of `vads_trans_date` (PAY-07)."""

from datetime import UTC, date, datetime, timedelta
from zoneinfo import ZoneInfo

import pytest

from backoffice.vads import moments
from backoffice.vads.moments import Punctuality

NOON = datetime(2026, 11, 23, 12, 0, 0, tzinfo=UTC)


def test_fourteen_digits_are_a_moment_in_utc_and_back():
    assert moments.parse("20261123120000") == NOON
    assert moments.wire(NOON) == "20261123120000"
    assert moments.wire(NOON.astimezone(ZoneInfo("Europe/Paris"))) == "20261123120000"


@pytest.mark.parametrize(
    "text",
    [
        "",
        "2026112312000",
        "202611231200000",
        "20260229120000",
        "20261301120000",
        "20261123240000",
        "20261123126000",
        "20261123120060",
        "00001123120000",
        "2026-11-23T120",
        " 0261123120000",
        "٢٠٢٦١١٢٣١٢٠٠٠٠",
        "20261123120000\n",
    ],
)
def test_a_date_that_never_was_is_refused(text):
    with pytest.raises(ValueError):
        moments.parse(text)


@pytest.mark.parametrize(
    ("seconds", "expected"),
    [
        (0, Punctuality.ON_TIME),
        (600, Punctuality.ON_TIME),
        (601, Punctuality.WARNED),
        (3600, Punctuality.WARNED),
        (86_400, Punctuality.WARNED),
        (86_401, Punctuality.REFUSED),
        (365 * 86_400, Punctuality.REFUSED),
    ],
)
@pytest.mark.parametrize("sign", [1, -1])
def test_ten_minutes_are_silent_a_day_is_warned_more_is_refused(seconds, expected, sign):
    trans_date = moments.wire(NOON + timedelta(seconds=sign * seconds))
    assert moments.drift(trans_date, now=NOON) == timedelta(seconds=sign * seconds)
    assert moments.punctuality(trans_date, now=NOON) is expected


def test_the_hour_that_happens_twice_in_paris_happens_once_here():
    paris = ZoneInfo("Europe/Paris")
    first = datetime(2026, 10, 25, 2, 30, tzinfo=paris, fold=0)
    second = datetime(2026, 10, 25, 2, 30, tzinfo=paris, fold=1)
    assert (moments.wire(first), moments.wire(second)) == ("20261025003000", "20261025013000")
    assert moments.punctuality("20261025003000", now=first) is Punctuality.ON_TIME
    assert moments.drift("20261025003000", now=second) == timedelta(hours=-1)


def test_the_day_of_uniqueness_is_the_one_of_utc():
    assert moments.utc_day("20261122235959") == date(2026, 11, 22)
    assert moments.utc_day("20261123000000") == date(2026, 11, 23)
