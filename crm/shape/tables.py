"""The table of a kind of record: columns, clock and keys follow from its description."""

from __future__ import annotations

from datetime import date
from functools import cache
from types import new_class
from typing import TYPE_CHECKING, Any, ClassVar

from crm.shape.description import FieldType, Shape
from crm.shape.parsing import same_value
from gdpr.errors import Unreadable
from gdpr.rules.errors import UnknownPurpose
from gdpr.rules.facts import KeptRecord, RecordClock
from gdpr.rules.purposes import Trigger
from gdpr.store import fields as of
from gdpr.store.record import Record

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator

    from crm.shape.description import Field, RetentionClock
    from gdpr.rules.purposes import Purpose

_NUMBERS = frozenset({FieldType.WHOLE, FieldType.REFERENCE})


class KindRow(Record):
    """What every kind of record has beside its own fields."""

    shape: ClassVar[Shape]
    subject = "party"
    wide = True

    party = of.PlainBlob("whose it is; after an erasure a fresh id", index=True)
    number = of.PlainInteger("the sequence of this kind of record", unique=True)
    entered = of.PlainText("day it was entered, ISO")
    import_token = of.OptionalBlob("keyed hash of the imported row; dies with it", index=True)

    def value(self, field: Field) -> str | None:
        """Return the stored value of a field as text, opened where it is sealed."""
        held = getattr(self, field.name)
        return None if held is None else str(held)


class KeptKindRow(KindRow):
    """A record with clocks and keys of its own, which may outlive the party it is about."""

    kept = True

    relation_kind = of.PlainText("what the party was to us when it was entered")
    going_until = of.OptionalText("last day of grace, ISO")

    def kept_record(self, purpose: Callable[[str], Purpose]) -> KeptRecord:
        """Give the record with the clocks that the purposes of this register have a rule for."""
        return KeptRecord(
            id=bytes(self.id),
            table=self.shape.noun,
            item=self.shape.item.code,
            since=_date(self, self.entered),
            clocks=tuple(self._clocks(purpose)),
            going_until=None if self.going_until is None else _date(self, self.going_until),
        )

    def _clocks(self, purpose: Callable[[str], Purpose]) -> Iterator[RecordClock]:
        for clock in self.shape.clocks:
            try:
                served = purpose(clock.purpose)
            except UnknownPurpose:
                continue  # a register may have purposes of its own instead
            trigger = Trigger(clock.trigger)
            if self.relation_kind in served.bases and served.record_rule(trigger) is not None:
                yield RecordClock(served, self.relation_kind, trigger, self._started(clock))

    def _started(self, clock: RetentionClock) -> date | None:
        if clock.field:
            day = getattr(self, clock.field)
        else:
            there = getattr(self, "state", None) == clock.state
            day = getattr(self, "state_since", None) if there else None
        return None if day is None else _date(self, day)


@cache
def model_of(shape: Shape) -> type[KindRow]:
    """Make the record class of a shape, once."""
    body: dict[str, Any] = {
        "__doc__": str(shape.many),
        "__module__": __name__,
        "shape": shape,
        "Meta": type("Meta", (), {"table_name": shape.noun}),
    }
    if shape.states is not None:
        body["state"] = of.PlainText("where it stands, a code")
        body["state_since"] = of.PlainText("first day of that state, ISO")
    body |= {one.name: _column(one, shape.plain) for one in shape.fields}
    base = KeptKindRow if shape.kept else KindRow
    name = "".join(part.title() for part in shape.noun.split("_"))
    made: type[KindRow] = new_class(name, (base,), {}, lambda space: space.update(body))
    return made


def sealed_column(field: Field, *, unique: bool = False) -> of.Personal:
    """Make the column of a field that is personal."""
    if field.item is None:
        raise TypeError
    kind = str(field.type) if field.findable else None
    same = same_value(field.type)
    return of.Personal(field.item, field.origin, findable=kind, unique=unique, normalise=same)


def _column(field: Field, reason: str) -> Any:
    if field.item is not None:
        return sealed_column(field)
    column = of.OptionalInteger if field.type in _NUMBERS else of.OptionalText
    return column(reason)


def stored_form(field: Field, value: str | None) -> str | int | None:
    """Give a value as its column holds it: plain whole numbers are numbers there."""
    if value is None or field.item is not None or field.type not in _NUMBERS:
        return value
    return int(value)


def _date(row: KindRow, text: str) -> date:
    try:
        return date.fromisoformat(text)
    except ValueError:
        raise Unreadable(table=row.shape.noun, row=bytes(row.id).hex()) from None
