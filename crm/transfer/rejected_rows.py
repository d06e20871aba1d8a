"""Rows of a file that stay outside: listed, written down to be mended, and judged once more.

Their cells are held nowhere meanwhile. Whoever mends a row sees what the file says now.
"""

from __future__ import annotations

import csv
import io
from typing import TYPE_CHECKING, BinaryIO, Final

from crm.copies.copies import REJECTS, new_copy
from crm.copies.outgoing import need_folder, outgoing
from crm.files.candidate import Rejection
from crm.files.formula_guard import guarded_digits
from crm.files.headings import read_headings
from crm.files.private import refuse_taken
from crm.files.rejected_columns import OWN_COLUMNS, REJECT_HEADINGS
from crm.files.writing import PROFILES, RowsFile
from crm.i18n import _
from crm.privacy import IDENTITY
from crm.transfer.cards import RejectedRow, RejectLine
from crm.transfer.errors import RowElsewhere
from crm.transfer.import_grounds import reasons_for
from crm.transfer.preview import judge_of
from crm.transfer.words import reason, to_decide
from gdpr.audit.events import Event

if TYPE_CHECKING:
    from collections.abc import Callable, Sequence
    from contextlib import ExitStack
    from pathlib import Path

    from crm.files.candidate import Candidate
    from crm.files.judge import Judge
    from crm.files.reading import BadRow, FileRow, FileTable
    from crm.session.context import RegisterContext
    from crm.transfer.cards import ImportOrder

    Say = Callable[[str], str]

Faults = tuple[tuple[str | None, str], ...]

_BETWEEN: Final = " + "


class RejectsFile(RowsFile):
    """Writes rejections: where, which column and why, then the row exactly as it came.

    These columns stand first, because a row that fell apart has any number of cells. They are
    dropped from a file that brought them along already, so that they never pile up. Why is said in
    a sentence for whoever mends it, and as a code in a column of its own.
    """

    def __init__(self, stream: BinaryIO, headings: Sequence[str], say: Say = reason) -> None:
        super().__init__(stream, PROFILES["excel-lv"])
        self._say = say
        self._ours = {place for place, heading in enumerate(headings) if heading in REJECT_HEADINGS}
        self._write([*map(_, OWN_COLUMNS)], headings)

    def add(self, rejection: Rejection) -> None:
        """Write one rejected row with everything that is wrong with it."""
        faults = faults_of(rejection)
        columns = _BETWEEN.join(column or "" for column, _code in faults)
        codes = _BETWEEN.join(code for _column, code in faults)
        why = " ".join(dict.fromkeys(self._say(code) for _column, code in faults))
        if rejection.alike:
            numbers = ", ".join(map(str, rejection.alike))
            codes, why = f"{codes}: {numbers}", to_decide(numbers)
        self._write((str(rejection.line), columns, why, "", codes), rejection.cells)
        self.written += 1

    def _write(self, ours: Sequence[str], cells: Sequence[str]) -> None:
        if len(cells) > len(self._ours):  # a row shown as one line has nothing to drop
            cells = [cell for place, cell in enumerate(cells) if place not in self._ours]
        self._rows.writerow([guarded_digits(cell) for cell in (*ours, *cells)])


class RejectedRows:
    """The rows that stay outside: listed, and written to a file if one was asked for.

    The file begins with the first rejection and is a known copy before it holds a byte.
    """

    def __init__(
        self,
        context: RegisterContext,
        path: Path | None,
        headings: Sequence[str],
        opened: ExitStack,
        say: Say = reason,
    ) -> None:
        """Write to `path`, if there is one, until `opened` closes; `say` words the reasons."""
        self._say = say
        self._context = context
        self._path = path
        self._headings = headings
        self._opened = opened
        self._file: RejectsFile | None = None
        self.lines: list[RejectLine] = []

    def add(self, rejection: Rejection) -> None:
        """Note a row that stays outside."""
        self.lines.append(RejectLine(*rejection[:4], rejection.alike))
        if self._path is None:
            return
        if self._file is None:
            copy = new_copy(self._context, REJECTS, self._path)
            work = self._opened.enter_context(
                outgoing(self._context, copy, event=Event.EXPORTED, counts={"profile": REJECTS})
            )
            stream = self._opened.enter_context(work.file(copy))
            self._file = self._opened.enter_context(RejectsFile(stream, self._headings, self._say))
        self._file.add(rejection)


def refuse_unusable(path: Path) -> None:
    """Find out before the first row whether the rejects file can be written."""
    need_folder(path.parent)
    refuse_taken(path)


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
    """Find the row that begins on a line, and what is wrong with it."""
    judge = judge_for(context, table.headings, order)
    found = _row_at(table, line)
    if not (faults := faults_of(judge.judge(found))):
        raise RowElsewhere(line=line)
    width = len(table.headings)
    return RejectedRow(
        line, table.headings, _filled(found.cells, width), faults, found.cells[width:]
    )


def cells_at(table: FileTable, line: int) -> tuple[str, ...]:
    """Find the cells of the row that begins on a line."""
    return _filled(_row_at(table, line).cells, len(table.headings))


def _row_at(table: FileTable, line: int) -> FileRow | BadRow:
    """Find the row that begins on a line; a file that was changed meanwhile has another there."""
    found = next((row for row in table if row.line >= line), None)
    if found is None or found.line != line:
        raise RowElsewhere(line=line)
    return found


def _filled(cells: tuple[str, ...], width: int) -> tuple[str, ...]:
    return (*cells, *[""] * width)[:width]


def table_of(headings: Sequence[str], cells: Sequence[str]) -> bytes:
    """Write a table of one row, so that reading brings every cell back as it is."""
    text = io.StringIO(newline="")
    text.write("sep=,\r\n")
    rows = csv.writer(text, quoting=csv.QUOTE_ALL)
    rows.writerows([guarded_digits(cell) for cell in row] for row in (headings, cells))
    return text.getvalue().encode("utf-8-sig")
