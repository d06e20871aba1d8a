"""The verbs of every described kind of record: entered, corrected, moved on, shown and listed."""

from __future__ import annotations

from typing import TYPE_CHECKING

from crm.parties.find_party import find_party
from crm.records.errors import MoveImpossible, NoSuchRecord, RecordChanged, RecordOutlives
from crm.records.listing import RecordLister
from crm.records.reading import RecordReader, party_of
from crm.session.errors import NothingToChange
from crm.shape.cards import RecordCard, RecordList, RecordQuery
from crm.shape.description import FieldType
from crm.shape.errors import ReferenceLost
from crm.shape.parsing import Reader, check_whole
from crm.shape.tables import KeptKindRow, model_of, stored_form
from gdpr.audit.events import Event
from gdpr.errors import NoKey
from gdpr.store.ids import new_id
from gdpr.store.settings import next_number

if TYPE_CHECKING:
    from collections.abc import Mapping

    from crm.models.party import Party
    from crm.session.context import RegisterContext
    from crm.shape.description import Shape
    from crm.shape.parsing import Stored
    from crm.shape.tables import KindRow
    from gdpr.audit.journal import Deed


class Records:
    """The records of one kind; each verb is one transaction with one entry of the log."""

    def __init__(self, context: RegisterContext, shape: Shape) -> None:
        """Work in `context` with records of `shape`."""
        self.shape = shape
        self._context = context
        self._model = model_of(shape)
        self._reader = Reader(context.country, context.day)

    def add(self, who: str, given: Mapping[str, object], state: str | None = None) -> RecordCard:
        """Enter a record about a client; that counts as a contact, as a note does."""
        context = self._context
        context.access.need_write(self.shape.category)
        party = find_party(context, who)
        values = self._reader.read(self.shape, as_typed(given), whole=True)
        check_whole(self.shape, values)
        with context.journal.deed(
            Event.RECORD_ADDED, bytes(party.id), noun=self.shape.noun
        ) as deed:
            row = self.insert(deed, party, values, state=state)
        return RecordReader(context, self.shape).card(row)

    def insert(
        self,
        deed: Deed,
        party: Party,
        values: Stored,
        *,
        state: str | None = None,
        token: bytes | None = None,
    ) -> KindRow:
        """Store a new record in the transaction of whoever adds it or takes a file in."""
        context, shape, day = self._context, self.shape, self._context.day.isoformat()
        self._check_references(values, bytes(party.id))
        row = self._model(
            id=new_id(),
            party=bytes(party.id),
            number=next_number(deed, shape.noun),
            entered=day,
            import_token=token,
            **{name: stored_form(shape.field(name), value) for name, value in values.items()},
        )
        if shape.states is not None:
            row.state, row.state_since = state or shape.states.first, day  # type: ignore[attr-defined] # columns of kinds with states
        if isinstance(row, KeptKindRow):
            row.relation_kind = self._relation_kind(bytes(party.id))
        deed.insert(row, context.grounds.warrant(bytes(party.id), context.day))
        party.last_activity = max(party.last_activity, day)
        deed.update(party)
        return row

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
        with context.journal.deed(Event.RECORD_EDITED, about, noun=self.shape.noun) as deed:
            row = self._row(number)
            self._refuse_changed(row, values, seen or {})
            deed.note(fields=self.change(deed, row, values))
        return RecordReader(context, self.shape).card(row)

    def change(self, deed: Deed, row: KindRow, values: Stored) -> int:
        """Store the fields that really differ and return how many did."""
        party = party_of(self._context, row)
        if party is None:
            raise RecordOutlives
        differing = self.differing(row, values)
        self._check_references(differing, bytes(party.id))
        check_whole(self.shape, {**self._held(row), **values})
        for name, value in differing.items():
            setattr(row, name, stored_form(self.shape.field(name), value))
        if differing:
            deed.update(row, self._context.grounds.warrant(bytes(party.id), self._context.day))
        return len(differing)

    def differing(self, row: KindRow, values: Stored) -> Stored:
        """Return the values that a row does not hold; one nobody may read here counts as such."""
        return {
            name: value
            for name, value in values.items()
            if not self._may_read(name) or row.value(self.shape.field(name)) != value
        }

    def move(self, number: int, verb: str) -> RecordCard:
        """Take a record to the next state by one of the verbs of its kind."""
        context, shape = self._context, self.shape
        context.access.need_write(shape.category)
        if shape.states is None:
            raise NoSuchRecord
        move, day = shape.states.move(verb), context.day.isoformat()
        about = bytes(self._row(number).party)
        event = (Event.RECORD_MOVED, about)
        with context.journal.deed(*event, noun=shape.noun, state=move.after) as deed:
            row = self._row(number)
            if party_of(context, row) is None:
                raise RecordOutlives
            if getattr(row, "state", None) not in move.before:
                raise MoveImpossible(states=", ".join(move.before))
            row.state, row.state_since = move.after, day  # type: ignore[attr-defined] # as above
            if move.stamps and getattr(row, move.stamps) is None:
                setattr(row, move.stamps, day)
            check_whole(shape, self._held(row))
            deed.update(row)
        return RecordReader(context, shape).card(row)

    def show(self, number: int, *, reveal: bool = False) -> RecordCard:
        """Show one record; who looks behind the dots leaves an entry that says so."""
        self.need_read()
        row = self._row(number)
        card = RecordReader(self._context, self.shape, reveal=reveal).card(row)
        event = Event.RECORD_REVEALED if reveal else Event.RECORD_SHOWN
        self._context.journal.read(event, bytes(row.party), noun=self.shape.noun)
        return card

    def list(self, query: RecordQuery | None = None) -> RecordList:
        """List records, all of them or those of one client."""
        self.need_read()
        query = query or RecordQuery()
        found = RecordLister(self._context, self.shape).page(query)
        about = None if query.who is None else bytes(find_party(self._context, query.who).id)
        count, noun = len(found.cards), self.shape.noun
        self._context.journal.read(Event.RECORDS_LISTED, about, noun=noun, count=count)
        return found

    def find(self, text: str, limit: int | None = None) -> RecordList:
        """Find records by a part of what stands in them, or by a whole number."""
        return self.list(RecordQuery(text=text, limit=limit))

    def count(self, who: str) -> int:
        """Count the records of one client, without opening any; 0 for who may not read them."""
        if self.shape.category.code not in self._context.access.reads:
            return 0
        query = RecordQuery(who=who, limit=0)
        return RecordLister(self._context, self.shape).page(query).total

    def need_read(self) -> None:
        """Refuse a user whose roles may not read this kind of record."""
        if self.shape.category.code not in self._context.access.reads:
            raise NoKey(category=self.shape.category.code)

    def _row(self, number: int) -> KindRow:
        row = self._context.desk.first(self._model, number=number)
        if row is None:
            raise NoSuchRecord
        return row

    def _held(self, row: KindRow) -> Stored:
        """Return the values of a row as far as the user may read them."""
        return {
            one.name: row.value(one) if self._may_read(one.name) else None
            for one in self.shape.fields
        }

    def _may_read(self, name: str) -> bool:
        item = self.shape.field(name).item
        return item is None or item.category.code in self._context.access.reads

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

    def _check_references(self, values: Stored, party: bytes) -> None:
        for name, value in values.items():
            field = self.shape.field(name)
            if value is None or field.type is not FieldType.REFERENCE:
                continue
            target = self._context.desk.first(_model_called(field.to), number=int(value))
            if target is None or bytes(target.party) != party:
                raise ReferenceLost(field=name)

    def _relation_kind(self, party: bytes) -> str:
        """Say what the party is to us for the purposes whose clocks will keep the record."""
        wanted = {clock.purpose for clock in self.shape.clocks}
        live = [g for g in self._context.grounds.of(party) if not g.has_ended(self._context.day)]
        naming = [g for g in live if self.shape.item.code in g.purpose.items]
        ordered = sorted(naming, key=lambda ground: ground.purpose.code not in wanted)
        return ordered[0].kind if ordered else ""


def as_typed(given: Mapping[str, object]) -> dict[str, str | None]:
    """Give values as somebody would have typed them: days and amounts may come as what they are."""
    return {name: None if value is None else str(value) for name, value in given.items()}


def _model_called(noun: str) -> type[KindRow]:
    from crm.kinds.listed import SHAPES  # noqa: PLC0415 - described kinds may lead to each other

    return model_of({shape.noun: shape for shape in SHAPES}[noun])
