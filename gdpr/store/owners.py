"""The wrapped data keys of an owner: one narrow row, a nullable column for each category."""

from __future__ import annotations

from functools import lru_cache
from typing import TYPE_CHECKING, Any

from gdpr.errors import Damaged, KeyRolledBack, Unreadable
from gdpr.store.errors import KeyDestroyed, KeyMissing
from gdpr.store.fields import OptionalBlob, OptionalInteger
from gdpr.store.record import Record
from gdpr.store.shred_groups import GROUP, KEY
from gdpr.vault.group_wraps import read_tail

if TYPE_CHECKING:
    from gdpr.store.data_keys import DataKeys
    from gdpr.store.layout import Layout, SealedColumn
    from gdpr.store.sealing import RowSeal
    from gdpr.vault.fields import DataKey

TABLE = "owner_key"


@lru_cache(maxsize=16)
def owner_key_model(categories: tuple[str, ...]) -> type[Record]:
    """Build the key table's class from the product's categories, which the kernel cannot know."""
    columns: dict[str, Any] = {
        f"{KEY}{code}": OptionalBlob("a data key, wrapped under its category and its group")
        for code in categories
    }
    columns[GROUP] = OptionalInteger("which secret of the shred file it needs", index=True)
    columns["wide"] = True
    columns["__module__"] = __name__
    return type("OwnerKey", (Record,), columns)


class OwnerKeys:
    """The data keys of one owner: wrapped as stored, opened when first needed."""

    def __init__(
        self,
        source: DataKeys,
        owner: bytes,
        wrapped: dict[str, bytes],
        seals: dict[str, RowSeal],
        *,
        new: bool = False,
    ) -> None:
        """Hold what the key row of `owner` holds; `seals` are the desk's, by table.

        A `new` owner has an id that was never given before, so nothing of it was ever destroyed.
        """
        self.owner = owner
        self.wrapped = wrapped
        self._source = source
        self._seals = seals
        self._opened: dict[str, DataKey] = {}
        self._destroyed: dict[str, int] | None = {} if new else None
        self._group: int | None = None

    @property
    def group(self) -> int:
        """Return the owner's group; one without keys is given one now, inside a transaction."""
        if self._group is None:
            held = next(iter(self.wrapped.values()), None)
            self._group = self._source.assign() if held is None else read_tail(held).group
        return self._group

    def open_key(self, category: str) -> DataKey:
        """Open the data key of a category; `NoKey` without the right, `Damaged` when it is gone."""
        key = self._opened.get(category)
        if key is None:
            wrapped = self.wrapped.get(category)
            if wrapped is None:
                gone = KeyDestroyed if category in self.destroyed() else KeyMissing
                raise gone(table=TABLE, row=self.owner.hex())
            try:
                key = self._source.open(category, self.owner, wrapped)
            except KeyRolledBack:
                raise
            except Damaged:
                if self.was_destroyed(category):
                    raise KeyDestroyed(table=TABLE, row=self.owner.hex()) from None
                raise Unreadable(table=TABLE, row=self.owner.hex()) from None
            self._opened[category] = key
        return key

    def make_key(self, category: str) -> DataKey:
        """Draw a fresh data key for a category, replacing any before it."""
        return self._draw([category])[category]

    def drop_key(self, category: str) -> None:
        """Forget a category's key; once the row is written nothing opens what it sealed."""
        self._opened.pop(category, None)
        self.wrapped.pop(category, None)

    def for_writing(self, categories: frozenset[str]) -> dict[str, DataKey]:
        """Return the keys for these categories, drawing those that do not exist yet."""
        opened = self._opened
        missing = [code for code in categories if code not in self.wrapped]
        if missing:
            self._draw(missing)
        return {c: opened[c] if c in opened else self.open_key(c) for c in categories}

    def destroyed(self) -> dict[str, int]:
        """Return, by category, the serial of the last key of this owner that was destroyed."""
        if self._destroyed is None:
            self._destroyed = self._source.destroyed(self.owner)
        return self._destroyed

    def was_destroyed(self, category: str) -> bool:
        """Tell whether the key that is held was destroyed once, so that it came back from a copy.

        Asked before a key is wrapped or written anew.
        """
        wrapped = self.wrapped.get(category)
        last = self.destroyed().get(category)
        return wrapped is not None and last is not None and read_tail(wrapped).serial <= last

    def _draw(self, categories: list[str]) -> dict[str, DataKey]:
        serials = {
            code: 1 + max(self.serial(code), self.destroyed().get(code, 0)) for code in categories
        }
        drawn = self._source.draw(self.owner, self.group, serials)
        for code, (key, wrapped) in drawn.items():
            self._opened[code] = key
            self.wrapped[code] = wrapped
        return {code: key for code, (key, _) in drawn.items()}

    def serial(self, category: str) -> int:
        """Return the number of the key that is held in a category; 0 where there is none."""
        wrapped = self.wrapped.get(category)
        return 0 if wrapped is None else read_tail(wrapped).serial

    def open_field(self, layout: Layout, column: SealedColumn, row_id: bytes, sealed: bytes) -> str:
        """Open one field of a row of this owner."""
        key = self.open_key(column.category)
        return self._seals[layout.table].open(column, row_id, self.owner, key, sealed)

    def open_house(self, layout: Layout, column: str, row_id: bytes, sealed: bytes) -> str:
        """Open one text of a row that the register's own key seals."""
        return self._seals[layout.table].open_house(layout.position(column), row_id, sealed)
