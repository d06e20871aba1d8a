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


def up(migrator: SchemaMigrator, db: Database) -> None:
    """Create the table; a recovery key of before has no proof, and a new one is issued with it."""
    with db.bind_ctx(TABLES):
        db.create_tables(TABLES)
    migrator.migrate(migrator.add_column("user_account", "root_proof", BlobField(null=True)))


def down(migrator: SchemaMigrator, db: Database) -> None:
    """Drop the table and the column; for tests only."""
    migrator.migrate(migrator.drop_column("user_account", "root_proof"))
    with db.bind_ctx(TABLES):
        db.drop_tables(TABLES)
