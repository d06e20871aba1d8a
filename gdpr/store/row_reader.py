"""Reading rows as they are stored: from the database, or from what a transaction has read.

The texts of the questions are written once each, because peewee builds them slowly.
"""

from __future__ import annotations

from contextlib import contextmanager, nullcontext
from dataclasses import dataclass
from threading import local
from typing import TYPE_CHECKING, Any, Final

from peewee import JOIN, SQL, Select, fn

from gdpr.store.fields import Personal
from gdpr.store.layout import layout_of, tag_of
from gdpr.store.read_cache import ReadCache
from gdpr.store.shred_groups import KEY

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator, Mapping, Sequence
    from contextlib import AbstractContextManager

    from peewee import Database

    from gdpr.store.read_cache import Row
    from gdpr.store.record import Record


@dataclass(frozen=True, slots=True)
class Selection:
    """Which rows a scan yields: those with these ids, without a value, in an order, so many."""

    ids: tuple[bytes, ...] = ()
    without: tuple[str, str] | None = None
    order: str | None = None
    limit: int | None = None

    def shape(self) -> tuple[object, ...]:
        """Return what the text of the statement depends on."""
        without = None if self.without is None else self.without[0]
        return len(self.ids), without, self.order, self.limit is None

    def values(self) -> tuple[object, ...]:
        """Return the values in the order of the statement."""
        without = () if self.without is None else (self.without[1],)
        limit = () if self.limit is None else (self.limit,)
        return (*self.ids, *without, *limit)

    def apply(self, query: Any, fields: Any) -> Any:
        """Add the conditions to a query; its values only shape the text."""
        if self.ids:
            query = query.where(fields["id"].in_(list(self.ids)))
        if self.without is not None:
            query = query.where(fields[self.without[0]] != self.without[1])
        if self.order is not None:
            query = query.order_by(fields[self.order])
        return query if self.limit is None else query.limit(self.limit)


def example_of(field: Any) -> object:
    """Return a value that shapes a statement as a real one of this column would."""
    if isinstance(field, Personal):
        raise TypeError
    return {"i": 0, "t": ""}.get(tag_of(field), b"")


# The same for every desk of a kind.
_WRITTEN: dict[tuple[type, type[Record]], dict[tuple[object, ...], str]] = {}


class Questions:
    """Texts that take their values as parameters, for one kind of database and of key table."""

    def __init__(self, database: Database, key_model: type[Record]) -> None:
        """Write for `database`; rows with personal columns come with their owner's key row."""
        self._database = database
        self._key_model = key_model
        self._written = _WRITTEN.setdefault((type(database), key_model), {})

    def rows(self, model: type[Record], columns: tuple[str, ...]) -> str:
        """Ask for whole rows whose columns equal values, in id order."""

        def query() -> Any:
            fields = _fields(model)
            asked = self._whole(model)
            for column in columns:
                # The value only shapes the statement; the real one is passed at execution.
                asked = asked.where(fields[column] == example_of(fields[column]))
            return asked.order_by(fields["id"])

        return self._text((model, columns), query)

    def among(self, model: type[Record], column: str, count: int) -> str:
        """Ask for whole rows whose column is one of `count` values."""

        def query() -> Any:
            field = _fields(model)[column]
            return self._whole(model).where(field.in_([example_of(field)] * count))

        return self._text(("among", model, column, count), query)

    def stored(self, model: type[Record], *, ordered: bool) -> str:
        """Ask for every row of a table without its keys."""

        def query() -> Any:
            fields = _fields(model)
            asked: Any = model.select(*(fields[name] for name in layout_of(model).columns))
            return asked.order_by(fields["id"]) if ordered else asked

        return self._text(("stored", model, ordered), query)

    def presence(self, places: tuple[tuple[type[Record], str], ...]) -> str:
        """Ask at which of some places, each a column with its value, there is any row."""

        def query() -> Any:
            asked: Any = None
            for place, (model, column) in enumerate(places):
                field = _fields(model)[column]
                there = fn.EXISTS(model.select(SQL("1")).where(field == example_of(field)))
                one = Select(columns=[SQL(str(place))]).where(there)
                asked = one if asked is None else asked.union_all(one)
            return asked

        return self._text(("presence", places), query)

    def lines(self, model: type[Record], categories: tuple[str, ...], selection: Selection) -> str:
        """Ask for the chosen rows, each with its keys of some categories."""

        def query() -> Any:
            wrapped = [f"{KEY}{category}" for category in categories]
            return selection.apply(self._with_keys(model, wrapped), _fields(model))

        return self._text(("lines", model, categories, selection.shape()), query)

    def scan(self, model: type[Record], names: tuple[str, ...], category: str) -> str:
        """Ask for some columns of every row, with the key of one category and the owner."""

        def query() -> Any:
            fields, keys = _fields(model), _fields(self._key_model)
            owner = fields[layout_of(model).owner]
            columns = (fields["id"], *(fields[name] for name in names))
            asked = model.select(*columns, keys[f"{KEY}{category}"], owner.alias("owner"))
            return asked.join(self._key_model, JOIN.LEFT_OUTER, on=(keys["id"] == owner))

        return self._text(("scan", model, names), query)

    def forget(self) -> None:
        """Write every text anew when it is next asked for."""
        self._written.clear()

    def _text(self, key: tuple[object, ...], query: Callable[[], Any]) -> str:
        found = self._written.get(key)
        if found is None:
            found = self._written[key] = str(query().bind(self._database).sql()[0])
        return found

    def _whole(self, model: type[Record]) -> Any:
        return self._with_keys(
            model, layout_of(self._key_model).columns if layout_of(model).sealed else ()
        )

    def _with_keys(self, model: type[Record], wanted: Sequence[str]) -> Any:
        """Select whole rows, each with the `wanted` columns of its owner's key row."""
        layout, fields = layout_of(model), _fields(model)
        own = [fields[name] for name in layout.columns]
        if not wanted:
            return model.select(*own)
        keys = _fields(self._key_model)
        query = model.select(*own, *(keys[name] for name in wanted))
        owner = fields[layout.owner]
        return query.join(self._key_model, JOIN.LEFT_OUTER, on=(keys["id"] == owner))


def _fields(model: type[Record]) -> Any:
    return model._meta.fields  # noqa: SLF001 - peewee keeps its column table there


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
