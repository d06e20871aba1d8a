"""Opening the database: where it may lie, which SQLite may touch it, and how it is set up."""

from __future__ import annotations

import errno
import os
import re
from contextlib import contextmanager, suppress
from errno import EFBIG, EIO, ENOSPC
from pathlib import Path
from typing import TYPE_CHECKING, Any, Final
from urllib.parse import quote

import peewee
from peewee import DatabaseError, OperationalError, SqliteDatabase

from gdpr.errors import Damaged, DiskFailed, KartotekaError, RegisterReplaced
from gdpr.store.errors import DiskFull, FileShut, NotAVault, ServerRefused
from gdpr.store.flock import PATIENCE_SECONDS
from gdpr.store.places import check_private, create_private, safe_folder

if TYPE_CHECKING:
    from collections.abc import Iterator

    from peewee import Database

    from gdpr.errors import ReadOnlyRegister

VAULT_TABLE = "vault"
# peewee translates errors of statements, but not those met while rows are fetched.
STORAGE_ERRORS: Final = (DatabaseError, peewee.sqlite3.DatabaseError)  # type: ignore[attr-defined] # the driver peewee found
_PATIENCE: Final = int(PATIENCE_SECONDS * 1_000)
# By measurement: sealed rows are long, and fill pages of half this size so badly that a file is a
# sixteenth larger.
_PAGE_SIZE: Final = 8_192
# What SQLite reads first; a file it cannot read has no other table to name.
_SCHEMA_TABLE = "sqlite_schema"
_FULL = "database or disk is full"
# The second is said where a file beside the register cannot be made: whether there is a register
# and whether it may be written was asked before.
_FAILED = ("disk I/O error", "unable to open database file")
# Said when a transaction is undone that SQLite undid by itself, because the disk refused.
_UNDONE = "cannot rollback"
_GONE = ("no such table", "no such column", "no such index")
# Versions whose WAL reset can lose commits: 3.7.0 to 3.51.2, but for two patched branches.
_WAL_FIXED = (3, 51, 3)
_PATCHED = ((3, 44, 6), (3, 50, 7))
_ADDRESS = re.compile(r"[a-z][a-z0-9+.-]*://", re.IGNORECASE)
# Bytes 18 and 19 of a file that uses a write-ahead log.
_USES_LOG = b"\x02\x02"
_IN_MEMORY = ":memory:"


class RegisterFile(SqliteDatabase):
    """A database that knows which file it is, so that another one put in its place is noticed.

    `path` is the file itself, however it was opened.
    """

    def __init__(self, path: Path, **options: Any) -> None:
        """Prepare; the file that is there at the first connection is the one that is meant."""
        self.path = path
        # Why nothing may be written here, where only reading is possible.
        self.shut: type[ReadOnlyRegister] | None = None
        self._identity: tuple[int, int] | None = None
        super().__init__(options.pop("name", str(path)), **options)

    def recognise(self) -> None:
        """Remember the file that is open."""
        self._identity = _identity(self.path)

    def check_same_file(self) -> None:
        """Raise RegisterReplaced when the name stands for another file now, or for none."""
        if self._identity is not None and _identity(self.path) != self._identity:
            raise RegisterReplaced

    def move(self, path: Path) -> None:
        """Go on under another name, which the closed file was given."""
        self.path = path
        self.init(str(path))
        _open(self)


def is_server(target: str) -> bool:
    """Tell whether a vault is addressed by a server URL instead of a file."""
    return _ADDRESS.match(target) is not None


def refuse_server(target: str) -> None:
    """Refuse the address of a server, before anything is asked or made for it."""
    if is_server(target):
        raise ServerRefused


def wal_is_safe(version: tuple[int, ...]) -> bool:
    """Tell whether this SQLite may use a write-ahead log without losing commits."""
    if version >= _WAL_FIXED:
        return True
    return any(version[:2] == fix[:2] and version >= fix for fix in _PATCHED)


def sqlite_version() -> tuple[int, ...]:
    """Return the version of the SQLite library in use."""
    return tuple(SqliteDatabase(None).server_version or ())


def create_database(target: str) -> RegisterFile:
    """Make a new, private database file and open it; a file that exists is never touched."""
    refuse_server(target)
    path = Path(target)
    safe_folder(path.parent)
    create_private(path)
    return _connect(path)


def open_database(target: str) -> RegisterFile:
    """Open a database that exists, after checking that nobody else can reach into it."""
    refuse_server(target)
    path = _found(target)
    try:
        return _connect(path)
    except (DatabaseError, UnicodeDecodeError) as error:
        raise as_damage(error) from None


def open_for_reading(target: str, why: type[ReadOnlyRegister]) -> RegisterFile:
    """Open a database file of which nothing may be changed, not even by a log beside it.

    Whoever tries to write is told `why` not.
    """
    database = reader(_found(target))
    database.shut = why
    try:
        _open(database)
    except (DatabaseError, UnicodeDecodeError) as error:
        raise as_damage(error) from None
    return database


@contextmanager
def reading(target: str) -> Iterator[Database]:
    """Look into a database file for a moment, whoever may reach it, without writing a byte."""
    database = reader(Path(target))
    try:
        database.connect()
        yield database
    finally:
        database.close()


def file_of(database: Database) -> Path | None:
    """Return the file of a database, None for one that lies in memory."""
    if isinstance(database, RegisterFile):
        return database.path
    name = str(database.database) if isinstance(database, SqliteDatabase) else _IN_MEMORY
    return None if name == _IN_MEMORY else Path(name)


def refuse_strangers(database: Database) -> None:
    """Refuse a database of another program before anything is written into it."""
    if VAULT_TABLE not in database.get_tables():
        raise NotAVault


def as_damage(error: BaseException) -> BaseException:
    """Turn what SQLite says of a malformed file into our word for it; other errors stay.

    Its own class says it and nothing else: subclasses mean locks, full disks and clashes, and
    of these only a table or column that is gone is damage.
    """
    malformed = type(error) in {DatabaseError, peewee.sqlite3.DatabaseError}  # type: ignore[attr-defined] # the driver peewee found
    # Even a name in the schema may be no text.
    if malformed or isinstance(error, UnicodeDecodeError) or _misses(error):
        return Damaged(table=_SCHEMA_TABLE)
    return disk_trouble(error) or error


def disk_trouble(error: BaseException) -> KartotekaError | None:
    """Return our word for a disk that is full or fails, as SQLite or the system tells it."""
    # Rows that go in by the thousand meet the driver's own class.
    if type(error).__name__ == OperationalError.__name__:
        said = str(error)
        if said.startswith(_UNDONE) and error.__context__ is not None:
            return disk_trouble(error.__context__)
        if said.startswith(_FULL):
            return DiskFull()
        return DiskFailed() if said.startswith(_FAILED) else None
    if isinstance(error, OSError):
        full = error.errno in {ENOSPC, EFBIG, getattr(errno, "EDQUOT", ENOSPC)}
        return DiskFull() if full else DiskFailed() if error.errno == EIO else None
    return None


def _misses(error: BaseException) -> bool:
    """Tell whether a statement of ours named what the database no longer has."""
    return isinstance(error, OperationalError) and str(error).startswith(_GONE)


@contextmanager
def apart(database: Database) -> Iterator[None]:
    """Give the calling thread a connection of its own, closed at the end.

    Who holds one state of the database for long then holds up nobody who asks on another thread.
    """
    database.connect()
    try:
        if isinstance(database, SqliteDatabase):
            database.connection().text_factory = _text
        if isinstance(database, RegisterFile):
            database.check_same_file()
        yield
    finally:
        database.close()


def why_shut(database: Database) -> type[ReadOnlyRegister] | None:
    """Say why a database was opened for reading only, or None where it may be written."""
    return database.shut if isinstance(database, RegisterFile) else None


def check_writable(database: Database) -> None:
    """Refuse to write what may only be read, or when another file lies at the place by now.

    What was read so far is of the old file; a change to it would be lost or harm the new one.
    """
    if isinstance(database, RegisterFile):
        if database.shut is not None:
            raise database.shut
        database.check_same_file()


def cut_log(database: Database) -> bool:
    """Empty the log after a commit: where the disk refuses, it is cut later; done is done."""
    try:
        return flush_log(database)
    except OperationalError:
        return False


def readers_are_free(database: Database) -> bool:
    """Tell whether others may write while one connection holds a state that it reads."""
    return not isinstance(database, SqliteDatabase) or wal_is_safe(sqlite_version())


def discard_database(database: Database) -> None:
    """Close and remove a database that was being made and did not come to be.

    An empty file left behind would stand in the way of the next try.
    """
    database.close()
    path = file_of(database)
    if path is not None:
        remove_files(str(path))


def remove_files(target: str) -> None:
    """Remove a closed database file with what SQLite keeps beside it."""
    for ending in ("", "-wal", "-shm", "-journal"):
        Path(target + ending).unlink(missing_ok=True)


def close_whole(database: Database) -> bool:
    """Close a database so that all of it is in the one file; False while a reader holds its log."""
    if not flush_log(database):
        return False
    database.close()
    return True


def _found(target: str) -> Path:
    path = Path(target)
    try:
        if not path.is_file():
            raise NotAVault
        safe_folder(path.parent)
        check_private(path)
    except PermissionError:
        raise FileShut from None
    if not os.access(path, os.R_OK):
        raise FileShut
    return path


def reader(path: Path) -> RegisterFile:
    """Prepare a database for reading, without even an empty log appearing beside its file.

    Where the log of a file that uses one is missing, nobody has it open and all is in the file.
    """
    way = "?mode=ro"
    with suppress(OSError), path.open("rb") as file:
        uses_log = file.read(20)[18:] == _USES_LOG
        if uses_log and not path.with_name(path.name + "-wal").exists():
            way = "?immutable=1"
    name = "file:" + quote(str(path)) + way
    return RegisterFile(path, name=name, uri=True, pragmas=[("query_only", 1)])


def _identity(path: Path) -> tuple[int, int] | None:
    try:
        found = path.stat()
    except OSError:
        return None
    return found.st_dev, found.st_ino


def _connect(path: Path) -> RegisterFile:
    journal = "wal" if wal_is_safe(sqlite_version()) else "truncate"
    database = RegisterFile(
        path,
        pragmas=[
            ("page_size", _PAGE_SIZE),
            ("busy_timeout", _PATIENCE),
            ("secure_delete", 1),
            ("journal_mode", journal),
            ("synchronous", 2),
            ("foreign_keys", 1),
            ("temp_store", 2),
            ("mmap_size", 0),
            ("trusted_schema", 0),
            ("cell_size_check", 1),
            ("cache_size", -64_000),
        ],
    )
    _open(database)
    return database


def _open(database: Any) -> None:
    database.connect()
    database.connection().text_factory = _text
    database.recognise()


def _text(raw: bytes) -> str:
    """Read even text that is none, so that its own row fails its MAC and not the whole page."""
    return raw.decode("utf-8", "surrogateescape")


def flush_log(database: Database) -> bool:
    """Move the log into the database and cut it to nothing; False while a reader holds it open.

    Only then is what was overwritten gone from the log as well (security page, "Making deletion
    real").
    """
    if not isinstance(database, SqliteDatabase):
        return True
    # A reader may hold it for long, and the caller holds the desk's lock: ask briefly, retry later.
    database.pragma("busy_timeout", 1_000)
    busy, *_ = database.execute_sql("PRAGMA wal_checkpoint(TRUNCATE)").fetchone()
    database.pragma("busy_timeout", _PATIENCE)
    return not busy
