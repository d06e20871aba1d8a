"""Many new rows at the pace of the database: the insert is compiled once, the sealing is shared."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from gdpr.errors import KartotekaError, NoLawfulBasis, NoRight
from gdpr.store.layout import FIXED, layout_of
from gdpr.store.owners import OwnerKeys
from gdpr.store.shred_groups import KEY
from gdpr.store.statements import named_clash, statements_for

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence

    from gdpr.store.record import Record
    from gdpr.store.sealing import Stencil
    from gdpr.store.transaction import Transaction
    from gdpr.store.warrant import Warrant

_BATCH = 500


class BulkWriter:
    """Writes new rows of one table inside a transaction; rows go out in batches.

    peewee's objects cost three times the sealing itself, so rows stay plain lists here; the same
    `seal_row` makes the same bytes as the path for single records.
    """

    def __init__(
        self, transaction: Transaction, model: type[Record], columns: tuple[str, ...]
    ) -> None:
        """Compile the insert for `model`; `columns` are the names that `add` gives values for."""
        self._transaction = transaction
        desk = transaction.session
        layout = layout_of(model)
        self._seal = desk.seals[layout.table]
        self._layout = layout
        self._places = tuple(layout.position(name) for name in columns)
        self._writable = desk.writable
        self._named = {c.position: (c.item, c.category) for c in layout.sealed}
        self._held = [(c.position, c.category) for c in layout.sealed]
        self._wrapped = [n.removeprefix(KEY) for n in layout.columns if n.startswith(KEY)]
        self._items: frozenset[str] | None = None
        self._refused: list[tuple[int, KartotekaError]] = []
        self._empty = [None] * (layout.width - len(FIXED))
        self._table = layout.table
        self._rows: list[tuple[Any, ...]] = []
        self._sum = 0
        self._holder_at = layout.holder_at
        self._part = layout.part
        self._database = desk.database
        self._statement = statements_for(self._database, layout).insert

    def add(
        self,
        row_id: bytes,
        values: Sequence[Any],
        keys: OwnerKeys | None = None,
        warrant: Warrant | None = None,
    ) -> None:
        """Seal one new row and queue it; personal values need the owner's keys and a warrant."""
        row: list[Any] = [row_id, 1, b"", *self._empty]
        for place, value in zip(self._places, values, strict=True):
            row[place] = value
        filled = self._permitted(row, warrant)
        owner = b"" if keys is None else keys.owner
        opened = {} if keys is None else keys.for_writing(filled)
        term = self._seal.seal_row(row, owner, opened)
        self._sum += term
        if self._holder_at >= 0:
            sums = self._transaction.holdings.setdefault(row[self._holder_at], [0, 0])
            sums[self._part] += term
        self._queue(row)

    def _permitted(self, row: Sequence[Any], warrant: Warrant | None) -> frozenset[str]:
        """Check every filled personal place and return its categories.

        An import has one set of items for all its rows, so what it forbids is worked out once.
        """
        items = frozenset() if warrant is None else warrant.items
        if items is not self._items:
            self._items = items
            self._refused = [
                (place, NoLawfulBasis(item=item) if item not in items else NoRight(category=held))
                for place, (item, held) in self._named.items()
                if item not in items or held not in self._writable
            ]
        for place, refusal in self._refused:
            if row[place] is not None:
                raise refusal
        return frozenset([held for place, held in self._held if row[place] is not None])

    def stencil(self, values: Mapping[str, Any], free: str) -> Stencil:
        """Prepare rows that differ in their id and in the id in `free` only; none is personal."""
        row: list[Any] = [b"", 1, b"", *self._empty]
        for name, value in values.items():
            row[self._layout.position(name)] = value
        return self._seal.stencil(row, self._layout.position(free))

    def add_alike(self, stencil: Stencil, row_id: bytes, free: bytes) -> None:
        """Authenticate and queue a row of a stencil."""
        row, term = stencil.row(row_id, free)
        self._sum += term
        if self._holder_at >= 0:
            sums = self._transaction.holdings.setdefault(row[self._holder_at], [0, 0])
            sums[self._part] += term
        self._rows.append(row)
        if len(self._rows) >= _BATCH:
            self.flush()

    def add_keys(self, keys: OwnerKeys) -> None:
        """Queue the key row of a new owner; for a writer of the key table, after its rows."""
        group = keys.group
        row: list[Any] = [keys.owner, 1, b"", *map(keys.wrapped.get, self._wrapped), group]
        self._sum += self._seal.seal_row(row, b"", {})
        self._queue(row)

    def new_keys(self, owner: bytes) -> OwnerKeys:
        """Return empty keys for an owner that is new to the vault."""
        desk = self._transaction.session
        return OwnerKeys(desk.data_keys, owner, {}, desk.seals, new=True)

    def _queue(self, row: list[Any]) -> None:
        self._rows.append(tuple(row))
        if len(self._rows) >= _BATCH:
            self.flush()

    def flush(self) -> None:
        """Send the queued rows; the transaction calls it before it concludes."""
        if self._rows:
            self.store(self._rows)
            self._rows = []
        if self._sum:
            self._transaction.digests[self._table] += self._sum
            self._sum = 0

    def store(self, rows: Sequence[tuple[Any, ...]]) -> None:
        """Insert finished rows, naming the column that blocks one."""
        try:
            cursor = self._database.connection().cursor()
            with self._transaction.session.reader.writing(self._table):
                cursor.executemany(self._statement, rows)
        except Exception as clash:
            found = named_clash(clash)
            if found is None:
                raise
            raise found from None
