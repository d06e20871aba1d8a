"""The data keys of one desk: wrapped under a category inside and under a group's secret outside."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from peewee import SqliteDatabase

from gdpr.store.destroyed import DestroyedKey, fingerprint
from gdpr.store.layout import layout_of
from gdpr.store.shred_groups import KEY
from gdpr.vault.encoding import unpack_numbers
from gdpr.vault.errors import SecretGone

if TYPE_CHECKING:
    from collections.abc import Mapping

    from gdpr.store.session import Session
    from gdpr.store.shred_groups import Groups
    from gdpr.vault.fields import DataKey


class DataKeys:
    """Draws, opens and wraps anew; what the role may not read it does not open either."""

    def __init__(self, session: Session, groups: Groups) -> None:
        """Work with the keys of `session` and the secrets of `groups`."""
        self._session = session
        self._ring = session.ring
        self._groups = groups

    def open(self, category: str, owner: bytes, stored: bytes) -> DataKey:
        """Open a stored data key; NoKey when the role has none, Damaged when it fails."""
        return self._ring.open_data_key(category, owner, self._inner(category, owner, stored))

    def draw(
        self, owner: bytes, group: int, serials: Mapping[str, int]
    ) -> dict[str, tuple[DataKey, bytes]]:
        """Draw the data keys of an owner, by category with the serial of each."""
        wrap = self._groups.wraps.wrap
        return {
            category: (key, wrap(group, serials[category], inner))
            for category, (key, inner) in self._ring.new_data_keys(serials, owner).items()
        }

    def rewrap(self, category: str, owner: bytes, stored: bytes) -> bytes:
        """Wrap anew under the active version of the category, and outside under the same group."""
        inner = self._ring.rewrap(category, owner, self._inner(category, owner, stored))
        return self._groups.wraps.wrap_again(stored, inner)

    def assign(self) -> int:
        """Return the group of an owner that has no keys yet."""
        return self._groups.assign()

    def destroyed(self, owner: bytes) -> dict[str, int]:
        """Return, by category, the serial of the last key of an owner that was destroyed."""
        ring = self._ring
        row = self._session.first(
            DestroyedKey, id=fingerprint(ring.integrity, ring.vault_id, owner)
        )
        return {} if row is None else unpack_numbers(bytes(row.serials))

    def _inner(self, category: str, owner: bytes, stored: bytes) -> bytes:
        wraps = self._groups.wraps
        try:
            return wraps.open(stored)
        except SecretGone:
            fresh = self._as_stored_now(category, owner)
            if fresh is None or fresh == stored:
                raise
        return wraps.open(fresh)

    def _as_stored_now(self, category: str, owner: bytes) -> bytes | None:
        """Read a key on a connection of its own, which no open reading holds in the past.

        Somebody in the same group may have been erased since the caller's row was read.
        """
        database = self._session.database
        if not isinstance(database, SqliteDatabase):
            return None
        model = self._session.key_model
        columns = layout_of(model).columns
        fields: Any = model._meta.fields  # noqa: SLF001 - peewee keeps its column table there
        query = model.select(*(fields[name] for name in columns)).where(fields["id"] == owner)
        statement, values = query.bind(database).sql()
        now = SqliteDatabase(database.database, pragmas=[("query_only", 1)])
        try:
            row = now.execute_sql(statement, values).fetchone()
        finally:
            now.close()
        if row is None:
            return None
        self._session.seals[layout_of(model).table].verify(row)
        value = row[columns.index(f"{KEY}{category}")]
        return None if value is None else bytes(value)
