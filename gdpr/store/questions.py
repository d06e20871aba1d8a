"""The texts of the questions a desk asks, each written once: peewee's builder is slow."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from peewee import JOIN, SQL, Select, fn

from gdpr.store.groups import KEY
from gdpr.store.layout import layout_of
from gdpr.store.selection import example_of

if TYPE_CHECKING:
    from collections.abc import Callable, Sequence

    from peewee import Database

    from gdpr.store.record import Record
    from gdpr.store.selection import Selection

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
