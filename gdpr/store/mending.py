"""Taking away what does not belong to the schema, and making lost indexes anew."""

from __future__ import annotations

from typing import TYPE_CHECKING, Final

from peewee import DatabaseError, Entity

from gdpr.store.declared import NUMBER, Difference, Thing, differences, refuse_foreign_schema

if TYPE_CHECKING:
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
    database, declared = work.desk.database, work.desk.schema.declared
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
    context = work.desk.database.get_sql_context()
    statement, _values = context.literal(_DROPS[thing.kind]).sql(Entity(thing.name)).query()
    _try(work, statement)


def _try(work: Transaction, statement: str) -> None:
    try:
        work.desk.database.execute_sql(statement)
    except DatabaseError:
        # What remains is named by the comparison at the end.
        return
