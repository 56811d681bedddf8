"""Many wrong tries at once: the budget is spent exactly, whatever the interleaving (AUTH-04)."""

from concurrent.futures import ThreadPoolExecutor

import pytest
from django.db import connection
from django.utils import timezone

from accounts import actions
from accounts.enums import AccountState, CodeStep, SignInStep
from backoffice.core.hashers import HouseArgon2PasswordHasher
from backoffice.core.models import JournalEntry, OutgoingMail
from tests.accounts.factories import MembershipFactory, stranger

pytestmark = pytest.mark.django_db(transaction=True)


def _at_once(times, act):
    def closing(number):
        try:
            return act(stranger(number))
        finally:
            connection.close()

    with ThreadPoolExecutor(max_workers=10) as pool:
        return list(pool.map(closing, range(times)))


def test_auth_04_of_fifty_parallel_wrong_passwords_three_are_compared(monkeypatch):
    user = MembershipFactory().user
    compared = []
    verify = HouseArgon2PasswordHasher.verify
    monkeypatch.setattr(
        HouseArgon2PasswordHasher, "verify", lambda self, *given: compared.append(1) or verify(self, *given)
    )
    outcomes = _at_once(
        50,
        lambda browser: actions.sign_in(
            identifier=user.identifier,
            password="Wrong-Password-9",
            browser=browser,
            now=timezone.now(),
        ),
    )
    assert {outcome.step for outcome in outcomes} == {SignInStep.REFUSED}
    assert len(compared) == 3
    user.refresh_from_db()
    assert (user.failed_tries, user.state) == (3, AccountState.BLOCKED)
    assert JournalEntry.objects.filter(event="account.blocked").count() == 1
    assert OutgoingMail.objects.count() == 1


def test_auth_04_parallel_wrong_codes_block_at_the_third_too():
    user = MembershipFactory(user__first_connection=True).user
    outcomes = _at_once(
        20,
        lambda browser: actions.check_first_connection_code(
            user=user, code="113355", now=timezone.now(), browser=browser
        ),
    )
    assert sorted(outcome.value for outcome in outcomes).count(CodeStep.WRONG.value) == 2
    user.refresh_from_db()
    assert (user.failed_tries, user.state) == (3, AccountState.BLOCKED)
