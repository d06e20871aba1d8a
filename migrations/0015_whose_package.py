"""Whose data a package holds, so that it is named on that person's receipt and on no other."""

from __future__ import annotations

from typing import TYPE_CHECKING

from peewee import BlobField

if TYPE_CHECKING:
    from peewee import Database
    from playhouse.migrate import SchemaMigrator


def up(migrator: SchemaMigrator, db: Database) -> None:  # noqa: ARG001 - the runner's signature
    """Add the column; copies made before are of nobody in particular."""
    migrator.migrate(migrator.add_column("known_copy", "about", BlobField(null=True)))


def down(migrator: SchemaMigrator, db: Database) -> None:  # noqa: ARG001 - the runner's signature
    """Drop it; for tests only."""
    migrator.migrate(migrator.drop_column("known_copy", "about"))
