"""Rows become a text file that spreadsheets of our countries, or other programs, read rightly."""

from __future__ import annotations

import csv
import io
from dataclasses import dataclass
from datetime import date
from decimal import Decimal
from enum import StrEnum
from typing import TYPE_CHECKING, BinaryIO, Final, Self

from crm.files.formula_guard import guarded, guarded_digits
from crm.shape.description import CODE, EMAIL, LINES, ROWS, TEXT

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence

    from crm.i18n import Words
    from crm.shape.description import Field

Cell = str | int | Decimal | date | None


class Holds(StrEnum):
    """What a column's text is, where a spreadsheet would otherwise spoil it."""

    TEXT = "text"
    DIGITS = "digits"


@dataclass(frozen=True, slots=True)
class OutColumn:
    """A column to be written: its heading, and what its text is."""

    heading: str
    holds: Holds = Holds.TEXT


@dataclass(frozen=True, slots=True)
class Profile:
    """How a file is written for one kind of reader.

    `spreadsheet` files are opened by a double click: they carry a mark of their encoding, and
    their cells are written so that the program behind the click leaves them alone.
    """

    delimiter: str
    decimal_mark: str
    spreadsheet: bool
    language: str = ""


PROFILES: Final[Mapping[str, Profile]] = {
    "excel-lv": Profile(";", ",", spreadsheet=True, language="lv"),
    "excel-it": Profile(";", ",", spreadsheet=True, language="it"),
    "rfc4180": Profile(",", ".", spreadsheet=False),
}


def said(words: Mapping[str, Words], code: str | None, profile: str) -> str | None:
    """Write a code in the language of the file's reader; plain files hold the code itself."""
    language = PROFILES[profile].language
    if code is None or not language or code not in words:
        return code
    return words[code].said(language)


def heading_of(name: str, words: Words, profile: str) -> str:
    """Name a column in the language of the file's reader; plain files have codes."""
    told = said({name: words}, name, profile) or name
    return told[:1].upper() + told[1:] if PROFILES[profile].language else name


def column_of(field: Field, profile: str) -> OutColumn:
    """Make the column of a described field, which says what a spreadsheet would spoil."""
    text = field.type in {TEXT, LINES, CODE, EMAIL, ROWS}
    heading = heading_of(field.name, field.heading or field.label, profile)
    return OutColumn(heading, Holds.TEXT if text else Holds.DIGITS)


class RowsFile:
    """Writes rows of text in the form of a profile; to be used in a `with` block.

    The stream stays open, and `written` counts what was written to it.
    """

    def __init__(self, stream: BinaryIO, profile: Profile) -> None:
        encoding = "utf-8-sig" if profile.spreadsheet else "utf-8"
        self._text = io.TextIOWrapper(stream, encoding, newline="")
        self._rows = csv.writer(
            self._text,
            delimiter=profile.delimiter,
            lineterminator="\r\n",
            quoting=csv.QUOTE_ALL,
        )
        self.written = 0

    def __enter__(self) -> Self:
        return self

    def __exit__(self, *ended: object) -> None:
        self._text.detach()


class TableWriter(RowsFile):
    """Writes a heading row and then rows; days are ISO in every profile."""

    def __init__(self, stream: BinaryIO, columns: Sequence[OutColumn], profile: Profile) -> None:
        super().__init__(stream, profile)
        self._columns = tuple(columns)
        self._profile = profile
        self._rows.writerow([guarded(column.heading) for column in self._columns])

    def write(self, cells: Sequence[Cell]) -> None:
        """Write one row; it must have as many cells as there are columns."""
        pairs = zip(self._columns, cells, strict=True)
        self._rows.writerow([self._shown(cell, column.holds) for column, cell in pairs])
        self.written += 1

    def _shown(self, cell: Cell, holds: Holds) -> str:
        if cell is None:
            return ""
        if isinstance(cell, str):
            return self._text_shown(cell, holds)
        if isinstance(cell, date):
            return cell.isoformat()
        # A number is never guarded: the minus of a credit note is no formula.
        return format(cell, "f" if isinstance(cell, Decimal) else "d").replace(
            ".", self._profile.decimal_mark
        )

    def _text_shown(self, text: str, holds: Holds) -> str:
        # Whoever opens a plain file in a spreadsheet and saves it would lose the digits as well.
        return guarded(text) if holds is Holds.TEXT else guarded_digits(text)
