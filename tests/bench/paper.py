"""What paper costs: `.venv/bin/python -m tests.bench.paper`, two minutes alone, five at most.

First the demo's contract by a warm child of the pool beside WeasyPrint alone, warm too, at the same niceness: the same
HTML, in alternating pairs. Then twenty people print at once, in a house of production settings with its worker, while
others sign in at a steady, modest rate. Whatever runs beside spoils the lines in clock time.
"""

import os
import statistics
import subprocess
import sys
import threading
import time
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path

from tests.bench.doors import PASSWORD, Line, People, forget_throttle
from tests.bench.house import ROOT, Answer, House, running

PAIRS, WARM_UP = 31, 3
PRINTS, PRINTS_WITHIN_SECONDS = 20, 120
SIGN_INS, EVERY_SECONDS = 40, 0.5
ALONE = """
import os, sys, time
from pathlib import Path
from backoffice.core import pdf_child
os.setpriority(os.PRIO_PROCESS, 0, int(sys.argv[2]))
printer = pdf_child.Printer(Path(sys.argv[1]))
html = Path(sys.argv[3]).read_text("utf-8")
for _ in sys.stdin:
    started, used = time.perf_counter(), time.process_time()
    printer.render(html)
    print(time.perf_counter() - started, time.process_time() - used, flush=True)
"""


def main() -> None:
    started = time.monotonic()
    with running() as house:
        shops = Shops()
        for part in (lambda: pool_beside_weasyprint(shops), lambda: sign_ins_beside_prints(house, shops)):
            for line in part():
                print(line, flush=True)
    load, processors = os.getloadavg()[0], os.cpu_count() or 1
    print(f"{time.monotonic() - started:.0f} s in all, load {load:.1f} on {processors} processors")
    if load > processors + 1:
        print("The machine had other work: lines in clock time are worth little.")


class Shops:
    """The demo's shop with its contract, and twenty owners of others, each with a contract of the same words."""

    def __init__(self) -> None:
        from accounts.passwords import hash_password
        from tests.accounts.factories import MembershipFactory
        from tests.certificates.factories import ContractFactory
        from tests.shops.factories import ShopFactory

        hashed = hash_password(PASSWORD)
        self.contract = ContractFactory(shop=ShopFactory(label="Fromagerie en ligne"))
        self.owners = []
        for number in range(PRINTS):
            contract = ContractFactory()
            name = f"prints-{number:05d}"
            MembershipFactory(
                user__identifier=name, user__password=hashed, user__active=True, company=contract.shop.company
            )
            self.owners.append((name, contract.shop.site_id))


# --- The pool beside WeasyPrint alone ---------------------------------------------------------------------------
def pool_beside_weasyprint(shops: Shops) -> list[Line]:
    from backoffice.core import printers
    from certificates.documents import contract_paper

    html = contract_paper(shops.contract, with_code=True).html()
    with alone(html) as weasyprint:
        for _ in range(WARM_UP):
            weasyprint()
            printers.render(html)
        pairs = []
        for number in range(PAIRS):
            # Each is first in every other pair.
            turns = [weasyprint, lambda: timed(printers.render, html)]
            first, second = turns[number % 2], turns[1 - number % 2]
            one, other = first(), second()
            pairs.append((one, other) if number % 2 == 0 else (other, one))
    by_itself, pooled = (statistics.median(times) * 1000 for times in zip(*pairs, strict=True))
    ratio = statistics.median(pool / bare for bare, pool in pairs)
    note = f"medians {pooled:.0f} ms and {by_itself:.0f} ms, {PAIRS} pairs"
    return [
        Line("DOC-04 contract: pool / WeasyPrint alone, of the medians", pooled / by_itself, 1.10, "times", note),
        Line("DOC-04 contract: the same, median of the pairs", ratio, 1.10, "times"),
    ]


class alone:  # noqa: N801  a context manager, read as a word
    """WeasyPrint in a process of its own, warm; called, it says how many seconds the document took inside it."""

    def __init__(self, html: str) -> None:
        self.html = html

    def __enter__(self):
        import tempfile

        from django.conf import settings

        self.folder = tempfile.TemporaryDirectory()
        page = Path(self.folder.name) / "page.html"
        page.write_text(self.html, "utf-8")
        self.process = subprocess.Popen(
            [sys.executable, "-c", ALONE, str(ROOT / "backoffice" / "static"), str(settings.PRINT_NICENESS), str(page)],
            cwd=ROOT,
            stdin=subprocess.PIPE,
            stdout=subprocess.PIPE,
            stderr=subprocess.DEVNULL,
            text=True,
        )
        return self

    def __call__(self) -> float:
        self.process.stdin.write("once more\n")
        self.process.stdin.flush()
        return float(self.process.stdout.readline().split()[0])

    def __exit__(self, *_):
        self.process.stdin.close()
        self.process.wait(30)
        self.process.stdout.close()
        self.folder.cleanup()


def timed(function, *arguments) -> float:
    started = time.perf_counter()
    function(*arguments)
    return time.perf_counter() - started


# --- Twenty prints at once beside sign-ins ----------------------------------------------------------------------
def sign_ins_beside_prints(house: House, shops: Shops) -> list[Line]:
    people = People().right
    printing = [signed_in(house, name).open(f"/boutiques/{site_id}/contrat/") for name, site_id in shops.owners]
    with worker():
        fetch(
            printing[0], ask(printing[0], shops.owners[0][1]).location
        )  # the worker has started, and one child is warm
        forget_prints()
        idle = sign_ins(house, people)
        crowd = threading.Thread(target=(waits := Waits()).print_all, args=(printing, shops.owners))
        crowd.start()
        beside = sign_ins(house, people, while_alive=crowd)
        crowd.join()
    assert len(waits.seconds) == PRINTS, f"{len(waits.seconds)} of {PRINTS} prints were fetched"
    during = f"{len(beside)} sign-ins, one every {EVERY_SECONDS:g} s, {told(beside)}"
    note = f"{during}; without prints p95 {p95(idle):.0f} ms, {told(idle)}"
    return [
        Line(f"DOC-04 p95 of a sign-in while {PRINTS} print at once", p95(beside) / 1000, 1.5, "s", note),
        Line(f"{PRINTS} prints at once: until the last is fetched", max(waits.seconds), 30, "s", waits.told()),
        Line("Asking for a print: the longest of those pages", max(waits.asking) * 1000, 1500, "ms"),
    ]


class Waits:
    """How long each of those who print at once waits, from the button to the whole PDF."""

    def __init__(self) -> None:
        self.seconds, self.asking = [], []

    def print_all(self, browsers, owners) -> None:
        with ThreadPoolExecutor(len(browsers)) as pool:
            list(pool.map(self._print, browsers, [site_id for _, site_id in owners]))

    def _print(self, browser, site_id: str) -> None:
        started = time.perf_counter()
        asked = ask(browser, site_id)
        self.asking.append(asked.seconds)
        fetch(browser, asked.location)
        self.seconds.append(time.perf_counter() - started)

    def told(self) -> str:
        return f"first after {min(self.seconds):.1f} s, median {statistics.median(self.seconds):.1f} s"


def ask(browser, site_id: str) -> Answer:
    """Press the button; the answer leads to the page of the print."""
    answer = browser.post(f"/boutiques/{site_id}/contrat/pdf/")
    assert answer.status == 302, answer.status
    return answer


def fetch(browser, path: str) -> None:
    """Look at the page each second, as its script does, until the document is there."""
    deadline = time.monotonic() + PRINTS_WITHIN_SECONDS
    while b"data-download" not in (page := browser.get(path)).body:
        assert page.status == 200, page.status
        assert time.monotonic() < deadline, "no worker made the print"
        time.sleep(1)
    assert browser.get(f"{path}document/").body.startswith(b"%PDF-")


def signed_in(house: House, name: str):
    forget_throttle()
    browser = house.browser().open_door()
    assert browser.sign_in(name, PASSWORD, stay=True).status == 302
    return browser


def sign_ins(house: House, people: list[str], *, while_alive: threading.Thread | None = None) -> list[Answer]:
    """One at each mark, whatever became of the one before; SIGN_INS of them, or as long as `while_alive` is."""
    forget_throttle()
    answers, threads = [], []

    def sign_in(name: str) -> None:
        answers.append(house.browser().open_door().sign_in(name, PASSWORD))

    started = time.monotonic()
    for number in range(SIGN_INS):
        time.sleep(max(0.0, started + number * EVERY_SECONDS - time.monotonic()))
        if while_alive is not None and number >= 10 and not while_alive.is_alive():
            break
        threads.append(threading.Thread(target=sign_in, args=(people[number % len(people)],)))
        threads[-1].start()
    for thread in threads:
        thread.join()
    assert len(answers) == len(threads), f"{len(threads) - len(answers)} sign-ins had no answer"
    return answers


def p95(answers: list[Answer]) -> float:
    return statistics.quantiles([answer.seconds * 1000 for answer in answers], n=20, method="inclusive")[18]


def told(answers: list[Answer]) -> str:
    middle = statistics.median(answer.seconds * 1000 for answer in answers)
    turned_away = sum(answer.status != 302 for answer in answers)
    return f"median {middle:.0f} ms, {turned_away} turned away"


def forget_prints() -> None:
    from backoffice.core.models import Print

    Print.objects.all().delete()


class worker:  # noqa: N801  a context manager, read as a word
    """The worker of the README, on the house's database."""

    def __enter__(self):
        self.process = subprocess.Popen(
            [sys.executable, "manage.py", "worker"], cwd=ROOT, stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL
        )

    def __exit__(self, *_):
        self.process.terminate()
        self.process.wait(15)


if __name__ == "__main__":
    main()
