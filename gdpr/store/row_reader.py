"""Reading rows as they are stored: from the database, or from what a transaction has read."""

from __future__ import annotations

from contextlib import contextmanager, nullcontext
from threading import local
from typing import TYPE_CHECKING, Any, Final

from gdpr.store.layout import layout_of
from gdpr.store.questions import Questions
from gdpr.store.read_cache import ReadCache

if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping, Sequence
    from contextlib import AbstractContextManager

    from peewee import Database

    from gdpr.store.read_cache import Row
    from gdpr.store.record import Record

_ID: Final = ("id",)


class RowReader:
    """Reads for one desk; inside a transaction or a view nothing is read twice."""

    def __init__(self, database: Database, key_model: type[Record]) -> None:
        """Read from `database`, personal rows together with their owner's row in `key_model`."""
        self.questions = Questions(database, key_model)
        self._database = database
        self._key_model = key_model
        # Each thread has a connection of its own, which is in a transaction of its own or in none.
        self._here = local()

    @property
    def cache(self) -> ReadCache | None:
        """What the transaction has read that this thread is in, or None outside of one."""
        found: ReadCache | None = getattr(self._here, "cache", None)
        return found

    def begin(self) -> None:
        """Read nothing twice from now on: the transaction has just begun."""
        self._here.cache = ReadCache(self._database.connection(), layout_of(self._key_model))

    def end(self) -> None:
        """Forget what was read: the transaction is over."""
        self._here.cache = None

    @contextmanager
    def view(self) -> Iterator[None]:
        """See one state of the register until the end; inside a transaction that is its own."""
        if self.cache is not None:
            yield
            return
        with self._database.transaction():
            self.begin()
            try:
                yield
            finally:
                self.end()

    def writing(self, table: str) -> AbstractContextManager[None]:
        """Say which table a statement is about to change."""
        return nullcontext() if self.cache is None else self.cache.writing(table)

    def rows(self, model: type[Record], equals: Mapping[str, object]) -> list[Row]:
        """Return whole rows whose columns equal these, in id order."""
        columns, values = tuple(equals), tuple(equals.values())
        cache = self.cache
        if cache is None:
            return self._rows(model, columns, values)
        return cache.rows(
            layout_of(model), columns, values, lambda: self._rows(model, columns, values)
        )

    def read_whole(self, model: type[Record]) -> None:
        """Read a small table at once, of which a row is asked for and others will be."""
        if (cache := self.cache) is not None:
            cache.all_rows(layout_of(model), lambda: self._rows(model, (), ()))

    def among(self, model: type[Record], column: str, values: Sequence[Any]) -> list[Row]:
        """Return whole rows whose column is one of a few values."""
        statement = self.questions.among(model, column, len(values))

        def read() -> list[Row]:
            return list(self._database.execute_sql(statement, tuple(values)).fetchall())

        cache = self.cache
        if cache is None or (column,) != _ID:
            return read()
        return cache.among(layout_of(model), values, read)

    def filled(
        self, places: tuple[tuple[type[Record], str], ...], values: Sequence[Any]
    ) -> set[int]:
        """Return at which of some columns any row has the value for it, by one statement."""
        if not places:
            return set()
        found = self._database.execute_sql(self.questions.presence(places), tuple(values))
        there = {row[0] for row in found.fetchall()}
        if (cache := self.cache) is not None:
            for at, ((model, column), value) in enumerate(zip(places, values, strict=True)):
                if at not in there:
                    cache.note_none(value, layout_of(model).table, column)
        return there

    def _rows(
        self, model: type[Record], columns: tuple[str, ...], values: tuple[object, ...]
    ) -> list[Row]:
        statement = self.questions.rows(model, columns)
        return list(self._database.execute_sql(statement, values).fetchall())
