"""What an account's doors remember goes after its term: browsers, links, sessions."""

from datetime import timedelta

import pytest
from django.conf import settings

from accounts import actions, links, rules
from accounts.enums import LinkPurpose
from accounts.models import Device, MailedLink, Session
from tests.accounts.factories import BROWSER, UserFactory

pytestmark = pytest.mark.django_db
MINUTE = timedelta(minutes=1)


def limit(now):
    return settings.RETENTION.traces.before(now)


def test_a_browser_is_known_for_twelve_months_after_its_last_use(now):
    user = UserFactory()
    for _ in range(2):
        actions.make_browser_known(user=user, browser=BROWSER, now=now)
    young, old = Device.objects.order_by("pk")
    Device.objects.filter(pk=young.pk).update(last_used_at=limit(now) + MINUTE)
    Device.objects.filter(pk=old.pk).update(last_used_at=limit(now) - MINUTE)
    assert actions.forget_unused_browsers(now=now) == 1
    assert Device.objects.get() == young


def test_a_mailed_link_is_kept_twelve_months_after_its_end(now):
    user = UserFactory()
    life = rules.LINK_LIVES[LinkPurpose.FORGOTTEN]
    for end in (limit(now) + MINUTE, limit(now) - MINUTE):
        links.issue(purpose=LinkPurpose.FORGOTTEN, user=user, now=end - life)
    assert actions.forget_mailed_links(now=now) == 1
    assert MailedLink.objects.get().expires_at == limit(now) + MINUTE


def test_a_session_and_its_address_go_a_day_after_its_end(client, now):
    client.force_login(UserFactory())
    end = Session.objects.get().expire_date
    assert actions.forget_ended_sessions(now=end + rules.LATE_FORM_WITHIN) == 0
    assert actions.forget_ended_sessions(now=end + rules.LATE_FORM_WITHIN + MINUTE) == 1
    assert not Session.objects.exists()
