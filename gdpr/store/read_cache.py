"""What one transaction has read, so that it reads nothing twice.

Inside a transaction nobody else can change what was read. What the transaction changes itself it
says beforehand, by table; any other change shows in SQLite's own count of changed rows, and then
all is read anew. Rows are kept as they are stored: each time one is handed out it is verified.
"""

from __future__ import annotations

from collections import defaultdict
from contextlib import contextmanager
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from collections.abc import Callable, Iterable, Iterator, Sequence

    from gdpr.store.layout import Layout

Row = tuple[Any, ...]
_ID: tuple[str, ...] = ("id",)


class ReadCache:
    """The rows that were read on one connection since its transaction began."""

    def __init__(self, connection: Any, keys: Layout) -> None:
        """Begin with nothing; `keys` is the table whose rows come beside those of others."""
        self._connection = connection
        self._keys = keys
        self._changes = connection.total_changes
        self._found: dict[str, dict[tuple[object, ...], list[Row]]] = defaultdict(dict)
        self._by_id: dict[str, dict[bytes, Row | None]] = defaultdict(dict)
        self._complete: set[str] = set()
        self._absent: set[tuple[bytes, str, str]] = set()
        self._new: set[bytes] = set()
        self._written: set[str] = set()

    def rows(
        self,
        layout: Layout,
        columns: tuple[str, ...],
        values: Sequence[Any],
        read: Callable[[], list[Row]],
    ) -> list[Row]:
        """Return the rows whose columns equal the values, by `read` if that is not known yet."""
        self._look()
        if columns == _ID and (known := self._known(layout.table, values[0])) is not None:
            return known
        if len(columns) == 1 and self._has_none(layout.table, columns[0], values[0]):
            return []
        asked = (columns, *values)
        found = self._found[layout.table].get(asked)
        if found is None:
            found = self._found[layout.table][asked] = read()
            self._keep(layout, found)
            if columns == _ID and not found:
                self._by_id[layout.table][values[0]] = None
        return found

    def all_rows(self, layout: Layout, read: Callable[[], list[Row]]) -> None:
        """Read the whole of a small table, of which a row was asked for."""
        self._look()
        if layout.table not in self._complete:
            self._keep(layout, self.rows(layout, (), (), read))
            self._complete.add(layout.table)

    def among(
        self, layout: Layout, ids: Sequence[bytes], read: Callable[[], list[Row]]
    ) -> list[Row]:
        """Return the rows with these ids."""
        self._look()
        known = [self._known(layout.table, one) for one in ids]
        if all(found is not None for found in known):
            return [row for found in known for row in found or ()]
        found = read()
        self._keep(layout, found)
        for one in {*ids} - {bytes(row[0]) for row in found}:
            self._by_id[layout.table][one] = None
        return found

    def note_none(self, value: bytes, table: str, column: str) -> None:
        """Note that no row of a table has this value in a column."""
        self._look()
        self._absent.add((value, table, column))

    def note_new(self, subject: bytes) -> None:
        """Note an id that nobody had before: tables that were not written to have no row of it."""
        self._look()
        self._new.add(subject)

    def is_new(self, subject: bytes) -> bool:
        """Tell whether an id was given to somebody in this transaction."""
        self._look()
        return subject in self._new

    @contextmanager
    def writing(self, table: str) -> Iterator[None]:
        """Forget what a change to a table may make untrue, and take its rows for our own."""
        self._look()
        self._written.add(table)
        self._absent.clear()
        self._complete.discard(table)
        for kept in (self._found, self._by_id):
            if table == self._keys.table:
                kept.clear()  # every personal row came with its key row
            else:
                kept.pop(table, None)
        yield
        self._changes = self._connection.total_changes

    def _look(self) -> None:
        """Forget all when something was changed of which nobody told."""
        now = self._connection.total_changes
        if now != self._changes:
            self._changes = now
            for kept in (self._found, self._by_id, self._complete, self._absent, self._new):
                kept.clear()

    def _has_none(self, table: str, column: str, value: Any) -> bool:
        if not isinstance(value, bytes):
            return False
        if value in self._new and table not in self._written:
            return True
        return (value, table, column) in self._absent

    def _known(self, table: str, row_id: Any) -> list[Row] | None:
        """Return the row with an id, or none, as a list; None where that is not known."""
        rows = self._by_id[table]
        if row_id in rows:
            row = rows[row_id]
            return [] if row is None else [row]
        nowhere = table in self._complete or self._has_none(table, "id", row_id)
        return [] if nowhere else None

    def _keep(self, layout: Layout, rows: Iterable[Row]) -> None:
        """Keep rows under their ids, and the key rows that came with them under their owners'."""
        held, keys = self._by_id[layout.table], self._by_id[self._keys.table]
        for row in rows:
            held[bytes(row[0])] = row
            if len(row) > layout.width:
                owner, key_row = bytes(row[layout.owner_at]), row[layout.width :]
                keys[owner] = None if key_row[0] is None else key_row
