"""Bytes of any spreadsheet's text file become rows, one at a time and in constant memory.

A file says neither its encoding nor its delimiter, so both are found out from the bytes. Lines
are read one by one and a record that goes wrong is given up at its first line: what follows is
read afresh, so that one stray quote costs one row and not the rest of the file.
"""

from __future__ import annotations

import csv
import io
import re
from collections import deque
from contextlib import suppress
from itertools import islice
from typing import TYPE_CHECKING, BinaryIO, Final, NamedTuple

from crm.files.encodings import find_encoding
from crm.files.errors import EmptyTable
from crm.files.guard import unguarded
from gdpr.text import N_

if TYPE_CHECKING:
    from collections.abc import Iterator

LONGEST_FIELD: Final = 1 << 20
MOST_COLUMNS: Final = 10_000
MOST_LINES: Final = 256  # of one record; a quote never closed would otherwise swallow the file
_LONGEST_LINE: Final = 2 * LONGEST_FIELD
_SAMPLE_LINES: Final = 50
_SAMPLE_WIDTH: Final = 1 << 16
_DELIMITERS: Final = (";", ",", "\t", "|")
_DECLARED = re.compile(r'"?sep=(.)"?[\r\n]*', re.IGNORECASE)

# Why a row could not be taken apart; the texts say what to do about it.
ROW_REASONS: Final = {
    "columns": N_("The row has more or fewer cells than the headings. Look for a missing quote."),
    "quotes": N_("A quote is open or stands in the middle of a cell. Double or remove it."),
    "encoding": N_("The row holds letters that cannot be read. Save the file as UTF-8."),
    "control characters": N_("The row holds a NUL character. Remove it."),
    "too long": N_("A cell, or the row, is far too long. Shorten it."),
}

_TOO_MANY: Final = "larger than a record may be"

csv.field_size_limit(LONGEST_FIELD)


class Row(NamedTuple):
    """A record as it stands in the file; `line` is the physical line where it starts."""

    line: int
    cells: tuple[str, ...]


class BadRow(NamedTuple):
    """A record that could not be taken apart, with its cells as far as they can be guessed.

    `whole` is its first line where even that is a guess; it is what a rejects file shows, since
    guessed cells could pass for mended ones.
    """

    line: int
    cells: tuple[str, ...]
    reason: str
    whole: str | None = None


class Table:
    """The rows of one text file, whose headings are known before the first row is asked for.

    `stream` must be seekable, because the encoding is found out on a first pass. The rows may
    be walked through more than once, but not at the same time.
    """

    def __init__(
        self, stream: BinaryIO, *, encoding: str | None = None, delimiter: str | None = None
    ) -> None:
        self._stream = stream
        self.encoding = encoding or find_encoding(stream)
        sample = [line[:_SAMPLE_WIDTH] for line in islice(self._lines(), _SAMPLE_LINES)]
        declared = _DECLARED.fullmatch(sample[0]) if sample else None
        if declared:
            delimiter = delimiter or declared[1]
            del sample[0]
        self.delimiter = delimiter or find_delimiter(sample)
        self._skipped = 1 if declared else 0
        first = next(self._records(self._skipped), None)
        if first is None or isinstance(first, BadRow):
            raise EmptyTable
        self.headings = first.cells

    def __iter__(self) -> Iterator[Row | BadRow]:
        """Yield every row below the headings; empty ones are passed over."""
        width = len(self.headings)
        records = self._records(self._skipped)
        next(records, None)
        for record in records:
            cells = record.cells
            if isinstance(record, BadRow) or len(cells) == width:
                yield record
            elif len(cells) > width and not any(cells[width:]):
                yield Row(record.line, cells[:width])
            else:
                yield BadRow(record.line, cells, "columns")

    def _lines(self) -> Iterator[str]:
        """Yield physical lines with their ends; an endless one comes cut and marked by its end."""
        self._stream.seek(0)
        text = io.TextIOWrapper(self._stream, self.encoding, errors="replace", newline="")
        try:
            while line := text.readline(_LONGEST_LINE):
                yield line
                while len(line) == _LONGEST_LINE and line[-1] not in "\r\n":
                    line = text.readline(_LONGEST_LINE)  # dropped: the part before is reported
        finally:
            with suppress(ValueError):  # whoever stopped half-way may have closed the stream before
                text.detach()

    def _records(self, skipped: int) -> Iterator[Row | BadRow]:
        source = _Lines(islice(self._lines(), skipped, None), skipped)
        parser = csv.reader(source, delimiter=self.delimiter, strict=True)
        while True:
            source.begin()
            try:
                cells = next(parser)
            except StopIteration:
                return
            except csv.Error as fault:
                yield self._given_up(source, _reason(str(fault)))
                parser = csv.reader(source, delimiter=self.delimiter, strict=True)
                continue
            if any(cells):
                reason = "too long" if len(cells) > MOST_COLUMNS else source.fault
                taken = tuple(map(unguarded, cells[:MOST_COLUMNS]))
                yield BadRow(source.start, taken, reason) if reason else Row(source.start, taken)

    def _given_up(self, source: _Lines, reason: str) -> BadRow:
        """Report the first line of a broken record and hand its other lines back."""
        line = source.give_back().rstrip("\r\n")[:LONGEST_FIELD]
        cells = line.split(self.delimiter, MOST_COLUMNS)
        return BadRow(source.start, tuple(cells), reason, line)


class _Lines:
    """Hands physical lines to the parser, counts them, and can take those of a record back."""

    def __init__(self, lines: Iterator[str], before: int) -> None:
        self._lines = lines
        self._again: deque[str] = deque()
        self._record: list[str] = []
        self._read = before
        self.start = before + 1
        self.fault: str | None = None

    def __iter__(self) -> _Lines:
        return self

    def __next__(self) -> str:
        if len(self._record) >= MOST_LINES:
            raise csv.Error(_TOO_MANY)
        line = self._again.popleft() if self._again else next(self._lines)
        self._record.append(line)
        self._read += 1
        if len(line) >= _LONGEST_LINE:
            raise csv.Error(_TOO_MANY)
        if "\ufffd" in line:
            self.fault = "encoding"
        elif "\0" in line:
            self.fault = "control characters"
        return line

    def begin(self) -> None:
        """Forget the record before, which was good."""
        self._record.clear()
        self.start = self._read + 1
        self.fault = None

    def give_back(self) -> str:
        """Return the record's first line and keep its others to be read again."""
        first, *others = self._record or [""]
        self._again.extendleft(reversed(others))
        self._read -= len(others)
        self._record.clear()
        return first


def _reason(fault: str) -> str:
    """Translate the parser's fault into one of ours, without its words, which may quote a cell."""
    if "larger than" in fault:
        return "too long"
    return "control characters" if "NUL" in fault else "quotes"


def find_delimiter(sample: list[str]) -> str:
    """Choose the delimiter that cuts the sample into most columns of one and the same number."""

    def columns(delimiter: str) -> float:
        try:
            rows = [row for row in csv.reader(sample, delimiter=delimiter) if row]
        except csv.Error:
            return 0
        width = len(rows[0]) if rows else 0
        return (width - 1) * sum(len(row) == width for row in rows) / max(len(rows), 1)

    return max(_DELIMITERS, key=columns)
