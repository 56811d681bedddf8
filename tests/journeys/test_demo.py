"""The demo starts in one command, says in one line what is in its way, and ends cleanly whatever ends it."""

import os
import shutil
import signal
import socket
import subprocess
import time

import psutil
import pytest

from tests.journeys import demo as running

pytestmark = pytest.mark.xdist_group("demo")


def has_ended(process):
    """Gone, or waiting for a parent of this machine to take note of it."""
    return not process.is_running() or process.status() == psutil.STATUS_ZOMBIE


def refusal(folder, *, port, shop_port, more=()):
    """Start a demo that cannot start; return what it printed."""
    done = subprocess.run(
        running.command(folder, port=port, shop_port=shop_port, more=more),
        cwd=running.ROOT,
        env=running.environment(),
        capture_output=True,
        text=True,
        timeout=40,
        check=False,
    )
    assert done.returncode != 0
    assert "Traceback" not in done.stdout + done.stderr
    return done.stderr.strip()


def test_a_port_in_use_is_said_in_one_line_with_the_option_to_change_it(tmp_path):
    port, shop_port = running.free_ports()
    with socket.socket() as taken:
        taken.bind(("127.0.0.1", port))
        taken.listen()
        said = refusal(tmp_path / "data", port=port, shop_port=shop_port)
    assert said.count("\n") == 0
    assert str(port) in said
    assert "--port" in said


def test_a_folder_that_holds_something_else_is_left_alone_even_by_reset(tmp_path):
    port, shop_port = running.free_ports()
    (tmp_path / "lettre.txt").write_text("Chère Claire")
    for more in ((), ("--reset",)):
        said = refusal(tmp_path, port=port, shop_port=shop_port, more=more)
        assert str(tmp_path) in said
    assert (tmp_path / "lettre.txt").read_text() == "Chère Claire"


def test_a_second_demo_on_the_same_folder_is_refused_in_one_line(demo):
    port, shop_port = running.free_ports()
    for more in ((), ("--reset",)):
        assert str(demo.folder) in refusal(demo.folder, port=port, shop_port=shop_port, more=more)
    assert demo.process.poll() is None


def test_a_broken_data_folder_is_said_in_one_line_and_reset_starts_afresh(demo_folder):
    folder = demo_folder.parent / "broken"
    (folder / "postgres").mkdir(parents=True)
    (folder / "demo.json").touch()
    (folder / "postgres" / "PG_VERSION").write_text("18\n")
    port, shop_port = running.free_ports()
    said = refusal(folder, port=port, shop_port=shop_port)
    assert "--reset" in said.splitlines()[-1]
    assert str(folder) in said


@pytest.mark.parametrize("ending", [signal.SIGINT, signal.SIGTERM, signal.SIGKILL])
def test_every_process_ends_within_ten_seconds_and_the_next_start_goes_on(demo_folder, ending):
    folder = demo_folder.parent / "restarted"
    ports = running.free_ports()
    first = running.start(folder, ports=ports)
    family = psutil.Process(first.process.pid).children(recursive=True)
    postmaster = psutil.Process(int((folder / "postgres" / "postmaster.pid").read_text().splitlines()[0]))
    assert len(family) >= 4

    started = time.monotonic()
    os.kill(first.process.pid, ending)
    first.process.wait(running.STOP_WITHIN_SECONDS)
    first.process.stdout.close()
    _, alive = psutil.wait_procs(family, timeout=running.STOP_WITHIN_SECONDS - (time.monotonic() - started))

    assert not alive
    if ending != signal.SIGKILL:  # nothing can be run after kill -9: the next start takes the database over
        assert has_ended(postmaster)
    second = running.start(folder, ports=ports)
    assert second.temporary_password == first.temporary_password
    second.stop()
    assert has_ended(postmaster)
    if ending == signal.SIGKILL:
        shutil.rmtree(folder)
