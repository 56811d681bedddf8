"""The date of a form: always UTC, how far off it may be, and the day its number counts in (PAY-07)."""

from datetime import UTC, datetime, timedelta
from zoneinfo import ZoneInfo

import pytest
import time_machine

from payments.models import PaymentSession
from tests.payments import wire
from tests.payments.factories import shop_ready
from tests.payments.form.answers import assert_refused, assert_taken

pytestmark = pytest.mark.django_db


# --- PAY-07: dates ---------------------------------------------------------------------------------------------
@pytest.mark.parametrize("hours", [-23.9, -1, 0, 1, 23.9])
def test_pay_07_a_form_less_than_a_day_off_is_taken_and_its_drift_kept(post_form, shop, now, hours):
    moment = now + timedelta(hours=hours)

    assert post_form(wire.form_of(shop, trans_date=wire.trans_date(moment))).status_code == 302

    assert PaymentSession.objects.get().drift_seconds == pytest.approx(hours * 3600, abs=3)


@pytest.mark.parametrize("hours", [-24.1, 24.1, -8760])
def test_pay_07_a_form_more_than_a_day_off_is_error_04(post_form, shop, now, hours):
    form = wire.form_of(shop, trans_date=wire.trans_date(now + timedelta(hours=hours)))
    assert_refused(post_form(form), code="04", field="vads_trans_date")


@pytest.mark.parametrize(
    "moment",
    [
        # Paris goes from 02:00 to 03:00, then from 03:00 back to 02:00: both hours exist once in UTC.
        datetime(2026, 3, 29, 0, 59, 59, tzinfo=UTC),
        datetime(2026, 3, 29, 1, 30, tzinfo=UTC),
        datetime(2026, 10, 25, 0, 30, tzinfo=UTC),
        datetime(2026, 10, 25, 1, 30, tzinfo=UTC),
        datetime(2026, 12, 31, 23, 30, tzinfo=UTC),
        datetime(2028, 2, 29, 12, 0, tzinfo=UTC),
    ],
)
def test_pay_07_a_date_is_utc_when_clocks_change_and_whatever_the_day_in_paris(post_form, moment):
    with time_machine.travel(moment, tick=False):
        form = wire.form_of(shop_ready(), trans_date=wire.trans_date(moment))

        session = assert_taken(post_form(form), form)

    assert session.drift_seconds == 0
    assert session.trans_date == moment
    assert session.trans_day == moment.date()


@pytest.mark.parametrize(("month", "hours"), [(1, 1), (7, 2)])
def test_pay_07_local_time_sent_for_utc_is_taken_and_its_drift_known(post_form, month, hours):
    moment = datetime(2026, month, 15, 12, 0, tzinfo=UTC)
    with time_machine.travel(moment, tick=False):
        in_paris = moment.astimezone(ZoneInfo("Europe/Paris")).strftime("%Y%m%d%H%M%S")

        session = assert_taken(post_form(wire.form_of(shop_ready(), trans_date=in_paris)))

    assert session.drift_seconds == hours * 3600


def test_pay_07_exactly_a_day_is_taken_and_one_second_more_is_not(post_form):
    moment = datetime(2026, 11, 25, 12, 0, tzinfo=UTC)
    with time_machine.travel(moment, tick=False):
        shop = shop_ready()
        for seconds in (86_401, -86_401):
            form = wire.form_of(shop, trans_date=wire.trans_date(moment + timedelta(seconds=seconds)))
            assert_refused(post_form(form), code="04", field="vads_trans_date")
        for number, seconds in enumerate((86_400, -86_400)):
            form = wire.form_of(
                shop, trans_id=f"{number:06d}", trans_date=wire.trans_date(moment + timedelta(seconds=seconds))
            )
            assert assert_taken(post_form(form)).drift_seconds == seconds
