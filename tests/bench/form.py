"""What taking a payment form costs: `.venv/bin/python -m tests.bench.form`, about a minute, five at most.

A POST of 55 fields to its redirect, beside a bare Django view that reads the same 55 fields, asks one row and writes
one (`tests.bench.bare`): same gunicorn command, same PostgreSQL, same run, in alternating blocks. Whatever else runs
on the machine weighs on both alike; the line in processor time hears it least.
"""

import os
import socket
import statistics
import subprocess
import sys
import time
from concurrent.futures import ThreadPoolExecutor
from contextlib import contextmanager
from dataclasses import dataclass, field
from itertools import count
from pathlib import Path
from urllib.parse import urlencode

import psutil

from tests.bench.house import ROOT, House, documented_command, running, serve
from tests.journeys.demo import free_ports

BLOCKS, BLOCK, WITHIN_SECONDS = 20, 400, 240
CLIENTS, WARM = 8, 200
REFUSALS = 40
ADDRESS = "/vads-payment/"
URLENCODED = "application/x-www-form-urlencoded"
BARE = "tests.bench.bare.settings"


@dataclass
class Runner:
    """One of the two: where it listens, and its figures block by block."""

    port: int
    process: psutil.Process
    rates: list[float] = field(default_factory=list)
    costs: list[float] = field(default_factory=list)

    def run(self, bodies: list[bytes]) -> None:
        before, started = self._cpu(), time.perf_counter()
        post_all(self.port, bodies)
        self.rates.append(len(bodies) / (time.perf_counter() - started))
        self.costs.append((self._cpu() - before) / len(bodies) * 1000)

    def _cpu(self) -> float:
        used = (worker.cpu_times() for worker in self.process.children())
        return sum(times.user + times.system for times in used)


def main() -> None:
    started = time.monotonic()
    with running() as house:
        forms = Forms()
        with bare_beside(forms.shop) as bare:
            compare(Runner(house.port, house.process), bare, forms)
        count_queries(forms)
        time_refusals(house, forms)
    load, processors = os.getloadavg()[0], os.cpu_count() or 1
    print(f"{time.monotonic() - started:.0f} s in all, load {load:.1f} on {processors} processors")


class Forms:
    """Signed forms of 55 fields, each another transaction of the day."""

    def __init__(self) -> None:
        from tests.payments.factories import shop_ready

        self.shop = shop_ready()
        self._numbers = count()

    def bodies(self, number: int) -> list[bytes]:
        return [urlencode(self.signed()).encode() for _ in range(number)]

    def signed(self, **changes: str) -> dict[str, str]:
        from tests.payments import wire
        from tests.payments.full_form import full_form

        form = full_form(self.shop, next(self._numbers), **changes)
        assert len(form) == 55 + len(changes)
        return wire.signed(form)


def compare(ours: Runner, bare: Runner, forms: Forms) -> None:
    """Alternating blocks: the rate of each, its processor time, and the ratio of the two."""
    for one in (ours, bare):
        post_all(one.port, forms.bodies(WARM))
    deadline = time.monotonic() + WITHIN_SECONDS
    for number in range(BLOCKS):
        if number and time.monotonic() > deadline:
            break
        bodies = forms.bodies(BLOCK), forms.bodies(BLOCK)
        pairs = [(ours, bodies[0]), (bare, bodies[1])]
        for one, block in pairs if number % 2 else pairs[::-1]:
            one.run(block)
    rate, bare_rate = statistics.median(ours.rates), statistics.median(bare.rates)
    cost, bare_cost = statistics.fmean(ours.costs), statistics.fmean(bare.costs)
    posts = len(ours.rates) * BLOCK
    print(f"{posts} posts of each: {rate:.0f} a second against {bare_rate:.0f} by the bare view")
    tell("A form's rate / the bare view's", rate / bare_rate, at_least=0.40)
    print(f"processor: {cost:.2f} ms a post against {bare_cost:.2f} ms, {bare_cost / cost:.2f} of the bare view's pace")


def count_queries(forms: Forms) -> None:
    """Every statement of a POST, savepoints included; the first one also writes the certificate's use down."""
    from django.db import connection
    from django.test import Client
    from django.test.utils import CaptureQueriesContext

    from certificates.models import Certificate

    Certificate.objects.update(last_used_at=None)
    asked = []
    for _ in range(3):
        with CaptureQueriesContext(connection) as captured:
            answer = Client(headers={"X-Forwarded-Proto": "https"}).post(ADDRESS, forms.signed(), HTTP_HOST="127.0.0.1")
        assert answer.status_code == 302, answer.content
        asked.append(len(captured))
    tell("Queries of a POST", max(asked), at_most=3, note=f"{asked[-1]} once the certificate's use is written down")


def time_refusals(house: House, forms: Forms) -> None:
    """PAY-13: what is too large or has too many fields is refused before it costs anything."""
    large = b"vads_order_info=" + b"x" * 300_000
    many = urlencode([(f"vads_ext_info_{number}", "x") for number in range(201)]).encode()
    wrong = urlencode(forms.signed() | {"vads_amount": "1"}).encode()
    for name, body, status in (("300 kB", large, 413), ("201 fields", many, 400), ("a wrong signature", wrong, 400)):
        times = []
        for _ in range(REFUSALS):
            started = time.perf_counter()
            answer = post_all(house.port, [body])
            times.append((time.perf_counter() - started) * 1000)
            assert answer == {status}, answer
        note = f"longest of {REFUSALS}: {max(times):.1f} ms"
        tell(f"PAY-13 refusing {name}, ms", statistics.median(times), at_most=100, note=note)


def tell(name: str, measured: float, *, at_least: float | None = None, at_most: float | None = None, note="") -> None:
    held = measured >= at_least if at_least is not None else measured <= at_most
    goal = f"goal >= {at_least:g}" if at_least is not None else f"goal <= {at_most:g}"
    print(f"{name:42} {measured:8.2f}   {goal:14} {'held' if held else 'MISSED':6}   {note}")


def post_all(port: int, bodies: list[bytes]) -> set[int]:
    """Post bodies by a few clients at once, each on one connection; the statuses that came back.

    Sockets and prepared bytes: a client that costs as much as what it measures would hide the difference.
    """
    shares = [bodies[first::CLIENTS] for first in range(min(CLIENTS, len(bodies)))]
    with ThreadPoolExecutor(len(shares)) as pool:
        statuses = set().union(*pool.map(lambda share: _post_each(port, share), shares))
    assert len(bodies) == 1 or statuses == {302}, statuses
    return statuses


def _post_each(port: int, bodies: list[bytes]) -> set[int]:
    statuses = set()
    with socket.create_connection(("127.0.0.1", port), timeout=30) as line, line.makefile("rb") as answers:
        for body in bodies:
            line.sendall(_HEAD % (port, len(body)) + body)
            statuses.add(int(answers.readline().split()[1]))
            headers = dict(header.lower().split(b": ", 1) for header in iter(lambda: answers.readline().strip(), b""))
            if b"content-length" in headers:
                answers.read(int(headers[b"content-length"]))
                continue
            # Without CommonMiddleware an answer comes in chunks.
            while size := int(answers.readline(), 16):
                answers.read(size + 2)
            answers.readline()
    return statuses


_HEAD = (
    b"POST /vads-payment/ HTTP/1.1\r\nHost: 127.0.0.1:%d\r\nX-Forwarded-For: 192.0.2.1\r\nX-Forwarded-Proto: https\r\n"
    b"Accept-Encoding: gzip\r\nContent-Type: application/x-www-form-urlencoded\r\nContent-Length: %d\r\n\r\n"
)


@contextmanager
def bare_beside(shop):
    """The bare project on the same database, started with the documented command on its own application."""
    environment = {"DJANGO_SETTINGS_MODULE": BARE}
    prepare = [sys.executable, "-m", "django", "migrate", "--run-syncdb", "-v", "0"]
    subprocess.run(prepare, cwd=ROOT, check=True, env=os.environ | environment)
    from django.db import connection

    with connection.cursor() as cursor:
        cursor.execute(
            "INSERT INTO bare_shop (site_id, certificate) VALUES (%s, %s)", [shop.site_id, "1122334455667788"]
        )
    command = [part.replace("backoffice.wsgi", "tests.bench.bare.wsgi") for part in documented_command()]
    port, _ = free_ports()
    web = serve(command, port=port, log=Path(os.devnull), **environment)
    try:
        _wait_for(port)
        yield Runner(port, psutil.Process(web.pid))
    finally:
        web.terminate()
        web.wait(15)


def _wait_for(port: int) -> None:
    deadline = time.monotonic() + 30
    while time.monotonic() < deadline:
        try:
            return socket.create_connection(("127.0.0.1", port), timeout=1).close()
        except OSError:
            time.sleep(0.1)
    raise SystemExit("the bare view did not start")


if __name__ == "__main__":
    main()
