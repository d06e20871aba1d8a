"""The group of an owner, whose secret lies outside the database, and what was destroyed."""

from __future__ import annotations

from typing import TYPE_CHECKING

from peewee import BigIntegerField, BlobField

from migrations.columns import Row

if TYPE_CHECKING:
    from peewee import Database
    from playhouse.migrate import SchemaMigrator


class DestroyedKey(Row):
    """Table `destroyed_key`."""

    serials = BlobField()

    class Meta:
        """Frozen."""

        table_name = "destroyed_key"


TABLES = (DestroyedKey,)


def up(migrator: SchemaMigrator, db: Database) -> None:
    """Create the table, and the column by which the members of a group are found."""
    with db.bind_ctx(TABLES):
        db.create_tables(TABLES)
    migrator.migrate(
        migrator.add_column("owner_key", "shred_group", BigIntegerField(null=True, index=True))
    )


def down(migrator: SchemaMigrator, db: Database) -> None:
    """Drop both; for tests only."""
    migrator.migrate(migrator.drop_column("owner_key", "shred_group"))
    with db.bind_ctx(TABLES):
        db.drop_tables(TABLES)
