"""What signing in costs and shows: `.venv/bin/python -m tests.bench.doors`, two minutes alone, ten at most.

A house of production settings is started, with the gunicorn command of the README; everything compared is measured in
the same run, interleaved. Hashes give way to everything else (`core.hashers`), so whatever runs beside spoils the
lines in clock time; those in processor time are worth reading on a busy machine too.
"""

import os
import random
import re
import statistics
import threading
import time
from dataclasses import dataclass
from itertools import count

from tests.bench.house import House, running

PASSWORD = "Correct-Horse-42-Battery"
WRONG = "Wrong-Password-9-Battery"
ROUNDS, ROUNDS_WITHIN_SECONDS = 200, 300
BLOCKS, BLOCK, BLOCKS_WITHIN_SECONDS = 25, 10, 120
THROTTLED_TRIES = 60
PAGES, WAITERS = 300, 16
PAGE = "/boutiques/"


@dataclass
class Line:
    name: str
    measured: float | None
    goal: float
    unit: str
    note: str = ""
    clock: str = "clock"

    def __str__(self) -> str:
        if self.measured is None:
            return f"{self.name:58} {'-':>8}   goal {self.goal:g} {self.unit}   {self.note}"
        verdict = "held" if self.measured <= self.goal else "MISSED"
        goal = f"goal {self.goal:g} {self.unit}"
        return f"{self.name:58} {self.measured:8.2f}   {goal:16} {verdict:6}   {self.clock:9}   {self.note}"


def main() -> None:
    started = time.monotonic()
    with running() as house:
        people = People()
        lines = [
            *failing_cases(house, people),
            *cost_of_success(house, people),
            throttled(house),
            page_beside_waiters(house, people),
        ]
    for line in lines:
        print(line)
    load, processors = os.getloadavg()[0], os.cpu_count() or 1
    print(f"{time.monotonic() - started:.0f} s in all, load {load:.1f} on {processors} processors")
    if load > processors + 1:
        print("The machine had other work: lines in clock time are worth nothing, those in processor time something.")


class People:
    """Accounts by the hundred, all with one password: hashing it once each would take a minute."""

    def __init__(self) -> None:
        from accounts.enums import AccountState
        from accounts.passwords import hash_password

        self.hashed = hash_password(PASSWORD)
        self._number = count()
        self.wrong = self._make(ROUNDS)
        self.blocked = self._make(ROUNDS, state=AccountState.BLOCKED, failed_tries=3)
        self.closed = self._make(ROUNDS, state=AccountState.CLOSED)
        self.right = self._make(WAITERS + 8)

    def _make(self, number: int, **given) -> list[str]:
        from tests.accounts.factories import MembershipFactory

        names = [f"bench-{next(self._number):05d}" for _ in range(number)]
        for name in names:
            MembershipFactory(
                user__identifier=name, user__password=self.hashed, **{f"user__{key}": one for key, one in given.items()}
            )
        return names


def failing_cases(house: House, people: People) -> list[Line]:
    """AUTH-03: the same answer in the same time, whatever the reason."""
    cases = {
        "wrong password": people.wrong,
        "unknown": [f"nobody-{number:05d}" for number in range(ROUNDS)],
        "blocked": people.blocked,
        "closed": people.closed,
    }
    times, costs, bodies = {case: [] for case in cases}, {case: [] for case in cases}, set()
    deadline = time.monotonic() + ROUNDS_WITHIN_SECONDS
    warm(house, people)
    for number in range(ROUNDS):
        if time.monotonic() > deadline:
            break
        forget_throttle(every=50, number=number)
        for case in random.sample(list(cases), len(cases)):
            browser = house.browser().open_door()
            before = house.cpu()
            answer = browser.sign_in(cases[case][number], WRONG)
            costs[case].append(house.cpu() - before)
            assert answer.status == 200, f"{case} answered {answer.status}"
            times[case].append(answer.seconds)
            bodies.add(stripped(answer.body))
    tries = len(times["unknown"])
    means = {case: statistics.fmean(taken) * 1000 for case, taken in costs.items()}
    medians = {case: statistics.median(taken) * 1000 for case, taken in times.items()}
    enough = "" if tries == ROUNDS else f"; only {tries} of {ROUNDS} tries a case: no verdict"
    return [
        Line("AUTH-03 spread of the medians of 4 failing cases", _spread_of(medians), 5, "%", _told(medians) + enough),
        Line("AUTH-03 the same in time", _range_of(medians), 10, "ms", f"{tries} tries a case"),
        # A tick of the kernel's clock is 10 ms: means of many tries, not medians.
        Line("AUTH-03 spread of the means", _spread_of(means), 5, "%", _told(means), clock="processor"),
        Line("AUTH-02 different pages among them", len(bodies), 1, "", clock="bytes"),
    ]


def _range_of(figures: dict[str, float]) -> float:
    return max(figures.values()) - min(figures.values())


def _spread_of(figures: dict[str, float]) -> float:
    return _range_of(figures) / min(figures.values()) * 100


def _told(figures: dict[str, float]) -> str:
    return ", ".join(f"{case} {figure:.1f} ms" for case, figure in figures.items())


def cost_of_success(house: House, people: People) -> list[Line]:
    """Processor time of a successful sign-in beside the bare verification, in alternating blocks."""
    import argon2

    bare_hasher, encoded = argon2.PasswordHasher(), people.hashed.removeprefix("argon2")
    browser = house.browser().open_door()
    signing, bare = [], []
    deadline = time.monotonic() + BLOCKS_WITHIN_SECONDS
    for number in range(BLOCKS):
        if number and time.monotonic() > deadline:
            break
        before = house.cpu()
        for place in range(BLOCK):
            name = people.right[(number * BLOCK + place) % len(people.right)]
            answer = browser.sign_in(name, PASSWORD)
            assert answer.status == 302, f"a right password answered {answer.status}"
        signing.append((house.cpu() - before) / BLOCK)
        before = time.process_time()
        for _ in range(BLOCK):
            assert bare_hasher.verify(encoded, PASSWORD)
        bare.append((time.process_time() - before) / BLOCK)
    whole, alone = statistics.median(signing) * 1000, statistics.median(bare) * 1000
    note = f"{whole:.1f} ms against {alone:.1f} ms, {len(bare) * BLOCK} of each"
    return [
        Line("CPU of a sign-in / bare Argon2 verification", whole / alone, 1.10, "times", note, clock="processor"),
        Line("CPU of a sign-in beside the verification", whole - alone, 15, "ms", clock="processor"),
    ]


def throttled(house: House) -> Line:
    """AUTH-08: what a refused try costs once an address has had its share."""
    forget_throttle()
    name = "A throttled answer, in time"
    browser = house.browser("192.0.2.77").open_door()
    answers = [browser.sign_in("nobody-99999", WRONG) for _ in range(THROTTLED_TRIES)]
    refused = [answer.seconds * 1000 for answer in answers if answer.status == 429]
    if not refused:
        return Line(name, None, 20, "ms", "no throttle")
    note = f"{len(refused)} of {THROTTLED_TRIES} tries, longest {max(refused):.1f} ms"
    return Line(name, statistics.median(refused), 20, "ms", note)


def page_beside_waiters(house: House, people: People) -> Line:
    """Another page while sixteen people wait for their sign-in."""
    forget_throttle()
    reader = house.browser().open_door()
    assert reader.sign_in(people.right[0], PASSWORD, stay=True).status == 302
    load(reader, 30)
    idle = load(reader, PAGES)
    over, statuses = threading.Event(), []
    threads = [
        threading.Thread(target=keep_signing_in, args=(house, name, over, statuses))
        for name in people.right[1 : WAITERS + 1]
    ]
    for thread in threads:
        thread.start()
    time.sleep(1)
    busy = load(reader, PAGES)
    over.set()
    for thread in threads:
        thread.join()
    told = ", ".join(f"{statuses.count(status)} times {status}" for status in sorted(set(statuses)))
    note = f"p99 {p99(idle):.1f} ms idle, {p99(busy):.1f} ms beside; sign-ins meanwhile: {told}"
    return Line(f"p99 of a page beside {WAITERS} waiting sign-ins / idle", p99(busy) / p99(idle), 3, "times", note)


def keep_signing_in(house: House, name: str, over: threading.Event, statuses: list[int]) -> None:
    browser = house.browser().open_door()
    while not over.is_set():
        statuses.append(browser.sign_in(name, PASSWORD).status)


def load(browser, number: int) -> list[float]:
    answers = [browser.get(PAGE) for _ in range(number)]
    assert {answer.status for answer in answers} == {200}, {answer.status for answer in answers}
    return [answer.seconds * 1000 for answer in answers]


def p99(times: list[float]) -> float:
    return statistics.quantiles(times, n=100)[98]


def warm(house: House, people: People) -> None:
    for _ in range(12):
        house.browser().open_door().sign_in(people.right[0], PASSWORD)


def stripped(body: bytes) -> bytes:
    """The page without what differs at each answer: the token of its form."""
    return re.sub(rb'name="csrfmiddlewaretoken" value="\w+"', b"", body)


def forget_throttle(*, every: int = 1, number: int = 0) -> None:
    """Give everybody their tries back: hundreds of wrong ones are made here on purpose."""
    if number % every == 0:
        from django.db import connection

        with connection.cursor() as cursor:
            cursor.execute("DELETE FROM accounts_trywindow")


if __name__ == "__main__":
    main()
