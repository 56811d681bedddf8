"""The schedule of a payment in several times, and each rule that refuses one (compatibility 11)."""

import contextlib
from datetime import date, timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from backoffice.vads.instalments import MAX_INSTALMENTS, Breach, ScheduleRefused, schedule

DAY = date(2026, 11, 25)


def plan(config: str, amount: int = 9000, day: date = DAY) -> list[tuple[int, str, int]]:
    return [
        (one.number, one.due.isoformat(), one.amount_cents) for one in schedule(config, amount_cents=amount, day=day)
    ]


def breach(config: str, amount: int = 9000, day: date = DAY) -> Breach:
    with pytest.raises(ScheduleRefused) as refused:
        schedule(config, amount_cents=amount, day=day)
    return refused.value.breach


def test_a_single_payment_is_one_instalment_on_the_day():
    assert plan("SINGLE") == [(1, "2026-11-25", 9000)]


def test_regular_instalments_start_at_once_and_follow_every_period():
    assert plan("MULTI:first=3000;count=3;period=30") == [
        (1, "2026-11-25", 3000),
        (2, "2026-12-25", 3000),
        (3, "2027-01-24", 3000),
    ]


def test_what_does_not_divide_goes_on_the_last_instalment():
    assert [amount for _, _, amount in plan("MULTI:first=1000;count=4;period=7", 10_000)] == [1000, 3000, 3000, 3000]
    assert [amount for _, _, amount in plan("MULTI:first=1000;count=4;period=7", 10_002)] == [1000, 3000, 3000, 3002]


def test_one_regular_instalment_is_the_whole_amount():
    assert plan("MULTI:first=9000;count=1;period=1") == [(1, "2026-11-25", 9000)]


def test_dated_instalments_are_taken_as_written_with_or_without_a_last_separator():
    expected = [(1, "2026-11-25", 1000), (2, "2027-01-31", 8000)]
    assert plan("MULTI_EXT:20261125=1000;20270131=8000") == expected
    assert plan("MULTI_EXT:20261125=1000;20270131=8000;") == expected


@pytest.mark.parametrize(
    ("config", "expected"),
    [
        ("MULTI:count=3;first=3000;period=30", Breach.SHAPE),
        ("MULTI:first=3000;count=3", Breach.SHAPE),
        ("MULTI:first=-1;count=3;period=30", Breach.SHAPE),
        ("multi:first=3000;count=3;period=30", Breach.SHAPE),
        ("MULTI:first=٣;count=3;period=30", Breach.SHAPE),
        ("MULTI:first=3000;count=3;period=30\n", Breach.SHAPE),
        ("MULTI_EXT:", Breach.SHAPE),
        ("MULTI_EXT:20261125", Breach.SHAPE),
        ("SINGLE;", Breach.SHAPE),
        ("", Breach.SHAPE),
        ("MULTI:first=3000;count=0;period=30", Breach.COUNT),
        (f"MULTI:first=100;count={MAX_INSTALMENTS + 1};period=1", Breach.COUNT),
        ("MULTI:first=3000;count=3;period=0", Breach.PERIOD),
        ("MULTI:first=9001;count=3;period=30", Breach.FIRST),
        ("MULTI:first=0;count=3;period=30", Breach.FIRST),
        ("MULTI:first=8999;count=1;period=30", Breach.FIRST),
        ("MULTI:first=9000;count=2;period=30", Breach.NOTHING_LEFT),
        ("MULTI:first=8999;count=3;period=30", Breach.NOTHING_LEFT),
        ("MULTI:first=3000;count=3;period=183", Breach.TOO_FAR),
        ("MULTI:first=3000;count=99;period=9999", Breach.TOO_FAR),
        ("MULTI_EXT:20260230=9000", Breach.NO_SUCH_DATE),
        ("MULTI_EXT:00000101=9000", Breach.NO_SUCH_DATE),
        ("MULTI_EXT:20261124=1000;20270131=8000", Breach.PAST),
        ("MULTI_EXT:20270131=1000;20261225=8000", Breach.ORDER),
        ("MULTI_EXT:20270131=1000;20270131=8000", Breach.ORDER),
        ("MULTI_EXT:20261125=0;20270131=9000", Breach.NOTHING_LEFT),
        ("MULTI_EXT:20261125=1000;20270131=7999", Breach.SUM),
        ("MULTI_EXT:20261125=1000;20271126=8000", Breach.TOO_FAR),
    ],
)
def test_each_rule_refuses_by_its_name(config, expected):
    assert breach(config) is expected
    assert expected.label.endswith((".", "…"))


def test_twelve_months_are_counted_on_the_calendar():
    assert plan("MULTI_EXT:20271125=9000") == [(1, "2027-11-25", 9000)]
    assert plan("MULTI_EXT:20290228=9000", day=date(2028, 2, 29))[0][1] == "2029-02-28"
    assert breach("MULTI_EXT:20290301=9000", day=date(2028, 2, 29)) is Breach.TOO_FAR
    assert breach("MULTI:first=1;count=99;period=9999", day=date(9999, 12, 1)) is Breach.TOO_FAR


@given(
    amount=st.integers(1, 10**12 - 1),
    first=st.integers(0, 10**12 - 1),
    count=st.integers(0, 120),
    period=st.integers(0, 400),
    day=st.dates(),
)
def test_whatever_is_taken_adds_up_in_order_within_a_year(amount, first, count, period, day):
    try:
        taken = schedule(f"MULTI:first={first};count={count};period={period}", amount_cents=amount, day=day)
    except ScheduleRefused:
        return
    assert sum(one.amount_cents for one in taken) == amount
    assert all(one.amount_cents >= 1 for one in taken)
    assert [one.number for one in taken] == list(range(1, count + 1))
    assert taken[0].due == day
    assert taken[-1].due - day <= timedelta(days=366)
    assert [one.due for one in taken] == sorted({one.due for one in taken})


@given(st.text(alphabet="MULTI_EXT:firstcounperd=;0123456789 \n", max_size=60), st.dates())
def test_no_text_whatever_is_anything_but_a_schedule_or_a_refusal(config, day):
    for text in (config, f"MULTI:{config}", f"MULTI_EXT:{config}"):
        with contextlib.suppress(ScheduleRefused):
            assert sum(one.amount_cents for one in schedule(text, amount_cents=9000, day=day)) == 9000
