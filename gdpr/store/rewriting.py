"""Many rows of one table written anew with one statement, where objects would cost too much."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from gdpr.errors import Conflict
from gdpr.store.layout import layout_of
from gdpr.store.statements import statements_for

if TYPE_CHECKING:
    from collections.abc import Iterable, Sequence

    from gdpr.store.record import Record
    from gdpr.store.transaction import Transaction


def rewrite(
    work: Transaction,
    model: type[Record],
    changed: Iterable[tuple[int, Sequence[Any], list[Any]]],
) -> None:
    """Write rows without personal columns anew: the digest term and the row as stored, and its new.

    They were verified by the caller, and no one else can have changed them since.
    """
    layout = layout_of(model)
    seal = work.desk.seals[layout.table]
    updates, change = [], 0
    for term, stored, fresh in changed:
        fresh[1] = stored[1] + 1
        change += seal.seal_row(fresh, b"", {}) - term
        updates.append((*fresh[1:], fresh[0], stored[1]))
    if not updates:
        return
    database: Any = work.desk.database
    cursor = database.connection().cursor()
    cursor.executemany(statements_for(database, layout).update, updates)
    if cursor.rowcount != len(updates):
        raise Conflict(column="rev")
    work.digests[layout.table] += change
