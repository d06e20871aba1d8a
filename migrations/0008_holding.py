"""The sums over what is held about each party."""

from __future__ import annotations

from typing import TYPE_CHECKING

from peewee import BlobField

from migrations.columns import Row

if TYPE_CHECKING:
    from peewee import Database
    from playhouse.migrate import SchemaMigrator


class Holding(Row):
    """Table `holding`."""

    grounds = BlobField()
    others = BlobField()

    class Meta:
        """Frozen."""

        table_name = "holding"


TABLES = (Holding,)


def up(migrator: SchemaMigrator, db: Database) -> None:  # noqa: ARG001 - the runner's signature
    """Create the table."""
    with db.bind_ctx(TABLES):
        db.create_tables(TABLES)


def down(migrator: SchemaMigrator, db: Database) -> None:  # noqa: ARG001 - the runner's signature
    """Drop it; for tests only."""
    with db.bind_ctx(TABLES):
        db.drop_tables(TABLES)
