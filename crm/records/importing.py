"""Records taken in from a file: each row judged, told from those that are there, and stored.

A batch is one transaction with the marks of its lines. What is there already is known by its
number, by the line of the same file, or by being equal in every cell; with `update` its fields are
compared.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Final, NamedTuple

from crm.errors import FieldInvalid, InvalidNumber
from crm.files.candidate import Rejection
from crm.files.reading import BadRow
from crm.parties.find_party import find_party
from crm.parties.grace_period import is_going
from crm.parties.masking import MASKED_ITEMS, dotted
from crm.records.headings import CLIENT, NUMBER, STATE, columns_of
from crm.records.reading import party_of
from crm.records.storing import RecordStore
from crm.shape.errors import CodeUnknown, FieldRequired
from crm.shape.parsing import Reader, check_whole, said
from crm.shape.tables import model_of
from crm.transfer.cards import ChangeLine
from crm.transfer.import_run import ImportRun, file_in, may_take
from crm.transfer.imported_files import row_token
from gdpr.audit.events import Event
from gdpr.errors import NotFound
from gdpr.text import clean

if TYPE_CHECKING:
    from collections.abc import Callable, Sequence
    from pathlib import Path
    from typing import BinaryIO

    from crm.files.reading import FileRow
    from crm.models.party import Party
    from crm.session.context import RegisterContext
    from crm.shape.description import Shape
    from crm.shape.parsing import Stored
    from crm.shape.tables import KindRow
    from crm.transfer.cards import ColumnUse, ImportOrder, ImportResult
    from crm.transfer.import_run import FileIn
    from gdpr.audit.journal import AuditedChange

    Show = Callable[[tuple[ColumnUse, ...]], None]
    Progress = Callable[[int], None]

BATCH: Final = 100
NOBODY, PURPOSE, OTHERS = "client", "purpose", "another client"


class _Told(NamedTuple):
    """A row that may be stored: whose it is, what it holds, and the record it is about, if any."""

    line: int
    party: Party
    values: Stored
    state: str | None
    token: bytes
    known: KindRow | None


def take_records(
    context: RegisterContext,
    shape: Shape,
    source: Path | BinaryIO,
    order: ImportOrder,
    show: Show | None,
    progress: Progress | None,
) -> ImportResult:
    """Take a file in as ordered, or with `dry_run` only say what would become of it.

    Of an order only what every kind of record knows counts: mapping, rejects, dry run, update.
    """
    may_take(context, shape.category, order.rejects, into_demo=order.into_demo)
    with file_in(context, source, order.rejects, order.encoding) as file:
        writes = context.access.writes
        columns = columns_of(shape, file.table.headings, order.mapping, writes)
        if show is not None:
            show(columns)
        run = _RecordRun(context, shape, order, file, columns)
        run.walk(BATCH, progress)
    return run.result()


class _RecordRun(ImportRun[_Told]):
    """One walk through one file."""

    event = Event.RECORDS_IMPORTED

    def __init__(
        self,
        context: RegisterContext,
        shape: Shape,
        order: ImportOrder,
        file: FileIn,
        columns: tuple[ColumnUse, ...],
    ) -> None:
        super().__init__(context, order, file, columns, noun=shape.noun)
        self._shape = shape
        self._store = RecordStore(context, shape)
        self._reader = Reader(context.country, context.day)
        # What this run would have stored: the database cannot tell a dry run.
        self._imagined: set[bytes] = set()

    def judge(self, batch: Sequence[FileRow | BadRow]) -> list[_Told]:
        """Judge rows, each by itself."""
        good: list[_Told] = []
        for row in batch:
            verdict = self._judged(row)
            if isinstance(verdict, Rejection):
                self.outside.add(verdict)
            else:
                good.append(verdict)
        return good

    def store(self, good: list[_Told], change: AuditedChange | None) -> None:
        """Update what is there, if that was ordered, and enter the others."""
        for told in good:
            if told.known is not None:
                changed = self._update(told, told.known, change) if self.order.update else 0
                self.counts["updated" if changed else "duplicates"] += 1
            elif self._is_there(told):
                self.counts["duplicates"] += 1
            else:
                self.counts["created"] += 1
                self._imagined.add(told.token)
                if change is not None:
                    self._store.insert(
                        change, told.party, told.values, state=told.state, token=told.token
                    )

    def _judged(self, row: FileRow | BadRow) -> _Told | Rejection:
        if isinstance(row, BadRow):
            whole = row.cells if row.whole is None else (row.whole,)
            return Rejection(row.line, None, None, row.reason, whole)
        cells = {
            use.field: cell.strip()
            for use, cell in zip(self.columns, row.cells, strict=True)
            if use.field is not None
        }
        nr = cells.get(NUMBER) or None
        faults: list[tuple[str, str]] = []
        known = self._known(nr)
        party = self._party(cells.get(CLIENT, ""), known, faults)
        state = self._state(cells.get(STATE, ""), faults)
        values = self._values(cells, known, faults)
        if party is not None and not faults:
            self._check(party, values, known, faults)
        if party is None or faults:
            (column, reason), *others = faults
            return Rejection(row.line, nr, column, reason, row.cells, tuple(others))
        told = [f"{name}\x1e{value or ''}" for name, value in sorted(values.items())]
        canonical = "\x1f".join((self._shape.noun, str(party.number), state or "", *told))
        token = row_token(self.context, canonical.encode())
        return _Told(row.line, party, values, state, token, known)

    def _known(self, nr: str | None) -> KindRow | None:
        if nr is None or not (nr.isascii() and nr.isdigit() and len(nr) <= _LONGEST_NUMBER):
            return None
        return self.context.session.first(model_of(self._shape), number=int(nr))

    def _party(
        self, address: str, known: KindRow | None, faults: list[tuple[str, str]]
    ) -> Party | None:
        """Find whose record a row is: a column says it, or the record that is there already."""
        held = None if known is None else party_of(self.context, known)
        if not clean(address):
            if held is None:
                faults.append((self._heading(CLIENT), FieldRequired.reason))
            return held
        try:
            party = find_party(self.context, address)
        except NotFound:
            faults.append((self._heading(CLIENT), NOBODY))
            return None
        if known is not None and (held is None or held.number != party.number):
            faults.append((self._heading(CLIENT), OTHERS))
        return party

    def _state(self, word: str, faults: list[tuple[str, str]]) -> str | None:
        states = self._shape.states
        if not word or states is None:
            return None
        wanted = word.casefold()
        for code, words in states.words.items():
            if wanted in {code, *(words.said(one).casefold() for one in ("en", "lv", "it"))}:
                return code
        faults.append((self._heading(STATE), CodeUnknown.reason))
        return None

    def _values(
        self, cells: dict[str, str], known: KindRow | None, faults: list[tuple[str, str]]
    ) -> Stored:
        """Read the fields of a row; of a record that is there, empty cells change nothing."""
        values: Stored = {}
        for field in self._shape.fields:
            cell = cells.get(field.name, "")
            if known is not None and not clean(cell):
                continue
            try:
                value = self._reader.field(field, cell)
            except (FieldInvalid, InvalidNumber) as fault:
                # Of rows the fault names one, and its column.
                place = str(fault.arguments.get("field", "")).removeprefix(field.name)
                faults.append((self._heading(field.name) + place, fault.reason))
            else:
                # Headings without rows are empty as well.
                if known is None or value is not None:
                    values[field.name] = value
        return values

    def _check(
        self, party: Party, values: Stored, known: KindRow | None, faults: list[tuple[str, str]]
    ) -> None:
        """Find what would be refused as it is stored, so that it costs its row alone."""
        held = {} if known is None else self._store.held(known)
        try:
            check_whole(self._shape, {**held, **values})
            self._store.check_references(values, bytes(party.id), known)
        except FieldInvalid as fault:
            faults.append((self._heading(str(fault.arguments["field"])), fault.reason))
        named = self.context.grounds.warrant(bytes(party.id), self.context.day).items
        for name, value in values.items():
            item = self._shape.field(name).item
            if value is not None and item is not None and item.code not in named:
                faults.append((self._heading(name), PURPOSE))

    def _is_there(self, told: _Told) -> bool:
        if told.line in self.lines or told.token in self._imagined:
            return True
        return (
            self.context.session.first(model_of(self._shape), import_token=told.token) is not None
        )

    def _update(self, told: _Told, row: KindRow, change: AuditedChange | None) -> int:
        """Take over what differs; nothing of somebody who is going is touched."""
        if is_going(self.context, bytes(told.party.id)):
            return 0
        differing = self._store.changed_values(row, told.values)
        natural = not told.party.is_legal_person()
        for name, becomes in differing.items():
            field = self._shape.field(name)
            was, new = row.value(field), becomes or ""
            if field.rows:
                was, new = said(field, was), said(field, new)
            if natural and field.item is not None and field.item.code in MASKED_ITEMS:
                was, new = None if was is None else dotted(was), dotted(new)
            self.changes.append(ChangeLine(told.line, row.number, name, was, new))
        if change is not None and differing:
            self._store.change(change, row, differing)
        return len(differing)

    def _heading(self, name: str) -> str:
        return next((use.column for use in self.columns if use.field == name), name)


_LONGEST_NUMBER: Final = 9
