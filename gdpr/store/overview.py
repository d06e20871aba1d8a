"""Plain columns of whole tables, read a piece at a time: for lists, counts and orders.

Nothing here is verified and nothing is sealed; whoever shows a row opens it through the desk. The
pieces leave no statement open between them, so that a shred in the meantime is not held up.
"""

from __future__ import annotations

from functools import lru_cache
from typing import TYPE_CHECKING, Any, Final

from peewee import SqliteDatabase

if TYPE_CHECKING:
    from collections.abc import Iterator, Sequence

    from peewee import Database

    from gdpr.store.record import Record
    from gdpr.store.session import Session

_PIECE: Final = 2_000
_WRITTEN_BY_OTHERS: Final = "PRAGMA data_version"


def pieces(
    session: Session, model: type[Record], names: tuple[str, ...], piece: int = _PIECE
) -> Iterator[Sequence[tuple[Any, ...]]]:
    """Yield (id, plain values…) of every row in the order of ids, `piece` rows at a time."""
    kind: Any = type(session.database)
    statement = _statement(kind, model, names)
    last = b""
    while rows := session.database.execute_sql(statement, (last, piece)).fetchall():
        yield rows
        if len(rows) < piece:
            return
        last = bytes(rows[-1][0])


def written_by_others(database: Database) -> int | None:
    """Return a number that moves when another program has written, None where there is none."""
    if not isinstance(database, SqliteDatabase):
        return None
    (version,) = database.execute_sql(_WRITTEN_BY_OTHERS).fetchone()
    return int(version)


@lru_cache(maxsize=32)
def _statement(kind: Any, model: type[Record], names: tuple[str, ...]) -> str:
    """Write the question once for each kind of database; peewee's builder is slow."""
    fields = model._meta.fields  # noqa: SLF001 - peewee keeps its column table there
    query = model.select(fields["id"], *(fields[name] for name in names))
    query = query.where(fields["id"] > b"").order_by(fields["id"]).limit(1)
    return str(query.bind(kind(None)).sql()[0])
