"""Opening the database: where it may lie, which SQLite may touch it, and how it is set up."""

from __future__ import annotations

import re
from contextlib import contextmanager
from pathlib import Path
from typing import TYPE_CHECKING

import peewee
from peewee import DatabaseError, OperationalError, SqliteDatabase

from gdpr.errors import Damaged, NotAVault
from gdpr.store.errors import ServerRefused
from gdpr.store.places import check_private, create_private, safe_folder

if TYPE_CHECKING:
    from collections.abc import Iterator

    from peewee import Database

VAULT_TABLE = "vault"
# What SQLite reads first; a file it cannot read has no other table to name.
_SCHEMA_TABLE = "sqlite_schema"
_GONE = ("no such table", "no such column", "no such index")
# Versions whose WAL reset can lose commits: 3.7.0 to 3.51.2, but for two patched branches.
_WAL_FIXED = (3, 51, 3)
_PATCHED = ((3, 44, 6), (3, 50, 7))
_ADDRESS = re.compile(r"[a-z][a-z0-9+.-]*://", re.IGNORECASE)


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


def create_database(target: str) -> Database:
    """Make a new, private database file and open it; a file that exists is never touched."""
    refuse_server(target)
    path = Path(target)
    safe_folder(path.parent)
    create_private(path)
    return _connect(path)


def open_database(target: str) -> Database:
    """Open a database that exists, after checking that nobody else can reach into it."""
    refuse_server(target)
    path = Path(target)
    if not path.is_file():
        raise NotAVault
    safe_folder(path.parent)
    check_private(path)
    try:
        return _connect(path)
    except DatabaseError as error:
        raise as_damage(error) from None


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
    return Damaged(table=_SCHEMA_TABLE) if malformed or _misses(error) else error


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
        yield
    finally:
        database.close()


def readers_are_free(database: Database) -> bool:
    """Tell whether others may write while one connection holds a state that it reads."""
    return not isinstance(database, SqliteDatabase) or wal_is_safe(sqlite_version())


def discard_database(database: Database) -> None:
    """Close and remove a database that was being made and did not come to be.

    An empty file left behind would stand in the way of the next try.
    """
    database.close()
    if isinstance(database, SqliteDatabase):
        remove_files(str(database.database))


def remove_files(target: str) -> None:
    """Remove a closed database file with what SQLite keeps beside it."""
    for ending in ("", "-wal", "-shm", "-journal"):
        Path(target + ending).unlink(missing_ok=True)


def _connect(path: Path) -> SqliteDatabase:
    journal = "wal" if wal_is_safe(sqlite_version()) else "truncate"
    database = SqliteDatabase(
        str(path),
        pragmas=[
            ("busy_timeout", 10_000),
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
    database.connect()
    database.connection().text_factory = _text
    return database


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
    database.execute_sql("PRAGMA busy_timeout = 1000")
    busy, *_ = database.execute_sql("PRAGMA wal_checkpoint(TRUNCATE)").fetchone()
    database.execute_sql("PRAGMA busy_timeout = 10000")
    return not busy
