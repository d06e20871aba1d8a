"""A copy of a database row by row, in two halves: what is kept, and what opens it.

Copying pages would carry wrapped keys into the data half. So every row goes out by itself: tables
of keys into one half, all others into the other; and of these the token columns go with the keys,
because equal tokens tell who shares a number. Without the keys half the data half is noise.
"""

from __future__ import annotations

from contextlib import contextmanager
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any, Final

from peewee import Column, SqliteDatabase, Table

from gdpr.errors import Damaged
from gdpr.store.accounts import KEY_TABLES
from gdpr.store.database import STORAGE_ERRORS
from gdpr.store.destroyed import TABLE as DESTROYED_KEYS
from gdpr.store.errors import MiscountedRows, UnknownTable
from gdpr.store.layout import layout_of
from gdpr.store.owners import TABLE as OWNER_KEYS
from gdpr.store.rowstream import Columns, StreamNote
from gdpr.store.schema_check import HISTORY, refuse_foreign_schema
from gdpr.store.stepwise import stepwise
from gdpr.vault.encoding import pack_numbers, unpack_numbers

if TYPE_CHECKING:
    from collections.abc import Callable, Iterable, Iterator, Mapping

    from peewee import Database

    from gdpr.store.rowstream import RowWriter, StreamReader
    from gdpr.store.session import Session

COUNTS: Final = "counts"
_NUMBER: Final = 8
_PAGE: Final = 1_000
_OWN_TABLES: Final = "sqlite_"
_TOKEN_ENDINGS: Final = ("_token", "_fingerprint")


@dataclass(frozen=True, slots=True)
class TableShape:
    """One table: its columns for the data half, and its id and columns for the keys half."""

    table: str
    kept: tuple[str, ...]
    opening: tuple[str, ...]


def key_tables() -> frozenset[str]:
    """Return the tables that never enter the data half."""
    return frozenset(
        {OWNER_KEYS, DESTROYED_KEYS, *(layout_of(model).table for model in KEY_TABLES)}
    )


def is_token(column: str) -> bool:
    """Tell whether a column holds values by which equal things can be told."""
    return column.endswith(_TOKEN_ENDINGS)


def shapes(database: Database) -> list[TableShape]:
    """Return how each table is divided; what the database has is asked, so none is forgotten."""
    found = []
    closed = key_tables()
    for table in sorted(database.get_tables()):
        if table == HISTORY or table.startswith(_OWN_TABLES):
            continue
        columns = database.get_columns(table)
        names = tuple(column.name for column in columns)
        if table in closed:
            found.append(TableShape(table, (), names))
            continue
        # A token that may not be absent could not be put back later, and there is none.
        tokens = tuple(column.name for column in columns if column.null and is_token(column.name))
        kept = tuple(name for name in names if name not in tokens)
        found.append(TableShape(table, kept, ("id", *tokens) if tokens else ()))
    return found


@contextmanager
def one_state(database: Database) -> Iterator[None]:
    """Hold one state of the database, so that no colleague's change falls between two tables."""
    with (
        database.transaction("DEFERRED")
        if isinstance(database, SqliteDatabase)
        else database.transaction("REPEATABLE READ")
    ):
        database.get_tables()
        yield


def copy_out(
    session: Session,
    data: RowWriter,
    keys: RowWriter,
    progress: Callable[[int], None] | None = None,
) -> None:
    """Write every row into its halves; the caller holds one state.

    What was not declared does not go out: a copy with a stranger's table could never come back.
    `progress` is told of rows as they are written.
    """
    database = session.database
    refuse_foreign_schema(database, session.schema.declared)
    for shape in shapes(database):
        if shape.kept:
            data.columns(Columns(shape.table, shape.kept, completing=False))
        if shape.opening:
            keys.columns(Columns(shape.table, shape.opening, completing=bool(shape.kept)))
        try:
            _copy_table(stepwise(_of_table(database, shape), progress), shape, data, keys)
        except STORAGE_ERRORS:
            raise Damaged(table=shape.table) from None


def _copy_table(
    rows: Iterable[tuple[Any, ...]], shape: TableShape, data: RowWriter, keys: RowWriter
) -> None:
    names = _names(shape)
    width = len(shape.kept)
    places = [names.index(name) for name in shape.opening]
    for row in rows:
        if width:
            data.row(row[:width])
        if not places:
            continue
        opening = [row[place] for place in places]
        if not width or any(value is not None for value in opening[1:]):
            keys.row(opening)


def _names(shape: TableShape) -> tuple[str, ...]:
    return tuple(dict.fromkeys((*shape.kept, *shape.opening)))


def _of_table(database: Database, shape: TableShape) -> Iterator[tuple[Any, ...]]:
    return _rows(database, shape.table, _names(shape))


def _rows(database: Database, table: str, names: tuple[str, ...]) -> Iterator[tuple[Any, ...]]:
    source: Any = Table(table)
    query = source.select(*(Column(source, name) for name in names)).bind(database)
    statement, values = query.sql()
    cursor = database.execute_sql(statement, values)
    while page := cursor.fetchmany(_PAGE):
        yield from page


def copy_in(database: Database, rows: StreamReader) -> dict[str, bytes]:
    """Put the rows of one half into a database of the same shape; returns the notes beside them.

    Runs inside the caller's transaction. The numbers of rows must be those the half itself names.
    """
    fit = Fit(database)
    notes: dict[str, bytes] = {}
    filler = _Filler(database)
    for frame in rows.frames:
        if isinstance(frame, Columns):
            fit.check(frame)
            filler.begin(frame)
        elif isinstance(frame, StreamNote):
            notes[frame.name] = frame.content
        else:
            filler.add(frame)
    filler.flush()
    check_counts(rows.counts, notes)
    return notes


class Fit:
    """Whether what a backup holds has a place in a database of its day, column for column."""

    def __init__(self, database: Database) -> None:
        """Learn the places of `database`, which may be empty."""
        self._places = {
            (shape.table, completing): names
            for shape in shapes(database)
            for names, completing in (
                (shape.kept, False),
                (shape.opening, bool(shape.kept)),
            )
            if names
        }

    def check(self, columns: Columns) -> None:
        """Refuse columns that the table of that day did not have, or not all that it had."""
        names = self._places.get((columns.table, columns.completing))
        if names is None or set(names) != set(columns.names):
            raise UnknownTable(table=_word(columns.table))


def check_counts(counts: Mapping[str, int], notes: Mapping[str, bytes]) -> None:
    """Refuse a half that holds another number of rows than it says."""
    said = unpack_counts(notes.get(COUNTS, b""))
    for table in sorted({*counts, *said}):
        if counts.get(table) != said.get(table):
            raise MiscountedRows(table=_word(table))


def pack_counts(counts: Mapping[str, int]) -> bytes:
    """Write numbers of rows by table."""
    return pack_numbers(counts, _NUMBER)


def unpack_counts(packed: bytes) -> dict[str, int]:
    """Read numbers of rows back."""
    try:
        return unpack_numbers(packed)
    except ValueError:
        raise MiscountedRows(table=COUNTS) from None


class _Filler:
    """Inserts rows, or completes rows that are there, page by page."""

    def __init__(self, database: Database) -> None:
        self._database = database
        self._statement = ""
        self._places: list[int] = []
        self._rows: list[tuple[Any, ...]] = []

    def begin(self, columns: Columns) -> None:
        """Turn to the next table."""
        self.flush()
        table: Any = Table(columns.table)
        fields = [Column(table, name) for name in columns.names]
        # peewee orders the columns as it likes: each value says where its own place is.
        places = list(range(len(fields)))
        query = (
            table.update(dict(zip(fields[1:], places[1:], strict=True))).where(fields[0] == 0)
            if columns.completing
            else table.insert([places], columns=fields)
        )
        self._statement, self._places = query.bind(self._database).sql()

    def add(self, row: tuple[Any, ...]) -> None:
        """Queue a row."""
        self._rows.append(tuple([row[place] for place in self._places]))
        if len(self._rows) >= _PAGE:
            self.flush()

    def flush(self) -> None:
        """Send what is queued."""
        if self._rows:
            self._database.connection().cursor().executemany(self._statement, self._rows)
            self._rows = []


def _word(table: str) -> str:
    # A name from a file is shown only when it could be one of ours.
    return table if table.isidentifier() and table.isascii() else "?"
