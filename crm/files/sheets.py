"""Workbooks of spreadsheets (xlsx), read as tables: what a cell shows, and no formula is run.

A workbook is a packed archive, so a small one may hold more than any memory; what is far larger
than an address book is refused before it is unpacked.
"""

from __future__ import annotations

import zipfile
from contextlib import contextmanager
from datetime import date, datetime, time
from importlib import import_module
from typing import TYPE_CHECKING, Any, BinaryIO, Final

from crm.files.encodings import Encoding
from crm.files.errors import SheetTooLarge, SheetUnreadable
from crm.files.formula_guard import unguarded
from crm.files.headings import count_known
from crm.files.reading import MOST_COLUMNS, BadRow, FileRow, FileTable

if TYPE_CHECKING:
    from collections.abc import Iterator

XLSX: Final = "xlsx"
_PACKED: Final = b"PK\x03\x04"
_OLD_WORKBOOK: Final = b"\xd0\xcf\x11\xe0"
_MOST_BYTES: Final = 256 << 20
_MOST_PARTS: Final = 2_000
_WHOLE_DIGITS: Final = 10**15  # beyond, the number in a cell has lost its last digits


def is_workbook(start: bytes) -> bool:
    """Tell by its first bytes whether a file is a workbook, old ones and other kinds included."""
    return start.startswith((_PACKED, _OLD_WORKBOOK))


class SheetTable(FileTable):
    """The rows of the first sheet that has known headings, else of the first one."""

    def __init__(self, stream: BinaryIO) -> None:
        """Find the sheet and its headings."""
        self._stream = stream
        self.found = Encoding(XLSX)
        _refuse_larger(stream)
        self._sheet = 0
        with _opened(stream) as book:
            for place, sheet in enumerate(book.worksheets):
                top = (next(_cells(row), ()) for row in sheet.iter_rows(max_row=10))
                if any(count_known(cells) > 1 for cells in top):
                    self._sheet = place
                    break
        self._settle_headings()

    def _records(self, skipped: int) -> Iterator[FileRow | BadRow]:
        del skipped
        with _opened(self._stream) as book:
            sheet = book.worksheets[self._sheet]
            for line, row in enumerate(sheet.iter_rows(), 1):
                for cells in _cells(row):
                    yield FileRow(line, cells)


@contextmanager
def _opened(stream: BinaryIO) -> Iterator[Any]:
    """Open a workbook for reading; whatever is wrong inside it is one answer, without its words."""
    library: Any = import_module("openpyxl")
    stream.seek(0)
    try:
        book = library.load_workbook(stream, read_only=True, data_only=True, keep_links=False)
        try:
            yield book
        finally:
            book.close()
    except (SheetUnreadable, SheetTooLarge, GeneratorExit):
        raise
    except Exception:  # noqa: BLE001 - a broken archive fails in any of a dozen ways
        raise SheetUnreadable from None


def _refuse_larger(stream: BinaryIO) -> None:
    stream.seek(0)
    try:
        parts = zipfile.ZipFile(stream).infolist()
    except (zipfile.BadZipFile, OSError, ValueError):
        raise SheetUnreadable from None
    if len(parts) > _MOST_PARTS or sum(part.file_size for part in parts) > _MOST_BYTES:
        raise SheetTooLarge


def _cells(row: Any) -> Iterator[tuple[str, ...]]:
    """Yield the texts of a row that holds any, up to its last filled cell."""
    texts = [_shown(cell.value) for cell in row[:MOST_COLUMNS]]
    while texts and not texts[-1]:
        texts.pop()
    if texts:
        yield tuple(texts)


def _shown(value: object) -> str:
    """Write what a cell holds as a text; nothing in it is worked out."""
    if isinstance(value, str):
        return unguarded(value.replace("\0", ""))
    if isinstance(value, bool):
        return str(value).lower()
    if isinstance(value, datetime):
        midnight = value.time() == time()
        return value.date().isoformat() if midnight else value.isoformat(timespec="minutes")
    if isinstance(value, date | time):
        return value.isoformat()
    return "" if value is None else _number(value)


def _number(value: object) -> str:
    if isinstance(value, int | float) and abs(value) >= _WHOLE_DIGITS:
        return f"{value:E}"  # the file has lost its last digits, and reading says so
    if isinstance(value, float) and value.is_integer():
        return str(int(value))
    return str(value)
