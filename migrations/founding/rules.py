"""The rules: purposes, relations, grounds, and the sums over what is held."""

from __future__ import annotations

from peewee import BigIntegerField, BlobField, TextField

from migrations.columns import Row


class PurposeRow(Row):
    """Table `purpose`."""

    code = TextField()
    version = BigIntegerField()
    body = TextField()
    content_hash = TextField()

    class Meta:
        """Frozen."""

        table_name = "purpose"
        indexes = ((("code", "version"), True),)


class RelationRow(Row):
    """Table `relation`."""

    code = TextField()
    version = BigIntegerField()
    body = TextField()

    class Meta:
        """Frozen."""

        table_name = "relation"
        without_rowid = True
        indexes = ((("code", "version"), True),)


class Confirmation(Row):
    """Table `confirmation`."""

    purpose = TextField()
    version = BigIntegerField()
    confirmed = TextField()

    class Meta:
        """Frozen."""

        table_name = "confirmation"
        without_rowid = True
        indexes = ((("purpose", "version"), True),)


class GroundRow(Row):
    """Table `ground`."""

    party = BlobField(index=True)
    purpose = TextField()
    version = BigIntegerField()
    kind = TextField()
    relation = TextField(null=True)
    since = TextField()
    evidence = TextField()
    review_on = TextField(null=True)
    ended_on = TextField(null=True)
    ended_why = TextField(null=True)
    going_until = TextField(null=True)

    class Meta:
        """Frozen."""

        table_name = "ground"


GroundRow.add_index(
    GroundRow.index(
        GroundRow.ended_on,
        name="ground_ended",
        where=GroundRow.ended_on.is_null(is_null=False),
    )
)


class Holding(Row):
    """Table `holding`."""

    sums = BlobField()

    class Meta:
        """Frozen."""

        table_name = "holding"
        without_rowid = True


TABLES = (
    PurposeRow,
    RelationRow,
    Confirmation,
    GroundRow,
    Holding,
)
