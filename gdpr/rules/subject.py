"""What the vault holds about one data subject, gathered for the one deciding function."""

from __future__ import annotations

from typing import TYPE_CHECKING, NamedTuple, Protocol, cast

from gdpr.errors import NotFound
from gdpr.rules.facts import Datum, SubjectFacts

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator
    from datetime import date

    from gdpr.rules.facts import KeptRecord
    from gdpr.rules.grounds import Grounds
    from gdpr.rules.purposes import Purpose
    from gdpr.rules.stored import GroundRow
    from gdpr.store.desk import Desk
    from gdpr.store.record import Record


class SubjectRow(Protocol):
    """What the product's own record of a party tells the rules."""

    def is_legal_person(self) -> bool:
        """Tell whether the party is no data subject at all."""
        ...

    def active_on(self) -> date:
        """Return the day of the last contact."""
        ...


class KeptRow(Protocol):
    """What a record class with clocks of its own tells the rules."""

    def kept_record(self, purpose: Callable[[str], Purpose]) -> KeptRecord:
        """Return the record with its clocks; `purpose` finds a purpose by its code."""
        ...


class Gathered(NamedTuple):
    """What is held about a party, and the rows it was read from: its own, and its grounds."""

    facts: SubjectFacts
    rows: list[Record]
    grounds: list[GroundRow]


def facts_of(desk: Desk, grounds: Grounds, party: bytes) -> SubjectFacts:
    """Gather grounds, data and kept records of one party; `NotFound` when there is none."""
    return gather(desk, grounds, party).facts


def gather(desk: Desk, grounds: Grounds, party: bytes) -> Gathered:
    """Read every row about a party once; `NotFound` when there is no such party."""
    rows = list(desk.rows_about(party))
    if not rows or type(rows[0]) is not desk.schema.subject_model:
        raise NotFound
    subject = cast("SubjectRow", rows[0])
    held = grounds.rows_of(party)
    facts = SubjectFacts(
        id=party,
        is_legal=subject.is_legal_person(),
        grounds=tuple(grounds.read(held)),
        data=tuple(datum for row in rows for datum in data_of(row, grounds)),
        last_activity=subject.active_on(),
    )
    return Gathered(facts, rows, held)


def data_of(row: Record, grounds: Grounds) -> Iterator[Datum]:
    """Yield a datum for each filled personal column of a row, named by its place only."""
    layout = type(row).layout()
    record = None
    if layout.kept:
        record = cast("KeptRow", row).kept_record(grounds.rulebook.purpose)
    row_id, owner = bytes(row.id), row.owner
    for column in layout.sealed:
        if row.holds(column.name):
            yield Datum(
                table=layout.table,
                row=row_id,
                field=column.name,
                item=column.item,
                category=column.category,
                owner=owner,
                record=record,
            )
