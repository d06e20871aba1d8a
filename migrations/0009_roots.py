"""Steps from one root key to the next, and what the recovery key knows its root by."""

from __future__ import annotations

from typing import TYPE_CHECKING

from peewee import BigIntegerField, BlobField

from migrations.columns import Row

if TYPE_CHECKING:
    from peewee import Database
    from playhouse.migrate import SchemaMigrator


class RootStep(Row):
    """Table `root_step`."""

    number = BigIntegerField(unique=True)
    old_public = BlobField()
    new_public = BlobField()
    old_signature = BlobField()
    new_signature = BlobField()
    created = BigIntegerField()

    class Meta:
        """Frozen."""

        table_name = "root_step"


TABLES = (RootStep,)
_INDEX = (
    'CREATE INDEX IF NOT EXISTS "audit_entry_keys" ON "audit_entry" ("desk", "seq") WHERE event'
    " IN ('vault:key:destroyed', 'vault:key:promoted', 'vault:root:rotated')"
)


def up(migrator: SchemaMigrator, db: Database) -> None:
    """Create table and index; a recovery key of before has no proof until a new one is issued."""
    with db.bind_ctx(TABLES):
        db.create_tables(TABLES)
    db.execute_sql(_INDEX)
    migrator.migrate(migrator.add_column("user_account", "root_proof", BlobField(null=True)))


def down(migrator: SchemaMigrator, db: Database) -> None:
    """Drop table, index and column; for tests only."""
    db.execute_sql('DROP INDEX "audit_entry_keys"')
    migrator.migrate(migrator.drop_column("user_account", "root_proof"))
    with db.bind_ctx(TABLES):
        db.drop_tables(TABLES)
