"""The log: its entries, up to where it was verified, and what was acknowledged."""

from __future__ import annotations

from peewee import BigIntegerField, BlobField, CompositeKey, Model, TextField


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


class AuditAcknowledged(Model):
    """Table `audit_acknowledged`."""

    desk = BlobField()
    seq = BigIntegerField()
    damages = BlobField()

    class Meta:
        """Frozen."""

        table_name = "audit_acknowledged"
        primary_key = CompositeKey("desk", "seq")
        without_rowid = True


TABLES = (
    AuditEntry,
    AuditCheckpoint,
    AuditAcknowledged,
)
