"""The child process that turns HTML into PDF, one document after the other, with nothing else in reach.

Run as `python -m backoffice.core.pdf_child <static folder> <niceness>`; without Django. What it reads and answers are
frames, here and in `core.printers`: a request is eight bytes of length and that much UTF-8; an answer is one byte of
its kind, eight of length, and that much. It ends when its input does, so with the process that started it.
"""

import math
import mimetypes
import os
import resource
import sys
import traceback
from pathlib import Path
from typing import IO, Any

MEMORY_LIMIT_BYTES = 512 * 1024 * 1024
CPU_LIMIT_SECONDS = 10
LENGTH_BYTES = 8
# The kinds of an answer: a PDF, why there is none, no system library to make one with.
MADE, FAILED, LIBRARY_MISSING = b"P", b"F", b"L"
SCHEME = "static:"


def main() -> None:
    _limit(niceness=int(sys.argv[2]))
    # Whatever a library writes on its standard output must not be taken for an answer.
    answers = os.fdopen(os.dup(sys.stdout.fileno()), "wb")
    os.dup2(sys.stderr.fileno(), sys.stdout.fileno())
    try:
        printer = Printer(Path(sys.argv[1]))
    except OSError:
        _answer(answers, LIBRARY_MISSING, b"")
        return
    while length := sys.stdin.buffer.read(LENGTH_BYTES):
        html = sys.stdin.buffer.read(int.from_bytes(length)).decode()
        _allow_processor()
        try:
            content = printer.render(html)
        except Exception as error:  # noqa: BLE001  an edge: the parent is told, and starts another child
            _answer(answers, FAILED, _reason(error).encode())
            return
        _answer(answers, MADE, content)


class Printer:
    """WeasyPrint, imported once, which reads nothing but our own static files. Raises OSError without its libraries."""

    def __init__(self, folder: Path) -> None:
        import weasyprint

        folder = folder.resolve()

        class OnlyOurAssets(weasyprint.urls.URLFetcher):  # type: ignore[misc]
            """Serves `static:` addresses from our own folder and refuses every other one (DOC-01, DOC-02)."""

            def fetch(self, url: str, headers: Any = None) -> Any:
                if not url.startswith(SCHEME):
                    raise ValueError("refused: only our own static files are printed")
                path = (folder / url.removeprefix(SCHEME)).resolve()
                if not path.is_relative_to(folder) or not path.is_file():
                    raise ValueError("refused: no such static file")
                kind = mimetypes.guess_type(path.name)[0] or "application/octet-stream"
                return weasyprint.urls.URLFetcherResponse(url, path.read_bytes(), {"Content-Type": kind})

        self._html, self._fetcher = weasyprint.HTML, OnlyOurAssets

    def render(self, html: str) -> bytes:
        """One tagged PDF, for screen readers too."""
        document = self._html(string=html, url_fetcher=self._fetcher(), base_url=None)
        content: bytes = document.write_pdf(pdf_tags=True, pdf_variant="pdf/ua-1")
        return content


def _limit(*, niceness: int) -> None:
    resource.setrlimit(resource.RLIMIT_DATA, (MEMORY_LIMIT_BYTES, MEMORY_LIMIT_BYTES))
    # A document may hold a code of first connection: no crash leaves it on a disk.
    resource.setrlimit(resource.RLIMIT_CORE, (0, 0))
    os.setpriority(os.PRIO_PROCESS, 0, max(niceness, os.getpriority(os.PRIO_PROCESS, 0)))


def _allow_processor() -> None:
    """Ten seconds of processor from here on: the limit counts from the start of the process, so it moves on."""
    used = resource.getrusage(resource.RUSAGE_SELF)
    _, most = resource.getrlimit(resource.RLIMIT_CPU)
    resource.setrlimit(resource.RLIMIT_CPU, (math.ceil(used.ru_utime + used.ru_stime) + CPU_LIMIT_SECONDS, most))


def _reason(error: BaseException) -> str:
    """The kind of error and where it was raised. Not its text, which may quote the document into the logs."""
    frame = traceback.extract_tb(error.__traceback__)[-1]
    return f"{type(error).__name__} in {Path(frame.filename).name}:{frame.lineno}"


def _answer(answers: IO[bytes], kind: bytes, content: bytes) -> None:
    answers.write(kind + len(content).to_bytes(LENGTH_BYTES) + content)
    answers.flush()


if __name__ == "__main__":
    main()
