"""What the house weighs and costs at rest: `.venv/bin/python -m tests.bench.rest`, bounded, prints one line a figure.

A demo of its own is started twice (first start, second start); memory is read from /proc once each page was served.
"""

import shutil
import tempfile
import time
import urllib.request
from pathlib import Path

import psutil

from tests.journeys import demo as running

PAGES = ("/connexion/", "/faq/", "/faq/codes-erreur/", "/contact/")
MEGABYTE = 1024 * 1024
GOALS = {"first start, s": 60.0, "second start, s": 5.0, "stop, s": 10.0, "web process at rest, MB": 110.0}


def main() -> None:
    folder = Path(tempfile.mkdtemp(prefix="backoffice-bench-"))
    folder.chmod(0o755)
    figures = {}
    try:
        figures["first start, s"], first = timed_start(folder / "data")
        first.stop()
        figures["second start, s"], second = timed_start(folder / "data")
        figures["web process at rest, MB"] = web_memory(second)
        figures["stop, s"] = second.stop()
    finally:
        shutil.rmtree(folder, ignore_errors=True)
    for name, figure in figures.items():
        print(f"{name:28} {figure:7.1f}   goal {GOALS[name]:.0f}   {'ok' if figure <= GOALS[name] else 'MISSED'}")


def timed_start(folder: Path) -> tuple[float, running.RunningDemo]:
    started = time.monotonic()
    demo = running.start(folder)
    with urllib.request.urlopen(f"{demo.url}/connexion/") as answer:
        assert answer.status == 200
    return time.monotonic() - started, demo


def web_memory(demo: running.RunningDemo) -> float:
    """Resident memory of the heaviest gunicorn worker, after it served the pages open to all."""
    for _ in range(4):
        for path in PAGES:
            urllib.request.urlopen(demo.url + path).close()
    family = psutil.Process(demo.process.pid).children(recursive=True)
    web = [one for one in family if "gunicorn" in " ".join(one.cmdline())]
    return max(one.memory_info().rss for one in web) / MEGABYTE


if __name__ == "__main__":
    main()
