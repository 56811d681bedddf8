"""A house of production settings for the benchmarks: PostgreSQL and the gunicorn of the README, on 127.0.0.1 alone."""

import base64
import http.client
import json
import os
import re
import secrets
import shlex
import shutil
import signal
import subprocess
import sys
import tempfile
import time
import urllib.parse
from contextlib import contextmanager
from dataclasses import dataclass, field
from http.cookies import SimpleCookie
from pathlib import Path

import psutil

from tests.journeys.demo import ROOT, free_ports

READY_WITHIN_SECONDS = 30


@dataclass
class House:
    port: int
    process: psutil.Process

    def cpu(self) -> float:
        """Seconds of processor that its web processes have used so far."""
        used = (worker.cpu_times() for worker in self.process.children())
        return sum(times.user + times.system for times in used)

    def browser(self, address: str = "") -> "Browser":
        return Browser(self.port, address or documentation_address())


@dataclass
class Answer:
    status: int
    body: bytes
    seconds: float
    location: str = ""


@dataclass
class Browser:
    """One caller behind the trusted proxy: its address, its cookies, and the token of its forms."""

    port: int
    address: str
    cookies: dict[str, str] = field(default_factory=dict)
    token: str = ""

    def get(self, path: str) -> Answer:
        return self._ask("GET", path)

    def post(self, path: str) -> Answer:
        """Press a button of a page that this browser has open."""
        return self._ask("POST", path, urllib.parse.urlencode({"csrfmiddlewaretoken": self.token}))

    def open_door(self) -> "Browser":
        """Load the sign-in page, for its token."""
        return self.open("/connexion/")

    def open(self, path: str) -> "Browser":
        """Load a page with a form, for its token."""
        page = self.get(path).body.decode()
        self.token = re.search(r'name="csrfmiddlewaretoken" value="(\w+)"', page)[1]
        return self

    def sign_in(self, identifier: str, password: str, *, stay: bool = False) -> Answer:
        """Post the sign-in form; without `stay` the next one comes from a browser without a session."""
        form = {"csrfmiddlewaretoken": self.token, "identifier": identifier, "password": password}
        kept = dict(self.cookies)
        answer = self._ask("POST", "/connexion/", urllib.parse.urlencode(form))
        if not stay:
            self.cookies = kept
        return answer

    def _ask(self, method: str, path: str, body: str | None = None) -> Answer:
        connection = http.client.HTTPConnection("127.0.0.1", self.port, timeout=30)
        headers = {
            "X-Forwarded-For": self.address,
            "X-Forwarded-Proto": "https",
            "Origin": f"https://127.0.0.1:{self.port}",
            "Cookie": "; ".join(f"{name}={value}" for name, value in self.cookies.items()),
        }
        if body is not None:
            headers["Content-Type"] = "application/x-www-form-urlencoded"
        started = time.perf_counter()
        connection.request(method, path, body, headers)
        answer = connection.getresponse()
        read = answer.read()
        seconds = time.perf_counter() - started
        for line in answer.headers.get_all("Set-Cookie") or []:
            self.cookies |= {name: one.value for name, one in SimpleCookie(line).items()}
        connection.close()
        return Answer(answer.status, read, seconds, answer.headers.get("Location", ""))


def documentation_address() -> str:
    """An address nobody has (2001:db8::/32), drawn so that each is one caller to the throttle."""
    return f"2001:db8:{secrets.randbelow(65536):x}:{secrets.randbelow(65536):x}::1"


@contextmanager
def running():
    """Start everything, set Django up in this process on the same database, and end everything, at SIGTERM too."""
    signal.signal(signal.SIGTERM, lambda *_: sys.exit("ended"))
    folder = Path(tempfile.mkdtemp(prefix="backoffice-bench-"))
    folder.chmod(0o755)
    server = web = None
    try:
        from backoffice.core import embedded

        server = embedded.start(folder / "postgres")
        port, _ = free_ports()
        os.environ.update(_settings(server.address, port=port, folder=folder))
        for command in (["migrate", "-v", "0"], ["collectstatic", "--noinput", "-v", "0"]):
            subprocess.run([sys.executable, "manage.py", *command], cwd=ROOT, check=True, stdout=subprocess.DEVNULL)
        import django

        django.setup()
        web = serve(documented_command(), port=port, log=folder / "web.log")
        _wait_for(port, log=folder / "web.log")
        yield House(port, psutil.Process(web.pid))
    finally:
        if web is not None:
            web.terminate()
            web.wait(15)
        if server is not None:
            from django.db import connections

            connections.close_all()
            server.stop()
        shutil.rmtree(folder, ignore_errors=True)


def serve(command: list[str], *, port: int, log: Path, **environment: str) -> subprocess.Popen:
    """Start a gunicorn command on a port of this machine; whoever starts it ends it."""
    with log.open("wb") as lines:
        return subprocess.Popen(
            [sys.executable, "-m", *command, "--bind", f"127.0.0.1:{port}", "--no-control-socket"],
            cwd=ROOT,
            stdout=lines,
            stderr=lines,
            env=os.environ | environment,
        )


def documented_command() -> list[str]:
    """The gunicorn command as the README gives it: what is measured is what is told."""
    return shlex.split(re.search(r"`(gunicorn backoffice\.wsgi[^`]+)`", (ROOT / "README.md").read_text("utf-8"))[1])


def _settings(database: str, *, port: int, folder: Path) -> dict[str, str]:
    key = base64.b64encode(secrets.token_bytes(32)).decode()
    return {
        "BACKOFFICE_MODE": "production",
        "DJANGO_SETTINGS_MODULE": "backoffice.settings",
        "DATABASE_URL": database,
        "BASE_URL": f"https://127.0.0.1:{port}",
        "ALLOWED_HOSTS": "127.0.0.1",
        "TRUSTED_PROXY_COUNT": "1",
        "SECRET_KEY": secrets.token_hex(32),
        "CODE_PEPPER": secrets.token_hex(32),
        "DEVICE_COOKIE_KEY": secrets.token_hex(32),
        "VAULT_KEYS": f"bench:{key}",
        "EMAIL_URL": "smtp://127.0.0.1:9",
        "STATIC_ROOT": str(folder / "static"),
        "JOURNAL_ANCHOR": str(folder / "journal.anchors"),
    }


def _wait_for(port: int, *, log: Path) -> None:
    deadline = time.monotonic() + READY_WITHIN_SECONDS
    while time.monotonic() < deadline:
        try:
            if Browser(port, "192.0.2.1").get("/readyz").status == 200:
                return
        except OSError:
            time.sleep(0.1)
    raise SystemExit(f"the web did not start:\n{json.dumps(log.read_text(errors='replace')[-2000:])}")
