"""What the vault holds about one data subject, gathered for the one deciding function."""

from __future__ import annotations

from types import MappingProxyType
from typing import TYPE_CHECKING, NamedTuple, Protocol, cast

from gdpr.errors import NotFound
from gdpr.rules.facts import Datum, SubjectFacts
from gdpr.store.holdings import check_holding

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator, Mapping
    from datetime import date

    from gdpr.rules.facts import KeptRecord
    from gdpr.rules.grounds import Grounds
    from gdpr.rules.purposes import Purpose
    from gdpr.rules.stored import GroundRow
    from gdpr.store.record import Record
    from gdpr.store.session import Session
    from gdpr.store.transaction import Transaction


_NOTHING_PENDING: Mapping[bytes, list[int]] = MappingProxyType({})


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


def facts_of(session: Session, grounds: Grounds, party: bytes) -> SubjectFacts:
    """Gather grounds, data and kept records of one party; `NotFound` when there is none."""
    return gather(session, grounds, party).facts


def refuse_incomplete(work: Transaction, grounds: Grounds, party: bytes) -> None:
    """Raise unless nothing is missing that what is decided about a party rests on.

    For rows that outlive the party, whose id is then one that names nobody.
    """
    work.refuse_incomplete()
    rows = (*work.session.rows_about(party), *grounds.rows_of(party))
    check_holding(work.session, party, rows, work.holdings)


def gather(
    session: Session,
    grounds: Grounds,
    party: bytes,
    pending: Mapping[bytes, list[int]] | None = _NOTHING_PENDING,
) -> Gathered:
    """Read every row about a party once; `NotFound` when there is no such party.

    `Incomplete` when rows are missing or old: what is decided upon the rest would be wrong.
    `pending` is what a transaction has written so far, by party; None where all goes in any case.
    """
    rows = list(session.rows_about(party))
    if not rows or type(rows[0]) is not session.schema.subject_model:
        raise NotFound
    subject = cast("SubjectRow", rows[0])
    held = grounds.rows_of(party)
    if pending is not None:
        check_holding(session, party, (*rows, *held), pending)
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
