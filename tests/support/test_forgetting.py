"""Requests at the counter go with everything their senders typed; the journal keeps that there were some."""

from datetime import timedelta

import pytest
from django.conf import settings

from backoffice.core import journal
from backoffice.core.models import JournalEntry
from support.actions import Letter, forget_requests, receive_request
from support.enums import Motive
from support.models import ContactRequest
from tests.support.factories import ContactRequestFactory

pytestmark = pytest.mark.django_db


def test_a_request_is_kept_twelve_months_after_its_treatment_or_its_arrival(now):
    limit = settings.RETENTION.traces.before(now)
    long_ago, before, after = limit - timedelta(days=90), limit - timedelta(minutes=1), limit + timedelta(minutes=1)
    ContactRequestFactory(received_at=before)
    ContactRequestFactory(treated=True, received_at=long_ago, treated_at=before)
    kept = [
        ContactRequestFactory(received_at=after),
        ContactRequestFactory(treated=True, received_at=long_ago, treated_at=after),
    ]
    assert forget_requests(now=now) == 2
    assert set(ContactRequest.objects.all()) == set(kept)


def test_the_journal_still_says_that_a_request_came(now):
    letter = Letter(motive=Motive.OTHER, last_name="Beaufils", first_name="Claire", email="c@x.example", message="Mot")
    long_ago = now - timedelta(days=400)
    receive_request(letter=letter, by=None, address="192.0.2.1", now=long_ago)
    assert forget_requests(now=now) == 1
    assert JournalEntry.objects.get().detail == {"motive": "autre"}
    assert journal.verify(None) == 1
