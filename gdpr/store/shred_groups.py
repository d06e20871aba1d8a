"""The groups of owners whose keys share a secret outside the database, and the renewal of secrets.

A key that must die is not only deleted: every old copy of the database still has it, wrapped. So
its group gets a new secret, the keys of those who stay are wrapped anew under it in the same
transaction, and after the commit the old secret is overwritten. Until then the file holds both,
and whoever opens a register after a crash asks the rows which one counts.
"""

from __future__ import annotations

from contextlib import suppress
from itertools import chain
from typing import TYPE_CHECKING, Any, Final

from peewee import DatabaseError, SqliteDatabase, fn

from gdpr.errors import Damaged, KartotekaError
from gdpr.store.errors import ShredFileUnwritable
from gdpr.store.layout import layout_of
from gdpr.store.statements import rewrite
from gdpr.vault.group_wraps import GroupWraps, read_tail

if TYPE_CHECKING:
    from collections.abc import Callable, Collection

    from peewee import Database

    from gdpr.store.record import Record
    from gdpr.store.sealing import RowSeal
    from gdpr.store.shred_file import ShredFile
    from gdpr.store.transaction import Transaction

# By measurement: twice as many make an erasure dearer, half as many the file larger.
OWNERS: Final = 16
GROUP: Final = "shred_group"
KEY: Final = "key_"
_MOST_NEW_PAGES: Final = 64


class Groups:
    """The shred file of one desk, and what the transactions of that desk do with it."""

    def __init__(
        self,
        database: Database,
        model: type[Record],
        seal: RowSeal,
        opener: Callable[[], ShredFile],
    ) -> None:
        """Work for the owners in `model`; `opener` opens the file when it is first needed."""
        self._database = database
        self._model = model
        self._seal = seal
        self._opener = opener
        self._file: ShredFile | None = None
        self._wraps: GroupWraps | None = None
        self._group: int | None = None
        self._left = 0
        self._prepared: dict[int, bytes] = {}
        self._names = layout_of(model).columns
        self._keys_at = [place for place, name in enumerate(self._names) if name.startswith(KEY)]
        self._members: str | None = None

    @property
    def file(self) -> ShredFile:
        """The opened file."""
        if self._file is None:
            self._file = self._opener()
        return self._file

    @property
    def wraps(self) -> GroupWraps:
        """What wraps and opens under the secrets of the file."""
        if self._wraps is None:
            self._wraps = GroupWraps(self.file.pages)
            self._wraps.refresh = self._refresh
        return self._wraps

    def begin(self) -> None:
        """Look, inside a new transaction, whether others wrote the file, and settle what waits.

        Nobody else is in the middle of a change then, so what waits was left by a crash.
        """
        self._group, self._left = None, 0
        self._prepared = {}
        if self._file is None:
            return
        if self._file.look():
            self._take()
        if self.waits():
            # Where the file cannot be written now, everything can still be read with it.
            with suppress(ShredFileUnwritable):
                self.settle()

    def waits(self) -> bool:
        """Tell whether an old secret is still in the file, or a copy of it is not whole."""
        pages = self.file.pages
        return bool(pages.pending) or any(map(pages.is_stale, (0, 1)))

    def settle(self) -> None:
        """Let the rows say which of two secrets counts; the caller is inside a transaction."""
        with self.file.turn() as pages:
            for group in sorted(pages.pending):
                held = pages.secrets(group)
                found = self._generations(group)
                if found and held is not None and held.next_generation not in found:
                    pages.keep_old(group)
                else:
                    pages.keep_new(group)
            self._write_both()
        self._take()

    def assign(self) -> int:
        """Return the group of an owner who has none yet, inside a transaction."""
        group = self._group
        if group is None or not self._left:
            group, self._left = self._next_group(group)
            self._group = group
        self._left -= 1
        return group

    def renew(self, work: Transaction, doomed: Collection[int]) -> None:
        """Give groups a new secret and wrap the keys of all their owners anew under it."""
        if not doomed:
            return
        if self.waits():
            self.settle()
        with self.file.turn() as pages:
            pages.prepare(sorted(doomed))
            self.file.write(0)
            self._prepared = {group: pages.newest(group)[1] for group in doomed}
        # What was opened stays open until the commit, for the old keys have to be opened by it.
        self.wraps.pages = self.file.pages
        self.wraps.forget()
        changed = []
        for row in chain.from_iterable(map(self._rows, sorted(doomed))):
            try:
                changed.append((self._seal.verify(row), row, self._renewed(row)))
            except Damaged as damage:
                # What does not verify is never written again; a backup has it.
                work.session.damage.append(damage)
        rewrite(work, self._model, changed)

    def finish(self) -> None:
        """Overwrite the old secrets after the commit; what fails now the next change does."""
        with suppress(KartotekaError):
            self._end(committed=True)

    def abandon(self) -> None:
        """Drop the new secrets, after a transaction was undone."""
        with suppress(KartotekaError):
            self._end(committed=False)

    def is_settled(self) -> bool:
        """Look whether no old secret is in the file now, whoever wrote it last."""
        try:
            if self.file.look():
                self._take()
        except (KartotekaError, OSError):
            return False
        return not self.waits()

    def forget(self) -> bool:
        """Overwrite what waits to be, outside a transaction; tell whether nothing waits now."""
        if self._file is None:
            return True
        if self.waits():
            with suppress(KartotekaError, DatabaseError), self._alone():
                self.settle()
        return not self.waits()

    def _alone(self) -> Any:
        immediate = isinstance(self._database, SqliteDatabase)
        return self._database.transaction("IMMEDIATE") if immediate else self._database.atomic()

    def leave(self) -> None:
        """Let the next change ask the rows, after a commit of which nobody knows whether it was."""
        self._prepared = {}

    @property
    def reached(self) -> int | None:
        """Return what the file's counter will have reached once this transaction is finished."""
        return self.file.counter + 1 if self._prepared else None

    def _end(self, *, committed: bool) -> None:
        ours, self._prepared = self._prepared, {}
        if not ours:
            return
        with self.file.turn() as pages:
            for group, secret in ours.items():
                held = pages.secrets(group)
                # Another desk may have settled it meanwhile, and begun a change of its own.
                if held is not None and held.next_secret == secret:
                    (pages.keep_new if committed else pages.keep_old)(group)
            self._write_both()
        self._take()

    def _write_both(self) -> None:
        """Write the copy first that the change began without: the other one is whole."""
        for copy in (1, 0):
            self.file.write(copy)

    def _take(self) -> None:
        wraps = self.wraps
        wraps.pages = self.file.pages
        wraps.forget()

    def _refresh(self) -> None:
        if self.file.look():
            self._take()

    def _renewed(self, row: tuple[Any, ...]) -> list[Any]:
        renew = self.wraps.renew
        fresh = list(row)
        for place in self._keys_at:
            if row[place] is not None:
                fresh[place] = renew(row[place])
        return fresh

    def _rows(self, group: int) -> list[tuple[Any, ...]]:
        if self._members is None:
            fields: Any = self._model._meta.fields  # noqa: SLF001 - peewee keeps its column table there
            columns = [fields[name] for name in self._names]
            query = self._model.select(*columns).where(fields[GROUP] == 0)
            self._members = query.bind(self._database).sql()[0]
        rows: list[tuple[Any, ...]] = self._database.execute_sql(self._members, (group,)).fetchall()
        return rows

    def _generations(self, group: int) -> set[int]:
        """Return the generations that sound rows of a group name."""
        found = set()
        for row in self._rows(group):
            try:
                self._seal.verify(row)
                found |= {
                    read_tail(bytes(value)).generation
                    for value in (row[place] for place in self._keys_at)
                    if value is not None
                }
            except Damaged:
                continue
        return found

    def _next_group(self, last: int | None) -> tuple[int, int]:
        group, left = self._youngest() if last is None else (last + 1, OWNERS)
        if group >= self.file.pages.groups:
            with self.file.turn() as pages:
                pages.grow(max(1, min(_MOST_NEW_PAGES, pages.groups // 56)))
                self._write_both()
            self._take()
        return group, left

    def _youngest(self) -> tuple[int, int]:
        """Return the last group with anybody in it, and how many more it takes."""
        group: Any = self._model._meta.fields[GROUP]  # noqa: SLF001 - peewee keeps its column table there
        newest = self._model.select(fn.MAX(group)).bind(self._database).scalar()
        if newest is None:
            return 0, OWNERS
        held = self._model.select(fn.COUNT(group)).where(group == newest)
        left = OWNERS - held.bind(self._database).scalar()
        return (newest, left) if left > 0 else (newest + 1, OWNERS)
