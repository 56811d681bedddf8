"""The same « Ce n’était pas moi » sent twice at once, and two of them together: one effect, one request."""

from concurrent.futures import ThreadPoolExecutor

import pytest
from django.db import connection

from accounts import links
from accounts.enums import LinkPurpose
from backoffice.core.events import Event
from backoffice.core.models import JournalEntry
from support import actions
from support.models import ContactRequest
from tests.accounts.factories import MembershipFactory, stranger

pytestmark = pytest.mark.django_db(transaction=True)


def _at_once(tokens, now):
    def report(given):
        number, token = given
        try:
            return actions.report_not_me(token=token, browser=stranger(number), now=now)
        except links.LinkOver:
            return None
        finally:
            connection.close()

    with ThreadPoolExecutor(max_workers=8) as pool:
        return [done for done in pool.map(report, enumerate(tokens)) if done]


def _issue(user, now):
    return links.issue(purpose=LinkPurpose.NOT_ME, user=user, now=now, event=Event.PASSWORD_CHANGED.value)


def test_one_link_used_eight_times_at_once_serves_once(now):
    user = MembershipFactory().user
    assert len(_at_once([_issue(user, now)] * 8, now)) == 1
    assert ContactRequest.objects.count() == 1
    assert JournalEntry.objects.filter(event="account.frozen").count() == 1


def test_eight_links_of_one_account_at_once_open_one_request_that_tells_all(now):
    user = MembershipFactory().user
    assert len(_at_once([_issue(user, now) for _ in range(8)], now)) == 8
    user.refresh_from_db()
    assert user.is_frozen
    assert len(ContactRequest.objects.get().message.splitlines()) == 8
    assert JournalEntry.objects.filter(event="contact_request.received").count() == 1
