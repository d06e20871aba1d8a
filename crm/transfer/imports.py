"""Taking files in: rows are judged, told from those already known, and stored batch by batch.

A batch is one change: its parties, their grounds and keys, and the marks of its lines. A program
that dies leaves whole batches, and the next run goes on behind them.
"""

from __future__ import annotations

import io
from contextlib import ExitStack, contextmanager
from dataclasses import replace
from itertools import islice
from pathlib import Path
from typing import TYPE_CHECKING, BinaryIO, Final

from crm.files.candidate import Candidate, Rejection
from crm.files.file_marks import content_hash
from crm.files.formats import open_table
from crm.files.headings import read_headings
from crm.files.reading import BadRow, FileRow
from crm.files.rejected_columns import DECISION
from crm.kinds.party import NAMES
from crm.models.party import Party
from crm.parties.existing_parties import ROW, ExistingParties
from crm.privacy import IDENTITY
from crm.session.errors import DemoTakesNoFiles, FileMissing, FileUnreadable
from crm.transfer.admission import Admission
from crm.transfer.bulk_insert import BulkInsert, Columns, Fresh
from crm.transfer.cards import NEW, SAME, SKIP, ImportResult, RejectLine
from crm.transfer.import_grounds import columns_in, reasons_for
from crm.transfer.imported_lines import ImportedLines, row_token
from crm.transfer.likely_doubles import LikelyDoubles, decision_in
from crm.transfer.named_columns import mapping_for, remember
from crm.transfer.preview import judge_of, look_into, refuse_unclear
from crm.transfer.rejected_rows import (
    RejectedRows,
    cells_at,
    faults_of,
    judge_for,
    read_rejected,
    refuse_unusable,
    table_of,
)
from crm.transfer.row_diff import columns_brought, compare
from gdpr.audit.events import Event
from gdpr.errors import Busy, Refused

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator, Mapping, Sequence

    from crm.files.headings import FileLayout
    from crm.files.reading import FileTable
    from crm.parties.existing_parties import Key
    from crm.session.context import RegisterContext
    from crm.session.progress import Progress
    from crm.transfer.cards import ChangeLine, FileColumns, ImportOrder, RejectedRow
    from crm.transfer.import_grounds import ImportGrounds
    from crm.transfer.likely_doubles import LikelyDouble, RowDecision
    from gdpr.audit.journal import AuditedChange
    from gdpr.category import Category
    from gdpr.rules.suppression import Identifier, No

    Show = Callable[[FileColumns], None]
    Stop = Callable[[], bool]

BATCH: Final = 500
DOUBLE: Final = "double"
_HOMELESS: Final = "no employer"


class Imports:
    """Files in."""

    def __init__(self, context: RegisterContext) -> None:
        """Work in `context`."""
        self._context = context

    def take(
        self,
        source: Path | BinaryIO,
        order: ImportOrder,
        *,
        show: Show | None = None,
        progress: Progress | None = None,
        stop: Stop | None = None,
    ) -> ImportResult:
        """Take a file in as ordered, or with `dry_run` only say what would become of it.

        `show` is told what the file would bring before the first row is stored; `progress` is
        told how many bytes of the file were worked through. Between batches `stop` is asked
        whether to leave it at that; the same import repeated goes on from there.
        """
        context = self._context
        may_take(context, order, IDENTITY)
        reasons = reasons_for(context, order)
        with opened(source) as stream, ExitStack() as files:
            table = open_table(stream, encoding=order.encoding)
            order, seen = self._as_before(table, order, reasons)
            layout = read_headings(table.headings, order.mapping, context.country)
            if show is not None:
                show(seen)
            if not order.dry_run:
                refuse_unclear(table)
            lines = ImportedLines(context, content_hash(stream))
            run = _FileImport(context, order, layout, reasons, lines)
            run.seen = seen
            run.headings = table.headings
            run.outside = RejectedRows(context, order.rejects, table.headings, files)
            for batch in batches(table, stream, BATCH, progress):
                if stop is not None and stop():
                    run.stopped = True
                    break
                run.take(batch)
            run.conclude()
        context.names.forget()
        return run.result()

    def look(self, source: Path | BinaryIO, order: ImportOrder) -> FileColumns:
        """Tell what becomes of each column of a file, and how its first rows would be stored."""
        self._context.access.need_write(IDENTITY)
        reasons = reasons_for(self._context, order)
        with opened(source) as stream:
            table = open_table(stream, encoding=order.encoding)
            _order, seen = self._as_before(table, order, reasons)
            return seen

    def _as_before(
        self, table: FileTable, order: ImportOrder, reasons: ImportGrounds
    ) -> tuple[ImportOrder, FileColumns]:
        """Name the columns as somebody named them for a file of the same headings before."""
        told = (self._context, table.headings, order.mapping)
        mapping, remembered = mapping_for(*told, afresh=order.as_headed)
        order = replace(order, mapping=mapping)
        seen = look_into(self._context, table, reasons, order)
        return order, replace(seen, remembered=remembered)

    def rejected_row(self, source: Path | BinaryIO, order: ImportOrder, line: int) -> RejectedRow:
        """Read a row that stayed outside from its file once more, to be mended."""
        with opened(source) as stream:
            table = open_table(stream, encoding=order.encoding)
            return read_rejected(self._context, table, order, line)

    def decide(
        self, source: Path | BinaryIO, order: ImportOrder, line: int, decision: str
    ) -> ImportResult:
        """Take in a row that may be a client who is there, as was decided: same 12, new, skip."""
        with opened(source) as stream:
            table = open_table(stream, encoding=order.encoding)
            cells = cells_at(table, line)
        told = [(DECISION, decision)]
        told += [pair for pair in zip(table.headings, cells, strict=True) if pair[0] != DECISION]
        headings, cells = (tuple(part) for part in zip(*told, strict=True))
        return self.mend(headings, cells, order)

    def faults(
        self, headings: Sequence[str], cells: Sequence[str], order: ImportOrder
    ) -> tuple[tuple[str | None, str], ...]:
        """Say what is wrong with a row, as far as it is mended by now; nothing is stored."""
        return faults_of(judge_for(self._context, headings, order).judge(FileRow(1, tuple(cells))))

    def mend(
        self, headings: Sequence[str], cells: Sequence[str], order: ImportOrder
    ) -> ImportResult:
        """Take one mended row in, on the way that the whole file came."""
        one = replace(order, rejects=None, dry_run=False, encoding=None)
        return self.take(io.BytesIO(table_of(headings, cells)), one)


class _FileImport:
    """One walk through one file."""

    outside: RejectedRows
    seen: FileColumns
    headings: tuple[str, ...] = ()
    stopped = False

    def __init__(
        self,
        context: RegisterContext,
        order: ImportOrder,
        layout: FileLayout,
        reasons: ImportGrounds,
        lines: ImportedLines,
    ) -> None:
        self._context = context
        self._order = order
        self._layout = layout
        self._lines = lines
        self._known = ExistingParties(context)
        self._intake = BulkInsert(context, reasons)
        self._admission = Admission(context, reasons, layout.heading_of)
        self._held_back: list[RejectLine] = []
        self._judge = judge_of(context, layout, reasons, keep_defective=order.keep_defective)
        self._judge.fields_before = lines.fields_before
        lines.fields = layout.codes
        # What an earlier run of the same file left out is filled in by this one.
        before = lines.fields_before
        self._left_out_before = frozenset() if before is None else layout.codes - before
        self._doubles = LikelyDoubles(context)
        # Rows of this batch that are about somebody who is there, because somebody said so.
        self._same: dict[int, bytes] = {}
        self.columns = columns_in(layout, reasons)
        self._left_out = {use.column: use.left_out for use in self.columns if use.left_out}
        self._changes: list[ChangeLine] = []
        self._read = self._created = self._updated = self._duplicates = 0
        self._contacts = self._to_check = self._to_mend = 0
        # What this run would have stored: the database cannot tell a dry run.
        self._imagined: set[Key] = set()
        self._logged = False
        self._companies: dict[str, Columns] = {}

    def take(self, batch: Sequence[FileRow | BadRow]) -> None:
        """Judge the rows of a batch and store the good ones in one change."""
        self._read += len(batch)
        candidates = []
        judged = [(row, self._judge.judge(row)) for row in batch]
        whole = [one for _, one in judged if isinstance(one, Candidate)]
        hits = self._admission.hits(whole)
        for row, verdict in judged:
            admitted = self._admitted(row, verdict, hits)
            if isinstance(admitted, Rejection):
                self.outside.add(admitted)
            else:
                candidates.append(admitted)
        rows = {row.line: row for row, _ in judged if isinstance(row, FileRow)}
        candidates = self._without_doubles(candidates, rows)
        if self._order.dry_run:
            self._work_through(candidates, None)
        elif self._changes_known() or any(one.line not in self._lines for one in candidates):
            with self._context.journal.audited_change(Event.IMPORTED, self._lines.file) as change:
                if self._admission.hits(whole) != hits:
                    raise Busy  # somebody said no at another desk since; repeated, it goes on here
                counts = self._work_through(candidates, change)
                self._lines.save(change)
                if self._order.mapping:
                    remember(self._context, change, self.headings, self._order.mapping)
                change.note(**counts)
            self._logged = True
        else:
            self._duplicates += len(candidates)

    def _admitted(
        self,
        row: FileRow | BadRow,
        verdict: Candidate | Rejection,
        hits: Mapping[Identifier, list[No]],
    ) -> Candidate | Rejection:
        """Keep out who said no; a row that is known already creates nobody and is let through."""
        if isinstance(verdict, Rejection) or isinstance(row, BadRow):
            return verdict
        admitted = self._admission.judge(row, verdict, hits)
        if admitted is verdict or not self._is_fresh(verdict):
            return verdict
        if isinstance(admitted, Candidate):
            held_back = self._admission.held_back(verdict, admitted)
            self._held_back += [] if held_back is None else [RejectLine(*held_back[:4])]
        return admitted

    def _changes_known(self) -> bool:
        return self._order.update or bool(self._left_out_before)

    def _without_doubles(
        self, candidates: list[Candidate], rows: Mapping[int, FileRow]
    ) -> list[Candidate]:
        """Hold back rows that may be clients who are there, as was decided or to be decided."""
        self._same = {}
        decided = {line: decision_in(row, self.headings) for line, row in rows.items()}
        imagined = set(self._imagined)
        fresh, _known = self._sort(candidates)
        self._imagined = imagined
        doubles = self._doubles.among(fresh)
        kept = []
        for candidate in candidates:
            line, double = candidate.line, doubles.get(candidate.line)
            told = decided.get(line)
            code = told.code if told else self._order.doubles if double else NEW
            party = self._meant(told, double)
            if code == SKIP:
                self._duplicates += 1
            elif code == SAME and party is not None:
                self._same[line] = party
                kept.append(candidate)
            elif double is None or code == NEW:
                kept.append(candidate)
            else:
                self.outside.add(self._as_double(candidate, double, rows[line]))
        return kept

    def _meant(self, told: RowDecision | None, double: LikelyDouble | None) -> bytes | None:
        """Return who a row is about: the client somebody named, or the only one it may be."""
        if told is not None and told.number is not None:
            found = self._context.session.first(Party, number=told.number)
            return None if found is None else bytes(found.id)
        return double.parties[0] if double is not None and len(double.parties) == 1 else None

    def _as_double(self, candidate: Candidate, double: LikelyDouble, row: FileRow) -> Rejection:
        desk = self._context.session
        numbers = tuple(sorted(desk.get(Party, party).number for party in double.parties))
        named = (NAMES[0], "full_name", *reversed(NAMES[1:]), "company")
        codes = named if double.field == "name" else (double.field,)
        column = self._layout.heading_of(*codes)
        return Rejection(row.line, candidate.nr, column, DOUBLE, row.cells, (), numbers)

    def _is_fresh(self, candidate: Candidate) -> bool:
        imagined = set(self._imagined)
        fresh, _known = self._sort([candidate])
        self._imagined = imagined
        return bool(fresh)

    def conclude(self) -> None:
        """Leave an entry even of a run that stored nothing: somebody read stored data with it."""
        if not self._logged:
            dry = int(self._order.dry_run)
            event = (Event.IMPORTED, self._lines.file)
            self._context.journal.log_access(
                *event, created=0, duplicates=self._duplicates, dry=dry
            )

    def result(self) -> ImportResult:
        """Tell what became of the rows."""
        return ImportResult(
            read=self._read,
            created=self._created,
            updated=self._updated,
            rejected=len(self.outside.lines),
            duplicates=self._duplicates,
            contacts=self._contacts,
            to_check=self._to_check,
            to_mend=self._to_mend,
            dry_run=self._order.dry_run,
            left_out=self._left_out,
            columns=self.columns,
            rejects=tuple(self.outside.lines),
            changes=tuple(self._changes),
            stopped=self.stopped,
            held_back=tuple(self._held_back),
            encoding=self.seen.encoding,
            example=self.seen.example,
        )

    def _work_through(
        self, candidates: Sequence[Candidate], change: AuditedChange | None
    ) -> dict[str, int]:
        fresh, known = self._sort(candidates)
        updated = 0
        for candidate, party in known:
            fills = candidate.line in self._same or bool(self._left_out_before)
            if party is not None and (self._order.update or fills):
                try:
                    fill = None if self._order.update else self._filled(candidate)
                    changes = compare(self._context, candidate, party, change, fill=fill)
                except Refused as refused:
                    self._held_back.append(self._admission.unchanged(candidate, refused))
                    continue
                self._changes += changes
                updated += bool(changes)
        fresh, colleagues = self._by_company(fresh)
        if change is not None:
            self._intake.store(change, fresh, colleagues)
            for candidate in candidates:
                self._lines.mark(candidate.line)
        self._created += len(fresh)
        self._updated += updated
        self._duplicates += len(known) - updated
        self._note([*fresh, *colleagues])
        return {"created": len(fresh), "updated": updated, "duplicates": len(known) - updated}

    def _by_company(self, fresh: Sequence[Fresh]) -> tuple[list[Fresh], list[Fresh]]:
        """Tell rows of new clients from those of further contact persons of one of them.

        An address book names the company with each of its people. A row that says something else
        of it, another address perhaps, is about another one.
        """
        firsts: list[Fresh] = []
        colleagues: list[Fresh] = []
        for row in fresh:
            known = self._companies.setdefault(row.company, row.columns) if row.company else {}
            same = row.candidate.contact is not None and known is not row.columns
            told = {name: value for name, value in row.columns.items() if name != "name"}
            if same and row.company and told.items() <= known.items():
                colleagues.append(row)
            else:
                firsts.append(row)
        return firsts, colleagues

    def _sort(
        self, candidates: Sequence[Candidate]
    ) -> tuple[list[Fresh], list[tuple[Candidate, bytes | None]]]:
        """Tell new rows from known ones, and of the known ones whom they are about, if one."""
        rows = [self._with_keys(candidate) for candidate in candidates]
        held = self._known.holders(key for _, own, kin in rows for key in (*own, *kin))
        taken = self._imagined if self._order.dry_run else set()
        fresh: list[Fresh] = []
        known: list[tuple[Candidate, bytes | None]] = []
        for row, own, kin in rows:
            candidate = row.candidate
            numbers = [key for key in (*own, *kin) if key[0] != ROW]
            holders = {held[key] for key in numbers if key in held}
            repeated = not taken.isdisjoint((*own, *kin))
            if candidate.line in self._same:
                known.append((candidate, self._same[candidate.line]))
            elif candidate.line in self._lines or holders or repeated or (ROW, row.token) in held:
                sure = len(holders) == 1 and not repeated
                party = holders.pop() if sure else self._as_before(candidate)
                known.append((candidate, party))
            else:
                fresh.append(row)
                taken.update(own)
        return fresh, known

    def _filled(self, candidate: Candidate) -> frozenset[str]:
        """Return what a row may fill in: all for somebody it is about, else what was left out."""
        same = candidate.line in self._same
        return columns_brought(self._layout.codes if same else self._left_out_before)

    def _as_before(self, candidate: Candidate) -> bytes | None:
        """Find who came from the same line of this file when fewer of its columns were read."""
        if candidate.before is None or candidate.line not in self._lines:
            return None
        key = (ROW, row_token(self._context, candidate.before))
        return self._known.holders([key]).get(key)

    def _with_keys(self, candidate: Candidate) -> tuple[Fresh, list[Key], list[Key]]:
        columns = candidate.party.columns()
        token = row_token(self._context, candidate.canonical)
        own = [*self._known.keys_of(columns), (ROW, token)]
        return (
            Fresh(candidate, columns, token),
            own,
            self._known.kin_of({**columns, "country": candidate.party.country}),
        )

    def _note(self, fresh: Sequence[Fresh]) -> None:
        """Count what came with new parties, and report positions of people without a company."""
        candidates = [row.candidate for row in fresh]
        self._contacts += sum(one.contact is not None for one in candidates)
        self._to_check += sum(bool(one.to_check) for one in candidates)
        self._to_mend += sum(bool(one.to_mend) for one in candidates)
        if any(one.party.position for one in candidates):
            self._left_out.setdefault(self._layout.heading_of("contact_position"), _HOMELESS)


def may_take(context: RegisterContext, order: ImportOrder, category: Category) -> None:
    """Refuse who may not write, a file for the demo by mistake, and a bad place for rejects."""
    context.access.need_write(category)
    if context.demo and not order.into_demo:
        raise DemoTakesNoFiles
    if order.rejects is not None:
        refuse_unusable(order.rejects)


def batches(
    table: FileTable, stream: BinaryIO, size: int, progress: Progress | None
) -> Iterator[list[FileRow | BadRow]]:
    """Give the rows of a file in batches; after each `progress` is told how far it was read."""
    done, rows = 0, iter(table)
    while batch := list(islice(rows, size)):
        yield batch
        if progress is not None:
            # A workbook is read in leaps, to and fro.
            done, before = max(done, stream.tell()), done
            progress(done - before)


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
