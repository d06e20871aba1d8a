"""The file of rows that stayed outside, made to be mended in a spreadsheet and imported again."""

from __future__ import annotations

import csv
import io
from contextlib import contextmanager
from typing import TYPE_CHECKING, BinaryIO, Final

from crm.files.guard import guarded_digits
from crm.files.private import private_file
from crm.files.rejected_columns import REJECT_HEADINGS

if TYPE_CHECKING:
    from collections.abc import Iterator, Sequence
    from pathlib import Path

    from crm.files.candidate import Rejection

_BETWEEN: Final = " + "


class RejectsFile:
    """Writes rejections: where, which column and why, then the row exactly as it came.

    The three columns stand first, because a row that fell apart has any number of cells. They
    are dropped from a file that brought them along already, so that they never pile up.
    """

    def __init__(self, stream: BinaryIO, headings: Sequence[str]) -> None:
        self._kept = [
            place for place, heading in enumerate(headings) if heading not in REJECT_HEADINGS
        ]
        self._width = len(headings)
        self._text = io.TextIOWrapper(stream, "utf-8-sig", newline="")
        self._rows = csv.writer(
            self._text, delimiter=";", lineterminator="\r\n", quoting=csv.QUOTE_ALL
        )
        self.written = 0
        kept = [headings[place] for place in self._kept]
        self._rows.writerow([guarded_digits(cell) for cell in (*REJECT_HEADINGS, *kept)])

    def add(self, rejection: Rejection) -> None:
        """Write one rejected row with everything that is wrong with it."""
        faults = [(rejection.column or "", rejection.reason), *rejection.others]
        cells = rejection.cells
        if len(cells) == self._width:
            cells = tuple(cells[place] for place in self._kept)
        row = (
            str(rejection.line),
            _BETWEEN.join(column for column, _ in faults),
            _BETWEEN.join(reason for _, reason in faults),
            *cells,
        )
        self._rows.writerow([guarded_digits(cell) for cell in row])
        self.written += 1

    def close(self) -> None:
        """Hand everything to the stream, which is left open."""
        self._text.detach()


@contextmanager
def rejects_file(
    path: Path, headings: Sequence[str], *, replace: bool = False
) -> Iterator[RejectsFile]:
    """Yield a rejects file that appears under `path`, for its owner alone, when all is written."""
    with private_file(path, replace=replace) as stream:
        writer = RejectsFile(stream, headings)
        try:
            yield writer
        finally:
            writer.close()
