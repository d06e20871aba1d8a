"""What services are told and answer about files that come in and go out: frozen, never rows."""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from collections.abc import Mapping
    from datetime import date
    from pathlib import Path


# What becomes of a row that may be a client who is there already.
ASK, SAME, NEW, SKIP = "ask", "same", "new", "skip"
DOUBLES = (ASK, SAME, NEW, SKIP)


@dataclass(frozen=True, slots=True, kw_only=True)
class ImportOrder:
    """How a file is to be taken in: what its rows are to us, and what to do with doubtful ones.

    `informed` is the day on which the people were told of it, or `unknown`; `mapping` pairs
    headings with fields; `rejects` is where rows that stay outside are written. `doubles` says what
    becomes of rows that may be clients who are there: asked about, the same, new, or passed over.
    With `as_headed` what was said of such a file before is not taken again.
    """

    relation: str | None = None
    purposes: tuple[str, ...] = ()
    evidence: str | None = None
    informed: date | str | None = None
    obtained_from: str | None = None
    mapping: tuple[tuple[str, str], ...] = ()
    rejects: Path | None = None
    dry_run: bool = False
    keep_defective: bool = False
    update: bool = False
    into_demo: bool = False
    encoding: str | None = None
    doubles: str = ASK
    as_headed: bool = False


@dataclass(frozen=True, slots=True)
class ColumnUse:
    """What becomes of one column: its field, the purposes that cover it, and why it is left out."""

    column: str
    field: str | None
    purposes: tuple[str, ...]
    left_out: str | None


@dataclass(frozen=True, slots=True)
class PreviewRow:
    """A row as it will be stored: its fields, masked as on a card, and what is to be checked.

    `person` are the fields of the contact person that comes with a company; `reasons` pair a
    column with why the row stays outside, and are empty for a row that comes in.
    """

    line: int
    kind: str | None
    fields: Mapping[str, str] = field(repr=False)
    person: Mapping[str, str] = field(repr=False)
    to_check: tuple[str, ...]
    reasons: tuple[tuple[str | None, str], ...]


@dataclass(frozen=True, slots=True)
class FileColumns:
    """What a file would bring: how it is read, its columns, and what is lacking to take it in.

    `lacks` is `known` when no heading is known, `name` when no column holds a name; `fields` are
    the codes of all that a column may hold. `example` is a name as this encoding shows it;
    `encodings` are others that would fit about as well, where the found one is not sure.
    """

    columns: tuple[ColumnUse, ...]
    fields: tuple[str, ...]
    lacks: str | None
    encoding: str = "utf-8"
    sure: bool = True
    encodings: tuple[str, ...] = ()
    example: str | None = field(default=None, repr=False)
    rows: tuple[PreviewRow, ...] = ()
    remembered: bool = False


@dataclass(frozen=True, slots=True)
class RejectLine:
    """A row that stayed outside: physical line, the file's own number, column and reason code."""

    line: int
    nr: int | str | None
    column: str | None
    reason: str
    alike: tuple[int, ...] = ()


@dataclass(frozen=True, slots=True)
class RejectedRow:
    """A row that stayed outside with its cells, for whoever is to mend it.

    `faults` pair the heading of a column, or None for the whole row, with a reason code; `over`
    are cells for which the file has no heading.
    """

    line: int
    headings: tuple[str, ...]
    cells: tuple[str, ...] = field(repr=False)
    faults: tuple[tuple[str | None, str], ...]
    over: tuple[str, ...] = field(repr=False)


@dataclass(frozen=True, slots=True)
class ChangeLine:
    """A field in which a row differs from the party it is about."""

    line: int
    number: int
    field: str
    was: str | None
    becomes: str


# The counts that every import keeps, whatever its rows are about.
COUNTED = ("read", "created", "updated", "duplicates", "contacts", "to_check", "to_mend")


@dataclass(frozen=True, slots=True, kw_only=True)
class ImportResult:
    """What became of the rows of a file; the names of the counts are fixed for scripts.

    `stopped` says that somebody stopped it between two batches; it goes on when it is repeated.
    `held_back` are rows that came in without what somebody had said no to.
    """

    read: int
    created: int
    updated: int
    rejected: int
    duplicates: int
    contacts: int
    to_check: int
    to_mend: int
    dry_run: bool
    left_out: Mapping[str, str]
    columns: tuple[ColumnUse, ...]
    rejects: tuple[RejectLine, ...]
    changes: tuple[ChangeLine, ...]
    stopped: bool = False
    held_back: tuple[RejectLine, ...] = ()
    encoding: str = "utf-8"
    example: str | None = field(default=None, repr=False)


@dataclass(frozen=True, slots=True)
class ExportContents:
    """What a file for this user would show: its columns, and the clients there are."""

    headings: tuple[str, ...]
    clients: int


@dataclass(frozen=True, slots=True)
class ExportResult:
    """A file that was written: how many rows, in which form, and by when it should be gone.

    `left_out` counts the clients whose data are going, which are used for nothing, `contacts` those
    who were chosen and are only contact persons, `others` those kept for other purposes.
    """

    written: int
    profile: str
    path: str
    ends: str | None
    left_out: int = 0
    contacts: int = 0
    others: int = 0


@dataclass(frozen=True, slots=True)
class WholeExport:
    """Everything, written out for leaving: where, how much, and by when it should be gone."""

    folder: str
    tables: int
    files: int
    rows: int
    ends: str


@dataclass(frozen=True, slots=True, kw_only=True)
class ConsentOrder:
    """A word about a consent that is to be recorded.

    `on` is the day it was said (a consent on paper), None is now; `guardian` the number of who
    spoke for a child, `minor` says that the person is one.
    """

    purpose: str
    channel: str
    state: str = "given"
    wording: str | None = None
    language: str | None = None
    on: date | None = None
    note: str | None = None
    scan: Path | None = None
    guardian: str | None = None
    minor: bool = False


@dataclass(frozen=True, slots=True)
class Stopped:
    """What an unsubscribe list did: whom it stopped, who had stopped already, lines of nobody.

    `differing` are lines whose address and number name different people; `going_until` is the last
    day on which what goes can be looked at. In a `preview` nothing has happened yet.
    """

    purpose: str
    read: int
    stopped: tuple[int, ...]
    already: tuple[int, ...]
    unknown: tuple[int, ...]
    differing: tuple[int, ...] = ()
    preview: bool = False
    going_until: str | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class ConsentImport:
    """What became of the rows of a list of historic consents.

    `not_given` counts the yes without a known wording, which are recorded as unknown.
    """

    read: int
    created: int
    given: int
    ended: int
    not_given: int
    duplicates: int
    rejected: int
    rejects: tuple[RejectLine, ...]
