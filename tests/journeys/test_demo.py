"""The demo starts in one command, says in one line what is in its way, and ends cleanly whatever ends it."""

import json
import os
import shutil
import signal
import socket
import subprocess
import time

import psutil
import pytest

from tests.journeys import demo as running

VAULT_KEY = "demo:" + "A" * 42 + "8="
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
    (folder / "cles.json").write_text(
        json.dumps({"SECRET_KEY": "x" * 50, "CODE_PEPPER": "y" * 40, "VAULT_KEYS": VAULT_KEY})
    )
    ports = running.free_ports()
    said = refusal(folder, port=ports[0], shop_port=ports[1])
    assert "La base de données" in said
    assert "--reset" in said
    assert str(folder) in said
    assert said.count("\n") == 0

    running.start(folder, ports=ports, more=("--reset",)).stop()


@pytest.mark.parametrize(
    ("port", "shop_port", "said"),
    [
        (99999, 8101, "65535"),
        (0, 8101, "65535"),
        (8101, 65535, "65535"),
        (8101, 8101, "--shop-port"),
        (8102, 8101, "--shop-port"),
    ],
)
def test_ports_that_cannot_be_are_said_in_one_line(tmp_path, port, shop_port, said):
    refused = refusal(tmp_path / "data", port=port, shop_port=shop_port)
    assert refused.count("\n") == 0
    assert said in refused


@pytest.mark.parametrize("more", [(), ("--reset",)])
def test_a_file_given_as_data_folder_is_said_in_one_line_and_kept(tmp_path, more):
    file = tmp_path / "lettre.txt"
    file.write_text("Chère Claire")
    port, shop_port = running.free_ports()
    assert str(file) in refusal(file, port=port, shop_port=shop_port, more=more)
    assert file.read_text() == "Chère Claire"


@pytest.mark.parametrize("keys", ["", "{", None])
def test_lost_or_unreadable_keys_are_said_in_one_line_and_never_drawn_again_over_data(demo_folder, keys):
    folder = demo_folder.parent / f"keys-{keys!r}".replace("'", "").replace("{", "half")
    (folder / "postgres").mkdir(parents=True)
    (folder / "demo.json").touch()
    if keys is not None:
        (folder / "cles.json").write_text(keys)
    port, shop_port = running.free_ports()
    said = refusal(folder, port=port, shop_port=shop_port)
    assert "--reset" in said
    assert said.count("\n") == 0
    assert (folder / "cles.json").exists() is (keys is not None)


@pytest.mark.parametrize(
    ("sign", "seconds_later"),
    [
        ("cles.json", 0.0),
        ("postgres/PG_VERSION", 0.0),
        *(("postgres/postmaster.pid", later) for later in (0.0, 0.3, 0.5, 0.6, 0.7, 0.9)),
        ("statiques", 0.0),
        ("contrat-papier.pdf", 0.0),
    ],
)
def test_a_signal_during_the_start_leaves_nothing_running(demo_folder, sign, seconds_later):
    folder = demo_folder.parent / f"cut-{sign.replace('/', '-')}-{seconds_later}"
    port, shop_port = running.free_ports()
    process = subprocess.Popen(
        running.command(folder, port=port, shop_port=shop_port),
        cwd=running.ROOT,
        env=running.environment(),
        stdout=subprocess.PIPE,
        stderr=subprocess.STDOUT,
        text=True,
    )
    deadline = time.monotonic() + running.START_WITHIN_SECONDS
    while not (folder / sign).exists():
        assert time.monotonic() < deadline
        time.sleep(0.002)
    time.sleep(seconds_later)
    process.send_signal(signal.SIGTERM)
    rest, _ = process.communicate(timeout=running.STOP_WITHIN_SECONDS)

    assert "Traceback" not in rest
    assert [one for one in psutil.process_iter(["cmdline"]) if names(one, folder)] == []


def names(process, folder):
    """Whether a living process was started on that folder."""
    return str(folder) in " ".join(process.info["cmdline"] or ()) and not has_ended(process)


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
