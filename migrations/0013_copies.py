"""Known copies: where they lie and by what they are recognised is sealed; who calls them gone."""

from __future__ import annotations

from typing import TYPE_CHECKING

from peewee import BigIntegerField, TextField

from migrations.columns import Row, SealedField

if TYPE_CHECKING:
    from peewee import Database
    from playhouse.migrate import SchemaMigrator


class KnownCopy(Row):
    """Table `known_copy`."""

    kind = TextField()
    path = SealedField()
    marks = SealedField()
    made = BigIntegerField()
    ends = TextField()
    gone = TextField(null=True)
    declared = TextField(null=True)

    class Meta:
        """Frozen."""

        table_name = "known_copy"


class PlainCopy(Row):
    """Table `known_copy` as it was."""

    kind = TextField()
    path = TextField()
    made = BigIntegerField()
    ends = TextField()
    gone = TextField(null=True)

    class Meta:
        """Frozen."""

        table_name = "known_copy"


def up(migrator: SchemaMigrator, db: Database) -> None:  # noqa: ARG001 - the runner's signature
    """Make the table anew: a path in clear cannot be sealed without a key."""
    _replace(db, PlainCopy, KnownCopy)


def down(migrator: SchemaMigrator, db: Database) -> None:  # noqa: ARG001 - the runner's signature
    """Bring the old table back; for tests only."""
    _replace(db, KnownCopy, PlainCopy)


def _replace(db: Database, old: type[Row], new: type[Row]) -> None:
    with db.bind_ctx((old, new)):
        db.drop_tables([old])
        db.create_tables([new])
