"""Rows that stayed outside, one at a time: read again from their file, judged, written as a table.

Their cells are held nowhere meanwhile. Whoever mends a row sees what the file says now.
"""

from __future__ import annotations

import csv
import io
from typing import TYPE_CHECKING

from crm.files.candidate import Rejection
from crm.files.formula_guard import guarded_digits
from crm.files.headings import read_headings
from crm.privacy import IDENTITY
from crm.session.errors import RowElsewhere
from crm.transfer.cards import RejectedRow
from crm.transfer.import_grounds import reasons_for
from crm.transfer.preview import judge_of

if TYPE_CHECKING:
    from collections.abc import Sequence

    from crm.files.candidate import Candidate
    from crm.files.judge import Judge
    from crm.files.reading import FileTable
    from crm.session.context import RegisterContext
    from crm.transfer.cards import ImportOrder

Faults = tuple[tuple[str | None, str], ...]


def judge_for(context: RegisterContext, headings: Sequence[str], order: ImportOrder) -> Judge:
    """Return what judges rows under these headings, strictly: a mended row has no bad value."""
    context.access.need_write(IDENTITY)
    reasons = reasons_for(context, order)
    layout = read_headings(headings, order.mapping, context.country)
    return judge_of(context, layout, reasons)


def faults_of(verdict: Candidate | Rejection) -> Faults:
    """List everything that is wrong with a row, as pairs of heading and reason."""
    if not isinstance(verdict, Rejection):
        return ()
    return ((verdict.column, verdict.reason), *verdict.others)


def read_rejected(
    context: RegisterContext, table: FileTable, order: ImportOrder, line: int
) -> RejectedRow:
    """Find the row that begins on a line; a file that was changed meanwhile has another there."""
    judge = judge_for(context, table.headings, order)
    found = next((row for row in table if row.line >= line), None)
    if found is None or found.line != line or not (faults := faults_of(judge.judge(found))):
        raise RowElsewhere(line=line)
    width = len(table.headings)
    cells = (*found.cells, *[""] * width)[:width]
    return RejectedRow(line, table.headings, cells, faults, found.cells[width:])


def cells_at(table: FileTable, line: int) -> tuple[str, ...]:
    """Find the cells of the row that begins on a line."""
    found = next((row for row in table if row.line >= line), None)
    if found is None or found.line != line:
        raise RowElsewhere(line=line)
    width = len(table.headings)
    return (*found.cells, *[""] * width)[:width]


def table_of(headings: Sequence[str], cells: Sequence[str]) -> bytes:
    """Write a table of one row, so that reading brings every cell back as it is."""
    text = io.StringIO(newline="")
    text.write("sep=,\r\n")
    rows = csv.writer(text, quoting=csv.QUOTE_ALL)
    rows.writerows([guarded_digits(cell) for cell in row] for row in (headings, cells))
    return text.getvalue().encode("utf-8-sig")
