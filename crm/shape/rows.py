"""Rows below a record: read from lines of text or from JSON, kept as one value, written again.

They are kept as JSON under the names of their columns, so that a column may come later or stand
elsewhere; as text a line of headings goes before them, for the same reason.
"""

from __future__ import annotations

import csv
import json
import re
from typing import TYPE_CHECKING, Final

from crm.errors import FieldInvalid
from crm.i18n import LANGUAGES
from crm.shape.errors import RowsInvalid, TextTooLong
from crm.shape.normal_forms import too_long
from crm.strict_json import read_strictly
from gdpr.text import clean

if TYPE_CHECKING:
    from collections.abc import Callable, Iterable, Iterator, Mapping

    from crm.shape.description import Cell, Field

    Read = Callable[[Cell, str | None], str | None]
    Line = Mapping[str, str]

MOST_ROWS: Final = 100
_IS_JSON: Final = re.compile(r"\s*\[\s*([\[{].*|[\]\"\d-].*\]\s*|\]\s*)", re.ASCII | re.DOTALL)
_QUOTED: Final = frozenset(';"')


def read_rows(field: Field, typed: str, read: Read) -> str | None:
    """Read rows, each cell as what its column holds; None when there are none."""
    lines = _objects(field, typed) if _IS_JSON.fullmatch(typed) else _typed_lines(field, typed)
    rows = [
        _row(field, number, line, read)
        for number, line in enumerate(filter(_is_filled, lines), start=1)
    ]
    if len(rows) > MOST_ROWS:
        raise _invalid(field, MOST_ROWS + 1)
    stored = json.dumps(rows, ensure_ascii=False, separators=(",", ":"))
    if too_long(stored):
        raise TextTooLong
    return stored if rows else None


def rows_of(field: Field, stored: str | None) -> list[dict[str, str | None]]:
    """Return stored rows, each with every column."""
    rows = json.loads(stored) if stored else []
    return [{one.name: row.get(one.name) for one in field.rows} for row in rows]


def rows_text(field: Field, stored: str | None, language: str = "") -> str:
    """Write rows as they are typed, with headings and codes in a language, or as they are named."""
    rows = rows_of(field, stored)
    if not rows:
        return ""
    lines = [
        _line(_said(one, row[one.name], language) for one in field.rows)
        for row in rows
    ]  # fmt: skip
    return "\n".join([headings_of(field, language), *lines])


def headings_of(field: Field, language: str = "") -> str:
    """Write the line that stands above rows, with which an empty form begins."""
    return _line(one.label.said(language) if language else one.name for one in field.rows)


def _line(cells: Iterable[str]) -> str:
    return "; ".join(map(_quoted, cells)).rstrip()


def typed_rows(field: Field, text: str) -> list[dict[str, str | None]]:
    """Return the rows of a text as they stand there, each with every column."""
    lines = filter(_is_filled, _typed_lines(field, text))
    return [{one.name: line.get(one.name) or None for one in field.rows} for line in lines]


def _said(column: Cell, stored: str | None, language: str) -> str:
    if stored is None:
        return ""
    words = column.codes.get(stored) if language else None
    return stored if words is None else words.said(language)


def _quoted(cell: str) -> str:
    return '"' + cell.replace('"', '""') + '"' if _QUOTED & set(cell) else cell


def _row(field: Field, number: int, line: Line, read: Read) -> dict[str, str]:
    """Read the cells of one row; what is wrong with one is said with its row and column."""
    if not {one.name for one in field.rows} >= line.keys():
        raise _invalid(field, number)
    row: dict[str, str] = {}
    for column in field.rows:
        try:
            value = read(column, line.get(column.name))
        except FieldInvalid as fault:
            place = f"{field.name}.{number}.{column.name}"
            fault.arguments["field"] = place
            raise
        if value is not None:
            row[column.name] = value
    return row


def _is_filled(line: Line) -> bool:
    return any(map(clean, line.values()))


def _typed_lines(field: Field, typed: str) -> Iterator[Line]:
    """Read one row a line, in the order of its headings or else in that of the description."""
    order = [one.name for one in field.rows]
    text = typed.removeprefix("\ufeff").replace("\r\n", "\n").replace("\r", "\n")
    lines = [line for line in text.split("\n") if line.strip()]
    for number, line in enumerate(lines, start=1):
        cells = _cells(field, number, line)
        headings = [_named(field, cell) for cell in cells]
        distinct = len(set(headings) - {""}) == len(headings)
        # A single line is the headings of an empty table only if it names every column.
        if number == 1 and distinct and (len(lines) > 1 or len(headings) == len(order)):
            order = headings
            continue
        # What stands behind the last column is under a name that no column has.
        names = [*order, *("" for _cell in cells[len(order) :])]
        yield {name: cell for name, cell in zip(names, cells, strict=False) if name or cell.strip()}


def _cells(field: Field, number: int, line: str) -> list[str]:
    """Split a line; a quotation mark that is not closed would take the rows below along."""
    try:
        return next(csv.reader([line], delimiter=";", skipinitialspace=True, strict=True))
    except csv.Error:
        raise _invalid(field, number) from None


def _named(field: Field, heading: str) -> str:
    """Return the column that a heading names in any of our languages, or nothing."""
    wanted = _folded(heading)
    for one in field.rows:
        if wanted in {_folded(one.name), *(_folded(one.label.said(code)) for code in LANGUAGES)}:
            return one.name
    return ""


def _folded(heading: str) -> str:
    return " ".join(heading.casefold().split())


def _objects(field: Field, typed: str) -> Iterator[Line]:
    """Read a JSON list of flat objects; numbers are taken as they are written."""
    try:
        told = read_strictly(typed, as_written=True)
    except ValueError:
        raise _invalid(field, 1) from None
    for number, row in enumerate(told, start=1):
        texts = isinstance(row, dict) and all(
            value is None or isinstance(value, str) for value in row.values()
        )
        if not texts:
            raise _invalid(field, number)
        yield {name: value or "" for name, value in row.items()}


def _invalid(field: Field, number: int) -> RowsInvalid:
    columns = "; ".join(one.name for one in field.rows)
    fault = RowsInvalid(field=f"{field.name}.{number}", columns=columns, most=MOST_ROWS)
    fault.called = {"columns": [one.label for one in field.rows]}
    return fault
