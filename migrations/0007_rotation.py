"""Versions of keys, old issues of cards, and the day a colleague promised confidentiality."""

from __future__ import annotations

from typing import TYPE_CHECKING

from peewee import BigIntegerField, BlobField, TextField

from migrations.columns import Row

if TYPE_CHECKING:
    from peewee import Database
    from playhouse.migrate import SchemaMigrator


class KeyVersion(Row):
    """Table `key_version`."""

    category = TextField()
    version = BigIntegerField()
    state = TextField()
    created = BigIntegerField()
    due = TextField(null=True)
    cursor = BlobField(null=True)

    class Meta:
        """Frozen."""

        table_name = "key_version"
        indexes = ((("category", "version"), True),)


class CardIssue(Row):
    """Table `card_issue`."""

    user_id = BlobField(index=True)
    counter = BigIntegerField()
    roles = TextField()
    x_public = BlobField()
    ed_public = BlobField()
    status = TextField()
    card_signature = BlobField()

    class Meta:
        """Frozen."""

        table_name = "card_issue"
        indexes = ((("user_id", "counter"), True),)


TABLES = (KeyVersion, CardIssue)


def up(migrator: SchemaMigrator, db: Database) -> None:
    """Create both tables; nobody's day of confidentiality is known yet."""
    with db.bind_ctx(TABLES):
        db.create_tables(TABLES)
    migrator.migrate(migrator.add_column("user_account", "confidentiality", TextField(null=True)))


def down(migrator: SchemaMigrator, db: Database) -> None:
    """Drop both tables and the column; for tests only."""
    migrator.migrate(migrator.drop_column("user_account", "confidentiality"))
    with db.bind_ctx(TABLES):
        db.drop_tables(TABLES)
