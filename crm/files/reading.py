"""Bytes of any spreadsheet's text file become rows, one at a time and in constant memory.

A file says neither its encoding nor its delimiter, so both are found out from the bytes. Lines
are read one by one and a record that goes wrong is given up at its first line: what follows is
read afresh, so that one stray quote costs one row and not the rest of the file.
"""

from __future__ import annotations

import csv
import io
import re
from collections import Counter, deque
from contextlib import suppress
from itertools import islice
from typing import TYPE_CHECKING, BinaryIO, Final, NamedTuple

from crm.files.encodings import Encoding, find_encoding, named_encoding
from crm.files.errors import EmptyTable
from crm.files.formula_guard import unguarded
from crm.files.headings import count_known, is_mail_heading
from crm.files.rejected_columns import REJECT_HEADINGS

if TYPE_CHECKING:
    from collections.abc import Iterator, Sequence

LONGEST_FIELD: Final = 1 << 20
MOST_COLUMNS: Final = 10_000
MOST_LINES: Final = 256  # of one record; a quote never closed would otherwise swallow the file
_LONGEST_LINE: Final = 2 * LONGEST_FIELD
_SAMPLE_LINES: Final = 50
_TITLE_LINES: Final = 10  # so many lines of title may stand above the headings
_SAMPLE_WIDTH: Final = 1 << 16
_DELIMITERS: Final = (";", ",", "\t", "|")
_DECLARED = re.compile(r'"?sep=(.)"?[\r\n]*', re.IGNORECASE)

_TOO_MANY: Final = "larger than a record may be"

csv.field_size_limit(LONGEST_FIELD)


class FileRow(NamedTuple):
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


class FileTable:
    """The rows of one text file, whose headings are known before the first row is asked for.

    `stream` must be seekable, because the encoding is found out on a first pass. The rows may
    be walked through more than once, but not at the same time.
    """

    delimiter = ""
    _skipped = 0

    def __init__(self, stream: BinaryIO, *, encoding: str | None = None) -> None:
        self._stream = stream
        self.found = Encoding(named_encoding(encoding)) if encoding else find_encoding(stream)
        sample = [line[:_SAMPLE_WIDTH] for line in islice(self._lines(), _SAMPLE_LINES)]
        declared = _DECLARED.fullmatch(sample[0]) if sample else None
        if declared:
            del sample[0]
            self._skipped = 1
        self.delimiter = declared[1] if declared else find_delimiter(sample)
        self._settle_headings()

    @property
    def encoding(self) -> str:
        """Return the codec the file is read with, or the kind of a file that has none."""
        return self.found.codec

    def _settle_headings(self) -> None:
        """Find the line of headings, from where the rows are counted."""
        first = self._find_headings()
        if first is None or isinstance(first, BadRow):
            raise EmptyTable
        self._headings_at = first.line
        width = max(place for place, cell in enumerate(first.cells, 1) if cell)
        self.headings = first.cells[:width]
        # A row that fell apart stands in a rejects file as one cell, and must not pass for mended.
        self._fills = REJECT_HEADINGS.isdisjoint(self.headings)

    def _find_headings(self) -> FileRow | BadRow | None:
        """Return the first record, or one below it where lines above it are but a title."""
        top = list(islice(self._records(self._skipped), _TITLE_LINES))
        for place, record in enumerate(top):
            if isinstance(record, FileRow) and count_known(record.cells) > 1:
                if place and all(_is_title(above, record) for above in top[:place]):
                    return record
                break
        return top[0] if top else None

    def __iter__(self) -> Iterator[FileRow | BadRow]:
        """Yield every row below the headings; empty ones are passed over.

        Spreadsheets leave out empty cells at the end of a row, so what is missing there is empty.
        """
        width = len(self.headings)
        mails = [place for place, cell in enumerate(self.headings) if is_mail_heading(cell)]
        records = self._records(self._skipped)
        above: FileRow | BadRow | None = None
        for record in records:
            if record.line <= self._headings_at:
                continue
            if above is not None:
                if _is_one_row(above, record, width, mails):
                    yield BadRow(above.line, above.cells, "broken line")
                    yield BadRow(record.line, record.cells, "broken line")
                    above = None
                    continue
                yield self._filled(above, width)
            above = record
        if above is not None:
            yield self._filled(above, width)

    def _filled(self, record: FileRow | BadRow, width: int) -> FileRow | BadRow:
        missing = width - len(record.cells)
        if isinstance(record, BadRow) or missing == 0:
            return record
        if missing < 0 and not any(record.cells[width:]):
            return FileRow(record.line, record.cells[:width])
        if missing < 0 or not self._fills:
            return BadRow(record.line, record.cells, "columns")
        return FileRow(record.line, record.cells + ("",) * missing)

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

    def _records(self, skipped: int) -> Iterator[FileRow | BadRow]:
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
                while len(cells) > MOST_COLUMNS and not cells[-1]:
                    cells.pop()  # a formatted sheet has thousands of empty columns
                reason = "too long" if len(cells) > MOST_COLUMNS else source.fault
                taken = tuple(map(unguarded, cells[:MOST_COLUMNS]))
                yield (
                    BadRow(source.start, taken, reason) if reason else FileRow(source.start, taken)
                )

    def _given_up(self, source: _Lines, reason: str) -> BadRow:
        """Report the first line of a broken record and hand its other lines back."""
        line = source.give_back().rstrip("\r\n")[:LONGEST_FIELD]
        cells = line.split(self.delimiter, MOST_COLUMNS)
        return BadRow(source.start, tuple(cells), reason, line)


def _is_title(above: FileRow | BadRow, headings: FileRow) -> bool:
    """Tell whether a line says what the whole table is: it fills less than half of its columns."""
    filled, wide = (sum(map(bool, record.cells)) for record in (above, headings))
    return count_known(above.cells) == 0 and (filled == 1 < wide or filled * 2 < wide)


def _is_one_row(
    above: FileRow | BadRow, below: FileRow | BadRow, width: int, mails: Sequence[int]
) -> bool:
    """Tell whether a line break cut a row: then its mail addresses stand right only if joined."""
    first, second = above.cells, below.cells
    short = (
        isinstance(above, FileRow)
        and isinstance(below, FileRow)
        and len(first) < width > len(second)
    )
    if not short or len(first) + len(second) != width + 1:
        return False
    placed = [place for place, cell in enumerate(second) if "@" in cell]
    return bool(placed) and all(
        place not in mails and place + len(first) - 1 in mails for place in placed
    )


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
        width, alike = Counter(map(len, rows)).most_common(1)[0] if rows else (0, 0)
        return (width - 1) * alike / max(len(rows), 1)

    return max(_DELIMITERS, key=columns)
