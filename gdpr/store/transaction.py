"""One change to the database: all of it or nothing, and never without its last word."""

from __future__ import annotations

from abc import ABC, abstractmethod
from collections import defaultdict
from contextlib import suppress
from typing import TYPE_CHECKING, Any, Self

from peewee import IntegrityError, OperationalError, SqliteDatabase

from gdpr.errors import Busy, Conflict, DiskFailed, NoLawfulBasis, NoRight, NotFound
from gdpr.store.bulk import BulkWriter
from gdpr.store.database import as_damage, check_writable
from gdpr.store.errors import StoredOrNot
from gdpr.store.holdings import add_to_holdings
from gdpr.store.key_destruction import KeyDestruction
from gdpr.store.layout import FIXED, layout_of
from gdpr.store.owners import TABLE as OWNER_KEYS
from gdpr.store.owners import OwnerKeys
from gdpr.store.shred_groups import KEY
from gdpr.store.statements import named_clash, statements_for

if TYPE_CHECKING:
    from collections.abc import Callable, Iterable, Sequence
    from types import TracebackType

    from gdpr.store.layout import Layout
    from gdpr.store.record import Record
    from gdpr.store.session import Session
    from gdpr.store.warrant import Warrant


class Transaction(ABC):
    """Writes rows and keeps account of the digest terms that came and went, by table.

    A subclass concludes it: the audit floor's change appends its entry as the last statement.
    Without a conclusion there is no commit, so no change without an entry.
    """

    def __init__(self, session: Session) -> None:
        """Prepare a transaction on `session`; it begins when entered."""
        self.session = session
        self.digests: dict[str, int] = defaultdict(int)
        self.after_commit: list[Callable[[], None]] = []
        self.holdings: dict[bytes, list[int]] = {}
        self._schema_is_ours = False
        self._bulk: list[BulkWriter] = []
        # Whether groups whose keys die here are renewed together with others, by whoever says so.
        self.renews_later = False
        self._dying = KeyDestruction(self)

    @abstractmethod
    def refuse_incomplete(self) -> None:
        """Raise unless nothing is missing that a decision to destroy rests on."""

    @abstractmethod
    def conclude(self) -> None:
        """Append what must stand last in the transaction."""

    def __enter__(self) -> Self:
        """Take the write lock now, so that what is read inside stays true until the commit."""
        database = self.session.database
        if self.session.cache is not None:
            raise RuntimeError("nothing can be changed inside a view or another change")
        check_writable(database)
        immediate = isinstance(database, SqliteDatabase)
        self._scope = database.transaction("IMMEDIATE") if immediate else database.transaction()
        try:
            self._scope.__enter__()
        except OperationalError as problem:
            told = as_damage(problem)
            raise Busy if told is problem else told from None
        self.session.reader.begin()
        try:
            self.session.groups.begin()
        except BaseException as problem:
            self.session.reader.end()
            self._scope.__exit__(type(problem), problem, problem.__traceback__)
            raise
        return self

    def __exit__(
        self,
        kind: type[BaseException] | None,
        error: BaseException | None,
        trace: TracebackType | None,
    ) -> None:
        """Conclude and commit, or undo everything."""
        try:
            self._end(kind, error, trace)
        finally:
            self.session.reader.end()
        if kind is None:
            for step in self.after_commit:
                step()

    def _end(
        self,
        kind: type[BaseException] | None,
        error: BaseException | None,
        trace: TracebackType | None,
    ) -> None:
        if kind is not None:
            with suppress(OperationalError):  # where the disk refused, SQLite has undone it already
                self._scope.__exit__(kind, error, trace)
            return
        try:
            self.flush()
            self._dying.destroy()
            add_to_holdings(self, self.holdings)
            self.flush()
            self.conclude()
        except BaseException as failure:
            with suppress(OperationalError):
                self._scope.__exit__(type(failure), failure, failure.__traceback__)
            self.session.groups.abandon()
            raise
        try:
            self._scope.__exit__(None, None, None)
        except BaseException as failure:  # noqa: BLE001 - it goes on, under its own name
            self.session.groups.leave()
            raise _behind(failure) from None
        self.session.groups.finish()

    def flush(self) -> None:
        """Send what the writers of many rows have queued."""
        for writer in self._bulk:
            writer.flush()

    def account(self, layout: Layout, row: Sequence[Any], term: int) -> None:
        """Take note of a row that came, or, with a negative term, went."""
        self.digests[layout.table] += term
        if layout.holder_at >= 0:
            sums = self.holdings.setdefault(bytes(row[layout.holder_at]), [0, 0])
            sums[layout.part] += term

    def insert(self, record: Record, warrant: Warrant | None = None) -> None:
        """Store a new record; every filled personal column must be named by the warrant."""
        layout = layout_of(type(record))
        row: list[Any] = [record.id, 1, b"", *(record.__data__.get(n) for n in layout.columns[3:])]
        for column in layout.sealed:
            row[column.position] = record.pending.get(column.name)
        for name, place in layout.house:
            row[place] = record.pending.get(name)
        filled = {c.name for c in layout.sealed if row[c.position] is not None}
        if layout.subject == "id" and self.session.cache is not None:
            self.session.cache.note_new(record.id)
        keys = self._permitted_keys(record, layout, filled, filled, warrant)
        term = self.session.seals[layout.table].seal_row(
            row, record.owner, keys.for_writing(_categories(layout, filled)) if keys else {}
        )
        if keys is not None:
            self.write_keys(keys)
        self._execute_insert(type(record), row)
        self.account(layout, row, term)
        none = OwnerKeys(self.session.data_keys, record.owner, {}, self.session.seals)
        _settled(record, row, keys or (none if layout.house else None))

    def update(self, record: Record, warrant: Warrant | None = None) -> None:
        """Store the changes of a record, merged with what others changed in other columns.

        The same column changed by two raises `Conflict`; a personal column that gets a value must
        be named by the warrant; one set to None loses its value, token and, if it was the last of
        its category, the key.
        """
        layout = layout_of(type(record))
        current = self.session.get(type(record), bytes(record.id))
        before = record.stored
        if before is None or current.stored is None:
            raise NotFound
        row = list(current.stored)
        changed = self._merge(record, layout, before, row)
        if not changed:
            return
        personal = {column.name for column in layout.sealed}
        given = {n for n in changed & personal if row[layout.position(n)] is not None}
        filled = {c.name for c in layout.sealed if row[c.position] is not None}
        keys = self._permitted_keys(current, layout, given, changed & personal, warrant)
        self._replace(type(record), current.stored, row, keys, _categories(layout, filled))
        emptied = _categories(layout, changed & personal) - _categories(layout, filled)
        # Where no personal column was touched, the record still opens with the keys it came with.
        _settled(record, row, keys or record.__dict__.get("_keys"))
        if keys is not None and emptied:
            self.settle(keys, emptied)

    def delete(self, record: Record) -> None:
        """Remove a record; its owner's keys are settled by whoever destroys on purpose."""
        model = type(record)
        layout = layout_of(model)
        stored = record.stored
        if stored is None or not self._remove(layout, stored):
            # It was read before this transaction and has changed since.
            stored = self.session.get(model, bytes(record.id)).stored
            if stored is None or not self._remove(layout, stored):
                raise Conflict(column="id")

    def refuse_foreign_schema(self) -> None:
        """Raise unless the schema is as declared: a planted trigger sees what is about to die.

        Once is enough, for nobody else can change it before the commit.
        """
        if not self._schema_is_ours:
            self.session.schema_guard.refuse_foreign()
            self._schema_is_ours = True

    def _remove(self, layout: Layout, stored: Sequence[Any]) -> bool:
        self.refuse_foreign_schema()
        term = self.session.seals[layout.table].verify(stored)
        if layout.table == OWNER_KEYS:
            self._dying.note(layout, stored, [None] * layout.width)
        statement = statements_for(self.session.database, layout).delete
        with self.session.reader.writing(layout.table):
            cursor = self.session.database.execute_sql(statement, (stored[0], stored[1]))
        if cursor.rowcount != 1:
            return False
        self.account(layout, stored, -term)
        return True

    def clear(self, record: Record, columns: Iterable[str]) -> None:
        """Null personal columns and their tokens, the first step of destroying; no warrant."""
        layout = layout_of(type(record))
        current = self.session.get(type(record), bytes(record.id))
        row = list(current.stored or ())
        for name in columns:
            row[layout.column(name).position] = None
        self._replace(type(record), current.stored or (), row, None, frozenset())
        _settled(record, row, record.__dict__.get("_keys"))

    def bulk(self, model: type[Record], columns: Sequence[str]) -> BulkWriter:
        """Return a writer for many new rows of one table, with `columns` given in that order."""
        writer = BulkWriter(self, model, tuple(columns))
        self._bulk.append(writer)
        return writer

    def write_keys(self, keys: OwnerKeys) -> None:
        """Store the wrapped keys of an owner as they now are; no key left, no row left."""
        model = self.session.key_model
        layout = layout_of(model)
        names = [name for name in layout.columns if name.startswith(KEY)]
        values: list[Any] = [keys.wrapped.get(name.removeprefix(KEY)) for name in names]
        current = self.session.first(model, id=keys.owner)
        if current is None:
            if keys.wrapped:
                row: list[Any] = [keys.owner, 1, b"", *values, keys.group]
                self.digests[layout.table] += self.session.seals[layout.table].seal_row(
                    row, b"", {}
                )
                self._execute_insert(model, row)
        elif not keys.wrapped:
            self.delete(current)
        elif current.stored is not None and list(current.stored[3:-1]) != values:
            row = [*current.stored[:3], *values, keys.group]
            self._dying.note(layout, current.stored, row)
            self._replace(model, current.stored, row, None, frozenset())

    def settle(self, keys: OwnerKeys, categories: Iterable[str], *, renew: bool = False) -> None:
        """Drop the keys of categories in which an owner has nothing left.

        With `renew` what is left is sealed anew under a fresh key, so that old copies of what was
        destroyed cannot be opened with the key that lives on (security page, "Erase").
        """
        for category in sorted(categories):
            rows = [
                record
                for model in self.session.schema.models
                if category in layout_of(model).categories
                for record in self._owned(model, keys.owner)
                if any(
                    c.category == category and record.holds(c.name) for c in layout_of(model).sealed
                )
            ]
            if not rows:
                keys.drop_key(category)
            elif renew:
                self._renew(keys, category, rows)
        self.write_keys(keys)

    def drop_keys(self, owner: bytes) -> None:
        """Delete every data key of an owner of whom no row is left."""
        held = self.session.first(self.session.key_model, id=owner)
        if held is not None:
            self.delete(held)

    def _owned(self, model: type[Record], owner: bytes) -> list[Record]:
        layout = layout_of(model)
        return self.session.rows(model, **{"id" if layout.kept else layout.subject: owner})

    def _renew(self, keys: OwnerKeys, category: str, rows: Sequence[Record]) -> None:
        opened = []
        for record in rows:
            layout = layout_of(type(record))
            row = list(record.stored or ())
            for column in layout.sealed:
                if column.category == category and row[column.position] is not None:
                    row[column.position] = getattr(record, column.name)
            opened.append((record, row))
        keys.make_key(category)
        for record, row in opened:
            self._replace(type(record), record.stored or (), row, keys, frozenset({category}))

    def _merge(
        self, record: Record, layout: Layout, before: Sequence[Any], row: list[Any]
    ) -> set[str]:
        changed = set()
        wanted = {
            name: record.pending[name] if name in record.pending else record.__data__.get(name)
            for name in layout.columns[len(FIXED) :]
            if name not in layout.tokens
        }
        for name, value in wanted.items():
            place = layout.position(name)
            if name not in record.pending and value == before[place]:
                continue
            if row[place] != before[place]:
                raise Conflict(column=name)
            row[place] = value
            changed.add(name)
        return changed

    def _permitted_keys(
        self,
        record: Record,
        layout: Layout,
        given: set[str],
        touched: set[str],
        warrant: Warrant | None,
    ) -> OwnerKeys | None:
        for column in layout.sealed:
            if column.name in touched and column.category not in self.session.writable:
                raise NoRight(category=column.category)
            if column.name in given and (
                warrant is None
                or column.item not in warrant.items
                or record.about != warrant.subject
            ):
                raise NoLawfulBasis(item=column.item)
        return self.session.keys_of(record.owner) if touched else None

    def _replace(
        self,
        model: type[Record],
        stored: Sequence[Any],
        row: list[Any],
        keys: OwnerKeys | None,
        categories: frozenset[str],
    ) -> None:
        layout = layout_of(model)
        if layout.sealed or model is self.session.key_model:
            self.refuse_foreign_schema()
        seal = self.session.seals[layout.table]
        old = seal.verify(stored)
        row[1] = stored[1] + 1
        plaintext = frozenset(c.category for c in layout.sealed if isinstance(row[c.position], str))
        opened = keys.for_writing(plaintext & categories) if keys is not None else {}
        owner = keys.owner if keys is not None else b""
        new = seal.seal_row(row, owner, opened)
        statement = statements_for(self.session.database, layout).update
        try:
            values = (*row[1:], row[0], stored[1])
            with self.session.reader.writing(layout.table):
                done = self.session.database.execute_sql(statement, values).rowcount
        except IntegrityError as clash:
            raise named_clash(clash) or clash from None
        if done != 1:
            raise Conflict(column="rev")
        if keys is not None:
            self.write_keys(keys)
        self.account(layout, stored, -old)
        self.account(layout, row, new)

    def _execute_insert(self, model: type[Record], row: Sequence[Any]) -> None:
        writer = BulkWriter(self, model, ())
        writer.store([tuple(row)])


def _behind(problem: BaseException) -> BaseException:
    """Return what the disk said, where all one hears is that there was nothing left to undo.

    A disk without room took too little; one that failed over a commit may have taken all of it.
    """
    one: BaseException | None = problem
    while one is not None:
        if (told := as_damage(one)) is not one:
            return StoredOrNot() if isinstance(told, DiskFailed) else told
        one = one.__context__
    return problem


def _categories(layout: Layout, names: Iterable[str]) -> frozenset[str]:
    return frozenset(layout.column(name).category for name in names)


def _settled(record: Record, row: Sequence[Any], keys: OwnerKeys | None) -> None:
    fresh = type(record).from_row(tuple(row), keys)
    record.__dict__.clear()
    record.__dict__.update(fresh.__dict__)
