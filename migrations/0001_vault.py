"""The vault: its keys and users, settings, purposes and grounds, and the log."""

from __future__ import annotations

from typing import TYPE_CHECKING

from peewee import BigIntegerField, BlobField, CompositeKey, Model, TextField

from migrations.columns import Row

if TYPE_CHECKING:
    from peewee import Database
    from playhouse.migrate import SchemaMigrator


class PurposeRow(Row):
    """Table `purpose`."""

    code = TextField(index=True)
    version = BigIntegerField()
    body = TextField()
    content_hash = TextField()

    class Meta:
        """Frozen."""

        table_name = "purpose"
        indexes = ((("code", "version"), True),)


class RelationRow(Row):
    """Table `relation`."""

    code = TextField(index=True)
    version = BigIntegerField()
    body = TextField()

    class Meta:
        """Frozen."""

        table_name = "relation"
        indexes = ((("code", "version"), True),)


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


class VaultRow(Row):
    """Table `vault`."""

    root_public = BlobField()
    created = BigIntegerField()
    demo = BigIntegerField()

    class Meta:
        """Frozen."""

        table_name = "vault"


class UserAccount(Row):
    """Table `user_account`."""

    name = TextField(unique=True)
    roles = TextField()
    x_public = BlobField()
    ed_public = BlobField()
    counter = BigIntegerField()
    status = TextField()
    card_signature = BlobField()
    kdf_salt = BlobField(null=True)
    kdf_memory = BigIntegerField(null=True)
    kdf_time = BigIntegerField(null=True)
    kdf_lanes = BigIntegerField(null=True)
    wrapped_bundle = BlobField(null=True)
    must_change = BigIntegerField()
    created = BigIntegerField()

    class Meta:
        """Frozen."""

        table_name = "user_account"


class SlotRow(Row):
    """Table `slot`."""

    user_id = BlobField(index=True)
    category = TextField()
    version = BigIntegerField()
    card_counter = BigIntegerField()
    blob = BlobField()

    class Meta:
        """Frozen."""

        table_name = "slot"


class SecretRow(Row):
    """Table `vault_secret`."""

    kind = TextField(unique=True)
    category = TextField()
    wrapped = BlobField()

    class Meta:
        """Frozen."""

        table_name = "vault_secret"


class Setting(Row):
    """Table `setting`."""

    name = TextField(unique=True)
    value = TextField()

    class Meta:
        """Frozen."""

        table_name = "setting"


class OwnerKey(Row):
    """Table `owner_key`."""

    key_identity = BlobField(null=True)
    key_contact = BlobField(null=True)
    key_billing = BlobField(null=True)
    key_contract = BlobField(null=True)
    key_support = BlobField(null=True)
    key_marketing = BlobField(null=True)
    key_evidence = BlobField(null=True)
    key_case = BlobField(null=True)

    class Meta:
        """Frozen."""

        table_name = "owner_key"


class AuditEntry(Model):
    """Table `audit_entry`."""

    desk = BlobField()
    seq = BigIntegerField()
    time = BigIntegerField()
    actor = BlobField()
    card_counter = BigIntegerField()
    event = TextField()
    object_id = BlobField(null=True)
    body = TextField()
    digests = BlobField(null=True)
    heads = BlobField(null=True)
    rights = BlobField(null=True)
    prev = BlobField()
    hash = BlobField()
    sig = BlobField()

    class Meta:
        """Frozen."""

        table_name = "audit_entry"
        primary_key = CompositeKey("desk", "seq")
        without_rowid = True


AuditEntry.add_index(
    AuditEntry.index(
        AuditEntry.desk,
        AuditEntry.seq,
        name="audit_entry_rights",
        where=AuditEntry.rights.is_null(False),  # noqa: FBT003 - peewee's signature
    )
)


class AuditCheckpoint(Model):
    """Table `audit_checkpoint`."""

    desk = BlobField(primary_key=True)
    seq = BigIntegerField()
    hash = BlobField()
    digests = BlobField()
    time = BigIntegerField()
    actor = BlobField()
    card_counter = BigIntegerField()
    sig = BlobField()

    class Meta:
        """Frozen."""

        table_name = "audit_checkpoint"


TABLES = (
    PurposeRow,
    RelationRow,
    GroundRow,
    VaultRow,
    UserAccount,
    SlotRow,
    SecretRow,
    Setting,
    OwnerKey,
    AuditEntry,
    AuditCheckpoint,
)


def up(migrator: SchemaMigrator, db: Database) -> None:  # noqa: ARG001 - the runner's signature
    """Create every table."""
    with db.bind_ctx(TABLES):
        db.create_tables(TABLES)


def down(migrator: SchemaMigrator, db: Database) -> None:  # noqa: ARG001 - the runner's signature
    """Drop every table; for tests only."""
    with db.bind_ctx(TABLES):
        db.drop_tables(TABLES)
