"""The journal keeps what happened, in order, and shows when a line was changed."""

import uuid
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass
from dataclasses import field as dataclass_field

import pytest
from django.db import DatabaseError, connection, connections, transaction

from backoffice.core import journal
from backoffice.core.models import JournalEntry, JournalKey

COMPANY = uuid.UUID(int=42)


@dataclass
class Someone:
    journal_label: str = "Claire Beaufils"
    public_id: uuid.UUID = dataclass_field(default_factory=uuid.uuid4)


def record(now, company=COMPANY, **detail):
    return journal.record(
        journal.Event.SHOP_CREATED, now=now, company=company, by=Someone(), about=None, address="192.0.2.7", **detail
    )


def test_log_02_entries_of_a_company_form_a_chain_of_their_own(db, now):
    first, second, other = record(now), record(now), record(now, company=uuid.UUID(int=43))

    assert (first.position, second.position, other.position) == (1, 2, 1)
    assert second.previous_hash == first.entry_hash
    assert journal.verify(COMPANY) == 2


@pytest.mark.parametrize(
    "statement",
    ["UPDATE core_journalentry SET event = 'x'", "DELETE FROM core_journalentry", "TRUNCATE core_journalentry"],
)
def test_log_02_the_database_refuses_to_change_the_journal(db, now, statement):
    record(now)
    with connection.cursor() as cursor:  # lifted for the flush of other tests, put back for this one
        cursor.execute("ALTER TABLE core_journalentry ENABLE TRIGGER journal_no_truncate")
    with pytest.raises(DatabaseError, match="append-only"), transaction.atomic(), connection.cursor() as cursor:
        cursor.execute(statement)
    assert JournalEntry.objects.count() == 1


@pytest.mark.parametrize(
    ("damage", "broken_at"),
    [
        ("UPDATE core_journalentry SET detail = '{\"amount\": 2}' WHERE position = 2", 2),
        ("UPDATE core_journalentry SET at = at + interval '1 second' WHERE position = 1", 1),
        ("DELETE FROM core_journalentry WHERE position = 2", 2),
        ("DELETE FROM core_journalentry WHERE position = 3", 3),
    ],
)
def test_log_02_a_change_behind_the_triggers_back_is_found_at_its_line(db, now, damage, broken_at):
    for amount in (1, 1, 1):
        record(now, amount=amount)
    with connection.cursor() as cursor:
        cursor.execute("ALTER TABLE core_journalentry DISABLE TRIGGER journal_no_change")
        cursor.execute(damage)

    with pytest.raises(journal.BrokenChain) as found:
        journal.verify(COMPANY)
    assert found.value.position == broken_at


def test_names_and_addresses_are_readable_until_the_year_s_key_is_destroyed_and_the_chain_stays_whole(db, now):
    entry = record(now)
    assert journal.personal_text(entry) == {"actor": "Claire Beaufils", "subject": "", "address": "192.0.2.7"}
    assert "Claire" not in entry.sealed_text

    JournalKey.objects.all().delete()

    assert journal.personal_text(entry) == {"actor": "", "subject": "", "address": ""}
    assert journal.verify(COMPANY) == 1


def test_an_entry_lives_and_dies_with_the_action_that_wrote_it(db, now):
    with pytest.raises(RuntimeError), transaction.atomic():
        record(now)
        raise RuntimeError
    assert not JournalEntry.objects.exists()
    record(now)
    assert journal.verify(COMPANY) == 1


@pytest.mark.django_db(transaction=True)
def test_lines_written_at_the_same_moment_stand_one_behind_the_other(now):
    def write(_):
        try:
            with transaction.atomic():
                record(now)
        finally:
            connections.close_all()

    with ThreadPoolExecutor(8) as threads:
        list(threads.map(write, range(24)))

    assert journal.verify(COMPANY) == 24
