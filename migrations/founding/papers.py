"""The papers: wordings, versions of the notice, and who was told."""

from __future__ import annotations

from peewee import BigIntegerField, BlobField, TextField

from migrations.columns import Row, SealedField


class Wording(Row):
    """Table `wording`."""

    code = TextField()
    kind = TextField()
    language = TextField()
    version = BigIntegerField()
    purposes = TextField()
    body = TextField()
    text_hash = TextField()
    added = BigIntegerField()
    channels = TextField(null=True)

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
        without_rowid = True


class NoticeText(Row):
    """Table `notice_text`."""

    version = BigIntegerField()
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


TABLES = (
    Wording,
    Notice,
    NoticeText,
    NoticeGiven,
)
