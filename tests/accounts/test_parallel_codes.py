"""One code given many times at once opens one session (AUTH-18)."""

from concurrent.futures import ThreadPoolExecutor

import pytest
from django.db import connection

from accounts import actions, one_time_codes
from accounts.enums import AccountState, SignInStep
from accounts.models import RecoveryCode
from backoffice.core.models import JournalEntry
from tests.accounts.factories import BROWSER, MembershipFactory, one_time_code, stranger, wrong_code

pytestmark = pytest.mark.django_db(transaction=True)


@pytest.fixture
def owner():
    return MembershipFactory(user__factor=True).user


def at_once(owner, code, now, browsers):
    def give(browser):
        try:
            return actions.give_second_factor(user=owner, code=code, browser=browser, now=now).step
        finally:
            connection.close()

    with ThreadPoolExecutor(max_workers=len(browsers)) as pool:
        return list(pool.map(give, browsers))


def known(owner, count, now):
    for number in range(count):
        browser = stranger(number)
        yield type(browser)(
            address=browser.address,
            device_cookie=actions.make_browser_known(user=owner, browser=browser, now=now),
        )


def test_auth_18_of_ten_parallel_uses_of_one_code_one_succeeds(owner, now):
    steps = at_once(owner, one_time_code(now), now, [stranger(number) for number in range(10)])
    assert steps.count(SignInStep.SIGNED_IN) == 1
    assert JournalEntry.objects.filter(event="account.signed_in").count() == 1


def test_auth_18_of_ten_parallel_uses_of_one_recovery_code_one_succeeds(owner, now):
    code = one_time_codes.normalise(actions.draw_recovery_codes(user=owner, browser=BROWSER, now=now)[0])
    steps = at_once(owner, code, now, [stranger(number) for number in range(10)])
    assert steps.count(SignInStep.SIGNED_IN) == 1
    assert RecoveryCode.objects.unused().count() == 9
    assert JournalEntry.objects.filter(event="recovery_code.used").count() == 1


def test_auth_18_parallel_wrong_codes_are_counted_exactly(owner, now):
    steps = at_once(owner, wrong_code(now), now, [stranger(number) for number in range(10)])
    assert steps.count(SignInStep.FACTOR_DUE) == 2
    assert steps.count(SignInStep.REFUSED) == 8
    owner.refresh_from_db()
    assert (owner.state, owner.failed_tries) == (AccountState.BLOCKED, 3)
    assert JournalEntry.objects.filter(event="factor.refused").count() == 3


def test_auth_18_parallel_wrong_codes_of_known_browsers_stop_at_five(owner, now):
    browsers = list(known(owner, 8, now))

    def give(browser):
        try:
            actions.give_second_factor(user=owner, code=wrong_code(now), browser=browser, now=now)
        except actions.FactorClosed:
            return True
        finally:
            connection.close()
        return False

    with ThreadPoolExecutor(max_workers=8) as pool:
        closed = list(pool.map(give, browsers))
    assert closed.count(True) == 3
    assert JournalEntry.objects.filter(event="factor.refused").count() == 5


def test_auth_18_parallel_first_codes_enrol_once(now):
    user = MembershipFactory().user
    key = actions.begin_enrolment(user=user, now=now).secret()

    def confirm(_):
        try:
            return actions.confirm_enrolment(
                user=user, code=one_time_code(now, key=key), session="", browser=BROWSER, now=now
            )
        except actions.NothingToConfirm:
            return None
        finally:
            connection.close()

    with ThreadPoolExecutor(max_workers=6) as pool:
        drawn = [codes for codes in pool.map(confirm, range(6)) if codes]
    assert len(drawn) == 1
    assert RecoveryCode.objects.count() == 10
