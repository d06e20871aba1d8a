"""Bringing a database to the shape this program needs, or leaving it exactly as it was."""

from __future__ import annotations

import os
import shutil
import stat
from contextlib import contextmanager, suppress
from functools import cached_property
from glob import escape
from pathlib import Path
from typing import TYPE_CHECKING

from filelock import FileLock, Timeout
from peewee import DatabaseError, SqliteDatabase

from gdpr.errors import Busy, Damaged
from gdpr.store.database import disk_trouble, file_of, flush_log
from gdpr.store.errors import UpgradeFailed, VaultTooNew
from gdpr.store.places import sync_folder
from gdpr.store.schema_check import HISTORY, STEP, applied_names, differences

if TYPE_CHECKING:
    from collections.abc import Iterator, Sequence

    from peewee import Database
    from playhouse.migrations import Runner

    from gdpr.store.schema_check import Thing

_COPY = ".before-"
_WAIT_SECONDS = 20
_PIECE = 1 << 20
_WRITE_BACK = os.O_WRONLY | getattr(os, "O_NOFOLLOW", 0) | getattr(os, "O_BINARY", 0)


class Upgrader:
    """Applies the numbered migrations of a folder, guarded: newer databases refused, copy first.

    The copy made before an upgrade holds people who may be erased later, so it is destroyed after
    success. One that a failure or a kill left behind stays for repair until the register opens
    again; that opening destroys it, and so does every erasure as long as that did not work.
    """

    def __init__(self, database: Database, folder: Path) -> None:
        """Work on `database` with the migration files in `folder`."""
        self._database = database
        self._folder = folder

    @cached_property
    def _runner(self) -> Runner:
        from playhouse.migrations import Runner  # noqa: PLC0415 - seldom is anything to be applied

        return Runner(self._database, str(self._folder), table_name=HISTORY)

    def pending(self) -> list[str]:
        """Return the names still to be applied; `VaultTooNew` when the database is ahead of us."""
        if self._has_all():
            return []
        status = self._runner.status()
        if any(step.path is None for step in status):
            raise VaultTooNew
        return [step.name for step in status if not step.applied]

    def _has_all(self) -> bool:
        ours = sorted(path.stem for path in self._folder.glob("[0-9]*.py"))
        try:
            return applied_names(self._database) == ours
        except DatabaseError:  # a new database has no history
            return False

    def install(self, names: Sequence[str]) -> None:
        """Give an empty database the shape it had once, for a backup of that day.

        `VaultTooNew` when a name is not among ours. What came since is applied by `upgrade`, once
        the rows are in.
        """
        if set(names) - {step.name for step in self._runner.status()}:
            raise VaultTooNew
        for name in sorted(names):
            self._apply(name)

    def upgrade(self, declared: frozenset[Thing] = frozenset()) -> list[str]:
        """Apply what is pending and return its names; on failure nothing has changed.

        `declared` is what there is once all is applied: a step that is missing from the history of
        such a database was taken out of it.
        """
        if not self.pending():
            return []
        if declared and not any(
            one.thing.kind != STEP for one in differences(self._database, declared)
        ):
            raise Damaged(table=HISTORY)
        if file_of(self._database) is None:
            return self._upgrade_alone()
        try:
            if str(getattr(self._database, "database", "")) == ":memory:":
                return self._upgrade_alone()  # nobody else comes to it
            with _alone(self._database, _WAIT_SECONDS):
                return self._upgrade_alone()
        except Timeout:
            raise Busy from None

    def _upgrade_alone(self) -> list[str]:
        pending = self.pending()
        if not pending:
            return []
        fresh = not self._database.get_tables()
        copy = None if fresh else self._copy_aside(pending[-1])
        for name in pending:
            self._apply(name)
        if copy is not None:
            with suppress(OSError):  # it is found again, and told, once somebody is in
                destroy_copy(copy)
        return pending

    def _apply(self, name: str) -> None:
        try:
            self._runner.up(name)
            self._check_references()
        except Exception as problem:  # noqa: BLE001 - whatever a migration raises, its text may quote a row and ends here
            told = disk_trouble(problem)
            raise UpgradeFailed(name=name) if told is None else told from None

    def _check_references(self) -> None:
        if isinstance(self._database, SqliteDatabase):
            broken = self._database.execute_sql("PRAGMA foreign_key_check").fetchall()
            if broken:
                raise ValueError

    def _copy_aside(self, name: str) -> Path | None:
        path = file_of(self._database)
        if path is None:
            return None
        flush_log(self._database)
        copy = path.with_name(path.name + _COPY + name)
        _forget_file(copy)
        handle = os.open(copy, os.O_CREAT | os.O_EXCL | _WRITE_BACK, 0o600)
        with os.fdopen(handle, "wb") as file, path.open("rb") as source:
            shutil.copyfileobj(source, file, _PIECE)
            file.flush()
            os.fsync(file.fileno())
        sync_folder(copy.parent)
        return copy


def failed_copies(database: Database) -> list[Path]:
    """List copies that an upgrade left behind, because they still hold what was erased since."""
    path = file_of(database)
    if path is None:
        return []
    # A step's name begins with its number: what a restore set aside is called differently.
    return sorted(path.parent.glob(escape(path.name) + _COPY + "[0-9]*"))


def destroy_copies(database: Database) -> bool:
    """Destroy what upgrades left behind; False while one is still needed or cannot be reached.

    The register is open, so nobody needs them for repair; only an upgrade that runs this very
    moment, in another program, does.
    """
    copies = failed_copies(database)
    if not copies:
        return True
    try:
        with _alone(database, 0):
            for copy in copies:
                destroy_copy(copy)
    except (OSError, Timeout):
        return False
    return not failed_copies(database)


def destroy_copy(copy: Path) -> None:
    """Overwrite and remove a copy; on journalling and flash disks only encryption does more."""
    _forget_file(copy)
    sync_folder(copy.parent)


def _forget_file(path: Path) -> None:
    try:
        found = path.lstat()
    except FileNotFoundError:
        return
    if stat.S_ISREG(found.st_mode):  # a link is removed, never written through
        with os.fdopen(os.open(path, _WRITE_BACK), "wb") as file:
            for start in range(0, found.st_size, _PIECE):
                file.write(bytes(min(_PIECE, found.st_size - start)))
            file.flush()
            # Else the system may never write them: the file is gone before it comes to it.
            os.fsync(file.fileno())
    path.unlink()


@contextmanager
def _alone(database: Database, timeout: float) -> Iterator[None]:
    """Hold the lock of upgrades; its file goes once all is done, and later ones find no work."""
    place = Path(f"{file_of(database)}.upgrading")
    with FileLock(place, timeout=timeout, mode=0o600):
        yield
        with suppress(OSError):
            place.unlink()
