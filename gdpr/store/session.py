"""One open database with one person's keys: everything stored is read and written through it."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Any, TypeVar

from gdpr.errors import Damaged, NotFound, Unreadable
from gdpr.store.data_keys import DataKeys
from gdpr.store.database import file_of
from gdpr.store.destroyed import DestroyedKey
from gdpr.store.holdings import Holding
from gdpr.store.layout import layout_of
from gdpr.store.owners import TABLE, OwnerKeys, owner_key_model
from gdpr.store.record import Record
from gdpr.store.row_reader import RowReader, Selection
from gdpr.store.schema_check import SchemaGuard
from gdpr.store.sealing import RowSeal
from gdpr.store.shred_file import ShredFile, default_place
from gdpr.store.shred_groups import KEY, Groups

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator, Sequence
    from contextlib import AbstractContextManager
    from pathlib import Path

    from peewee import Database

    from gdpr.store.layout import Layout, SealedColumn
    from gdpr.store.read_cache import ReadCache
    from gdpr.store.schema_check import Thing
    from gdpr.vault.fields import DataKey
    from gdpr.vault.keyring import Keyring

R = TypeVar("R", bound=Record)


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


class Session:
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
        self.reader = RowReader(database, self.key_model)
        self.questions = self.reader.questions

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
        return [self._bind(model, row) for row in self.reader.rows(model, equals)]

    def each(self, model: type[R], **equals: object) -> Iterator[R]:
        """Yield verified records like `rows`, for lists: a damaged one is left out and noted."""
        if equals:
            yield from self._sound(model, self.reader.rows(model, equals))
            return
        cursor = self.database.execute_sql(self.questions.rows(model, ()), ())
        while page := cursor.fetchmany(500):
            yield from self._sound(model, page)

    def among(self, model: type[R], column: str, values: Sequence[Any]) -> list[R]:
        """Return the verified records whose plain column is one of a few values, like `each`."""
        if not values:
            return []
        return list(self._sound(model, self.reader.among(model, column, values)))

    def stored(self, model: type[Record], *, ordered: bool = True) -> Iterator[tuple[Any, ...]]:
        """Yield every row of a table as stored and unverified, for checks that count damage."""
        cursor = self.database.execute_sql(self.questions.stored(model, ordered=ordered))
        while page := cursor.fetchmany(1_000):
            yield from page

    def view(self) -> AbstractContextManager[None]:
        """See one state of the register until the end, whatever others write meanwhile.

        What is made of many rows, such as a card, is then of one moment, and no row is read twice.
        Nothing can be changed inside.
        """
        return self.reader.view()

    @property
    def cache(self) -> ReadCache | None:
        """What the transaction has read that this thread is in, or None outside of one."""
        return self.reader.cache

    def rows_about(self, subject: bytes) -> Iterator[Record]:
        """Yield every row whose class says it is about this subject, its own row first.

        One statement asks which tables have any; most have none.
        """
        models = self._subject_models()
        places = (
            *((model, model.subject) for model in models),
            *((model, model.needs) for model in self.schema.models if model.needs),
        )
        there = self.reader.filled(places, (subject,) * len(places))
        for place, model in enumerate(models):
            if place in there:
                yield from self.rows(model, **{model.subject: subject})

    def _subject_models(self) -> tuple[type[Record], ...]:
        about = [model for model in self.schema.models if model.subject]
        return tuple(sorted(about, key=lambda model: model.subject != "id"))

    def find(self, model: type[R], column: str, value: str) -> list[R]:
        """Return the records whose findable column equals `value`, by its token.

        Empty when the role holds no key for that kind of token; a token that collides is left out
        because the opened value decides.
        """
        normalised = layout_of(model).column(column).normalise(value)
        where = self._token(model, column, normalised)
        if where is None:
            return []
        found = self.rows(model, **{where[0]: where[1]})
        return [record for record in found if _equals(record, column, normalised)]

    def foresee(self, wanted: Iterable[tuple[type[Record], str, str]]) -> None:
        """Ask in one statement which of the coming `find`s find nothing, and spare those.

        Outside of a transaction and of a view it does nothing, for there they could.
        """
        if self.cache is None:
            return
        asked: dict[tuple[type[Record], str, bytes], None] = {}
        for model, column, value in wanted:
            where = self._token(model, column, layout_of(model).column(column).normalise(value))
            if where is not None:
                asked[model, *where] = None
        self.reader.filled(
            tuple((model, name) for model, name, _token in asked),
            [token for _model, _name, token in asked],
        )

    def findable(self, kind: str) -> Iterator[tuple[type[Record], str]]:
        """Yield the columns of any table in which a value of this kind is found."""
        for model in self.schema.models:
            for column in layout_of(model).sealed:
                if column.findable == kind:
                    yield model, column.name

    def _token(self, model: type[Record], column: str, normalised: str) -> tuple[str, bytes] | None:
        """Return the column of the token of a value, and the token; None without the key."""
        layout = layout_of(model)
        sealed = layout.column(column)
        token = self.seals[layout.table].token(sealed, normalised)
        return None if token is None else (layout.columns[sealed.token_position], token)

    def find_kind(self, kind: str, value: str) -> list[Record]:
        """Return the records of any table that carry `value` in a column findable as `kind`."""
        return [
            record
            for model, column in self.findable(kind)
            for record in self.find(model, column, value)
        ]

    def keys_of(self, owner: bytes) -> OwnerKeys:
        """Return the data keys of an owner, verified; empty when it has none yet."""
        record = self.first(self.key_model, id=owner)
        if record is None and self.cache is not None and self.cache.is_new(owner):
            return OwnerKeys(self.data_keys, owner, {}, self.seals, new=True)
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
        statement = self.questions.scan(model, (*plain, *personal), category)
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
            self.questions.lines(model, tuple(held), selection), selection.values()
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
