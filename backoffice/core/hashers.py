"""How passwords and codes are hashed: Argon2id, RFC 9106's second option, two at a time in one process."""

import threading
from typing import Any

from django.conf import settings
from django.contrib.auth.hashers import Argon2PasswordHasher

# A hash takes 64 MiB and 4 lanes: more at once would starve the pages of everybody else (dependencies: hash).
_PLACES = threading.BoundedSemaphore(2)


class HouseArgon2PasswordHasher(Argon2PasswordHasher):
    """Argon2id with settings.ARGON2 = {time_cost, memory_cost in KiB, parallelism} (AUTH-14)."""

    time_cost: int = settings.ARGON2["time_cost"]
    memory_cost: int = settings.ARGON2["memory_cost"]
    parallelism: int = settings.ARGON2["parallelism"]

    def encode(self, password: str, salt: str) -> str:
        with _PLACES:
            return str(super().encode(password, salt))

    def verify(self, password: str, encoded: str) -> bool:
        with _PLACES:
            return bool(super().verify(password, encoded))

    def harden_runtime(self, password: str, encoded: Any) -> None:
        """Argon2 needs no padding of time: parameters are equal for everybody after the next sign-in."""
