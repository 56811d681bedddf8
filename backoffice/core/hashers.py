"""How passwords and codes are hashed: Argon2id, RFC 9106's second option, one at a time in one process.

A hash takes 64 MiB and 4 lanes: a second one at once would end no sooner, and starve the pages of everybody else. So
they run in a thread of their own, which gives way to the threads that make pages, and whoever finds a long queue is
told to come back. The queue is shorter than the threads that the README gives a web process, so that signing in never
holds all of them.
"""

import os
import sys
import threading
from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from typing import Any, ParamSpec, TypeVar

from django.conf import settings
from django.contrib.auth.hashers import Argon2PasswordHasher

P = ParamSpec("P")
T = TypeVar("T")

AT_ONCE = 1
WAITING = 16
WAIT_SECONDS = 5.0
# Of Linux's 19: beside a page a hash gets a thirtieth of a processor, alone all of it.
NICENESS = 15


class HashesBusy(Exception):
    """Too many hashes are asked for at the moment: nothing was compared."""


class HashQueue:
    """A thread that hashes, and a bounded queue in front of it."""

    def __init__(self, *, at_once: int = AT_ONCE, waiting: int = WAITING, wait_seconds: float = WAIT_SECONDS) -> None:
        self._threads = ThreadPoolExecutor(at_once, thread_name_prefix="hash", initializer=_give_way)
        self._places = threading.BoundedSemaphore(at_once + waiting)
        self._wait_seconds = wait_seconds

    def run(self, work: Callable[P, T], *args: P.args, **kwargs: P.kwargs) -> T:
        """What `work` returns. Raises HashesBusy when the queue is full, or was not left within its time."""
        if not self._places.acquire(blocking=False):
            raise HashesBusy("the queue is full")
        try:
            future = self._threads.submit(work, *args, **kwargs)
            try:
                return future.result(self._wait_seconds)
            except TimeoutError:
                if future.cancel():
                    raise HashesBusy(f"no place within {self._wait_seconds} s") from None
                return future.result()  # it runs already: refused now, it would have cost all the same
        finally:
            self._places.release()


class HouseArgon2PasswordHasher(Argon2PasswordHasher):
    """Argon2id with settings.ARGON2 = {time_cost, memory_cost in KiB, parallelism} (AUTH-14). Raises HashesBusy."""

    time_cost: int = settings.ARGON2["time_cost"]
    memory_cost: int = settings.ARGON2["memory_cost"]
    parallelism: int = settings.ARGON2["parallelism"]

    def encode(self, password: str, salt: str) -> str:
        return str(_queue.run(super().encode, password, salt))

    def verify(self, password: str, encoded: str) -> bool:
        return bool(_queue.run(super().verify, password, encoded))

    def harden_runtime(self, password: str, encoded: Any) -> None:
        """Argon2 needs no padding of time: parameters are equal for everybody after the next sign-in."""


def _give_way() -> None:
    # Linux alone gives each thread a niceness of its own; the lanes that Argon2 starts inherit it.
    if sys.platform == "linux":
        os.setpriority(os.PRIO_PROCESS, threading.get_native_id(), NICENESS)


def _start_afresh() -> None:
    global _queue  # a forked process has none of its parent’s threads
    _queue = HashQueue()


_queue = HashQueue()
os.register_at_fork(after_in_child=_start_afresh)
