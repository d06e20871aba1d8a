"""What was handed out about whom."""

from __future__ import annotations

from typing import TYPE_CHECKING

from peewee import BigIntegerField, BlobField, TextField

from migrations.columns import Row

if TYPE_CHECKING:
    from peewee import Database
    from playhouse.migrate import SchemaMigrator


class Disclosure(Row):
    """Table `disclosure`."""

    party = BlobField(index=True)
    kind = TextField()
    made = BigIntegerField()
    channel = TextField()
    recipient = TextField()
    purpose = TextField(null=True)
    article = TextField()
    request = TextField(null=True)
    file_hash = TextField()

    class Meta:
        """Frozen."""

        table_name = "disclosure"


TABLES = (Disclosure,)


def up(migrator: SchemaMigrator, db: Database) -> None:  # noqa: ARG001 - the runner's signature
    """Create every table."""
    with db.bind_ctx(TABLES):
        db.create_tables(TABLES)


def down(migrator: SchemaMigrator, db: Database) -> None:  # noqa: ARG001 - the runner's signature
    """Drop every table; for tests only."""
    with db.bind_ctx(TABLES):
        db.drop_tables(TABLES)
