"""What the register answers about records of a described kind: frozen, without a row or a key."""

from __future__ import annotations

import json
from dataclasses import dataclass, field
from datetime import date
from decimal import Decimal
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from collections.abc import Mapping

# What an answer says beside the fields of a kind; given back, it is passed over.
OWN_FIELDS = frozenset({"number", "client", "state", "entered", "going"})


@dataclass(frozen=True, slots=True, repr=False)
class RecordUndo:
    """What a correction or a move changed: enough to put it back where nobody changed it since.

    It holds values as they are stored, masked ones too, and so is shown to nobody.
    """

    number: int
    before: Mapping[str, str | None]
    after: Mapping[str, str | None]


@dataclass(frozen=True, slots=True)
class RecordCard:
    """One record as its reader may see it: what is hidden is None, what is masked is dotted.

    `client` is None once the party is gone that the record outlives. `going` is the last day of
    grace where its clocks have run out. `undo` is there where this is the answer to a change.
    """

    noun: str
    number: int
    client: int | None
    client_name: str | None
    entered: str
    values: Mapping[str, str | None]
    state: str | None = None
    masked: tuple[str, ...] = ()
    going: str | None = None
    undo: RecordUndo | None = field(default=None, repr=False, compare=False)

    def as_record(self) -> dict[str, object]:
        """Give it as scripts read it: one flat object under fixed names."""
        told: dict[str, object] = {"number": self.number, "client": self.client}
        if self.state is not None:
            told["state"] = self.state
        return told | {**self.values, "entered": self.entered, "going": self.going}


@dataclass(frozen=True, slots=True)
class RecordQuery:
    """Which records a list shows: whose, in which state, holding a text, in which order, how many.

    `sort` is a field, `number`, `client` or `state`; with `descending` the other way round.
    """

    who: str | None = None
    state: str | None = None
    text: str = ""
    sort: str = "number"
    descending: bool = False
    start: int = 0
    limit: int | None = None
    equals: Mapping[str, str] = field(default_factory=dict)


@dataclass(frozen=True, slots=True)
class RecordList:
    """The records of one page, and how many there are on all pages."""

    cards: tuple[RecordCard, ...]
    total: int


def as_rows(stored: str | None) -> list[dict[str, str]]:
    """Read stored rows; a cell that is empty is not there."""
    rows: list[dict[str, str]] = [] if stored is None else json.loads(stored)
    return rows


def as_wholes(stored: str | None) -> list[int]:
    """Read the stored numbers of several records."""
    return [int(number) for number in stored.split(",")] if stored else []


def as_day(stored: str | None) -> date | None:
    """Read a stored day."""
    return None if stored is None else date.fromisoformat(stored)


def as_amount(stored: str | None) -> Decimal | None:
    """Read a stored amount."""
    return None if stored is None else Decimal(stored)


def as_whole(stored: str | None) -> int | None:
    """Read a stored whole number."""
    return None if stored is None else int(stored)
