"""The three statements that change a row, written once for each table and kind of database."""

from __future__ import annotations

from functools import lru_cache
from typing import TYPE_CHECKING, Any, NamedTuple

if TYPE_CHECKING:
    from peewee import Database

    from gdpr.store.layout import Layout


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
