"""The vault that a restore makes beside the place where it will stand, and its move into place.

The vault that lies there already is looked at without writing a byte of it.
"""

from __future__ import annotations

import os
from contextlib import contextmanager, suppress
from pathlib import Path
from typing import TYPE_CHECKING, Any, Final

from filelock import Timeout
from peewee import Column, OperationalError, SqliteDatabase, Table

from crm.backup.cards import LostLine
from crm.backup.parts import check_pair, migrations_of
from crm.errors import StateNotWritten
from crm.files.errors import CopyOutOfReach
from crm.files.overwriting import shred_file
from crm.models.party import Party
from crm.schema import SCHEMA
from crm.session.shred_file_place import shred_place
from gdpr.audit.backup_state import FILES, SHRED, drop_staged, finish, keep_aside
from gdpr.audit.identity import STAGED, chain_lock
from gdpr.errors import Busy, KartotekaError
from gdpr.store.accounts import read_vault
from gdpr.store.database import (
    STORAGE_ERRORS,
    create_database,
    disk_trouble,
    flush_log,
    open_database,
    reader,
)
from gdpr.store.ids import random_id
from gdpr.store.layout import layout_of
from gdpr.store.places import safe_folder, sync_folder, write_private
from gdpr.store.rowstream import StreamReader
from gdpr.store.snapshot import copy_in, key_tables
from gdpr.store.upgrade import Upgrader

if TYPE_CHECKING:
    from collections.abc import Iterator

    from peewee import Database

    from crm.backup.parts import Parts


# What a run of the program changes by itself; losing that loses nobody's work.
UNIMPORTANT: Final = frozenset({"known_copy", "sequence"})
# Somebody who was shut out since would be let in again: that must be among what is listed.
_USERS: Final = frozenset({"user_account"})
_PAGE: Final = 1_000


class LiveVault:
    """A file in the way: a vault with an id, or something that cannot be read as one."""

    def __init__(self, path: Path) -> None:
        """Look at the file."""
        self.path = path
        self.vault_id: bytes | None = None
        self.database = reader(path)
        try:
            self.database.connect()
            self.vault_id = read_vault(self.database).vault_id
        except (*STORAGE_ERRORS, KartotekaError, TypeError):
            self.close()

    def close(self) -> None:
        """Let go of the file."""
        self.database.close()

    def silence(self) -> None:
        """Make sure that nobody else has it open, and that its log is part of the file.

        A log that stayed behind under its name would be played into the restored vault.
        """
        self.close()
        last = SqliteDatabase(str(self.path), pragmas=[("busy_timeout", 1_000)])
        try:
            last.connect()
            (mode,) = last.execute_sql("PRAGMA journal_mode = DELETE").fetchone()
        except OperationalError as error:
            raise disk_trouble(error) or Busy() from None
        except STORAGE_ERRORS:
            return  # it is no database any more; its log is moved with it
        finally:
            last.close()
        if mode != "delete":
            raise Busy

    def lost_rows(self, restored: Database) -> Iterator[LostLine]:
        """Yield the rows that are newer here than in a backup, or not in it, by table and id."""
        for model in SCHEMA.models:
            table = layout_of(model).table
            if table in (key_tables() | UNIMPORTANT) - _USERS:
                continue
            numbered = model is Party
            known = {row[0]: row[1] for row in _revisions(restored, table, numbered=numbered)}
            for row_id, rev, *number in _revisions(self.database, table, numbered=numbered):
                before = known.get(row_id)
                if before is None or before < rev:
                    what = "added" if before is None else "changed"
                    yield LostLine(table, row_id.hex(), number[0] if number else None, what)


def _revisions(database: Database, table: str, *, numbered: bool) -> Iterator[tuple[Any, ...]]:
    source: Any = Table(table)
    names = ("id", "rev", "number") if numbered else ("id", "rev")
    query = source.select(*(Column(source, name) for name in names)).bind(database)
    statement, values = query.sql()
    cursor = database.execute_sql(statement, values)
    while page := cursor.fetchmany(_PAGE):
        yield from page


_ENDINGS: Final = ("", "-wal", "-shm", "-journal")
_ASIDE: Final = ".before-restore-"


@contextmanager
def locked(state: Path) -> Iterator[None]:
    """Hold this desk's lock, so that its other programs neither write nor open meanwhile."""
    try:
        lock = chain_lock(state).acquire()
    except Timeout:
        raise Busy from None
    with lock:
        yield


def settle_restore(target: str, state: Path, database: Database) -> None:
    """Finish or drop, at an opening, what a restore left that was cut short."""
    if not (state / STAGED).is_dir():
        return
    with locked(state):
        if (state / STAGED).is_dir():
            finish(state, database, shred_place(target))
        Staging(Path(target), state).sweep()


@contextmanager
def once_placed() -> Iterator[None]:
    """Say that the restored vault stands in its place, whatever the disk refuses after that."""
    try:
        yield
    except (*STORAGE_ERRORS, OSError) as error:
        raise StateNotWritten if disk_trouble(error) is not None else error from None


class Staging:
    """The folder of one restore, on the same disk as its target."""

    def __init__(self, target: Path, state: Path) -> None:
        """Plan a restore of `target`; nothing is made yet."""
        self.target = target.absolute()
        self.folder = self.target.with_name("." + self.target.name + ".restoring")
        self.vault = self.folder / "vault"
        self.state = state / STAGED
        self.shred = self.state / SHRED
        self.aside = self.target.with_name(self.target.name + _ASIDE + random_id().hex()[:8])
        self.database: Database | None = None
        self.rows = 0
        # Once the restored vault stands in its place, its state is not given up any more.
        self._placed = False

    def load(self, parts: Parts, migrations: Path) -> tuple[Database, dict[str, bytes]]:
        """Put the rows of both parts into a new database of the shape they had."""
        self.sweep()
        drop_staged(self.state)
        safe_folder(self.state)
        safe_folder(self.folder)
        database: Database = create_database(str(self.vault))
        self.database = database
        upgrader = Upgrader(database, migrations)
        kept, opening = StreamReader(parts.data), StreamReader(parts.keys)
        upgrader.install(migrations_of(kept))
        # A row that was damaged when it was copied is found by its MAC, not by a constraint.
        for pragma in ("PRAGMA foreign_keys = 0", "PRAGMA ignore_check_constraints = 1"):
            database.execute_sql(pragma)
        with database.atomic():
            copy_in(database, kept)
            notes = copy_in(database, opening)
        check_pair(notes, parts.data.close())
        parts.keys.close()
        for pragma in ("PRAGMA foreign_keys = 1", "PRAGMA ignore_check_constraints = 0"):
            database.execute_sql(pragma)
        upgrader.upgrade()
        self.rows = sum(kept.counts.values())
        for name in FILES:
            if name in notes:
                write_private(self.state / name, notes[name])
        return database, notes

    def take_place(self, live: LiveVault | None) -> None:
        """Give the restored vault its name in one step; what was there keeps a name of its own."""
        assert self.database is not None  # noqa: S101 - `load` comes first
        if not flush_log(self.database):
            raise Busy
        self.database.close()
        if live is not None:
            live.silence()
            keep_aside(self.state, self.aside.name)
            self._keep_aside()
        self.vault.replace(self.target)
        self._placed = True

    def settle(self) -> None:
        """Let the restored vault's state follow it; cut short, the next opening does it."""
        sync_folder(self.target.parent)
        database = open_database(str(self.target))
        try:
            finish(self.state.parent, database, shred_place(str(self.target)))
        finally:
            database.close()

    def _keep_aside(self) -> None:
        for ending in _ENDINGS[1:]:
            left = self.target.with_name(self.target.name + ending)
            if left.exists():
                left.rename(self.aside.with_name(self.aside.name + ending))
        try:
            os.link(self.target, self.aside)
        except OSError:  # a file system without links: for a moment the place is empty
            self.target.rename(self.aside)
        sync_folder(self.target.parent)

    def discard(self) -> None:
        """Remove what a restore made beside its target, whether it came to its end or not."""
        if self.database is not None and not self.database.is_closed():
            self.database.close()
        self.sweep()
        if not self._placed:
            drop_staged(self.state)

    def sweep(self) -> None:
        """Destroy what this or an earlier restore left behind; the old vault is no leftover."""
        if self.folder.is_dir():
            for path in self.folder.iterdir():
                try:
                    shred_file(path)
                except CopyOutOfReach:  # a disk that takes nothing may still let go of a name
                    with suppress(OSError):
                        path.unlink()
            with suppress(OSError):
                self.folder.rmdir()
        if not self.target.exists():
            return
        for twin in self.target.parent.glob(self.target.name + _ASIDE + "*"):
            # The same file under two names: overwriting the one would destroy the other.
            if twin.samefile(self.target):
                twin.unlink()
