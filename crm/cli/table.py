"""Rows laid out in columns that fit a terminal, wide letters and stacked marks counted."""

from __future__ import annotations

import re
from typing import TYPE_CHECKING, Any, Final

from crm.i18n import _

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence

Row = dict[str, Any]

_GAP = "  "
_NARROWEST = 6
_CUT = "…"
# Latin letters and punctuation, each one column wide: a table of them never waits for wcwidth.
_NARROW: Final = re.compile("[\x20-\x7e\xa0-\xac\xae-\u02ff\u2010-\u2027]*")


def draw(
    rows: Sequence[Row],
    columns: Mapping[str, str] | None,
    width: int | None,
    *,
    headed: bool = True,
) -> str:
    """Draw `rows`; `columns` maps fields to headings, `width` is the terminal's or None."""
    if columns is None:
        columns = {name: name for row in rows for name in row}
    table = [list(columns.values())] if headed else []
    table += [[_cell(row.get(name)) for name in columns] for row in rows]
    widths = [max(map(_columns, column)) for column in zip(*table, strict=True)]
    if width is not None:
        widths = _shrink(widths, width)
    right = [_numeric([row.get(name) for row in rows]) for name in columns]
    lines = [_line(cells, widths, right) for cells in table]
    if headed:
        lines.insert(1, _GAP.join("─" * wide for wide in widths))
    return "\n".join(lines) + "\n"


def flatten(record: Row) -> list[Row]:
    """Turn an object that holds lists into rows, so that CSV can carry it whole.

    An object of plain fields is one row. Else each field and each entry of a list is a row that
    names in `part` where it belongs.
    """
    lists = {name for name, value in record.items() if _holds_rows(value)}
    if not lists:
        return [record]
    rows: list[Row] = []
    for name, value in record.items():
        if name in lists:
            rows += [{"part": name, **entry} for entry in value]
        else:
            rows.append({"part": name, "value": value})
    return rows


def _holds_rows(value: object) -> bool:
    return isinstance(value, list) and all(isinstance(entry, dict) for entry in value)


def _cell(value: object) -> str:
    if value is None:
        return ""
    if isinstance(value, bool):
        return _("yes") if value else _("no")
    if isinstance(value, list):
        cells = [*map(_cell, value)]
        return ("; " if any(", " in cell for cell in cells) else ", ").join(cells)
    if isinstance(value, dict):
        return ", ".join(f"{name} {_cell(part)}" for name, part in value.items())
    return " ".join(str(value).split())


def _numeric(values: list[object]) -> bool:
    return all(isinstance(value, int | float) for value in values)


def _columns(text: str) -> int:
    if _NARROW.fullmatch(text):
        return len(text)
    from wcwidth import wcswidth

    return max(wcswidth(text), 0)


def _shrink(widths: list[int], width: int) -> list[int]:
    """Take from the widest column until all fit, so that narrow ones stay readable."""
    widths = list(widths)
    room = max(width - len(_GAP) * (len(widths) - 1), 0)
    while sum(widths) > room and max(widths) > _NARROWEST:
        widths[widths.index(max(widths))] -= 1
    return widths


def _line(cells: Sequence[str], widths: Sequence[int], right: Sequence[bool]) -> str:
    fitted = []
    for cell, wide, to_right in zip(cells, widths, right, strict=True):
        text = _cut(cell, wide)
        space = " " * (wide - _columns(text))
        fitted.append(space + text if to_right else text + space)
    return _GAP.join(fitted).rstrip()


def _cut(text: str, wide: int) -> str:
    if _columns(text) <= wide:
        return text
    room = wide - len(_CUT)
    if _NARROW.fullmatch(text):
        return text[:room] + _CUT
    from wcwidth import clip

    return clip(text, 0, room) + _CUT
