"""A print is asked for once, made by a worker in turn, sealed on both sides, and gone after a quarter of an hour."""

import asyncio
import logging
import os
import signal
import subprocess
import sys
import threading
import time
import uuid
from datetime import timedelta
from io import BytesIO
from pathlib import Path
from urllib.parse import urlsplit, urlunsplit

import pytest
from asgiref.sync import async_to_sync
from django.apps import apps
from django.db import IntegrityError, connection, connections, transaction
from django.utils import timezone
from procrastinate.contrib.django import app
from pypdf import PdfReader

from backoffice.core import prints, vault
from backoffice.core.models import Print, PrintState
from backoffice.core.models.prints import LEASE, LIFE, MOST_ATTEMPTS, PRINT_MOVES
from backoffice.core.moves import IllegalMove
from tests.core.printing import ENDLESS, GOOD, PrintFactory, library, page

__all__ = ["library", "page"]

ROOT = Path(__file__).parents[2]
SOMEBODY, SOMEBODY_ELSE = uuid.UUID(int=1), uuid.UUID(int=2)
CODE = "739158"
VERBS = {
    "start": (lambda one, at: one.start(at=at), PrintState.RENDERING),
    "give_back": (lambda one, at: one.give_back(at=at), PrintState.QUEUED),
    "finish": (lambda one, at: one.finish(content=b"%PDF-", at=at), PrintState.DONE),
    "fail": (lambda one, at: one.fail(at=at), PrintState.FAILED),
    "give_up": (lambda one, at: one.give_up(missing=["libpangoft2-1.0-0"], at=at), PrintState.UNAVAILABLE),
}


def ask(paper, *, now, by=SOMEBODY):
    return prints.ask(paper, by=by, back="/", now=now)


def make_due():
    async_to_sync(prints.make_due)(clock=timezone.now)


# --- The states ------------------------------------------------------------------------------------------------
@pytest.mark.parametrize("state", PrintState)
@pytest.mark.parametrize("verb", VERBS)
def test_each_move_is_made_from_the_states_of_the_table_alone(db, now, state, verb):
    asked = PrintFactory(state=state)
    move, target = VERBS[verb]
    if target in PRINT_MOVES[state]:
        move(asked, now)
        asked.save()
        assert Print.objects.get().state == target
    else:
        with pytest.raises(IllegalMove):
            move(asked, now)
        assert asked.state == state


def test_what_a_print_was_made_from_is_gone_once_it_has_ended(db):
    for state in (PrintState.DONE, PrintState.FAILED, PrintState.UNAVAILABLE):
        assert PrintFactory(state=state).sealed_html == ""
    assert PrintFactory(done=True).pdf() == b"%PDF-1.7 made"


@pytest.mark.parametrize("state", PrintState)
@pytest.mark.parametrize(
    ("column", "value"),
    [("sealed_html", ""), ("sealed_html", "clear"), ("sealed_pdf", "clear"), ("ended_at", None), ("missing", "x")],
)
def test_postgresql_refuses_a_print_that_holds_what_its_state_does_not_say(db, state, column, value):
    asked = PrintFactory(state=state)
    if getattr(asked, column) == value or (state == PrintState.UNAVAILABLE and column == "missing"):
        value = {"sealed_html": "v1.x.y", "missing": "", "ended_at": timezone.now()}[column]
    with pytest.raises(IntegrityError, match="print_holds_what_its_state_says"), transaction.atomic():
        Print.objects.update(**{column: value})


def test_a_document_that_takes_its_workers_with_it_is_given_up_after_the_third(db, now):
    PrintFactory(asked_at=now - timedelta(minutes=5))
    for attempt in range(MOST_ATTEMPTS):
        at = now + attempt * LEASE
        claimed = prints._claim_next(now=at)
        assert claimed.is_rendering
        assert claimed.attempts == attempt + 1
        assert prints._claim_next(now=at + LEASE / 2) is None
    prints._claim_next(now=now + MOST_ATTEMPTS * LEASE)
    assert Print.objects.get().state == PrintState.FAILED


# --- Asking ----------------------------------------------------------------------------------------------------
def test_a_double_click_finds_the_print_that_is_there(page, db, now, run_jobs):
    paper = page(GOOD)
    first = ask(paper, now=now)
    assert ask(paper, now=now) == first
    assert run_jobs() == [prints.JOB]
    assert ask(paper, now=now + timedelta(minutes=1)) == first
    assert Print.objects.get().is_done
    assert run_jobs() == []
    nearly = now + LIFE - timedelta(seconds=1)
    assert ask(paper, now=nearly) == first
    assert Print.objects.get().expires_at == nearly + LIFE, "what is asked for is not about to go"


def test_another_person_another_document_and_another_quarter_of_an_hour_are_other_prints(page, db, now):
    paper = page(GOOD)
    asked = [
        ask(paper, now=now),
        ask(paper, now=now, by=SOMEBODY_ELSE),
        ask(page(GOOD.replace("Bonjour", "Bonsoir")), now=now),
        ask(paper, now=now + LIFE),
    ]
    assert len({one.public_id for one in asked}) == 4
    assert not Print.objects.filter(pk=asked[0].pk).exists()


@pytest.mark.parametrize("state", [PrintState.FAILED, PrintState.UNAVAILABLE])
def test_what_could_not_be_made_is_made_anew_when_it_is_asked_for_again(page, db, now, state):
    first = ask(page(GOOD), now=now)
    first = Print.objects.get(public_id=first.public_id)
    first.start(at=now)
    VERBS["fail" if state == PrintState.FAILED else "give_up"][0](first, now)
    first.save()
    again = prints.ask(page(GOOD), by=SOMEBODY, back="/", now=now)
    assert again.public_id != first.public_id


@pytest.mark.django_db(transaction=True)
def test_two_clicks_at_the_same_moment_make_one_print_and_one_job(page, now):
    paper, gate, found = page(GOOD), threading.Barrier(4), []

    def click():
        try:
            gate.wait(5)
            found.append(ask(paper, now=now).public_id)
        finally:
            connections.close_all()

    threads = [threading.Thread(target=click) for _ in range(4)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join(10)
    assert len(found) == 4
    assert len(set(found)) == 1
    assert deferred() == [prints.JOB]


def test_a_print_whose_transaction_rolls_back_was_never_asked_for(page, db, now):
    with pytest.raises(RuntimeError), transaction.atomic():
        ask(page(GOOD), now=now)
        raise RuntimeError
    assert not Print.objects.exists()
    assert deferred() == []


# --- Making ----------------------------------------------------------------------------------------------------
def test_doc_06_a_code_in_a_document_is_found_nowhere_in_clear_and_the_jobs_hold_ids_only(page, db, now, run_jobs):
    asked = ask(page(GOOD.replace("Bonjour", f"Votre code : {CODE}")), now=now)
    for _ in range(2):  # before it is made, and after
        dump = everything()
        assert str(asked.public_id) in dump
        assert "core.make_prints" in dump
        assert CODE not in dump
        run_jobs()
    made = Print.objects.get()
    assert made.sealed_pdf.startswith("v1.")
    assert CODE in PdfReader(BytesIO(made.pdf())).pages[0].extract_text()


def test_doc_06_the_fingerprint_of_a_document_cannot_be_found_by_trying_every_code(page, db, now, settings):
    first = ask(page(f"{GOOD}{CODE}"), now=now).fingerprint
    settings.SECRET_KEY = "another key, of which whoever has the database knows nothing"
    assert ask(page(f"{GOOD}{CODE}"), now=now).fingerprint != first


def test_a_sealed_document_opens_in_its_own_row_alone(db):
    one, other = PrintFactory(done=True), PrintFactory(done=True)
    other.sealed_pdf = one.sealed_pdf
    with pytest.raises(vault.SealBroken):
        other.pdf()


def test_first_asked_first_made(page, db, now):
    asked = [ask(page(str(number)), now=now + timedelta(seconds=number)) for number in (2, 0, 1)]
    third = Print.objects.get(public_id=asked[0].public_id)
    assert [one.title for one in Print.objects.ahead_of(third, now)] == ["Essai", "Essai"]
    order = []
    while claimed := prints._claim_next(now=now):
        order.append(claimed.html())
    assert order == ["0", "1", "2"]


def test_a_document_that_fails_is_told_and_the_next_one_is_made(page, db, now, library, run_jobs, caplog):
    library()
    bad = ask(page(f"RAISES {CODE}"), now=now)
    good = ask(page("fine"), now=now + timedelta(seconds=1))
    with caplog.at_level(logging.ERROR):
        run_jobs()
    states = {one.public_id: one.state for one in Print.objects.all()}
    assert states == {bad.public_id: PrintState.FAILED, good.public_id: PrintState.DONE}
    assert str(bad.public_id) in caplog.text
    assert CODE not in caplog.text


def test_a_server_without_the_libraries_names_what_to_install(page, db, now, library, run_jobs):
    library("raise OSError('cannot load library libpango-1.0-0')")
    ask(page(GOOD), now=now)
    run_jobs()
    told = Print.objects.get()
    assert told.state == PrintState.UNAVAILABLE
    assert "libpangoft2-1.0-0" in told.missing.split()


def test_an_altered_row_fails_instead_of_staying_where_it_is(db):
    asked, other = PrintFactory(), PrintFactory(done=True)
    Print.objects.filter(pk=asked.pk).update(sealed_html=other.sealed_pdf)
    make_due()
    assert Print.objects.get(pk=asked.pk).state == PrintState.FAILED


def test_doc_06_what_was_forgotten_while_it_was_made_does_not_come_back(db, now):
    claimed = prints._claim_next(now=PrintFactory(asked_at=now).asked_at)
    assert prints.forget_about(claimed.about) == 1
    prints._write_down(claimed, lambda row: row.finish(content=b"%PDF-", at=now))
    assert not Print.objects.exists()


def test_whoever_lost_a_print_to_another_worker_writes_nothing_down(db, now):
    PrintFactory(asked_at=now)
    slow = prints._claim_next(now=now)
    assert prints._claim_next(now=now + LEASE).pk == slow.pk
    prints._write_down(slow, lambda row: row.fail(at=now))
    assert Print.objects.get().is_rendering


def test_a_crowd_of_prints_holds_two_places_and_nobody_is_left_waiting(page, db, library):
    """Twenty jobs at once: all of them but two come back at once, and every print is made."""
    library()
    for number in range(20):
        ask(page(f"{number}"), now=timezone.now())

    async def crowd():
        calls = [asyncio.create_task(prints.make_due(clock=timezone.now)) for _ in range(20)]
        await asyncio.sleep(0)
        assert sum(not one.done() for one in calls) == 2
        await asyncio.wait_for(asyncio.gather(*calls), 30)

    async_to_sync(crowd)()
    assert {one.state for one in Print.objects.all()} == {PrintState.DONE}


def test_a_call_that_comes_after_the_last_look_is_heard(page, db, library, monkeypatch):
    """A print that is asked for when those who make them have just found nothing, and its job finds them at work."""
    library()
    look, late = prints._claim_next, []

    async def called():
        monkeypatch.setattr(prints._hands, "at_work", prints.printers.PLACES)
        await prints.make_due(clock=timezone.now)
        monkeypatch.setattr(prints._hands, "at_work", 1)

    def look_then_be_called(*, now):
        found = look(now=now)
        if found is None and not late:
            late.append(ask(page("late"), now=now))
            asyncio.run_coroutine_threadsafe(called(), loop).result(5)
        return found

    async def work():
        nonlocal loop
        loop = asyncio.get_running_loop()
        await prints.make_due(clock=timezone.now)

    loop = None
    monkeypatch.setattr(prints, "_claim_next", look_then_be_called)
    async_to_sync(work)()
    assert Print.objects.get().is_done


@pytest.mark.django_db(transaction=True)
def test_rel_04_a_worker_that_stops_gives_its_print_back_and_the_next_one_makes_it(page, tmp_path):
    asked = ask(page(ENDLESS), now=timezone.now())
    worker = started_worker(tmp_path)
    try:
        wait_until(lambda: Print.objects.get().is_rendering)
        since = time.monotonic()
        worker.send_signal(signal.SIGTERM)
        assert worker.wait(15) == 0
        assert time.monotonic() - since < 10
    finally:
        worker.kill()
        worker.wait(10)
    back = Print.objects.get()
    assert back.is_queued
    assert back.attempts == 1
    # What was endless is short now: the next worker finds it by its sweep, without a job of its own.
    back.take_in(GOOD)
    back.save()
    make_due()
    assert Print.objects.get(public_id=asked.public_id).is_done


# --- Forgetting ------------------------------------------------------------------------------------------------
def test_a_print_is_forgotten_after_a_quarter_of_an_hour_whatever_its_state(db, now):
    for state in PrintState:
        PrintFactory(state=state, asked_at=now - LIFE)
    young = PrintFactory(done=True, asked_at=now - LIFE + timedelta(seconds=1))
    assert prints.forget(now=now) == len(PrintState)
    assert Print.objects.get() == young


def test_a_print_that_expired_in_the_queue_is_not_made(db, now):
    PrintFactory(asked_at=now - LIFE)
    assert prints._claim_next(now=now) is None


def test_the_periodic_jobs_make_what_was_left_and_forget_what_is_over():
    marks = {one.task.name: one.cron for one in app.periodic_registry.periodic_tasks.values()}
    assert marks["core.sweep_prints"] == "* * * * * */15"
    assert marks["core.forget_prints"] == "* * * * * 0"


def everything():
    """Every row of the house, jobs included, as text."""
    tables = {model._meta.db_table for model in apps.get_models()}
    with connection.cursor() as cursor:
        parts = []
        for table in sorted(tables):
            cursor.execute(f"SELECT coalesce(string_agg(t::text, E'\\n'), '') FROM {table} t")
            parts.append(cursor.fetchone()[0])
    return "\n".join(parts)


def deferred():
    with connection.cursor() as cursor:
        cursor.execute("SELECT task_name FROM procrastinate_jobs ORDER BY id")
        return [row[0] for row in cursor.fetchall()]


def started_worker(folder):
    parts = urlsplit(os.environ["DATABASE_URL"])
    address = urlunsplit(parts._replace(path=f"/{connection.settings_dict['NAME']}"))
    with (folder / "worker.log").open("wb") as log:
        return subprocess.Popen(
            [sys.executable, "manage.py", "worker"],
            cwd=ROOT,
            env=os.environ | {"BACKOFFICE_MODE": "test", "DATABASE_URL": address},
            stdout=log,
            stderr=log,
        )


def wait_until(condition):
    deadline = time.monotonic() + 30
    while not condition():
        assert time.monotonic() < deadline
        time.sleep(0.05)
