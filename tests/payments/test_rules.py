"""The calendar of the calls, and the other numbers of this room."""

from datetime import UTC, datetime, timedelta

import pytest

from payments import rules
from payments.enums import NOTIFICATION_MOVES, SESSION_MOVES, NotificationState, SessionState

NOON = datetime(2026, 11, 23, 12, 7, 30, tzinfo=UTC)


def calendar(start):
    moments, now = [], start
    for attempts in range(1, rules.MAX_ATTEMPTS + 1):
        now = rules.next_attempt_at(attempts=attempts, now=now, jitter=0.0)
        if now is None:
            return moments
        moments.append(now)
    return moments


def test_ipn_04_ten_attempts_three_quarter_hours_then_1_2_5_10_24_24_hours():
    quarter = datetime(2026, 11, 23, 12, 15, tzinfo=UTC)
    expected = [quarter, quarter + timedelta(minutes=15), quarter + timedelta(minutes=30)]
    for hours in (1, 2, 5, 10, 24, 24):
        expected.append(expected[-1] + timedelta(hours=hours))

    assert calendar(NOON) == expected
    assert len(expected) + 1 == rules.MAX_ATTEMPTS == 10
    assert timedelta(hours=66) < expected[-1] - NOON < timedelta(hours=68)


def test_ipn_04_after_the_tenth_call_there_is_none():
    assert rules.next_attempt_at(attempts=10, now=NOON, jitter=0.0) is None


@pytest.mark.parametrize("jitter", [-1.0, -0.5, 0.5, 1.0])
def test_ipn_04_the_attempts_after_the_fourth_are_spread_by_ten_percent(jitter):
    assert rules.next_attempt_at(attempts=3, now=NOON, jitter=jitter) == datetime(2026, 11, 23, 12, 15, tzinfo=UTC)
    later = rules.next_attempt_at(attempts=4, now=NOON, jitter=jitter)
    assert later - NOON == timedelta(hours=1) * (1 + 0.1 * jitter)


@pytest.mark.parametrize(("at", "mark"), [(0, 15), (14, 15), (15, 30), (29, 30), (44, 45), (45, 60), (59, 60)])
def test_a_quarter_hour_mark_is_strictly_later(at, mark):
    hour = datetime(2026, 11, 23, 12, 0, tzinfo=UTC)
    assert rules.next_quarter_hour(hour + timedelta(minutes=at)) == hour + timedelta(minutes=mark)


def test_a_lease_outlives_the_longest_call():
    assert timedelta(seconds=15) < rules.LEASE <= timedelta(seconds=30)


@pytest.mark.parametrize(
    ("status", "asked", "wait"),
    [(429, 60, 60), (503, 7200, 3600), (500, 60, 0), (None, 60, 0), (503, None, 0), (429, 0, 0)],
)
def test_ipn_05_a_busy_server_is_left_alone_one_hour_at_most(status, asked, wait):
    assert rules.asked_wait(status=status, retry_after=asked) == timedelta(seconds=wait)


def test_every_state_says_where_it_leads():
    assert set(SESSION_MOVES) == set(SessionState)
    assert set(NOTIFICATION_MOVES) == set(NotificationState)
