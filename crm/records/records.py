"""The verbs of every described kind of record: entered, corrected, moved on, shown and listed."""

from __future__ import annotations

import json
from dataclasses import replace
from typing import TYPE_CHECKING, Final

from crm.errors import NothingToChange
from crm.parties.find_party import find_party
from crm.records.errors import MoveImpossible, NoSuchRecord, RecordChanged, RecordOutlives
from crm.records.headings import CLIENT
from crm.records.reading import RecordLister, RecordReader, party_of
from crm.records.storing import RecordStore
from crm.shape.cards import RecordCard, RecordList, RecordQuery, RecordUndo
from crm.shape.parsing import Reader, check_whole, missing
from crm.shape.tables import model_of
from gdpr.audit.events import Event
from gdpr.text import N_, clean

if TYPE_CHECKING:
    from collections.abc import Mapping
    from pathlib import Path
    from typing import BinaryIO

    from crm.records.importing import Progress, Show
    from crm.session.context import RegisterContext
    from crm.shape.description import Shape
    from crm.shape.parsing import Stored
    from crm.shape.tables import KindRow
    from crm.transfer.cards import ExportResult, ImportOrder, ImportResult


_OF_STATE: Final = ("state", "state_since")


class Records:
    """The records of one kind; each verb is one transaction with one entry of the log."""

    def __init__(self, context: RegisterContext, shape: Shape) -> None:
        """Work in `context` with records of `shape`."""
        self.shape = shape
        self._context = context
        self._model = model_of(shape)
        self._reader = Reader(context.country, context.day)
        self._store = RecordStore(context, shape)

    def add(self, who: str, given: Mapping[str, object], state: str | None = None) -> RecordCard:
        """Enter a record about a client; that counts as a contact, as a note does."""
        context = self._context
        context.access.need_write(self.shape.category)
        if not clean(who):
            raise missing(CLIENT, N_("client"))
        party = find_party(context, who)
        values = self._reader.read(self.shape, as_typed(given), whole=True)
        check_whole(self.shape, values)
        with context.journal.audited_change(
            Event.RECORD_ADDED, bytes(party.id), noun=self.shape.noun
        ) as change:
            row = self._store.insert(change, party, values, state=state)
        return RecordReader(context, self.shape).card(row)

    def edit(
        self,
        number: int,
        given: Mapping[str, object],
        *,
        seen: Mapping[str, str | None] | None = None,
    ) -> RecordCard:
        """Correct fields; what somebody else changed since it was `seen` is not overwritten."""
        context = self._context
        context.access.need_write(self.shape.category)
        if not given:
            raise NothingToChange
        values = self._reader.read(self.shape, as_typed(given), whole=False)
        about = bytes(self._row(number).party)
        with context.journal.audited_change(
            Event.RECORD_EDITED, about, noun=self.shape.noun
        ) as change:
            row = self._row(number)
            self._refuse_changed(row, values, self._as_stored(seen or {}))
            before = self._standing(row)
            change.note(fields=self._store.change(change, row, values))
        return self._changed(row, before)

    def move(self, number: int, verb: str) -> RecordCard:
        """Take a record to the next state by one of the verbs of its kind."""
        context, shape = self._context, self.shape
        context.access.need_write(shape.category)
        if shape.states is None:
            raise NoSuchRecord
        move, day = shape.states.move(verb), context.day.isoformat()
        about = bytes(self._row(number).party)
        event = (Event.RECORD_MOVED, about)
        with context.journal.audited_change(*event, noun=shape.noun, state=move.after) as change:
            row = self._row(number)
            if party_of(context, row) is None:
                raise RecordOutlives
            if getattr(row, "state", None) not in move.before:
                fault = MoveImpossible(states=", ".join(move.before))
                fault.called = {"states": [shape.state_word(one) for one in move.before]}
                raise fault
            before = self._standing(row)
            for name in shape.states.undone_by(move, row.state):  # type: ignore[attr-defined] # a kind with states has it
                setattr(row, name, None)
            row.state, row.state_since = move.after, day  # type: ignore[attr-defined] # likewise
            if move.stamps and getattr(row, move.stamps) is None:
                setattr(row, move.stamps, day)
            check_whole(shape, self._store.held(row))
            change.update(row)
        return self._changed(row, before)

    def undo(self, undo: RecordUndo) -> RecordCard:
        """Put back what one change took away, as a further one; what somebody changed since stays.

        Both stand in the log, because nothing that was done is taken out of it.
        """
        context, shape = self._context, self.shape
        context.access.need_write(shape.category)
        about = bytes(self._row(undo.number).party)
        state, since = (undo.before.get(name) for name in _OF_STATE)
        fields = {name: was for name, was in undo.before.items() if name not in _OF_STATE}
        event = Event.RECORD_EDITED if state is None else Event.RECORD_MOVED
        with context.journal.audited_change(event, about, noun=shape.noun) as change:
            row = self._row(undo.number)
            now = self._standing(row)
            if changed := [name for name, value in undo.after.items() if now[name] != value]:
                raise RecordChanged(number=row.number, fields=", ".join(changed))
            if state is not None:
                row.state, row.state_since = state, since or now[_OF_STATE[1]]  # type: ignore[attr-defined] # a kind with states has them
            count = self._store.change(change, row, fields)
            if state is None:
                change.note(fields=count)
            else:
                change.note(state=state)
                change.update(row)
        return self._changed(row, now)

    def show(self, number: int, *, reveal: bool = False) -> RecordCard:
        """Show one record; who looks behind the dots leaves an entry that says so."""
        self.need_read()
        row = self._row(number)
        card = RecordReader(self._context, self.shape, reveal=reveal).card(row)
        event = Event.RECORD_REVEALED if reveal else Event.RECORD_SHOWN
        self._context.journal.log_access(event, bytes(row.party), noun=self.shape.noun)
        return card

    def list(self, query: RecordQuery | None = None) -> RecordList:
        """List records, all of them or those of one client."""
        self.need_read()
        query = query or RecordQuery()
        found = RecordLister(self._context, self.shape).page(query)
        about = None if query.who is None else bytes(find_party(self._context, query.who).id)
        count, noun = len(found.cards), self.shape.noun
        self._context.journal.log_access(Event.RECORDS_LISTED, about, noun=noun, count=count)
        return found

    def find(self, text: str, limit: int | None = None) -> RecordList:
        """Find records by a part of what stands in them, or by a whole number."""
        return self.list(RecordQuery(text=text, limit=limit))

    def export(
        self, target: Path | BinaryIO, profile: str, query: RecordQuery | None = None
    ) -> ExportResult:
        """Write records to a file or a stream."""
        from crm.records.exporting import RecordExport  # noqa: PLC0415 - only files need it

        return RecordExport(self._context, self.shape).write(target, profile, query)

    def take(
        self,
        source: Path | BinaryIO,
        order: ImportOrder,
        *,
        show: Show | None = None,
        progress: Progress | None = None,
    ) -> ImportResult:
        """Take a file in, or say what would become of it."""
        from crm.records.importing import take_records  # noqa: PLC0415 - only files need it

        return take_records(self._context, self.shape, source, order, show, progress)

    def count(self, who: str) -> int:
        """Count the records of one client, without opening any; 0 for who may not read them."""
        if self.shape.category.code not in self._context.access.reads:
            return 0
        query = RecordQuery(who=who, limit=0)
        return RecordLister(self._context, self.shape).page(query).total

    def need_read(self) -> None:
        """Refuse a user whose roles may not read this kind of record."""
        self._context.access.need_read(self.shape.category)

    def _row(self, number: int) -> KindRow:
        row = self._context.session.first(self._model, number=number)
        if row is None:
            raise NoSuchRecord
        return row

    def _standing(self, row: KindRow) -> Stored:
        """Return what a change may change of a row: its fields, and where it stands."""
        states = _OF_STATE if self.shape.states is not None else ()
        return self._store.held(row) | {name: getattr(row, name) for name in states}

    def _changed(self, row: KindRow, before: Stored) -> RecordCard:
        """Answer a change with the card, and with what it takes to put back what was there."""
        after = self._standing(row)
        names = [name for name, value in after.items() if before[name] != value]
        was, now = ({name: one[name] for name in names} for one in (before, after))
        undo = RecordUndo(row.number, was, now) if names else None
        card = RecordReader(self._context, self.shape).card(row)
        return replace(card, undo=undo)

    def _as_stored(self, seen: Mapping[str, str | None]) -> Mapping[str, str | None]:
        """Bring lists that were seen into the one form in which they are kept."""
        lists = [one for one in self.shape.fields if one.several and one.name in seen]
        return {**seen, **{one.name: self._reader.field(one, seen[one.name]) for one in lists}}

    def _refuse_changed(self, row: KindRow, values: Stored, seen: Mapping[str, str | None]) -> None:
        """Refuse to store over what somebody changed since; masked fields are seen as dots."""
        context, shape = self._context, self.shape
        shown = [
            RecordReader(context, shape, reveal=bare).card(row).values for bare in (True, False)
        ]
        changed = [
            name
            for name, was in seen.items()
            if name in values
            and (was or None) not in (held := [one[name] for one in shown])
            and values[name] not in held
        ]
        if changed:
            raise RecordChanged(number=row.number, fields=", ".join(changed))


def as_typed(given: Mapping[str, object]) -> dict[str, str | None]:
    """Give values as somebody would have typed them: days and amounts may come as what they are."""
    return {
        name: json.dumps(value, ensure_ascii=False, default=str)
        if isinstance(value, list | tuple)
        else None if value is None else str(value)
        for name, value in given.items()
    }  # fmt: skip
