"""What leaves as a table is read back as it was written, and no spreadsheet computes any of it."""

import csv
import io

import pytest
from hypothesis import example, given
from hypothesis import strategies as st

from backoffice.core.spreadsheets import BYTE_ORDER_MARK, DANGEROUS, csv_pieces, harmless

SIGNS = "=+-@\t\r\n\0＝＋－＠"
assert set(SIGNS) == DANGEROUS
CELLS = st.text() | st.builds("".join, st.tuples(st.sampled_from([*SIGNS, " =", '";', "'"]), st.text()))
ROWS = st.lists(st.lists(CELLS, min_size=1, max_size=5), max_size=20)


def read_back(content: bytes) -> list[list[str]]:
    assert content.startswith(BYTE_ORDER_MARK)
    text = content.removeprefix(BYTE_ORDER_MARK).decode("utf-8")
    return list(csv.reader(io.StringIO(text, newline=""), delimiter=";"))


@given(ROWS)
def test_out_01_every_table_is_read_back_as_it_was_written(rows):
    written = [[harmless(cell).encode("utf-8", "replace").decode() for cell in row] for row in rows]
    assert read_back(b"".join(csv_pieces(rows))) == written


@given(ROWS)
@example([["\u2003=1+1", "\x1c@x", "\ufeff -2"]])
def test_out_01_no_cell_starts_with_a_sign_that_a_spreadsheet_computes(rows):
    for row in read_back(b"".join(csv_pieces(rows))):
        for cell in row:
            assert cell[:1] not in DANGEROUS
            assert cell.strip()[:1] not in DANGEROUS


@pytest.mark.parametrize("sign", SIGNS)
def test_out_01_a_dangerous_first_sign_gets_an_apostrophe(sign):
    assert harmless(f"{sign}cmd|' /C calc'!A0") == f"'{sign}cmd|' /C calc'!A0"
    assert harmless(f"a{sign}") == f"a{sign}"


@pytest.mark.parametrize("text", ["", " ", "'", "Claire", "1 250,00 €", "a;b", 'dit "oui"', "deux\nlignes"])
def test_ordinary_text_is_left_as_it_is(text):
    assert harmless(text) == text
    assert read_back(b"".join(csv_pieces([[text]]))) == [[text]]


def test_quotes_separators_and_line_ends_are_those_of_rfc_4180():
    assert b"".join(csv_pieces([['a"b', "c;d", "e"], ["f", "g\r\nh", ""]])) == (
        BYTE_ORDER_MARK + b'"a""b";"c;d";e\r\nf;"g\r\nh";\r\n'
    )


def test_rows_are_asked_for_as_the_file_leaves():
    asked = 0

    def rows():
        nonlocal asked
        for number in range(10_000):
            asked = number
            yield [str(number)]

    pieces = csv_pieces(rows())
    next(pieces)
    next(pieces)
    assert asked < 1_000
