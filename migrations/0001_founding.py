"""Everything the first release keeps: the one step that founds a register."""

from __future__ import annotations

from typing import TYPE_CHECKING

from migrations.founding import log, papers, register, rights, rules, vault

if TYPE_CHECKING:
    from peewee import Database
    from playhouse.migrate import SchemaMigrator

TABLES = (
    *vault.TABLES,
    *log.TABLES,
    *rules.TABLES,
    *register.TABLES,
    *papers.TABLES,
    *rights.TABLES,
)
# peewee writes no list of values into the condition of an index.
_CARDS = (
    'CREATE INDEX IF NOT EXISTS "audit_entry_cards" ON "audit_entry" ("desk", "seq") WHERE event'
    " IN ('user:card:added', 'user:card:disabled', 'user:card:reissued', 'vault:file:created',"
    " 'vault:recovery:issued')"
)
_KEYS = (
    'CREATE INDEX IF NOT EXISTS "audit_entry_keys" ON "audit_entry" ("desk", "seq") WHERE event'
    " IN ('vault:key:destroyed', 'vault:key:promoted', 'vault:root:rotated')"
)


def up(migrator: SchemaMigrator, db: Database) -> None:  # noqa: ARG001 - the runner's signature
    """Create every table, and the indexes of the few entries about cards and keys."""
    with db.bind_ctx(TABLES):
        db.create_tables(TABLES)
    db.execute_sql(_CARDS)
    db.execute_sql(_KEYS)


def down(migrator: SchemaMigrator, db: Database) -> None:  # noqa: ARG001 - the runner's signature
    """Drop every table; for tests only."""
    with db.bind_ctx(TABLES):
        db.drop_tables(TABLES)
