"""The demo's processes: started apart from the terminal, watched, and ended together within ten seconds."""

import ctypes
import os
import signal
import subprocess
import sys
import time
from pathlib import Path

from django.conf import settings

from backoffice.demo.refusal import DemoRefused

STOP_WITHIN_SECONDS = 8.5


class Processes:
    """Running programs by name, each with its log file in `logs`."""

    def __init__(self, *, logs: Path) -> None:
        self.logs = logs
        self._running: dict[str, subprocess.Popen[bytes]] = {}

    @property
    def are_started(self) -> bool:
        return bool(self._running)

    def start(self, name: str, command: list[str], environment: dict[str, str]) -> None:
        """Start one program; it ends with this process even if that one is killed."""
        with (self.logs / f"{name}.log").open("ab") as log:
            self._running[name] = subprocess.Popen(
                command,
                env=environment,
                cwd=settings.BASE_DIR,
                stdin=subprocess.DEVNULL,
                stdout=log,
                stderr=log,
                start_new_session=True,  # Ctrl-C reaches the launcher alone, which ends the others in order
                preexec_fn=_die_with_parent,
            )

    def refuse_dead(self) -> None:
        """Raise DemoRefused when one of them ended by itself."""
        for name, process in self._running.items():
            if process.poll() is not None:
                raise DemoRefused(f"« {name} » s’est arrêté : lisez {self.logs / f'{name}.log'}.")

    def end(self) -> None:
        """Ask all of them to stop, then end whoever is left after STOP_WITHIN_SECONDS with all it started."""
        for process in self._running.values():
            if process.poll() is None:
                process.terminate()
        deadline = time.monotonic() + STOP_WITHIN_SECONDS
        for process in self._running.values():
            try:
                process.wait(max(0.0, deadline - time.monotonic()))
            except subprocess.TimeoutExpired:
                os.killpg(process.pid, signal.SIGKILL)
                process.wait()


def _die_with_parent() -> None:
    """Ask Linux to end this process when the launcher dies, even by kill -9; elsewhere nothing is asked."""
    if sys.platform == "linux":
        pr_set_pdeathsig = 1
        ctypes.CDLL(None).prctl(pr_set_pdeathsig, signal.SIGTERM)
