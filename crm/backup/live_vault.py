"""The vault that lies where a backup is to go: looked at without writing a byte of it."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any, Final

from peewee import Column, OperationalError, SqliteDatabase, Table

from crm.backup.cards import LostLine
from crm.models.party import Party
from crm.schema import SCHEMA
from gdpr.errors import Busy, KartotekaError
from gdpr.store.accounts import read_vault
from gdpr.store.database import STORAGE_ERRORS, disk_trouble, reader
from gdpr.store.layout import layout_of
from gdpr.store.snapshot import key_tables

if TYPE_CHECKING:
    from collections.abc import Iterator
    from pathlib import Path

    from peewee import Database

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
