"""The wrapped data keys of an owner: one narrow row, a nullable column for each category."""

from __future__ import annotations

from functools import lru_cache
from typing import TYPE_CHECKING, Any

from gdpr.errors import Damaged, Unreadable
from gdpr.store.fields import OptionalBlob
from gdpr.store.record import Record

if TYPE_CHECKING:
    from gdpr.store.layout import Layout, SealedColumn
    from gdpr.store.sealing import RowSeal
    from gdpr.vault.fields import DataKey
    from gdpr.vault.keyring import Keyring

TABLE = "owner_key"


@lru_cache(maxsize=16)
def owner_key_model(categories: tuple[str, ...]) -> type[Record]:
    """Build the key table's class from the product's categories, which the kernel cannot know."""
    columns: dict[str, Any] = {
        f"key_{code}": OptionalBlob("a data key, wrapped under its category") for code in categories
    }
    columns["Meta"] = type("Meta", (), {"table_name": TABLE})
    columns["__module__"] = __name__
    return type("OwnerKey", (Record,), columns)


class OwnerKeys:
    """The data keys of one owner: wrapped as stored, opened when first needed."""

    def __init__(
        self, ring: Keyring, owner: bytes, wrapped: dict[str, bytes], seals: dict[str, RowSeal]
    ) -> None:
        """Hold what the key row of `owner` holds; `seals` are the desk's, by table."""
        self.owner = owner
        self.wrapped = wrapped
        self._ring = ring
        self._seals = seals
        self._opened: dict[str, DataKey] = {}

    def open_key(self, category: str) -> DataKey:
        """Open the data key of a category; `NoKey` without the right, `Damaged` when it is gone."""
        key = self._opened.get(category)
        if key is None:
            wrapped = self.wrapped.get(category)
            if wrapped is None:
                raise Unreadable(table=TABLE, row=self.owner.hex())
            try:
                key = self._ring.open_data_key(category, self.owner, wrapped)
            except Damaged:
                raise Unreadable(table=TABLE, row=self.owner.hex()) from None
            self._opened[category] = key
        return key

    def make_key(self, category: str) -> DataKey:
        """Draw a fresh data key for a category, replacing any before it."""
        key, wrapped = self._ring.new_data_key(category, self.owner)
        self._opened[category] = key
        self.wrapped[category] = wrapped
        return key

    def drop_key(self, category: str) -> None:
        """Forget a category's key; once the row is written nothing opens what it sealed."""
        self._opened.pop(category, None)
        self.wrapped.pop(category, None)

    def for_writing(self, categories: frozenset[str]) -> dict[str, DataKey]:
        """Return the keys for these categories, drawing those that do not exist yet."""
        missing = [code for code in categories if code not in self.wrapped]
        for code, (key, wrapped) in self._ring.new_data_keys(missing, self.owner).items():
            self._opened[code] = key
            self.wrapped[code] = wrapped
        opened = self._opened
        return {c: opened[c] if c in opened else self.open_key(c) for c in categories}

    def open_field(self, layout: Layout, column: SealedColumn, row_id: bytes, sealed: bytes) -> str:
        """Open one field of a row of this owner."""
        key = self.open_key(column.category)
        return self._seals[layout.table].open(column, row_id, self.owner, key, sealed)

    def open_house(self, layout: Layout, column: str, row_id: bytes, sealed: bytes) -> str:
        """Open one text of a row that the register's own key seals."""
        return self._seals[layout.table].open_house(layout.position(column), row_id, sealed)
