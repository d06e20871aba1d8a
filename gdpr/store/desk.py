"""One open database with one person's keys: everything stored is read and written through it."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Any, TypeVar

from peewee import JOIN, SQL, Select, fn

from gdpr.errors import Damaged, NotFound, Unreadable
from gdpr.store.database import file_of
from gdpr.store.datakeys import DataKeys
from gdpr.store.declared import SchemaGuard
from gdpr.store.destroyed import DestroyedKey
from gdpr.store.groups import KEY, Groups
from gdpr.store.holdings import Holding
from gdpr.store.layout import layout_of
from gdpr.store.owners import TABLE, OwnerKeys, owner_key_model
from gdpr.store.record import Record
from gdpr.store.sealing import RowSeal
from gdpr.store.selection import Selection, example_of
from gdpr.store.shred_file import ShredFile, default_place

if TYPE_CHECKING:
    from collections.abc import Iterator, Sequence
    from pathlib import Path

    from peewee import Database

    from gdpr.store.declared import Thing
    from gdpr.store.layout import Layout, SealedColumn
    from gdpr.vault.fields import DataKey
    from gdpr.vault.keyring import Keyring

R = TypeVar("R", bound=Record)
# The text of a statement costs more than most answers, and is the same for every desk of a kind.
_STATEMENTS: dict[tuple[type, type[Record]], dict[tuple[object, ...], str]] = {}


@dataclass(frozen=True, slots=True)
class Schema:
    """What a product stores: its categories, its record classes, and all its migrations make."""

    categories: tuple[str, ...]
    models: tuple[type[Record], ...]
    declared: frozenset[Thing]

    def all_models(self) -> tuple[type[Record], ...]:
        """Return every table with row MACs, those of data keys and of sums included."""
        return (*self.models, owner_key_model(self.categories), DestroyedKey, Holding)

    @property
    def subject_model(self) -> type[Record]:
        """Return the class whose rows are the data subjects themselves."""
        return next(model for model in self.models if model.subject == "id")


class Desk:
    """Reads rows with the keys of whoever unlocked it; `writable` are the categories it may change.

    Every record handed out is verified against its MAC and bound to this desk; there is no other
    way to open a sealed value. `damage` collects what lists had to leave out.
    """

    def __init__(
        self,
        database: Database,
        ring: Keyring,
        schema: Schema,
        writable: frozenset[str],
        shred: Path | None = None,
    ) -> None:
        """Prepare the seals of every table in `schema`; statements follow when first needed.

        `shred` is where the shred file lies, if not beside the database.
        """
        self.database = database
        self.ring = ring
        self.schema = schema
        self.schema_guard = SchemaGuard(database, schema.declared)
        self.writable = writable
        self.damage: list[Damaged] = []
        self.key_model = owner_key_model(schema.categories)
        self.seals = {
            layout_of(model).table: RowSeal(layout_of(model), ring) for model in schema.all_models()
        }
        place = shred or default_place(str(file_of(database)))
        self.groups = Groups(
            database,
            self.key_model,
            self.seals[TABLE],
            lambda: ShredFile(place, ring.vault_id, ring.integrity),
        )
        self.data_keys = DataKeys(self, self.groups)
        self._statements = _STATEMENTS.setdefault((type(database), self.key_model), {})

    def get(self, model: type[R], row_id: bytes) -> R:
        """Return the record with this id, verified; `NotFound` when there is none."""
        found = self.rows(model, id=row_id)
        if not found:
            raise NotFound
        return found[0]

    def first(self, model: type[R], **equals: object) -> R | None:
        """Return one verified record whose plain or token columns equal these, or None."""
        found = self.rows(model, **equals)
        return found[0] if found else None

    def rows(self, model: type[R], **equals: object) -> list[R]:
        """Return the verified records whose plain or token columns equal these, in id order."""
        statement = self._select(model, tuple(equals))
        cursor = self.database.execute_sql(statement, tuple(equals.values()))
        return [self._bind(model, row) for row in cursor.fetchall()]

    def each(self, model: type[R], **equals: object) -> Iterator[R]:
        """Yield verified records like `rows`, for lists: a damaged one is left out and noted."""
        cursor = self.database.execute_sql(self._select(model, tuple(equals)), (*equals.values(),))
        while page := cursor.fetchmany(500):
            yield from self._sound(model, page)

    def among(self, model: type[R], column: str, values: Sequence[object]) -> list[R]:
        """Return the verified records whose plain column is one of a few values, like `each`."""
        if not values:
            return []
        key = ("among", model, column, len(values))
        if key not in self._statements:
            field = model._meta.fields[column]  # noqa: SLF001 - peewee keeps its column table there
            query = self._whole(model).where(field.in_([example_of(field)] * len(values)))
            self._statements[key] = query.bind(self.database).sql()[0]
        cursor = self.database.execute_sql(self._statements[key], tuple(values))
        return list(self._sound(model, cursor.fetchall()))

    def stored(self, model: type[Record], *, ordered: bool = True) -> Iterator[tuple[Any, ...]]:
        """Yield every row of a table as stored and unverified, for checks that count damage."""
        key = ("stored", model, ordered)
        if key not in self._statements:
            fields = model._meta.fields  # noqa: SLF001 - peewee keeps its column table there
            query: Any = model.select(*(fields[name] for name in layout_of(model).columns))
            query = query.order_by(fields["id"]) if ordered else query
            self._statements[key] = query.bind(self.database).sql()[0]
        cursor = self.database.execute_sql(self._statements[key])
        while page := cursor.fetchmany(1_000):
            yield from page

    def rows_about(self, subject: bytes) -> Iterator[Record]:
        """Yield every row whose class says it is about this subject, its own row first.

        One statement asks which tables have any; most have none.
        """
        models = self._subject_models()
        statement = self._presence(models)
        cursor = self.database.execute_sql(statement, (subject,) * len(models))
        for place in sorted(row[0] for row in cursor.fetchall()):
            model = models[place]
            yield from self.rows(model, **{model.subject: subject})

    def _subject_models(self) -> tuple[type[Record], ...]:
        about = [model for model in self.schema.models if model.subject]
        return tuple(sorted(about, key=lambda model: model.subject != "id"))

    def _presence(self, models: tuple[type[Record], ...]) -> str:
        key = ("presence", models)
        if key not in self._statements:
            asked: Any = None
            for place, model in enumerate(models):
                field = model._meta.fields[model.subject]  # noqa: SLF001 - peewee keeps its column table there
                there = fn.EXISTS(model.select(SQL("1")).where(field == b""))
                one = Select(columns=[SQL(str(place))]).where(there)
                asked = one if asked is None else asked.union_all(one)
            self._statements[key] = asked.bind(self.database).sql()[0]
        return self._statements[key]

    def find(self, model: type[R], column: str, value: str) -> list[R]:
        """Return the records whose findable column equals `value`, by its token.

        Empty when the role holds no key for that kind of token; a token that collides is left out
        because the opened value decides.
        """
        layout = layout_of(model)
        sealed = layout.column(column)
        normalised = sealed.normalise(value)
        token = self.seals[layout.table].token(sealed, normalised)
        if token is None:
            return []
        found = self.rows(model, **{layout.columns[sealed.token_position]: token})
        return [record for record in found if _equals(record, sealed.name, normalised)]

    def find_kind(self, kind: str, value: str) -> list[Record]:
        """Return the records of any table that carry `value` in a column findable as `kind`."""
        return [
            record
            for model in self.schema.models
            for column in layout_of(model).sealed
            if column.findable == kind
            for record in self.find(model, column.name, value)
        ]

    def keys_of(self, owner: bytes) -> OwnerKeys:
        """Return the data keys of an owner, verified; empty when it has none yet."""
        record = self.first(self.key_model, id=owner)
        return self._keys(owner, record.stored if record is not None else None)

    def scan(
        self, model: type[Record], plain: Sequence[str], personal: Sequence[str]
    ) -> Iterator[tuple[Any, ...]]:
        """Yield (id, plain values…, opened texts or None…) of every row, unverified and fast.

        For directories loaded at unlock; all `personal` columns must share one category. A row
        that does not open is left out and its `Damaged` error kept in `damage`.
        """
        layout = layout_of(model)
        columns = [layout.column(name) for name in personal]
        category = columns[0].category
        if self.ring.is_closed(category):
            return  # said once, not for every row
        seal = self.seals[layout.table]
        statement = self._scan_statement(model, (*plain, *personal), category)
        cursor = self.database.execute_sql(statement, ())
        first = 1 + len(plain)
        open_data_key, open_one = self.data_keys.open, seal.open
        quick = self.ring.quick_texts(
            self.groups.wraps, category, [seal.place_of(column) for column in columns]
        )
        while page := cursor.fetchmany(2_000):
            for row in page:
                row_id, wrapped, owner = row[0], row[-2], row[-1]
                at_once = quick and quick.texts(row_id, owner, wrapped, row[first:-2])
                if at_once:
                    yield (*row[:first], *at_once)
                    continue
                try:
                    key = None if wrapped is None else open_data_key(category, owner, wrapped)
                    opened = [
                        None
                        if sealed is None or key is None
                        else open_one(column, row_id, owner, key, sealed)
                        for column, sealed in zip(columns, row[first:-2], strict=True)
                    ]
                except Damaged as damage:
                    self.damage.append(damage)
                    continue
                yield (*row[:first], *opened)

    def lines(
        self, model: type[Record], plain: Sequence[str], personal: Sequence[str], **chosen: Any
    ) -> Iterator[tuple[Any, ...]]:
        """Yield (id, plain values…, opened texts or None…) of verified rows, for lists.

        `chosen` are the options of `Selection`. What the user holds no key for comes as None; a
        damaged row is left out and its error kept in `damage`.
        """
        layout = layout_of(model)
        columns = [layout.column(name) for name in personal]
        held = dict.fromkeys(c.category for c in columns if self.ring.can(c.category))
        keys_at = {category: layout.width + place for place, category in enumerate(held)}
        steps = [(column, keys_at.get(column.category, -1)) for column in columns]
        places = [layout.position(name) for name in plain]
        selection = Selection(**chosen)
        cursor = self.database.execute_sql(
            self._lines_statement(model, tuple(held), selection), selection.values()
        )
        while page := cursor.fetchmany(selection.limit or 2_000):
            for row in page:
                try:
                    opened = self._line(layout, steps, row)
                except Damaged as damage:
                    self.damage.append(damage)
                    continue
                yield (row[0], *[row[place] for place in places], *opened)

    def _line(
        self, layout: Layout, steps: Sequence[tuple[SealedColumn, int]], row: tuple[Any, ...]
    ) -> list[str | None]:
        """Open the fields of a row; its keys need no MAC, each opens for one owner and use only."""
        seal = self.seals[layout.table]
        seal.verify(row)
        row_id, owner = row[0], row[layout.owner_at]
        keys: dict[int, DataKey] = {}
        opened: list[str | None] = []
        for column, place in steps:
            sealed = row[column.position]
            if sealed is None or place < 0:
                opened.append(None)
                continue
            key = keys.get(place)
            if key is None:
                key = keys[place] = self._line_key(column.category, owner, row[place])
            opened.append(seal.open(column, row_id, owner, key, sealed))
        return opened

    def _line_key(self, category: str, owner: bytes, wrapped: Any) -> DataKey:
        try:
            return self.data_keys.open(category, owner, wrapped)
        except (Damaged, IndexError, TypeError, ValueError):
            # Missing, or of another type than was written.
            raise Unreadable(table=layout_of(self.key_model).table, row=owner.hex()) from None

    def _lines_statement(
        self, model: type[Record], categories: tuple[str, ...], selection: Selection
    ) -> str:
        key = ("lines", model, categories, selection.shape())
        if key not in self._statements:
            fields = model._meta.fields  # noqa: SLF001 - peewee keeps its column table there
            wrapped = [f"{KEY}{category}" for category in categories]
            query = selection.apply(self._with_keys(model, wrapped), fields)
            self._statements[key] = query.bind(self.database).sql()[0]
        return self._statements[key]

    def _with_keys(self, model: type[Record], wanted: Sequence[str]) -> Any:
        """Select whole rows, each with the `wanted` columns of its owner's key row."""
        layout = layout_of(model)
        fields = model._meta.fields  # noqa: SLF001 - peewee keeps its column table there
        own = [fields[name] for name in layout.columns]
        if not wanted:
            return model.select(*own)
        keys = self.key_model._meta.fields  # noqa: SLF001 - as above
        query = model.select(*own, *(keys[name] for name in wanted))
        owner = fields[layout.owner]
        return query.join(self.key_model, JOIN.LEFT_OUTER, on=(keys["id"] == owner))

    def _scan_statement(self, model: type[Record], names: tuple[str, ...], category: str) -> str:
        key = ("scan", model, names)
        if key not in self._statements:
            fields = model._meta.fields  # noqa: SLF001 - peewee keeps its column table there
            keys = self.key_model._meta.fields  # noqa: SLF001 - as above
            owner = fields[layout_of(model).owner]
            query = model.select(
                fields["id"],
                *(fields[name] for name in names),
                keys[f"{KEY}{category}"],
                owner.alias("owner"),
            ).join(self.key_model, JOIN.LEFT_OUTER, on=(keys["id"] == owner))
            self._statements[key] = query.bind(self.database).sql()[0]
        return self._statements[key]

    def _select(self, model: type[Record], columns: tuple[str, ...]) -> str:
        key = (model, columns)
        if key not in self._statements:
            fields = model._meta.fields  # noqa: SLF001 - peewee keeps its column table there
            query = self._whole(model)
            for column in columns:
                # The value only shapes the statement; the real one is passed at execution.
                query = query.where(fields[column] == example_of(fields[column]))
            self._statements[key] = query.order_by(fields["id"]).bind(self.database).sql()[0]
        return self._statements[key]

    def _whole(self, model: type[Record]) -> Any:
        return self._with_keys(
            model, layout_of(self.key_model).columns if layout_of(model).sealed else ()
        )

    def _sound(self, model: type[R], rows: Sequence[tuple[Any, ...]]) -> Iterator[R]:
        for row in rows:
            try:
                record = self._bind(model, row)
            except Damaged as damage:
                self.damage.append(damage)
            else:
                yield record

    def _bind(self, model: type[R], row: tuple[Any, ...]) -> R:
        layout = layout_of(model)
        width = layout.width
        self.seals[layout.table].verify(row[:width])
        keys = None
        if layout.sealed:
            owner = bytes(row[layout.owner_at])
            key_row = row[width:] if row[width] is not None else None
            if key_row is not None:
                self.seals[layout_of(self.key_model).table].verify(key_row)
            keys = self._keys(owner, key_row)
        elif layout.house:
            keys = self._keys(bytes(row[0]), None)
        return model.from_row(row[:width], keys)

    def _keys(self, owner: bytes, key_row: tuple[Any, ...] | None) -> OwnerKeys:
        wrapped = {}
        if key_row is not None:
            names = layout_of(self.key_model).columns
            wrapped = {
                name.removeprefix(KEY): bytes(value)
                for name, value in zip(names, key_row, strict=True)
                if value is not None and name.startswith(KEY)
            }
        return OwnerKeys(self.data_keys, owner, wrapped, self.seals)


def _equals(record: Record, column: str, normalised: str) -> bool:
    value = getattr(record, column)
    return (
        value is not None and layout_of(type(record)).column(column).normalise(value) == normalised
    )
