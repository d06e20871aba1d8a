"""Consents, their signed events, and what backs them."""

from __future__ import annotations

from typing import TYPE_CHECKING

from peewee import BigIntegerField, BlobField, TextField

from migrations.columns import Row, SealedField

if TYPE_CHECKING:
    from peewee import Database
    from playhouse.migrate import SchemaMigrator


class Consent(Row):
    """Table `consent`."""

    party = BlobField(index=True)
    purpose = TextField()
    kind = TextField()
    since = TextField()
    closed_on = TextField(null=True)
    going_until = TextField(null=True)
    identity_hash = BlobField()
    events = BigIntegerField()
    identifier = SealedField()

    class Meta:
        """Frozen."""

        table_name = "consent"
        indexes = ((("party", "purpose"), True),)


class Evidence(Row):
    """Table `consent_evidence`."""

    party = BlobField(index=True)
    purpose = TextField()
    kind = TextField()
    since = TextField()
    closed_on = TextField(null=True)
    going_until = TextField(null=True)
    consent = BlobField(index=True)
    seq = BigIntegerField()
    note = SealedField()
    scan = SealedField()

    class Meta:
        """Frozen."""

        table_name = "consent_evidence"


class ConsentEvent(Row):
    """Table `consent_event`."""

    consent = BlobField()
    seq = BigIntegerField()
    state = TextField()
    happened = BigIntegerField()
    entered = TextField()
    channel = TextField()
    wording = TextField(null=True)
    wording_version = BigIntegerField()
    language = TextField(null=True)
    wording_hash = TextField(null=True)
    evidence = TextField()
    evidence_hash = BlobField(null=True)
    by_guardian = BigIntegerField()
    actor = BlobField()
    card_counter = BigIntegerField()
    prev = BlobField()
    sig = BlobField()

    class Meta:
        """Frozen."""

        table_name = "consent_event"
        indexes = ((("consent", "seq"), True),)


TABLES = (
    Consent,
    Evidence,
    ConsentEvent,
)


def up(migrator: SchemaMigrator, db: Database) -> None:  # noqa: ARG001 - the runner's signature
    """Create every table."""
    with db.bind_ctx(TABLES):
        db.create_tables(TABLES)


def down(migrator: SchemaMigrator, db: Database) -> None:  # noqa: ARG001 - the runner's signature
    """Drop every table; for tests only."""
    with db.bind_ctx(TABLES):
        db.drop_tables(TABLES)
