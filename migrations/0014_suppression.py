"""Who must not come back, as marks; the firm's own day of each word; channels; mentions."""

from __future__ import annotations

from typing import TYPE_CHECKING

from peewee import BigIntegerField, BlobField, TextField

from migrations.columns import Row

if TYPE_CHECKING:
    from peewee import Database
    from playhouse.migrate import SchemaMigrator


class Suppression(Row):
    """Table `suppression`."""

    value_token = BlobField(null=True, index=True)
    kind = TextField()
    why = TextField()
    scope = TextField()
    day = TextField()
    until = TextField(null=True)
    at = BigIntegerField()
    lifted = TextField(null=True)

    class Meta:
        """Frozen."""

        table_name = "suppression"


TABLES = (Suppression,)


def up(migrator: SchemaMigrator, db: Database) -> None:
    """Create the list and the columns; what was said before stands on the day of its instant."""
    with db.bind_ctx(TABLES):
        db.create_tables(TABLES)
    migrator.migrate(
        migrator.add_column("consent_event", "said_on", TextField(null=True)),
        migrator.add_column("wording", "channels", TextField(null=True)),
        migrator.add_column("note", "speaks_of", TextField(null=True)),
        migrator.add_column("consent", "identifier_token", BlobField(null=True)),
        migrator.add_index("consent", ("identifier_token",)),
    )


def down(migrator: SchemaMigrator, db: Database) -> None:
    """Drop what was added; for tests only."""
    migrator.migrate(
        migrator.drop_column("consent", "identifier_token"),
        migrator.drop_column("note", "speaks_of"),
        migrator.drop_column("wording", "channels"),
        migrator.drop_column("consent_event", "said_on"),
    )
    with db.bind_ctx(TABLES):
        db.drop_tables(TABLES)
