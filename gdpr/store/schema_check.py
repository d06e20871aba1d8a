"""The schema as the migrations make it, everything in which a database differs, and its mending.

A row can prove itself; a trigger, a table or a missing index cannot, and yet a trigger sees every
key before it dies. So what the database has is compared with a frozen list of what was declared.
"""

from __future__ import annotations

import json
import re
from functools import lru_cache
from typing import TYPE_CHECKING, Any, Final, NamedTuple

from peewee import Column, DatabaseError, Entity, SqliteDatabase, Table

from gdpr.store.errors import ChangedInSchema, ForeignInSchema, MissingFromSchema, SchemaDamaged

if TYPE_CHECKING:
    from peewee import Database

    from gdpr.store.transaction import Transaction


# Triggers first: they would see the tables go.
_DROPS: Final = {
    "trigger": "DROP TRIGGER ",
    "view": "DROP VIEW ",
    "index": "DROP INDEX ",
    "table": "DROP TABLE ",
}
_RESETS: Final = {
    "user_version": "PRAGMA user_version = 0",
    "application_id": "PRAGMA application_id = 0",
}


def mend_schema(work: Transaction) -> int:
    """Drop what is foreign, make indexes that are missing or changed, and count both.

    No row of a declared table is touched. What cannot be mended so is raised, and then nothing
    was: a lost table comes back from a backup only.
    """
    database, declared = work.session.database, work.session.schema.declared
    found = differences(database, declared)
    order = list(_DROPS)
    for kind in order:
        for one in found:
            if one.thing.kind == kind and _goes(one):
                _drop(work, one.thing)
    for one in found:
        if one.thing.kind == NUMBER:
            database.execute_sql(_RESETS[one.thing.name])
    for thing in sorted(declared, key=lambda thing: thing.name):
        if thing.kind == "index" and thing.statement and _lacks(found, thing):
            _try(work, thing.statement)
    refuse_foreign_schema(database, declared)
    return len(found)


def _goes(one: Difference) -> bool:
    return one.why == "foreign" or (one.why == "changed" and one.thing.kind == "index")


def _lacks(found: list[Difference], thing: Thing) -> bool:
    return any(one.why != "foreign" and one.thing[:2] == thing[:2] for one in found)


def _drop(work: Transaction, thing: Thing) -> None:
    context = work.session.database.get_sql_context()
    statement, _values = context.literal(_DROPS[thing.kind]).sql(Entity(thing.name)).query()
    _try(work, statement)


def _try(work: Transaction, statement: str) -> None:
    try:
        work.session.database.execute_sql(statement)
    except DatabaseError:
        # What remains is named by the comparison at the end.
        return


HISTORY: Final = "schema_migration"
NUMBER: Final = "number"
STEP: Final = "migration"
# Numbers in the file's head that a program may set and this one leaves alone.
_NUMBERS: Final = ("user_version", "application_id")
_NUMBER_STATEMENTS: Final = ("PRAGMA user_version", "PRAGMA application_id")
_LISTED: Final = "SELECT type, name, tbl_name, sql FROM sqlite_schema"
_SHOWN: Final = re.compile(r"[A-Za-z0-9_.-]{1,64}")
_TABLE: Final = "table"
# The first moves when another connection has committed, the second with every change of the schema.
_SIGNS: Final = ("PRAGMA data_version", "PRAGMA schema_version")


class Thing(NamedTuple):
    """A table, index, trigger or view with its statement, a migration, or a number of the head."""

    kind: str
    name: str
    table: str
    statement: str | None


class Difference(NamedTuple):
    """One thing that is not as declared: foreign, missing, or changed."""

    why: str
    thing: Thing


def things_in(database: Database) -> frozenset[Thing]:
    """Return everything a database has besides rows, the migrations it has had included."""
    if not isinstance(database, SqliteDatabase):
        return frozenset()
    listed = [tuple(row) for row in database.execute_sql(_LISTED).fetchall()]
    found = {Thing(*row) for row in listed}
    for name, statement in zip(_NUMBERS, _NUMBER_STATEMENTS, strict=True):
        (number,) = database.execute_sql(statement).fetchone()
        found.add(Thing(NUMBER, name, "", str(number)))
    if any(row[:2] == (_TABLE, HISTORY) for row in listed):
        found |= {Thing(STEP, str(name), HISTORY, None) for name in _steps(database)}
    return frozenset(found)


def read_listing(text: str) -> frozenset[Thing]:
    """Read the frozen list: one thing a line, as a JSON array."""
    return frozenset(Thing(*json.loads(line)) for line in text.splitlines())


def differences(database: Database, declared: frozenset[Thing]) -> list[Difference]:
    """Compare a database with what was declared; a server's schema is not ours to judge."""
    if not isinstance(database, SqliteDatabase):
        return []
    there = things_in(database)
    if there == declared:
        return []
    before = {thing[:2]: thing for thing in declared}
    after = {thing[:2]: thing for thing in there}
    found = [
        Difference("changed" if thing[:2] in before else "foreign", thing)
        for thing in there - declared
    ]
    found += [Difference("missing", thing) for thing in declared - there if thing[:2] not in after]
    return sorted(found, key=_gravity)


def _gravity(one: Difference) -> tuple[bool, str, str, str]:
    """Name first what runs by itself."""
    return one.thing.kind != "trigger", one.why, one.thing.kind, str(one.thing.name)


def schema_damage(database: Database, declared: frozenset[Thing]) -> list[SchemaDamaged]:
    """Return an error for each difference, to be told or raised."""
    kinds = {"changed": ChangedInSchema, "foreign": ForeignInSchema, "missing": MissingFromSchema}
    return [
        kinds[why](kind=_word(thing.kind).upper(), name=_word(thing.name), table=_place(thing))
        for why, thing in differences(database, declared)
    ]


def refuse_foreign_schema(database: Database, declared: frozenset[Thing]) -> None:
    """Raise unless the schema is exactly as declared: before anything is destroyed or copied."""
    for damage in schema_damage(database, declared):
        raise damage


class SchemaGuard:
    """Compares a schema again only where somebody else may have changed it since.

    To be asked inside a transaction that holds the write lock: what is so then stays so until its
    commit. A trigger that was planted without either sign moving is not in the schema that this
    connection has read, and so does not run for it.
    """

    def __init__(self, database: Database, declared: frozenset[Thing]) -> None:
        """Guard what is `declared`; the first question compares everything."""
        self._database = database
        self._declared = declared
        self._compared: tuple[object, ...] | None = None

    def refuse_foreign(self) -> None:
        """Raise unless the schema is exactly as declared."""
        signs = self._signs()
        if signs is None or signs != self._compared:
            refuse_foreign_schema(self._database, self._declared)
            self._compared = signs

    def _signs(self) -> tuple[object, ...] | None:
        """Return what moves with the work of others; it counts for this connection alone."""
        database = self._database
        if not isinstance(database, SqliteDatabase):
            return None
        numbers = (database.execute_sql(statement).fetchone()[0] for statement in _SIGNS)
        return (database.connection(), *numbers)


def applied_names(database: Database) -> list[str]:
    """Return the migrations a database has had, in order, without needing their files."""
    kind: Any = type(database)
    return sorted(row[0] for row in database.execute_sql(_names(kind)).fetchall())


@lru_cache(maxsize=4)
def _names(kind: Any) -> str:
    """Write the question once, for it is asked at every opening, and more than once."""
    history: Any = Table(HISTORY)
    return str(history.select(Column(history, "name")).bind(kind(None)).sql()[0])


def _steps(database: Database) -> list[str]:
    try:
        return applied_names(database)
    except DatabaseError:
        return []  # the table is not as declared, which is said of it and of every step


def _place(thing: Thing) -> str:
    return _word(thing.table or thing.name)


def _word(name: object) -> str:
    """Show only what could be a name of ours: the rest was chosen by whoever planted it."""
    return name if isinstance(name, str) and _SHOWN.fullmatch(name) else "?"
