"""The file of rows that stayed outside, made to be mended in a spreadsheet and imported again."""

from __future__ import annotations

import csv
import io
from contextlib import contextmanager
from typing import TYPE_CHECKING, BinaryIO, Final

from crm.files.formula_guard import guarded_digits
from crm.files.rejected_columns import REJECT_HEADINGS

if TYPE_CHECKING:
    from collections.abc import Iterator, Sequence

    from crm.files.candidate import Rejection

_BETWEEN: Final = " + "


class RejectsFile:
    """Writes rejections: where, which column and why, then the row exactly as it came.

    The three columns stand first, because a row that fell apart has any number of cells. They
    are dropped from a file that brought them along already, so that they never pile up.
    """

    def __init__(self, stream: BinaryIO, headings: Sequence[str]) -> None:
        self._ours = {place for place, heading in enumerate(headings) if heading in REJECT_HEADINGS}
        self._text = io.TextIOWrapper(stream, "utf-8-sig", newline="")
        self._rows = csv.writer(
            self._text, delimiter=";", lineterminator="\r\n", quoting=csv.QUOTE_ALL
        )
        self.written = 0
        self._write(REJECT_HEADINGS, headings)

    def add(self, rejection: Rejection) -> None:
        """Write one rejected row with everything that is wrong with it."""
        faults = [(rejection.column or "", rejection.reason), *rejection.others]
        columns, reasons = (_BETWEEN.join(part) for part in zip(*faults, strict=True))
        if rejection.alike:
            reasons += f": {', '.join(map(str, rejection.alike))}"
        self._write((str(rejection.line), columns, reasons, ""), rejection.cells)
        self.written += 1

    def _write(self, ours: Sequence[str], cells: Sequence[str]) -> None:
        if len(cells) > len(self._ours):  # a row shown as one line has nothing to drop
            cells = [cell for place, cell in enumerate(cells) if place not in self._ours]
        self._rows.writerow([guarded_digits(cell) for cell in (*ours, *cells)])

    def close(self) -> None:
        """Hand everything to the stream, which is left open."""
        self._text.detach()


@contextmanager
def rejects_file(stream: BinaryIO, headings: Sequence[str]) -> Iterator[RejectsFile]:
    """Yield a rejects file that is written to `stream`, which stays open."""
    writer = RejectsFile(stream, headings)
    try:
        yield writer
    finally:
        writer.close()
