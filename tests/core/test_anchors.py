"""The journal can be proved: whatever somebody who holds the database changes, `verify_journal` names it."""

import io
import json
import os
import stat
import subprocess
import sys
import uuid
from dataclasses import dataclass
from dataclasses import field as dataclass_field
from datetime import UTC, datetime, timedelta
from urllib.parse import urlsplit

import pytest
import time_machine
from django.core.management import CommandError, call_command
from django.db import connection

from backoffice.core import anchors, journal, tasks
from backoffice.core.chains import START, chain_hash
from backoffice.core.models import JournalEntry

COMPANY, OTHER = uuid.UUID(int=42), uuid.UUID(int=43)
NOON = datetime(2026, 11, 24, 12, tzinfo=UTC)
DAY = timedelta(days=1)


@dataclass
class Someone:
    journal_label: str = "commerçant lefebvre"
    public_id: uuid.UUID = dataclass_field(default_factory=uuid.uuid4)


@pytest.fixture
def path(tmp_path, settings):
    settings.JOURNAL_ANCHOR = tmp_path / "journal.anchors"
    return settings.JOURNAL_ANCHOR


@pytest.fixture
def proved(db, path):
    """Two companies; six entries of the first on six days, each day anchored."""
    company = Someone("société 73282932000074", COMPANY)
    record(NOON, event=journal.Event.COMPANY_CREATED, about=company)
    record(NOON, company=OTHER)
    anchors.write_if_due(path, now=NOON)
    for day in range(1, 6):
        record(NOON + day * DAY, tries=day)
        anchors.write_if_due(path, now=NOON + day * DAY)
    assert verify() == (0, [])


def record(now, *, company=COMPANY, event=journal.Event.ACCOUNT_BLOCKED, about=None, **detail):
    return journal.record(
        event, now=now, company=company, by=Someone(), about=about or Someone(), address="192.0.2.7", **detail
    )


def verify(now=NOON + 5 * DAY):
    """The exit status, and what was said besides the last line."""
    said = io.StringIO()
    status = 0
    with time_machine.travel(now, tick=False):
        try:
            call_command("verify_journal", stdout=said)
        except CommandError as error:
            status = error.returncode
    lines = said.getvalue().splitlines()
    return status, [line for line in lines if line.startswith(("BROKEN", "WARNING"))]


def behind_the_back(*statements):
    """Somebody who owns the database switches the triggers off."""
    with connection.cursor() as cursor:
        cursor.execute("SET CONSTRAINTS ALL IMMEDIATE")
        cursor.execute("ALTER TABLE core_journalentry DISABLE TRIGGER journal_no_change")
        for statement in statements:
            cursor.execute(statement)


def at(position, company=COMPANY):
    return f"WHERE company = '{company}' AND position = {position}"


def write_again(company=COMPANY, *, length):
    """Chain the rows that are left anew, and set their head: every hash of the database fits."""
    expected = START
    rows = list(JournalEntry.objects.of_chain(company).in_order())
    for position, row in enumerate(rows, start=1):
        row.position, row.previous_hash = position, expected
        expected = row.entry_hash = chain_hash(row)
        behind_the_back(
            f"UPDATE core_journalentry SET position = {position}, previous_hash = '{row.previous_hash}',"
            f" entry_hash = '{row.entry_hash}' WHERE id = {row.pk}"
        )
    assert len(rows) == length
    behind_the_back(
        f"UPDATE core_journalchain SET length = {length}, head_hash = '{expected}' WHERE company = '{company}'"
    )


FLIPPED = {
    "public_id": "public_id = 'ffffffff-ffff-4fff-8fff-ffffffffffff'",
    "event": "event = 'account.signed_in'",
    "at": "at = at + interval '1 microsecond'",
    "actor_id": "actor_id = 'ffffffff-ffff-4fff-8fff-ffffffffffff'",
    "actor_id gone": "actor_id = NULL",
    "subject_id": "subject_id = 'ffffffff-ffff-4fff-8fff-ffffffffffff'",
    "detail": "detail = '{\"tries\": 4}'",
    "detail gone": "detail = '{}'",
    # Never the letter that is there: a seal may begin with any.
    "sealed_text": "sealed_text = CASE left(sealed_text, 1) WHEN 'B' THEN 'C' ELSE 'B' END || substr(sealed_text, 2)",
    "sealed_text end": "sealed_text = ''",
    "previous_hash": "previous_hash = translate(previous_hash, '0123456789abcdef', '123456789abcdef0')",
    "entry_hash": "entry_hash = translate(entry_hash, '0123456789abcdef', '123456789abcdef0')",
}


@pytest.mark.parametrize("change", FLIPPED.values(), ids=FLIPPED.keys())
def test_log_02_a_byte_flipped_in_any_column_is_named_at_its_entry(proved, change):
    behind_the_back(f"UPDATE core_journalentry SET {change} {at(3)}")

    status, [said] = verify()
    assert status == 1
    assert said.startswith(f"BROKEN société 73282932000074 ({COMPANY}), entry 3 (2026-11-26 12:00:00")
    assert "its columns are not those that were hashed" in said


@pytest.mark.parametrize("position", ["9", "0"])
def test_log_02_an_entry_moved_within_its_chain_is_named(proved, position):
    behind_the_back(f"UPDATE core_journalentry SET position = {position} {at(3)}")
    status, [said] = verify()
    assert status == 1
    assert f"({COMPANY}), entry {'3' if position == '9' else '1'} " in said


def test_log_02_an_entry_moved_to_another_company_is_named_in_both(proved):
    behind_the_back(f"UPDATE core_journalentry SET company = '{OTHER}' {at(3)}")
    status, said = verify()
    assert status == 1
    assert [line.partition(" (before")[0] for line in said] == [
        f"BROKEN société 73282932000074 ({COMPANY}), entry 3",
        f"BROKEN company {OTHER}, entry 2",
    ]


@pytest.mark.parametrize(("position", "where"), [(1, "before"), (3, "before"), (6, "after")])
def test_log_02_a_removed_entry_is_named(proved, position, where):
    behind_the_back(f"DELETE FROM core_journalentry {at(position)}")
    status, [said] = verify()
    assert status == 1
    assert f"{COMPANY}" in said
    assert f", entry {position} ({where} 2026-11-" in said
    assert "missing" in said


def test_log_02_an_inserted_entry_is_named(proved):
    behind_the_back(
        f"UPDATE core_journalentry SET position = position + 100 WHERE company = '{COMPANY}' AND position > 3",
        f"UPDATE core_journalentry SET position = position - 99 WHERE company = '{COMPANY}' AND position > 100",
    )
    before = JournalEntry.objects.get(company=COMPANY, position=3)
    forged = JournalEntry(
        company=COMPANY, position=4, event="account.opened", at=before.at, previous_hash=before.entry_hash
    )
    forged.entry_hash = chain_hash(forged)
    forged.save(force_insert=True)

    status, [said] = verify()
    assert status == 1
    assert f"({COMPANY}), entry 4 " in said
    assert "not the entry that was anchored, anchored on 2026-11-27" in said


def test_log_02_an_entry_added_behind_the_head_is_named(proved):
    last = JournalEntry.objects.get(company=COMPANY, position=6)
    forged = JournalEntry(company=COMPANY, position=7, event="x", at=last.at, previous_hash=last.entry_hash)
    forged.entry_hash = chain_hash(forged)
    forged.save(force_insert=True)

    assert "entry 7 (2026-11-29 12:00:00 UTC): it stands behind the head of its chain" in verify()[1][0]


def test_log_02_a_tail_cut_together_with_its_head_is_named(proved):
    behind_the_back(f"DELETE FROM core_journalentry WHERE company = '{COMPANY}' AND position > 4")
    write_again(length=4)
    assert journal.verify(COMPANY) == 4

    status, [said] = verify()
    assert status == 1
    assert f"({COMPANY}), entry 5 (after 2026-11-27 12:00:00 UTC): it is missing" in said
    assert said.endswith("anchored on 2026-11-28")


def test_log_02_a_tail_written_again_with_every_hash_is_named(proved):
    behind_the_back(f"UPDATE core_journalentry SET event = 'account.signed_in' {at(5)}")
    write_again(length=6)
    assert journal.verify(COMPANY) == 6

    status, [said] = verify()
    assert status == 1
    assert f"({COMPANY}), entry 5 " in said
    assert said.endswith("anchored on 2026-11-28")


def test_log_02_between_two_anchors_the_entries_in_doubt_are_named(proved, path):
    day = NOON + 6 * DAY
    for number in range(3):
        record(day, tries=number)
    anchors.write_if_due(path, now=day)
    behind_the_back(f"UPDATE core_journalentry SET event = 'account.signed_in' {at(8)}")
    write_again(length=9)

    assert f"({COMPANY}), entries 7 to 9 (2026-11-30" in verify(day)[1][0]


def test_log_02_a_cut_that_was_anchored_since_still_shows(proved, path):
    behind_the_back(f"DELETE FROM core_journalentry WHERE company = '{COMPANY}' AND position > 4")
    write_again(length=4)
    day = NOON + 6 * DAY
    anchors.write_if_due(path, now=day)
    assert "entry 5 " in verify(day)[1][0]

    for _ in range(3):
        record(day)
    anchors.write_if_due(path, now=day + DAY)
    assert "not the entry that was anchored, anchored on 2026-11-28" in verify(day + DAY)[1][0]


def test_log_02_a_head_written_again_and_anchored_since_still_shows(proved, path):
    behind_the_back(f"UPDATE core_journalentry SET event = 'account.signed_in' {at(6)}")
    write_again(length=6)
    day = NOON + 6 * DAY
    assert anchors.write_if_due(path, now=day).heads[COMPANY][0] == 6

    assert "entry 6 " in verify(day)[1][0]
    assert verify(day)[1][0].endswith("anchored on 2026-11-29")


def test_log_02_a_chain_that_vanished_is_named(proved):
    behind_the_back(f"DELETE FROM core_journalentry WHERE company = '{COMPANY}'")
    status, [said] = verify()
    assert (status, f"company {COMPANY}, entry 1: it is missing" in said) == (1, True)

    behind_the_back(f"DELETE FROM core_journalchain WHERE company = '{COMPANY}'")
    status, [said] = verify()
    assert (status, f"company {COMPANY}, entry 1: it is missing" in said) == (1, True)


def test_log_02_a_chain_without_its_head_row_is_named(proved):
    behind_the_back(f"DELETE FROM core_journalchain WHERE company = '{COMPANY}'")
    assert "entry 1 (2026-11-24 12:00:00 UTC): the chain has no head" in verify()[1][0]


def test_log_02_a_head_that_is_not_the_last_entry_s_is_named(proved):
    behind_the_back(f"UPDATE core_journalchain SET head_hash = '{'a' * 64}' WHERE company = '{COMPANY}'")
    assert "entry 6 (2026-11-29 12:00:00 UTC): the head of the chain is not its hash" in verify()[1][0]


def test_every_broken_chain_has_its_line(proved):
    behind_the_back("UPDATE core_journalentry SET event = 'account.opened' WHERE position = 1")
    status, said = verify()
    assert (status, len(said)) == (1, 2)


def test_a_date_that_is_no_date_does_not_silence_the_proof(proved):
    behind_the_back(f"UPDATE core_journalentry SET at = 'infinity' {at(3)}")
    with pytest.raises(CommandError, match="altered"):
        call_command("verify_journal")


# --- The file -------------------------------------------------------------------------------------------------------


def lines(path):
    return path.read_text().splitlines(keepends=True)


def forge(line, **changes):
    """The line with other words and its own right hash, as somebody with the file would write it."""
    content = json.loads(line)
    content.pop("hash")
    return anchors._raw(content | changes) + "\n"


def test_the_file_tells_the_heads_that_moved_and_a_digest_over_all(proved, path):
    first, second = (json.loads(line) for line in lines(path)[:2])
    assert set(first["heads"]) == {str(COMPANY), str(OTHER)}
    assert list(second["heads"]) == [str(COMPANY)]
    assert second["heads"][str(COMPANY)][0] == 2
    assert (first["previous"], second["previous"]) == (START, first["hash"])
    assert first["digest"] != second["digest"]


@pytest.mark.parametrize("number", range(1, 7))
def test_log_02_a_line_of_the_file_that_was_changed_is_named(proved, path, number):
    kept = lines(path)
    kept[number - 1] = kept[number - 1].replace('"number":', '"number":1')
    path.write_text("".join(kept))
    status, said = verify()
    assert status == 1
    assert any(line.startswith(f"BROKEN {path}, line {number}: it is not what was written") for line in said)


@pytest.mark.parametrize("number", range(1, 6))
def test_log_02_a_line_of_the_file_that_was_removed_is_named(proved, path, number):
    kept = lines(path)
    del kept[number - 1]
    path.write_text("".join(kept))
    status, said = verify()
    assert status == 1
    assert f"BROKEN {path}, line {number}: it does not continue the line before it" in said


@pytest.mark.parametrize("number", range(1, 6))
def test_log_02_a_line_forged_with_its_own_hash_is_named_by_the_next_one(proved, path, number):
    kept = lines(path)
    kept[number - 1] = forge(kept[number - 1], heads={})
    path.write_text("".join(kept))
    status, said = verify()
    assert status == 1
    assert f"BROKEN {path}, line {number + 1}: it does not continue the line before it" in said


def test_log_02_a_last_line_forged_without_its_heads_does_not_fit_its_digest(proved, path):
    kept = lines(path)
    kept[-1] = forge(kept[-1], heads={})
    path.write_text("".join(kept))
    assert f"BROKEN {path}, line 6: its digest is not that of the heads" in verify()[1]


@pytest.mark.parametrize("line", ["[]", "3", "null", "{}", "é", '{"hash": 1}', '{"a":' * 5000, "x"])
def test_log_02_whatever_stands_in_a_line_it_is_named(proved, path, line):
    path.write_text("".join([*lines(path), f"{line}\n"]))
    status, said = verify()
    assert (status, f"BROKEN {path}, line 7: it is not what was written" in said) == (1, True)


def test_log_02_a_file_that_vanished_is_a_fault_once_the_journal_is_two_days_old(proved, path):
    path.unlink()
    status, [said] = verify()
    assert status == 1
    assert "no anchor at all, while the journal goes back to 2026-11-24" in said
    assert verify(NOON + timedelta(hours=47))[0] == 0


def test_an_anchor_missing_for_more_than_two_days_is_a_warning(proved, path):
    assert verify(NOON + 7 * DAY) == (0, [])
    status, [said] = verify(NOON + 7 * DAY + timedelta(seconds=1))
    assert (status, said.startswith(f"WARNING {path}, the last anchor is of 2026-11-29")) == (0, True)
    anchors.write_if_due(path, now=NOON + 9 * DAY)
    status, [said] = verify(NOON + 9 * DAY)
    assert (status, "no anchor was written between 2026-11-29 and 2026-12-03" in said) == (0, True)


def test_one_line_a_day_and_for_its_owner_s_eyes_only(db, path):
    record(NOON)
    assert anchors.write_if_due(path, now=NOON) is not None
    assert anchors.write_if_due(path, now=NOON + timedelta(hours=11, minutes=59)) is None
    assert anchors.write_if_due(path, now=NOON + timedelta(hours=12)) is not None
    assert len(lines(path)) == 2
    assert stat.S_IMODE(path.stat().st_mode) == 0o600


def test_an_empty_journal_is_whole(db, path):
    assert verify() == (0, [])
    anchors.write_if_due(path, now=NOON)
    assert verify(NOON + DAY) == (0, [])


@pytest.mark.parametrize("kept", [1, 10, 150])
def test_a_line_torn_by_a_crash_counts_for_nothing_and_stops_nothing(proved, path, kept):
    torn = f"WARNING {path}, line 7: its writing was interrupted; it counts for nothing"
    path.write_text(path.read_text() + lines(path)[5][:kept])
    assert verify() == (0, [torn])

    anchors.write_if_due(path, now=NOON + 6 * DAY)

    assert verify(NOON + 6 * DAY) == (0, [torn])
    assert len(lines(path)) == 8


def test_a_line_that_lacks_only_its_end_counts(proved, path):
    path.write_text(path.read_text().rstrip())
    assert verify() == (0, [])
    anchors.write_if_due(path, now=NOON + 6 * DAY)
    assert verify(NOON + 6 * DAY) == (0, [])
    assert len(lines(path)) == 7


def test_a_full_disk_leaves_the_file_as_it_was_is_told_and_made_up_for(proved, path, caplog):
    resource = pytest.importorskip("resource")
    before = path.read_bytes()
    limits = resource.getrlimit(resource.RLIMIT_FSIZE)
    with time_machine.travel(NOON + 6 * DAY, tick=False):
        # Files may grow by 40 bytes more, as on a disk with 40 bytes left; the kernel answers with an error.
        resource.setrlimit(resource.RLIMIT_FSIZE, (len(before) + 40, limits[1]))
        try:
            with pytest.raises(OSError):
                tasks.anchor_journal()
        finally:
            resource.setrlimit(resource.RLIMIT_FSIZE, limits)
        assert path.read_bytes() == before
        assert "the journal is not anchored" in caplog.text
        tasks.anchor_journal()
    assert len(lines(path)) == 7
    assert verify(NOON + 6 * DAY) == (0, [])


def test_a_folder_that_is_not_there_is_told(db, tmp_path, settings, caplog):
    settings.JOURNAL_ANCHOR = tmp_path / "nowhere" / "journal.anchors"
    with pytest.raises(FileNotFoundError):
        tasks.anchor_journal()
    assert "the journal is not anchored" in caplog.text


def test_anchors_that_cannot_be_read_are_told(db, tmp_path, settings):
    settings.JOURNAL_ANCHOR = tmp_path
    with pytest.raises(CommandError, match="cannot be read"):
        call_command("verify_journal", anchor=tmp_path)


WRITER = """
import sys, django
from datetime import datetime, timedelta
from pathlib import Path
django.setup()
from backoffice.core import anchors
for day in range(30):
    anchors.write_if_due(Path(sys.argv[1]), now=datetime.fromisoformat(sys.argv[2]) + timedelta(days=day))
"""


def test_several_processes_write_each_day_once(db, path):
    tables = urlsplit(os.environ["DATABASE_URL"])._replace(path=f"/{connection.settings_dict['NAME']}").geturl()
    writers = [
        subprocess.Popen(
            [sys.executable, "-c", WRITER, path, NOON.isoformat()],
            env=os.environ | {"BACKOFFICE_MODE": "test", "DATABASE_URL": tables},
            stderr=subprocess.PIPE,
        )
        for _ in range(4)
    ]
    for writer in writers:
        _, said = writer.communicate(timeout=60)
        assert writer.returncode == 0, said
    found = anchors.read(path)
    assert (found.count, found.faults, found.warnings) == (30, [], [])
    assert len(lines(path)) == 30
