"""The papers: wordings, versions of the notice, what was confirmed, and who was told."""

from __future__ import annotations

from typing import TYPE_CHECKING

from peewee import BigIntegerField, BlobField, TextField

from migrations.columns import Row, SealedField

if TYPE_CHECKING:
    from peewee import Database
    from playhouse.migrate import SchemaMigrator


class Confirmation(Row):
    """Table `confirmation`."""

    purpose = TextField()
    version = BigIntegerField()
    confirmed = TextField()

    class Meta:
        """Frozen."""

        table_name = "confirmation"
        indexes = ((("purpose", "version"), True),)


class Wording(Row):
    """Table `wording`."""

    code = TextField(index=True)
    kind = TextField()
    language = TextField()
    version = BigIntegerField()
    purposes = TextField()
    body = TextField()
    text_hash = TextField()
    added = BigIntegerField()

    class Meta:
        """Frozen."""

        table_name = "wording"
        indexes = ((("code", "language", "version"), True),)


class Notice(Row):
    """Table `notice`."""

    version = BigIntegerField(unique=True)
    published = TextField()
    effective = TextField()
    material = BigIntegerField()
    covers = TextField()
    text_hash = TextField()

    class Meta:
        """Frozen."""

        table_name = "notice"


class NoticeText(Row):
    """Table `notice_text`."""

    version = BigIntegerField(index=True)
    kind = BigIntegerField()
    language = TextField()
    form = TextField()
    body = TextField()
    text_hash = TextField()

    class Meta:
        """Frozen."""

        table_name = "notice_text"
        indexes = ((("version", "kind", "language", "form"), True),)


class NoticeGiven(Row):
    """Table `notice_given`."""

    party = BlobField(index=True)
    version = BigIntegerField(null=True)
    covers = TextField(null=True)
    given = TextField()
    entered = BigIntegerField()
    author = BlobField()
    channel = SealedField()
    evidence = SealedField()

    class Meta:
        """Frozen."""

        table_name = "notice_given"


TABLES = (Confirmation, Wording, Notice, NoticeText, NoticeGiven)


def up(migrator: SchemaMigrator, db: Database) -> None:  # noqa: ARG001 - the runner's signature
    """Create every table."""
    with db.bind_ctx(TABLES):
        db.create_tables(TABLES)


def down(migrator: SchemaMigrator, db: Database) -> None:  # noqa: ARG001 - the runner's signature
    """Drop every table; for tests only."""
    with db.bind_ctx(TABLES):
        db.drop_tables(TABLES)
