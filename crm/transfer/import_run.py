"""One walk through a file that comes in: what is the same whatever its rows are about.

A batch of rows is one change: what they bring and the marks of their lines. A program that dies
leaves whole batches, and the next run goes on behind them.
"""

from __future__ import annotations

import io
from abc import ABC, abstractmethod
from collections import Counter
from contextlib import ExitStack, contextmanager
from itertools import islice
from pathlib import Path
from typing import TYPE_CHECKING, Any, BinaryIO, ClassVar, Generic, NamedTuple, Protocol, TypeVar

from crm.errors import FileMissing, FileUnreadable
from crm.files.file_marks import content_hash
from crm.files.formats import open_table
from crm.transfer.cards import COUNTED, ImportResult
from crm.transfer.errors import DemoTakesNoFiles
from crm.transfer.imported_files import ImportedLines
from crm.transfer.rejected_rows import RejectedRows, refuse_unusable
from crm.transfer.words import reason

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator, Sequence

    from crm.files.reading import BadRow, FileRow, FileTable
    from crm.session.context import RegisterContext
    from crm.session.progress import Progress
    from crm.transfer.cards import ChangeLine, ColumnUse, ImportOrder
    from crm.transfer.rejected_rows import Say
    from gdpr.audit.events import Event
    from gdpr.audit.journal import AuditedChange
    from gdpr.category import Category


class _NumberedRow(Protocol):
    @property
    def line(self) -> int: ...


# What the log is told of a batch.
_NOTED = ("created", "updated", "duplicates")
Good = TypeVar("Good", bound=_NumberedRow)


class FileIn(NamedTuple):
    """A file that is read: its bytes and rows, which lines are in, and what stays outside."""

    stream: BinaryIO
    table: FileTable
    lines: ImportedLines
    outside: RejectedRows


class ImportRun(ABC, Generic[Good]):
    """Takes the rows of one file in, batch by batch, and counts what becomes of them."""

    event: ClassVar[Event]

    def __init__(
        self,
        context: RegisterContext,
        order: ImportOrder,
        file: FileIn,
        columns: Sequence[ColumnUse],
        **told: str,
    ) -> None:
        """Read `file`, whose `columns` are used so; every entry of the log is `told` the rest."""
        self.context, self.order = context, order
        self.lines, self.outside = file.lines, file.outside
        self.counts: Counter[str] = Counter()
        self.changes: list[ChangeLine] = []
        self.left_out = {use.column: use.left_out for use in columns if use.left_out}
        self.columns, self._file, self._told = tuple(columns), file, told
        self._logged = self._stopped = False

    @abstractmethod
    def judge(self, batch: Sequence[FileRow | BadRow]) -> list[Good]:
        """Return the rows that may come in, and list the others as they stay outside."""

    @abstractmethod
    def store(self, good: list[Good], change: AuditedChange | None) -> None:
        """Count what becomes of rows, and with a change let it become so."""

    def brings(self, good: list[Good]) -> bool:
        """Tell whether any of these rows may change something."""
        return bool(good)

    def walk(
        self, size: int, progress: Progress | None, stop: Callable[[], bool] | None = None
    ) -> None:
        """Go through the file; `stop` is asked between batches, and `progress` told of each."""
        for batch in self._batches(size, progress):
            if stop is not None and stop():
                self._stopped = True
                break
            self._take(batch)
        if not self._logged:
            # Somebody read stored data also with a run that stored nothing.
            told = {"created": 0, "duplicates": self.counts["duplicates"]}
            told["dry"] = int(self.order.dry_run)
            self.context.journal.log_access(self.event, self.lines.file, **self._told, **told)

    def result(self, **more: Any) -> ImportResult:
        """Tell what became of the rows; `more` is what only some files have."""
        rejects = tuple(self.outside.lines)
        more |= {name: self.counts[name] for name in COUNTED}
        return ImportResult(
            rejected=len(rejects),
            rejects=rejects,
            dry_run=self.order.dry_run,
            left_out=self.left_out,
            columns=self.columns,
            changes=tuple(self.changes),
            stopped=self._stopped,
            encoding=self._file.table.encoding,
            **more,
        )

    def _batches(self, size: int, progress: Progress | None) -> Iterator[list[FileRow | BadRow]]:
        done, rows = 0, iter(self._file.table)
        while batch := list(islice(rows, size)):
            yield batch
            if progress is not None:
                # A workbook is read in leaps, to and fro.
                done, before = max(done, self._file.stream.tell()), done
                progress(done - before)

    def _take(self, batch: Sequence[FileRow | BadRow]) -> None:
        """Judge the rows of a batch and store the good ones in one change."""
        self.counts["read"] += len(batch)
        good = self.judge(batch)
        if self.order.dry_run:
            self.store(good, None)
        elif self.brings(good):
            event, before = (self.event, self.lines.file), self.counts.copy()
            with self.context.journal.audited_change(*event, **self._told) as change:
                self.store(good, change)
                for one in good:
                    self.lines.mark(one.line)
                self.lines.save(change)
                change.note(**{name: self.counts[name] - before[name] for name in _NOTED})
            self._logged = True
        else:
            self.counts["duplicates"] += len(good)


@contextmanager
def file_in(
    context: RegisterContext,
    source: Path | BinaryIO,
    rejects: Path | None,
    encoding: str | None = None,
    say: Say = reason,
) -> Iterator[FileIn]:
    """Open a file to be taken in; rows that stay outside are written to `rejects`, if it is one.

    Why they do is worded by `say`.
    """
    with opened(source) as stream, ExitStack() as files:
        table = open_table(stream, encoding=encoding)
        lines = ImportedLines(context, content_hash(stream))
        outside = RejectedRows(context, rejects, table.headings, files, say)
        yield FileIn(stream, table, lines, outside)


def may_take(
    context: RegisterContext, category: Category, rejects: Path | None, *, into_demo: bool
) -> None:
    """Refuse who may not write, a file for the demo by mistake, and a bad place for rejects."""
    context.access.need_write(category)
    if context.demo and not into_demo:
        raise DemoTakesNoFiles
    if rejects is not None:
        refuse_unusable(rejects)


@contextmanager
def opened(source: Path | BinaryIO) -> Iterator[BinaryIO]:
    """Open a file to be read twice; what flows by only once is held in memory."""
    if not isinstance(source, Path):
        yield source if source.seekable() else io.BytesIO(source.read())
        return
    try:
        with source.open("rb") as stream:
            yield stream if stream.seekable() else io.BytesIO(stream.read())
    except FileNotFoundError:
        raise FileMissing from None
    except (PermissionError, IsADirectoryError):
        raise FileUnreadable from None
