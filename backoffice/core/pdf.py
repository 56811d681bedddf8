"""Paper: the one door to WeasyPrint. Each document is rendered in a child process with limits, never in a web thread.

The child fetches nothing but our own static files through `static:` addresses (DOC-01); time and memory are bounded
(DOC-04). The library is imported by the child alone: the web process never carries it (design 4.16).
"""

import ctypes.util
import os
import subprocess
import sys
import threading
from pathlib import Path
from typing import Any

from django.conf import settings
from django.http import HttpResponse
from django.template.loader import render_to_string
from django.utils.http import content_disposition_header

TIME_LIMIT_SECONDS = 20
WAIT_SECONDS = 5
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
# Two at once on a small machine, and no long queue: a crowd of prints leaves sign-in its processor and its threads.
_PLACES = threading.BoundedSemaphore(2)

# What the child says by its exit code; anything else is a crash.
EXIT_LIBRARY_MISSING = 3
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
    """The document could not be rendered within its limits; the reason is on the child's error stream."""


def missing_packages() -> list[str]:
    """Debian names of the system packages that WeasyPrint needs and this machine lacks."""
    return [package for library, package in SYSTEM_LIBRARIES.items() if ctypes.util.find_library(library) is None]


def render(template: str, context: dict[str, Any]) -> bytes:
    """Render an HTML template to a tagged PDF. Raises PdfUnavailable or PdfFailed."""
    html = render_to_string(template, context | {"brand": settings.BRAND})
    command = [sys.executable, "-m", "backoffice.core.pdf_child", str(static_folder())]
    if not _PLACES.acquire(timeout=WAIT_SECONDS):
        raise PdfFailed(f"no place within {WAIT_SECONDS} s")
    try:
        child = subprocess.run(
            command,
            input=html.encode(),
            capture_output=True,
            timeout=TIME_LIMIT_SECONDS,
            cwd=settings.BASE_DIR,
            env={name: os.environ[name] for name in CHILD_ENVIRONMENT if name in os.environ},
            check=False,
        )
    except subprocess.TimeoutExpired:
        raise PdfFailed(f"not rendered within {TIME_LIMIT_SECONDS} s") from None
    finally:
        _PLACES.release()
    if child.returncode == EXIT_LIBRARY_MISSING:
        raise PdfUnavailable(missing_packages() or list(SYSTEM_LIBRARIES.values()))
    if child.returncode != 0 or not child.stdout.startswith(b"%PDF-"):
        raise PdfFailed(child.stderr.decode(errors="replace")[-2000:])
    return child.stdout


def response(content: bytes, *, filename: str) -> HttpResponse:
    """Hand a PDF to the browser as a download that no cache keeps (DOC-05, DOC-06)."""
    answer = HttpResponse(content, content_type="application/pdf")
    disposition = content_disposition_header(as_attachment=True, filename=filename)
    if disposition:
        answer["Content-Disposition"] = disposition
    answer["Cache-Control"] = "no-store"
    return answer


def static_folder() -> Path:
    """Where the child may read our own style sheets and fonts."""
    return Path(settings.BASE_DIR) / "backoffice" / "static"
