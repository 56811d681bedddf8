"""One run of the demo: what starts in which order, what is said meanwhile, and how it all ends."""

import os
import signal
import socket
import subprocess
import sys
import time
from collections.abc import Callable
from dataclasses import dataclass, field
from datetime import UTC, datetime
from pathlib import Path
from types import FrameType

import psycopg
from django.conf import settings

from backoffice.core import embedded, pdf, startup
from backoffice.demo import authority
from backoffice.demo.folder import DataFolder
from backoffice.demo.processes import Processes
from backoffice.demo.refusal import DemoRefused

HOST = "127.0.0.1"
# The name under which the sample shop answers on https; our guard finds it through the demo's own resolver entry.
SHOP_NAME = "fromagerie.example"
# The second merchant's server: a name that resolves here and where nobody answers, so that its calls fail for real.
ABSENT_NAME = "librairie.example"
READY_WITHIN_SECONDS = 40
LAST_PORT = 65536


@dataclass
class Demo:
    """Where it listens, where its data lives, and the processes it started."""

    folder: Path
    port: int
    shop_port: int
    say: Callable[[str], None]
    database: embedded.EmbeddedServer | None = None
    is_stopping: bool = False
    is_holding: bool = False
    started_at: datetime = field(default_factory=lambda: datetime.now(UTC))

    def __post_init__(self) -> None:
        self.kept = DataFolder(self.folder)
        self.processes = Processes(logs=self.kept.logs)

    @property
    def tls_port(self) -> int:
        return self.shop_port + 1

    @property
    def base_url(self) -> str:
        return f"http://{HOST}:{self.port}"

    @property
    def shop_url(self) -> str:
        return f"http://{HOST}:{self.shop_port}"

    def run(self) -> int:
        """Start everything, serve until a signal or the end of one process, end everything; return the exit code."""
        for number in (signal.SIGINT, signal.SIGTERM, signal.SIGHUP):
            signal.signal(number, self._ask_to_stop)
        try:
            return self._serve()
        except _StopAsked:
            return 0
        finally:
            self._end()

    def _serve(self) -> int:
        self._refuse_ports()
        self.kept.open()
        if missing := pdf.missing_packages():
            self.say(f"Sans PDF : installez ce qui manque avec « apt-get install {' '.join(missing)} », puis relancez.")
        self.say("Base de données…")
        keys = self.kept.keys()
        environment = self._environment(keys, database=self._start_database())
        self.say("Tables, fichiers statiques et données de démonstration…")
        people = self._prepare(environment)
        self.say("Boutique d’exemple, tâches de fond et pages web…")
        self.processes.start("boutique", self._shop_command(), environment)
        self.processes.start("taches", [sys.executable, "manage.py", "worker"], environment)
        self.processes.start("web", self._web_command(), environment)
        self._wait_until_ready()
        self.say(self._welcome(people))
        return self._watch()

    # --- Before anything starts ------------------------------------------------------------------------------

    def _refuse_ports(self) -> None:
        wanted = (("--port", self.port), ("--shop-port", self.shop_port), ("--shop-port", self.tls_port))
        if not all(0 < port < LAST_PORT for _, port in wanted):
            raise DemoRefused(f"Un port va de 1 à {LAST_PORT - 1} : choisissez-en d’autres avec --port et --shop-port.")
        if len({port for _, port in wanted}) < len(wanted):
            raise DemoRefused(
                "La boutique d’exemple occupe deux ports qui se suivent : choisissez-la plus loin avec --shop-port."
            )
        for option, port in wanted:
            _refuse_port(port, option)

    def _start_database(self) -> str:
        # A signal waits until the server is ours to stop: raised in between, it would leave it running.
        self.is_holding = True
        try:
            self.database = embedded.start(self.folder / "postgres")
        except embedded.DatabaseFolderBroken as error:
            if self.is_stopping:  # the same Ctrl-C also reached the server that was starting
                raise _StopAsked from None
            raise DemoRefused(
                f"La base de données du dossier {self.folder} ne démarre pas ({error.reason}) : relancez avec --reset "
                "pour repartir de données neuves, ou indiquez un autre dossier avec --data."
            ) from None
        finally:
            self.is_holding = False
        if self.is_stopping:
            raise _StopAsked
        return self.database.address

    # --- Processes -------------------------------------------------------------------------------------------

    def _environment(self, keys: dict[str, str], *, database: str) -> dict[str, str]:
        return (
            os.environ
            | keys
            | {
                "BACKOFFICE_MODE": startup.DEMO,
                "DJANGO_SETTINGS_MODULE": "backoffice.settings",
                "PYTHONUNBUFFERED": "1",
                "DATABASE_URL": database,
                "DEMO_DATA": str(self.folder),
                "JOURNAL_ANCHOR": str(self.folder / "journal.ancres"),
                "STATIC_ROOT": str(self.folder / "statiques"),
                "BASE_URL": self.base_url,
                "ALLOWED_HOSTS": f"{HOST},localhost",
                "ACQUIRER": startup.SIMULATOR,
                "OUTBOUND_ALLOW_LIST": f"{HOST}:{self.shop_port},{SHOP_NAME}:{self.tls_port},{ABSENT_NAME}:443",
                "OUTBOUND_RESOLVER": f"{SHOP_NAME}={HOST},{ABSENT_NAME}={HOST}",
                "OUTBOUND_EXTRA_AUTHORITY": str(self._papers().authority),
            }
        )

    def _papers(self) -> authority.Papers:
        return authority.ensure_papers(self.folder / "autorite", host=SHOP_NAME, now=datetime.now(UTC))

    def _prepare(self, environment: dict[str, str]) -> list[str]:
        """Migrate, collect, create or refresh the demo's data; return the lines about its people."""
        command = [sys.executable, "manage.py", "prepare_demo", "--shop-url", self.shop_url]
        done = subprocess.run(
            command, env=environment, cwd=settings.BASE_DIR, capture_output=True, text=True, check=False
        )
        if done.returncode != 0:
            (self.kept.logs / "preparation.log").write_text(done.stdout + done.stderr)
            raise DemoRefused(
                f"Les données du dossier {self.folder} ne sont pas utilisables : relancez avec --reset pour partir de "
                f"données neuves (détail dans {self.kept.logs / 'preparation.log'})."
            )
        return done.stdout.splitlines()

    def _shop_command(self) -> list[str]:
        papers = self._papers()
        return [
            sys.executable, "-m", "backoffice.demo.sample_shop",
            "--port", str(self.shop_port), "--tls-port", str(self.tls_port),
            "--certificate", str(papers.certificate), "--key", str(papers.key),
            "--platform", self.base_url, "--data", str(self.folder / "boutique"),
        ]  # fmt: skip

    def _web_command(self) -> list[str]:
        return [
            sys.executable, "-m", "gunicorn", "backoffice.wsgi:application", "--bind", f"{HOST}:{self.port}",
            "--worker-class", "gthread", "--workers", "2", "--threads", "24", "--graceful-timeout", "5",
            "--limit-request-line", "8190", "--no-control-socket", "--log-level", "warning",
        ]  # fmt: skip

    def _wait_until_ready(self) -> None:
        deadline = time.monotonic() + READY_WITHIN_SECONDS
        waited_for = {f"Le port {port}": _port_answers(port) for port in (self.port, self.shop_port, self.tls_port)}
        waited_for["Le programme des tâches de fond"] = self._worker_works
        for name, is_ready in waited_for.items():
            while not is_ready():
                self.processes.refuse_dead()
                if time.monotonic() > deadline:
                    raise DemoRefused(f"{name} ne répond pas : lisez {self.kept.logs}.")
                time.sleep(0.05)

    def _worker_works(self) -> bool:
        if self.database is None:
            return False
        with psycopg.connect(self.database.address) as connection:
            found = connection.execute(
                "SELECT 1 FROM procrastinate_workers WHERE last_heartbeat > %s", [self.started_at]
            )
            return found.fetchone() is not None

    def _watch(self) -> int:
        while True:
            self.processes.refuse_dead()
            time.sleep(0.5)

    # --- The end ---------------------------------------------------------------------------------------------

    def _ask_to_stop(self, number: int, frame: FrameType | None) -> None:
        is_first, self.is_stopping = not self.is_stopping, True
        if is_first and not self.is_holding:
            raise _StopAsked

    def _end(self) -> None:
        self.is_stopping = True
        if self.processes.are_started:
            self.say("Arrêt…")
        self.processes.end()
        if self.database is not None:
            self.database.stop()
        self.kept.close()

    def _welcome(self, people: list[str]) -> str:
        return "\n".join(
            [
                "",
                f"Outil de gestion de caisse   {self.base_url}/",
                f"Boutique d’exemple           {self.shop_url}/",
                f"Courriels envoyés            {self.base_url}/demo/courriels/",
                f"Codes à usage unique         {self.base_url}/demo/codes/",
                "",
                *people,
                "",
                "Ctrl-C arrête tout ; la même commande reprend où vous en étiez.",
            ]
        )


class _StopAsked(BaseException):
    """Raised out of whatever the launcher is doing when a signal asks it to stop."""


def _refuse_port(port: int, option: str) -> None:
    with socket.socket() as probe:
        probe.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
        try:
            probe.bind((HOST, port))
        except PermissionError:
            raise DemoRefused(
                f"Le port {port} est réservé à l’administrateur : choisissez-en un plus grand que 1023 avec {option}."
            ) from None
        except OSError:
            raise DemoRefused(
                f"Le port {port} est déjà utilisé : arrêtez le programme qui l’occupe, ou choisissez un autre port "
                f"avec {option}."
            ) from None


def _port_answers(port: int) -> Callable[[], bool]:
    def answers() -> bool:
        with socket.socket() as probe:
            probe.settimeout(1)
            return probe.connect_ex((HOST, port)) == 0

    return answers
