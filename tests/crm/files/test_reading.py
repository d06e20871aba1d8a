"""Bytes become rows: any common encoding and delimiter, in constant memory, and never a crash."""

from __future__ import annotations

import io
import tracemalloc
from typing import BinaryIO

import pytest
from hypothesis import given
from hypothesis import strategies as st

from crm.files import reading
from crm.files.encodings import find_encoding
from crm.files.errors import EmptyTable
from crm.files.reading import BadRow, FileRow, FileTable
from crm.files.reject_reasons import REASONS

LATVIAN = "Nr.;Vārds;Pilsēta\r\n1;Ģirts Ķēniņš;Rīga\r\n2;Žanete Šļūka;Jūrmala\r\n"
ITALIAN = "N.;Nome;Città\r\n1;Nicolò Papà;Forlì\r\n2;Niccolò Però;Cantù\r\n"
ENCODINGS = {
    "utf-8": "utf-8",
    "utf-8-sig": "utf-8-sig",
    "utf-16": "utf-16",
    "utf-16-le": "utf-16-le",
    "utf-16-be": "utf-16-be",
    "utf-32": "utf-32",
}


def table(content: bytes | str) -> FileTable:
    return FileTable(io.BytesIO(content.encode() if isinstance(content, str) else content))


def good(content: bytes | str) -> list[tuple[str, ...]]:
    return [row.cells for row in table(content) if isinstance(row, FileRow)]


def bad(content: bytes | str) -> list[tuple[int, str]]:
    return [(row.line, row.reason) for row in table(content) if isinstance(row, BadRow)]


@pytest.mark.parametrize("encoding", [*ENCODINGS, "cp1257"])
def test_latvian_letters_survive_every_encoding(encoding: str) -> None:
    """A clerk need not know what an encoding is."""
    found = table(LATVIAN.encode(encoding))
    assert found.headings == ("Nr.", "Vārds", "Pilsēta")
    assert [row.cells[1] for row in found] == ["Ģirts Ķēniņš", "Žanete Šļūka"]


@pytest.mark.parametrize("encoding", [*ENCODINGS, "cp1252"])
def test_italian_letters_survive_every_encoding(encoding: str) -> None:
    """The same bytes mean ģ in Riga and ì in Forlì; the words around them decide."""
    found = table(ITALIAN.encode(encoding))
    assert [row.cells[1] for row in found] == ["Nicolò Papà", "Niccolò Però"]


def test_a_byte_order_mark_for_big_endian_is_believed() -> None:
    """Files from other machines begin the other way round."""
    content = b"\xfe\xff" + LATVIAN.encode("utf-16-be")
    assert table(content).headings == ("Nr.", "Vārds", "Pilsēta")


@pytest.mark.parametrize(
    ("text", "encoding"),
    [
        ("Kalniņš;Ozoliņa", "cp1257"),
        ("čiekurs;ķirsis", "cp1257"),
        ("Nicolò;Forlì", "cp1252"),
        ("perché è così", "cp1252"),
        ("società;Papà", "cp1252"),
        ("Tipo;società;KZ;società", "cp1252"),
        ("D\u2019Angelo € 5", "cp1257"),
        ("Šimons Dvořák".replace("ř", "r").replace("á", "a"), "cp1252"),
        ("Šimons", "cp1257"),
    ],
)
def test_few_letters_are_enough_to_tell_the_code_page(text: str, encoding: str) -> None:
    """Accents at the end of words are Italian, consonants inside them Latvian."""
    content = text.encode(encoding)
    assert content.decode(find_encoding(io.BytesIO(content)).codec) == text


def test_a_late_letter_decides_too() -> None:
    """A file whose first accent comes after a million plain bytes is still read rightly."""
    for name, encoding in (("Ķēniņš", "utf-8"), ("Ķēniņš", "cp1257"), ("Niccolò", "cp1252")):
        content = b"a;b\r\n" + b"plain;row\r\n" * 100_000 + f"{name};x\r\n".encode(encoding)
        assert content.decode(find_encoding(io.BytesIO(content)).codec).endswith(f"{name};x\r\n")


@pytest.mark.parametrize("delimiter", [";", ",", "\t", "|"])
@pytest.mark.parametrize("end", ["\r\n", "\n", "\r"])
def test_delimiters_and_line_ends_are_found(delimiter: str, end: str) -> None:
    """Decimal commas and addresses in cells do not mislead."""
    rows = [("Nr", "Adrese", "Summa"), ("1", "Ielā 5; dz. 2, Rīga", "12,50"), ("2", "a|b", "1")]
    text = end.join(delimiter.join(f'"{cell}"' for cell in row) for row in rows) + end
    found = table(text)
    assert found.delimiter == delimiter
    assert [row.cells for row in found] == rows[1:]


def test_a_declared_delimiter_is_believed_and_its_line_counted() -> None:
    """The line that spreadsheets write first is no heading."""
    found = list(table("sep=|\r\nnr|name\r\n1|a;b\r\n"))
    assert found == [FileRow(3, ("1", "a;b"))]


def test_lines_are_counted_as_an_editor_counts_them() -> None:
    """A record is reported where it starts, whatever line breaks its cells hold."""
    text = 'nr;note\r\n1;"a\nb\r\nc"\r\n\r\n;\r\n2;"say ""hi"""\r\n'
    assert list(table(text)) == [FileRow(2, ("1", "a\nb\r\nc")), FileRow(7, ("2", 'say "hi"'))]


def test_one_bad_record_costs_one_row() -> None:
    """A quote never closed or closed too early does not swallow what follows."""
    text = "\n".join(  # noqa: FLY002 - one record a line is easier to read
        [
            "nr;name",
            '1;"open',
            "2;fine",
            '3;"shut" early',
            "4;",
            "5",
            "6;a;b",
            '7;SIA "X"',
            '8;"end',
        ]
    )
    assert good(text) == [("2", "fine"), ("4", ""), ("5", ""), ("7", 'SIA "X"')]
    assert bad(text) == [
        (2, "quotes"),
        (4, "quotes"),
        (7, "columns"),
        (9, "quotes"),
    ]


def test_empty_cells_beyond_the_headings_are_dropped() -> None:
    """Spreadsheets write delimiters for columns that only look empty."""
    assert good("nr;name\n1;a;;;\n") == [("1", "a")]


def test_unreadable_letters_and_control_characters_are_reported() -> None:
    """A row is never taken in with a letter missing."""
    text = b"nr;name\n1;good\n2;b\x00d\n3;fine\n"
    assert bad(text) == [(3, "control characters")]
    half = LATVIAN.encode("utf-8-sig").replace("ž".upper().encode(), b"\xc5")
    assert bad(half) == [(3, "encoding")]


def test_endless_cells_and_rows_are_cut_off() -> None:
    """What no office ever wrote is reported, and the rows around it are read."""
    wide = ";".join("x" * (reading.MOST_COLUMNS + 1))
    long = "y" * (reading.LONGEST_FIELD + 1)
    endless = "z" * (3 * reading.LONGEST_FIELD)
    text = f"nr;name\n1;a\n2;{long}\n{wide}\n{endless}\n3;b\n"
    assert good(text) == [("1", "a"), ("3", "b")]
    assert bad(text) == [(3, "too long"), (4, "too long"), (5, "too long")]
    rows = [row for row in table(text) if isinstance(row, BadRow)]
    assert max(len(cell) for row in rows for cell in row.cells) <= reading.LONGEST_FIELD


def test_a_file_without_headings_is_refused() -> None:
    """Nothing can be said of rows whose columns have no names."""
    for content in (b"", b"\r\n\r\n", b'"never closed'):
        with pytest.raises(EmptyTable):
            table(content)


@pytest.mark.parametrize("cell", ["=1+1", "+371 1", "-5", "@x", "＝1", "0123", "1234567890123456"])
def test_the_guard_of_spreadsheets_is_taken_away(cell: str) -> None:
    """What was guarded on the way out comes back as it was."""
    assert good(f"nr;name\n1;'{cell}\n") == [("1", cell)]
    assert good(f"nr;name\n1;''{cell}\n") == [("1", "'" + cell)]


def test_other_apostrophes_stay() -> None:
    """An apostrophe is also a letter of names."""
    assert good("nr;name\n1;'t Hart\n2;D'Angelo\n") == [("1", "'t Hart"), ("2", "D'Angelo")]


def test_rows_can_be_walked_twice() -> None:
    """A preview reads the same rows as the import after it."""
    found = table(LATVIAN)
    assert list(found) == list(found)


ENCODERS = (
    *("utf-8", "utf-8-sig", "utf-16", "utf-16-le", "utf-16-be", "utf-32", "cp1257", "cp1252"),
    *("iso8859-13", "iso8859-15", "cp775", "mac-roman"),
)
_NASTY = st.lists(
    st.sampled_from(
        [
            '"',
            ";",
            ",",
            "\t",
            "|",
            "\r",
            "\n",
            "\r\n",
            "\0",
            "ā",
            "č",
            "è",
            "€",
            "a",
            "1",
            "'=",
            "\ufeff",
        ]
    ),
    max_size=60,
).map("".join)


@given(_NASTY, st.sampled_from(ENCODERS), st.binary(max_size=6))
def test_no_bytes_break_the_reading(text: str, encoding: str, more: bytes) -> None:
    """Whatever arrives, every row is either as wide as the headings or reported with its line."""
    content = b"nr;name\r\n" + text.encode(encoding, "replace") + more
    try:
        found = table(content)
    except EmptyTable:
        return
    lines = [row.line for row in found]
    assert lines == sorted(set(lines))
    assert all(len(row.cells) == len(found.headings) for row in found if isinstance(row, FileRow))
    assert all(row.reason in REASONS for row in found if isinstance(row, BadRow))


@given(st.binary(max_size=300))
def test_no_file_at_all_breaks_the_reading(content: bytes) -> None:
    """A picture renamed to .csv is refused or full of bad rows, and that is all."""
    try:
        list(table(content))
    except EmptyTable:
        return


class _Generated(io.RawIOBase):
    """A file that is made while it is read, so that only the reading takes memory."""

    def __init__(self, rows: int) -> None:
        self._rows = rows
        self._line = b"%08d;SIA Paraugs;" + "Brīvības iela 1, Rīga".encode("cp1257") + b";x\r\n"
        self._width = len(self._line % 0)
        self._place = 0

    def readable(self) -> bool:
        return True

    def seekable(self) -> bool:
        return True

    def seek(self, place: int, whence: int = 0) -> int:
        self._place = place
        return place

    def tell(self) -> int:
        return self._place

    def readinto(self, buffer: memoryview) -> int:  # type: ignore[override]
        row, skip = divmod(self._place, self._width)
        wanted = min(self._rows - row, len(buffer) // self._width + 2)
        content = b"".join(self._line % number for number in range(row, row + wanted))[skip:]
        content = content[: len(buffer)]
        buffer[: len(content)] = content
        self._place += len(content)
        return len(content)


def _peak(rows: int) -> int:
    stream: BinaryIO = io.BufferedReader(_Generated(rows))
    tracemalloc.start()
    try:
        assert sum(1 for _ in FileTable(stream)) == rows - 1
        return tracemalloc.get_traced_memory()[1]
    finally:
        tracemalloc.stop()


def test_a_long_file_takes_no_more_memory_than_a_short_one() -> None:
    """Fifty thousand rows need what one thousand need."""
    _peak(1_000)
    assert _peak(50_000) < 1.5 * _peak(1_000)


def test_quotes_that_never_close_do_not_cost_the_square_of_the_file() -> None:
    """Each broken record looks ahead over a bounded number of lines, not to the end."""
    text = "nr;name\n" + '1;"open\n2;fine\n' * 2_000
    found = list(table(text))
    assert sum(isinstance(row, BadRow) for row in found) >= 1_000
    assert max(row.line for row in found) == 4_001
