"""Printers: the warm child processes that turn HTML into PDF, two at most, each with one document at a time (DOC-04).

WeasyPrint is imported once in each, never in this process (design 4.16). `concurrent.futures` has no way to end one
task that lasts too long, hangs when it replaces its processes (CPython 115634), and hands them the whole environment.
"""

import atexit
import ctypes.util
import os
import signal
import subprocess
import sys
import threading
from pathlib import Path

from django.conf import settings

from backoffice.core.pdf_child import FAILED, LENGTH_BYTES, LIBRARY_MISSING, MADE

# Two at once on a small machine: a crowd of prints leaves the rest its processors.
PLACES = 2
# Beside everything else (settings.PRINT_NICENESS) ten seconds of processor may take long: this ends what hangs.
TIME_LIMIT_SECONDS = 60.0
# What documents leave behind in a process goes with it.
DOCUMENTS_PER_CHILD = 50
LONGEST_ANSWER_BYTES = 64 * 1024 * 1024
# The child parses what people typed: it is given no key and no database.
CHILD_ENVIRONMENT = (
    "PATH",
    "HOME",
    "LANG",
    "LC_ALL",
    "PYTHONPATH",
    "FONTCONFIG_PATH",
    "LD_LIBRARY_PATH",
    "DYLD_LIBRARY_PATH",
)
SYSTEM_LIBRARIES = {
    "pango-1.0": "libpango-1.0-0",
    "pangoft2-1.0": "libpangoft2-1.0-0",
    "harfbuzz-subset": "libharfbuzz-subset0",
}


class PdfUnavailable(Exception):
    """The system's PDF libraries are missing; `packages` names what to install."""

    def __init__(self, packages: list[str]) -> None:
        super().__init__(", ".join(packages))
        self.packages = packages


class PdfFailed(Exception):
    """The document could not be rendered within its limits; says which, and nothing of the document."""


def missing_packages() -> list[str]:
    """Debian names of the system packages that WeasyPrint needs and this machine lacks."""
    return [package for library, package in SYSTEM_LIBRARIES.items() if ctypes.util.find_library(library) is None]


class Printer:
    """One child process. After a document that failed it is good for nothing: close it."""

    def __init__(self) -> None:
        """Start the child, which imports its library meanwhile. Raises PdfFailed when the system starts no more."""
        self._made, self._ran_out = 0, False
        try:
            self._child = subprocess.Popen(
                [
                    *(sys.executable, "-m", "backoffice.core.pdf_child"),
                    *(str(_static_folder()), str(settings.PRINT_NICENESS)),
                ],
                stdin=subprocess.PIPE,
                stdout=subprocess.PIPE,
                stderr=subprocess.DEVNULL,
                cwd=settings.BASE_DIR,
                env={name: os.environ[name] for name in CHILD_ENVIRONMENT if name in os.environ},
                # A Ctrl-C at the terminal is for the worker, which stops when its documents are done.
                process_group=0,
            )
        except OSError as error:
            raise PdfFailed(f"no child process: {type(error).__name__}") from None

    @property
    def is_fit(self) -> bool:
        """Whether it can take another document."""
        return self._child.poll() is None and self._made < DOCUMENTS_PER_CHILD

    def render(self, html: str) -> bytes:
        """The PDF of one document. Raises PdfUnavailable or PdfFailed."""
        clock = threading.Timer(TIME_LIMIT_SECONDS, self._run_out)
        clock.daemon = True
        clock.start()
        try:
            kind, content = self._exchange(html.encode())
        finally:
            clock.cancel()
        if kind == LIBRARY_MISSING:
            raise PdfUnavailable(missing_packages() or list(SYSTEM_LIBRARIES.values()))
        if kind == FAILED:
            raise PdfFailed(content.decode(errors="replace"))
        if kind != MADE or not content.startswith(b"%PDF-"):
            raise PdfFailed(self._end())
        self._made += 1
        return content

    def close(self) -> None:
        """End the child, whatever it is doing."""
        self._child.kill()
        self._child.wait()
        for pipe in (self._child.stdin, self._child.stdout):
            try:
                if pipe:
                    pipe.close()
            except OSError:
                """What was still to be written has nobody left to read it."""

    def _exchange(self, document: bytes) -> tuple[bytes, bytes]:
        requests, answers = self._child.stdin, self._child.stdout
        if requests is None or answers is None:
            raise TypeError("a printer is spoken to by pipes")
        try:
            requests.write(len(document).to_bytes(LENGTH_BYTES) + document)
            requests.flush()
        except (OSError, ValueError):
            """It may have said why before it ended, or was closed meanwhile."""
        try:
            kind = answers.read(1)
            length = int.from_bytes(answers.read(LENGTH_BYTES))
            content = answers.read(min(length, LONGEST_ANSWER_BYTES))
        except (OSError, ValueError):  # closed meanwhile
            return b"", b""
        return (kind, content) if len(content) == length else (b"", b"")

    def _run_out(self) -> None:
        self._ran_out = True
        self._child.kill()

    def _end(self) -> str:
        """How a child that gave no answer ended."""
        self.close()
        if self._ran_out:
            return f"not rendered within {TIME_LIMIT_SECONDS:g} s"
        code = self._child.returncode
        return f"ended by {signal.Signals(-code).name}" if code < 0 else f"ended with {code}"


class Printers:
    """A place for each document that is rendered at the same time; callers beyond that wait. Threads may share it."""

    def __init__(self, places: int) -> None:
        self._places = threading.BoundedSemaphore(places)
        self._lock = threading.Lock()
        self._idle: list[Printer] = []
        self._at_work: set[Printer] = set()

    def render(self, html: str) -> bytes:
        """The PDF of one document, by a child that is warm if there is one. Raises PdfUnavailable or PdfFailed."""
        with self._places:
            printer = self._take()
            try:
                content = printer.render(html)
            except BaseException:
                self._discard(printer)
                raise
            self._put_back(printer)
            return content

    def close(self) -> None:
        """End every child, those at work included: their documents fail."""
        with self._lock:
            ended = [*self._idle, *self._at_work]
            self._idle.clear()
        for printer in ended:
            printer.close()

    def _take(self) -> Printer:
        with self._lock:
            printer = self._idle.pop() if self._idle else None
        if printer and not printer.is_fit:
            printer.close()
            printer = None
        printer = printer or Printer()
        with self._lock:
            self._at_work.add(printer)
        return printer

    def _put_back(self, printer: Printer) -> None:
        if not printer.is_fit:
            self._discard(printer)
            return
        with self._lock:
            self._at_work.discard(printer)
            self._idle.append(printer)

    def _discard(self, printer: Printer) -> None:
        with self._lock:
            self._at_work.discard(printer)
        printer.close()


def _static_folder() -> Path:
    """Where a child may read our own style sheets and fonts."""
    return Path(settings.BASE_DIR) / "backoffice" / "static"


_printers = Printers(PLACES)
render, close = _printers.render, _printers.close
atexit.register(close)
