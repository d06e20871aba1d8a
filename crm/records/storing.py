"""How records of a described kind are stored: by whoever types them, and from a file."""

from __future__ import annotations

from typing import TYPE_CHECKING

from crm.errors import ReferenceLost, ReferenceToItself
from crm.records.errors import RecordOutlives
from crm.records.reading import party_of
from crm.shape.parsing import check_whole, references
from crm.shape.tables import KeptKindRow, model_of, stored_form
from gdpr.store.ids import new_id
from gdpr.store.settings import next_number

if TYPE_CHECKING:
    from crm.errors import FieldInvalid
    from crm.models.party import Party
    from crm.session.context import RegisterContext
    from crm.shape.description import Field, Shape
    from crm.shape.parsing import Stored
    from crm.shape.tables import KindRow
    from gdpr.audit.journal import AuditedChange


class RecordStore:
    """Stores records of one kind in the transaction of whoever enters, corrects or imports them."""

    def __init__(self, context: RegisterContext, shape: Shape) -> None:
        """Store with the rights of the user of `context`."""
        self._context, self.shape = context, shape
        self._model = model_of(shape)

    def insert(
        self,
        change: AuditedChange,
        party: Party,
        values: Stored,
        *,
        state: str | None = None,
        token: bytes | None = None,
    ) -> KindRow:
        """Store a new record in the transaction of whoever adds it or takes a file in."""
        context, shape, day = self._context, self.shape, self._context.day.isoformat()
        self.check_references(values, bytes(party.id))
        row = self._model(
            id=new_id(),
            party=bytes(party.id),
            number=next_number(change, shape.noun),
            entered=day,
            import_token=token,
            **{name: stored_form(shape.field(name), value) for name, value in values.items()},
        )
        if shape.states is not None:
            row.state, row.state_since = state or shape.states.first, day  # type: ignore[attr-defined] # columns of kinds with states
        if isinstance(row, KeptKindRow):
            row.relation_kind = self._relation_kind(bytes(party.id))
        change.insert(row, context.grounds.warrant(bytes(party.id), context.day))
        party.last_activity = max(party.last_activity, day)
        change.update(party)
        return row

    def change(self, change: AuditedChange, row: KindRow, values: Stored) -> int:
        """Store the fields that really differ and return how many did."""
        party = party_of(self._context, row)
        if party is None:
            raise RecordOutlives
        differing = self.changed_values(row, values)
        self.check_references(differing, bytes(party.id), row)
        check_whole(self.shape, {**self.held(row), **values})
        for name, value in differing.items():
            setattr(row, name, stored_form(self.shape.field(name), value))
        if differing:
            change.update(row, self._context.grounds.warrant(bytes(party.id), self._context.day))
        return len(differing)

    def changed_values(self, row: KindRow, values: Stored) -> Stored:
        """Return the values that a row does not hold; one nobody may read here counts as such."""
        return {
            name: value
            for name, value in values.items()
            if not self._may_read(name) or row.value(self.shape.field(name)) != value
        }

    def held(self, row: KindRow) -> Stored:
        """Return the values of a row as far as the user may read them."""
        return {
            one.name: row.value(one) if self._may_read(one.name) else None
            for one in self.shape.fields
        }

    def _may_read(self, name: str) -> bool:
        item = self.shape.field(name).item
        return item is None or item.category.code in self._context.access.reads

    def check_references(self, values: Stored, party: bytes, row: KindRow | None = None) -> None:
        """Refuse references that lead to no other record of the same client."""
        for name, value in values.items():
            field = self.shape.field(name)
            for number in references(value) if value is not None and field.to else ():
                target = self._context.session.first(_model_called(field.to), number=number)
                if target is None or bytes(target.party) != party:
                    raise _labelled(ReferenceLost(field=name), field)
                if row is not None and bytes(target.id) == bytes(row.id):
                    raise _labelled(ReferenceToItself(field=name), field)

    def _relation_kind(self, party: bytes) -> str:
        """Say what the party is to us for the purposes whose clocks will keep the record."""
        wanted = {clock.purpose for clock in self.shape.clocks}
        live = [g for g in self._context.grounds.of(party) if not g.has_ended(self._context.day)]
        naming = [g for g in live if self.shape.item.code in g.purpose.items]
        ordered = sorted(naming, key=lambda ground: ground.purpose.code not in wanted)
        return ordered[0].kind if ordered else ""


def _labelled(fault: FieldInvalid, field: Field) -> FieldInvalid:
    """Let a fault name its field in the words of whoever reads it."""
    fault.called = {"field": (field.label,)}
    return fault


def _model_called(noun: str) -> type[KindRow]:
    from crm.kinds.listed import SHAPES  # noqa: PLC0415 - described kinds may lead to each other

    return model_of({shape.noun: shape for shape in SHAPES}[noun])
