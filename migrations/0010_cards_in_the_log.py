"""An index of the few entries about cards, so that nobody reads a whole log to know who left."""

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


def up(migrator: SchemaMigrator, db: Database) -> None:  # noqa: ARG001 - the runner gives both
    """Create the index."""
    db.execute_sql(_INDEX)
