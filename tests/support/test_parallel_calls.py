"""Many codes at once on one recognised page: never more comparisons than a request takes (RST-07, AUTH-04)."""

from concurrent.futures import ThreadPoolExecutor

import pytest
from django.db import connection
from django.utils import timezone

from accounts.models import User
from backoffice.core.models import JournalEntry
from support import actions, links
from support.enums import Voice
from support.models import CallBack
from tests.accounts.factories import BROWSER
from tests.support.factories import CallBackFactory

TRIES = 12


@pytest.mark.django_db(transaction=True)
def test_rst_07_parallel_wrong_codes_are_three_at_most_and_counted_exactly():
    call, now = CallBackFactory(proven=True), timezone.now()
    token = links.issue(contact=call.contact_request, holder=Voice.SENDER, now=now)[1]

    def try_one(number):
        try:
            return actions.type_code(token=token, code=f"9182{number:02d}", browser=BROWSER, now=timezone.now())
        except actions.NoTriesLeft:
            return None
        finally:
            connection.close()

    with ThreadPoolExecutor(TRIES) as pool:
        outcomes = list(pool.map(try_one, range(TRIES)))
    assert outcomes.count(False) == 3
    assert outcomes.count(None) == TRIES - 3
    assert CallBack.objects.get().wrong_codes == 3
    assert User.objects.get(pk=call.person_id).is_blocked
    assert JournalEntry.objects.filter(event="code.refused").count() == 3
