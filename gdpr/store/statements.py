"""The statements that change rows, written once for each table and kind of database.

Many rows are written anew with one of them, where objects would cost too much; and what a database
complains of a duplicate is said here without the value.
"""

from __future__ import annotations

import re
from functools import lru_cache
from typing import TYPE_CHECKING, Any, NamedTuple

from gdpr.errors import Conflict, Invalid, KartotekaError
from gdpr.store.errors import AlreadyKnown
from gdpr.store.layout import layout_of

if TYPE_CHECKING:
    from collections.abc import Iterable, Sequence

    from peewee import Database

    from gdpr.store.layout import Layout
    from gdpr.store.record import Record
    from gdpr.store.transaction import Transaction


_UNIQUE = re.compile(r"(?:UNIQUE constraint failed: \w+\.|Key \(\"?)(\w+?)(?:_token)?(?:\W|$)")


def named_clash(error: Exception) -> KartotekaError | None:
    """Turn an integrity error into one that names the column; None for any other error.

    Drivers put the row's values into their text, so it is never passed on.
    """
    if not type(error).__name__.endswith(("IntegrityError", "UniqueViolation")):
        return None
    found = _UNIQUE.search(str(error))
    return Invalid() if found is None else AlreadyKnown(column=found.group(1))


def rewrite(
    work: Transaction,
    model: type[Record],
    changed: Iterable[tuple[int, Sequence[Any], list[Any]]],
) -> None:
    """Write rows without personal columns anew: the digest term and the row as stored, and its new.

    They were verified by the caller, and no one else can have changed them since.
    """
    layout = layout_of(model)
    seal = work.session.seals[layout.table]
    updates, change = [], 0
    for term, stored, fresh in changed:
        fresh[1] = stored[1] + 1
        change += seal.seal_row(fresh, b"", {}) - term
        updates.append((*fresh[1:], fresh[0], stored[1]))
    if not updates:
        return
    database: Any = work.session.database
    cursor = database.connection().cursor()
    cursor.executemany(statements_for(database, layout).update, updates)
    if cursor.rowcount != len(updates):
        raise Conflict(column="rev")
    work.digests[layout.table] += change


class Statements(NamedTuple):
    """Texts that take a whole row in layout order; `update` and `delete` end with id and rev.

    peewee's builder costs more than the sealing itself, and these never vary.
    """

    insert: str
    update: str
    delete: str


def statements_for(database: Database, layout: Layout) -> Statements:
    """Return the statements of one table."""
    maker: Any = database
    return _written(layout.table, layout.columns, maker.quote, maker.param)


@lru_cache(maxsize=256)
def _written(table: str, columns: tuple[str, ...], quote: str, mark: str) -> Statements:
    def named(name: str) -> str:
        return quote[0] + name + quote[-1]

    names = ", ".join(named(name) for name in columns)
    marks = ", ".join([mark] * len(columns))
    changes = ", ".join(named(name) + " = " + mark for name in columns[1:])
    this = "WHERE " + named("id") + " = " + mark + " AND " + named("rev") + " = " + mark
    where = named(table)
    return Statements(
        insert=_sentence("INSERT INTO", where, "(" + names + ")", "VALUES", "(" + marks + ")"),
        update=_sentence("UPDATE", where, "SET", changes, this),
        delete=_sentence("DELETE FROM", where, this),
    )


def _sentence(*parts: str) -> str:
    return " ".join(parts)
