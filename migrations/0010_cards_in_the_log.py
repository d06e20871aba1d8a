"""An index of the few entries about cards, and the lists of damages that owners acknowledged."""

from __future__ import annotations

from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from peewee import Database
    from playhouse.migrate import SchemaMigrator

_INDEX = (
    'CREATE INDEX IF NOT EXISTS "audit_entry_cards" ON "audit_entry" ("desk", "seq") WHERE event'
    " IN ('user:card:added', 'user:card:disabled', 'user:card:reissued', 'vault:file:created',"
    " 'vault:recovery:issued')"
)


_LISTS = (
    'CREATE TABLE IF NOT EXISTS "audit_acknowledged" ("desk" BLOB NOT NULL, "seq" INTEGER NOT NULL,'
    ' "damages" BLOB NOT NULL, PRIMARY KEY ("desk", "seq")) WITHOUT ROWID'
)


def up(migrator: SchemaMigrator, db: Database) -> None:  # noqa: ARG001 - the runner gives both
    """Create both."""
    db.execute_sql(_INDEX)
    db.execute_sql(_LISTS)
