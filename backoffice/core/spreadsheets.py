"""Tables that a spreadsheet opens as text and nothing else: CSV with `;`, RFC 4180 quotes, UTF-8 with its mark."""

import csv
import io
from collections.abc import Iterable, Iterator, Sequence

# What makes a spreadsheet compute a cell instead of showing it, its full-width twins included (OUT-01).
DANGEROUS = frozenset("=+-@\t\r\n\0＝＋－＠")
BYTE_ORDER_MARK = b"\xef\xbb\xbf"

_ROWS_A_PIECE = 500


def csv_pieces(rows: Iterable[Sequence[str]]) -> Iterator[bytes]:
    """The rows as a CSV file, in pieces of some hundred lines, asking for rows as it goes (OUT-01).

    The mark comes first, so that a spreadsheet reads UTF-8; lines end in CR LF. A lone surrogate becomes `?`.
    """
    yield BYTE_ORDER_MARK
    waiting: list[Sequence[str]] = []
    for row in rows:
        waiting.append(row)
        if len(waiting) == _ROWS_A_PIECE:
            yield _lines(waiting)
            waiting = []
    if waiting:
        yield _lines(waiting)


def harmless(text: str) -> str:
    """The text as a cell that no spreadsheet computes: an apostrophe before a dangerous first sign (OUT-01).

    White space before that sign does not hide it: some spreadsheets drop it.
    """
    is_dangerous = text[:1] in DANGEROUS or text.lstrip().lstrip("\ufeff").lstrip()[:1] in DANGEROUS
    return f"'{text}" if is_dangerous else text


def _lines(rows: Iterable[Sequence[str]]) -> bytes:
    written = io.StringIO(newline="")
    csv.writer(written, delimiter=";", lineterminator="\r\n").writerows(
        [harmless(cell) for cell in row] for row in rows
    )
    return written.getvalue().encode("utf-8", "replace")
