"""A year's key is destroyed after its term: names are gone, the chain is whole, pages say so."""

from datetime import UTC, datetime, timedelta

import pytest
import time_machine
from django.core.management import call_command
from django.utils import timezone

from backoffice.core import anchors, journal
from backoffice.core.events import Event
from backoffice.core.models import JournalEntry, JournalKey
from tests.accounts.factories import MembershipFactory

pytestmark = pytest.mark.django_db

LAST_OF_2024 = datetime(2024, 12, 31, 12, tzinfo=UTC)
FIRST_OF_2025 = datetime(2025, 1, 1, tzinfo=UTC)
# Twelve months after the end of 2024.
OVER = datetime(2026, 1, 1, tzinfo=UTC)


@pytest.fixture
def member():
    member = MembershipFactory()
    for at in (LAST_OF_2024, FIRST_OF_2025):
        journal.record(
            Event.ACCOUNT_SIGNED_IN,
            now=at,
            company=member.company.public_id,
            by=member.user,
            about=member.user,
            address="192.0.2.7",
        )
    return member


def readable():
    reader = journal.TextReader()
    return [str(reader.read(entry).readable) for entry in JournalEntry.objects.order_by("position")]


def test_the_names_of_a_year_last_until_twelve_months_after_its_end(member):
    assert journal.forget_texts(now=OVER - timedelta(seconds=1)) == 0
    assert readable() == ["yes", "yes"]

    assert journal.forget_texts(now=OVER) == 1

    assert readable() == ["forgotten", "yes"]
    assert [key.year for key in JournalKey.objects.all()] == [2025]


def test_log_02_the_chain_and_its_anchors_are_proved_all_the_same(member, settings, tmp_path, capsys):
    settings.JOURNAL_ANCHOR = tmp_path / "anchors"
    anchors.write_if_due(settings.JOURNAL_ANCHOR, now=FIRST_OF_2025)
    journal.forget_texts(now=OVER + timedelta(days=800))
    assert not JournalKey.objects.exists()
    assert journal.verify(member.company.public_id) == 2
    call_command("verify_journal")


def test_the_page_says_what_is_gone_and_keeps_the_fact(client, member):
    journal.forget_texts(now=OVER)
    with time_machine.travel(OVER):
        client.force_login(member.user)
        page = client.get("/journal/", {"au": "2024-12-31"}).text
    assert page.count("effacé") == 3  # who, on whom, from where
    assert "192.0.2.7" not in page
    assert "Connexion" in page


def test_what_is_written_after_a_night_of_forgetting_can_be_read(member):
    now = timezone.now()
    journal.forget_texts(now=now)
    entry = journal.record(
        Event.ACCOUNT_SIGNED_OUT, now=now, company=member.company.public_id, by=member.user, about=None
    )
    assert journal.personal_text(entry)["actor"] == member.user.journal_label
