"""Files of clients in: rows are judged, told from those already known, and stored in batches."""

from __future__ import annotations

import io
from dataclasses import replace
from typing import TYPE_CHECKING, BinaryIO, Final

from crm.files.candidate import Candidate, Rejection
from crm.files.formats import open_table
from crm.files.headings import read_headings
from crm.files.reading import BadRow, FileRow
from crm.files.rejected_columns import DECISION, DECISIONS
from crm.kinds.party import NAMES
from crm.models.party import Party
from crm.parties.existing_parties import ROW, ExistingParties
from crm.privacy import IDENTITY
from crm.session.context import RegisterService
from crm.transfer import rejected_rows
from crm.transfer.bulk_insert import BulkInsert, Fresh
from crm.transfer.cards import NEW, SAME, SKIP, RejectLine
from crm.transfer.import_grounds import columns_in, reasons_for
from crm.transfer.import_run import ImportRun, file_in, may_take, opened
from crm.transfer.imported_files import mapping_for, remember, row_token
from crm.transfer.likely_doubles import LikelyDoubles, decision_in, says_nothing_new
from crm.transfer.preview import judge_of, look_into, refuse_unclear
from crm.transfer.row_diff import columns_brought, compare
from crm.transfer.suppression_check import SuppressionCheck
from gdpr.audit.events import Event
from gdpr.errors import Busy, Refused

if TYPE_CHECKING:
    from collections.abc import Callable, Mapping, Sequence
    from pathlib import Path

    from crm.files.headings import FileLayout
    from crm.files.reading import FileTable
    from crm.parties.existing_parties import Key
    from crm.session.context import RegisterContext
    from crm.session.progress import Progress
    from crm.transfer.cards import FileColumns, ImportOrder, ImportResult, RejectedRow
    from crm.transfer.import_grounds import ImportGrounds
    from crm.transfer.import_run import FileIn
    from crm.transfer.likely_doubles import LikelyDouble, RowDecision
    from gdpr.audit.journal import AuditedChange
    from gdpr.rules.suppression import Identifier, No

    Show = Callable[[FileColumns], None]
    Stop = Callable[[], bool]

BATCH: Final = 500
DOUBLE: Final = "double"
_HOMELESS: Final = "no employer"


class Imports(RegisterService):
    """Files in."""

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
        may_take(context, IDENTITY, order.rejects, into_demo=order.into_demo)
        reasons = reasons_for(context, order)
        with file_in(context, source, order.rejects, order.encoding) as file:
            order, seen = self._as_before(file.table, order, reasons)
            layout = read_headings(file.table.headings, order.mapping, context.country)
            if show is not None:
                show(seen)
            if not order.dry_run:
                refuse_unclear(file.table)
            run = _FileImport(context, order, file, layout, reasons)
            run.walk(BATCH, progress, stop)
        run.list_names()
        return run.result(held_back=tuple(run.held_back), example=seen.example)

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
            return rejected_rows.read_rejected(self._context, table, order, line)

    def decide(
        self, source: Path | BinaryIO, order: ImportOrder, line: int, decision: str
    ) -> ImportResult:
        """Take in a row that may be a client who is there, as was decided: same 12, new, skip."""
        with opened(source) as stream:
            table = open_table(stream, encoding=order.encoding)
            cells = rejected_rows.cells_at(table, line)
        told = [(str(DECISION), decision)]
        told += [
            pair for pair in zip(table.headings, cells, strict=True) if pair[0] not in DECISIONS
        ]
        headings, cells = (tuple(part) for part in zip(*told, strict=True))
        return self.mend(headings, cells, order)

    def faults(
        self, headings: Sequence[str], cells: Sequence[str], order: ImportOrder
    ) -> tuple[tuple[str | None, str], ...]:
        """Say what is wrong with a row, as far as it is mended by now; nothing is stored."""
        return rejected_rows.faults_of(
            rejected_rows.judge_for(self._context, headings, order).judge(FileRow(1, tuple(cells)))
        )

    def mend(
        self, headings: Sequence[str], cells: Sequence[str], order: ImportOrder
    ) -> ImportResult:
        """Take one mended row in, on the way that the whole file came."""
        one = replace(order, rejects=None, dry_run=False, encoding=None)
        return self.take(io.BytesIO(rejected_rows.table_of(headings, cells)), one)


class _FileImport(ImportRun[Candidate]):
    """One walk through one file of clients."""

    event = Event.IMPORTED

    def __init__(
        self,
        context: RegisterContext,
        order: ImportOrder,
        file: FileIn,
        layout: FileLayout,
        reasons: ImportGrounds,
    ) -> None:
        super().__init__(context, order, file, columns_in(layout, reasons))
        self._layout = layout
        self._headings = file.table.headings
        self._known = ExistingParties(context)
        self._intake = BulkInsert(context, reasons)
        self._suppression_check = SuppressionCheck(context, reasons, layout.heading_of)
        self.held_back: list[RejectLine] = []
        self._judge = judge_of(context, layout, reasons, keep_defective=order.keep_defective)
        before = self._judge.fields_before = self.lines.fields_before
        self.lines.fields = layout.codes
        # What an earlier run of the same file left out is filled in by this one.
        self._left_out_before = frozenset() if before is None else layout.codes - before
        self._doubles = LikelyDoubles(context)
        # Rows of this batch that are about somebody who is there, because somebody said so.
        self._same: dict[int, bytes] = {}
        # Who of this batch was looked for among those who said no, and what was found.
        self._asked: list[Candidate] = []
        self._hits: dict[Identifier, list[No]] = {}
        # What this run would have stored: the database cannot tell a dry run.
        self._imagined: set[Key] = set()
        self._companies: dict[str, Fresh] = {}

    def judge(self, batch: Sequence[FileRow | BadRow]) -> list[Candidate]:
        """Judge rows, keep out who said no, and hold back who may be there already."""
        candidates = []
        judged = [(row, self._judge.judge(row)) for row in batch]
        self._asked = [one for _, one in judged if isinstance(one, Candidate)]
        self._hits = self._suppression_check.hits(self._asked)
        for row, verdict in judged:
            admitted = self._admitted(row, verdict)
            if isinstance(admitted, Rejection):
                self.outside.add(admitted)
            else:
                candidates.append(admitted)
        rows = {row.line: row for row, _ in judged if isinstance(row, FileRow)}
        return self._without_doubles(candidates, rows)

    def list_names(self) -> None:
        """Put the names that came in on the list, or have it made anew where some changed."""
        if any(line.field in NAMES for line in self.changes):
            self.context.names.forget()
        else:
            self.context.names.list_new(self.context, self._intake.entered)

    def brings(self, good: list[Candidate]) -> bool:
        """Tell whether a row is new, or known ones may be changed."""
        return self._changes_known() or any(one.line not in self.lines for one in good)

    def store(self, good: list[Candidate], change: AuditedChange | None) -> None:
        """Update who is known, and enter the others."""
        if change is not None and self._suppression_check.hits(self._asked) != self._hits:
            raise Busy  # somebody said no at another desk since; repeated, it goes on here
        fresh, known, taken = self._sort(good)
        if self.order.dry_run:
            self._imagined = taken
        updated = sum(self._update(candidate, party, change) for candidate, party in known)
        fresh, colleagues, companies = self._by_company(fresh)
        if change is not None:
            self._intake.store(change, fresh, colleagues)
            for row in companies:
                self._complete(row, change)
            if self.order.mapping:
                remember(self.context, change, self._headings, self.order.mapping)
        counts = {"created": len(fresh), "updated": updated, "duplicates": len(known) - updated}
        self.counts.update(counts)
        self._note([*fresh, *colleagues])

    def _admitted(
        self, row: FileRow | BadRow, verdict: Candidate | Rejection
    ) -> Candidate | Rejection:
        """Keep out who said no; a row that is known already creates nobody and is let through."""
        if isinstance(verdict, Rejection) or isinstance(row, BadRow):
            return verdict
        admitted = self._suppression_check.judge(row, verdict, self._hits)
        if admitted is verdict or not self._sort([verdict])[0]:
            return verdict
        if isinstance(admitted, Candidate):
            held_back = self._suppression_check.held_back(verdict, admitted)
            self.held_back += [] if held_back is None else [RejectLine(*held_back[:4])]
        return admitted

    def _changes_known(self) -> bool:
        return self.order.update or bool(self._left_out_before)

    def _update(
        self, candidate: Candidate, party: bytes | None, change: AuditedChange | None
    ) -> bool:
        """Bring in what a row says of somebody who is there, and tell whether it said anything."""
        if party is None or not (self._changes_known() or candidate.line in self._same):
            return False
        try:
            fill = None if self.order.update else self._filled(candidate)
            changes = compare(self.context, candidate, party, change, fill=fill)
        except Refused as refused:
            self.held_back.append(self._suppression_check.unchanged(candidate, refused))
            return False
        self.changes += changes
        return bool(changes)

    def _without_doubles(
        self, candidates: list[Candidate], rows: Mapping[int, FileRow]
    ) -> list[Candidate]:
        """Hold back rows that may be clients who are there, as was decided or to be decided."""
        self._same = {}
        decided = {line: decision_in(row, self._headings) for line, row in rows.items()}
        doubles = self._doubles.among(self._sort(candidates)[0])
        kept = []
        for candidate in candidates:
            line, double = candidate.line, doubles.get(candidate.line)
            told = decided.get(line)
            party = self._meant(told, double)
            code = told.code if told else self._judged(candidate, double, party)
            if code == SKIP:
                self.counts["duplicates"] += 1
            elif code == SAME and party is not None:
                self._same[line] = party
                kept.append(candidate)
            elif double is None or code == NEW:
                kept.append(candidate)
            else:
                self.outside.add(self._as_double(candidate, double, rows[line]))
        return kept

    def _judged(
        self, candidate: Candidate, double: LikelyDouble | None, party: bytes | None
    ) -> str | None:
        """Ask about a likely double as ordered, unless it says what its one client says anyway."""
        if double is None:
            return NEW
        if party is not None and says_nothing_new(self.context, candidate, party):
            return SAME
        return self.order.doubles

    def _meant(self, told: RowDecision | None, double: LikelyDouble | None) -> bytes | None:
        """Return who a row is about: the client somebody named, or the only one it may be."""
        if told is not None and told.number is not None:
            found = self.context.session.first(Party, number=told.number)
            return None if found is None else bytes(found.id)
        return double.parties[0] if double is not None and len(double.parties) == 1 else None

    def _as_double(self, candidate: Candidate, double: LikelyDouble, row: FileRow) -> Rejection:
        desk = self.context.session
        numbers = tuple(sorted(desk.get(Party, party).number for party in double.parties))
        named = (NAMES[0], "full_name", *reversed(NAMES[1:]), "company")
        codes = named if double.field == "name" else (double.field,)
        column = self._layout.heading_of(*codes)
        return Rejection(row.line, candidate.nr, column, DOUBLE, row.cells, (), numbers)

    def _by_company(self, fresh: Sequence[Fresh]) -> tuple[list[Fresh], list[Fresh], list[Fresh]]:
        """Tell rows of new clients from those of further contact persons of one of them.

        An address book names the company with each of its people. A row that says something else
        of it, another address perhaps, is about another one. The entry of the company itself may
        come after its people: in a later batch, which is the third list, they are stored already.
        """
        firsts: list[Fresh] = []
        colleagues: list[Fresh] = []
        companies: list[Fresh] = []
        here: dict[str, int] = {}
        for row in fresh:
            first = self._companies.setdefault(row.company, row) if row.company else row
            if first is row:
                here[row.company] = len(firsts)
                firsts.append(row)
            elif row.candidate.contact is not None and row.adds_nothing_to(first):
                colleagues.append(row)
            elif first.candidate.contact is not None and row.is_told_by_its_people(first):
                self._companies[row.company] = whole = first.completed_by(row)
                if row.company in here:
                    firsts[here[row.company]] = whole
                else:
                    companies.append(row)
                self.counts["duplicates"] += 1
            else:
                firsts.append(row)
        return firsts, colleagues, companies

    def _complete(self, row: Fresh, change: AuditedChange) -> None:
        """Give a company that its people brought what its own entry says of it."""
        party = self._intake.company(row.company)
        fill = columns_brought(self._layout.codes)
        self.changes += compare(self.context, row.candidate, party, change, fill=fill)

    def _sort(
        self, candidates: Sequence[Candidate]
    ) -> tuple[list[Fresh], list[tuple[Candidate, bytes | None]], set[Key]]:
        """Tell new rows from known ones, and of the known ones whom they are about, if one.

        The third value is by what all new rows so far are known, where nothing is stored.
        """
        rows = [self._with_keys(candidate) for candidate in candidates]
        held = self._known.holders(key for _, own, kin in rows for key in (*own, *kin))
        taken = set(self._imagined)
        fresh: list[Fresh] = []
        known: list[tuple[Candidate, bytes | None]] = []
        for row, own, kin in rows:
            candidate = row.candidate
            numbers = [key for key in (*own, *kin) if key[0] != ROW]
            holders = {held[key] for key in numbers if key in held}
            repeated = not taken.isdisjoint((*own, *kin))
            if candidate.line in self._same:
                known.append((candidate, self._same[candidate.line]))
            elif candidate.line in self.lines or holders or repeated or (ROW, row.token) in held:
                sure = len(holders) == 1 and not repeated
                party = holders.pop() if sure else self._as_before(candidate)
                known.append((candidate, party))
            else:
                fresh.append(row)
                taken.update(own)
        return fresh, known, taken

    def _filled(self, candidate: Candidate) -> frozenset[str]:
        """Return what a row may fill in: all for somebody it is about, else what was left out."""
        same = candidate.line in self._same
        return columns_brought(self._layout.codes if same else self._left_out_before)

    def _as_before(self, candidate: Candidate) -> bytes | None:
        """Find who came from the same line of this file when fewer of its columns were read."""
        if candidate.before is None or candidate.line not in self.lines:
            return None
        key = (ROW, row_token(self.context, candidate.before))
        return self._known.holders([key]).get(key)

    def _with_keys(self, candidate: Candidate) -> tuple[Fresh, list[Key], list[Key]]:
        columns = candidate.party.columns()
        token = row_token(self.context, candidate.canonical)
        own = [*self._known.keys_of(columns), (ROW, token)]
        return (
            Fresh(candidate, columns, token),
            own,
            self._known.kin_of({**columns, "country": candidate.party.country}),
        )

    def _note(self, fresh: Sequence[Fresh]) -> None:
        """Count what came with new parties, and report positions of people without a company."""
        candidates = [row.candidate for row in fresh]
        self.counts["contacts"] += sum(one.contact is not None for one in candidates)
        self.counts["to_check"] += sum(bool(one.to_check) for one in candidates)
        self.counts["to_mend"] += sum(bool(one.to_mend) for one in candidates)
        if any(one.party.position for one in candidates):
            self.left_out.setdefault(self._layout.heading_of("contact_position"), _HOMELESS)
