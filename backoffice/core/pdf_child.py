"""The child process that turns HTML (standard input) into a PDF (standard output), with nothing else in reach.

Run as `python -m backoffice.core.pdf_child <static folder>`; without Django. Exit code 3 = a system library is missing.
"""

import mimetypes
import resource
import sys
from pathlib import Path
from typing import Any

MEMORY_LIMIT_BYTES = 512 * 1024 * 1024
CPU_LIMIT_SECONDS = 10
EXIT_LIBRARY_MISSING = 3
SCHEME = "static:"


def main() -> None:
    resource.setrlimit(resource.RLIMIT_CPU, (CPU_LIMIT_SECONDS, CPU_LIMIT_SECONDS))
    resource.setrlimit(resource.RLIMIT_DATA, (MEMORY_LIMIT_BYTES, MEMORY_LIMIT_BYTES))
    try:
        import weasyprint
    except OSError as error:
        print(error, file=sys.stderr)
        sys.exit(EXIT_LIBRARY_MISSING)
    folder = Path(sys.argv[1]).resolve()

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

    html = sys.stdin.buffer.read().decode()
    document = weasyprint.HTML(string=html, url_fetcher=OnlyOurAssets(), base_url=None)
    sys.stdout.buffer.write(document.write_pdf(pdf_tags=True, pdf_variant="pdf/ua-1"))


if __name__ == "__main__":
    main()
