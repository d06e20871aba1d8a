"""The first shape of the register: parties, their grounds, the vault's keys and the log."""

from __future__ import annotations

from typing import TYPE_CHECKING

from peewee import BigIntegerField, BlobField, CompositeKey, Model, TextField

from migrations.columns import Row, SealedField

if TYPE_CHECKING:
    from peewee import Database
    from playhouse.migrate import SchemaMigrator


class Party(Row):
    """Table `party`."""

    number = BigIntegerField(unique=True)
    kind = TextField()
    country = TextField()
    status = TextField()
    created = BigIntegerField()
    last_activity = TextField()
    phone_unchecked = BigIntegerField()
    import_token = BlobField(null=True, index=True)
    name = SealedField()
    given_name = SealedField()
    family_name = SealedField()
    reg_no = SealedField()
    vat_no = SealedField()
    personal_code = SealedField()
    trader_vat_no = SealedField()
    language = SealedField()
    email = SealedField()
    phone = SealedField()
    legal_address = SealedField()
    delivery_address = SealedField()
    channel = SealedField()
    iban = SealedField()
    provenance = SealedField()
    reg_no_token = BlobField(null=True, unique=True)
    vat_no_token = BlobField(null=True, unique=True)
    personal_code_token = BlobField(null=True, unique=True)
    trader_vat_no_token = BlobField(null=True, unique=True)
    email_token = BlobField(null=True, index=True)
    phone_token = BlobField(null=True, index=True)
    iban_token = BlobField(null=True, index=True)

    class Meta:
        """Frozen."""

        table_name = "party"


class FurtherPhone(Row):
    """Table `further_phone`."""

    party = BlobField(index=True)
    phone = SealedField()
    phone_token = BlobField(null=True, index=True)

    class Meta:
        """Frozen."""

        table_name = "further_phone"


class FurtherEmail(Row):
    """Table `further_email`."""

    party = BlobField(index=True)
    email = SealedField()
    email_token = BlobField(null=True, index=True)

    class Meta:
        """Frozen."""

        table_name = "further_email"


class FurtherAddress(Row):
    """Table `further_address`."""

    party = BlobField(index=True)
    address = SealedField()

    class Meta:
        """Frozen."""

        table_name = "further_address"


class FurtherAccount(Row):
    """Table `further_account`."""

    party = BlobField(index=True)
    iban = SealedField()
    iban_token = BlobField(null=True, index=True)

    class Meta:
        """Frozen."""

        table_name = "further_account"


class Employment(Row):
    """Table `employment`."""

    person = BlobField(index=True)
    company = BlobField(index=True)
    since = TextField()
    left = TextField(null=True)
    position = SealedField()

    class Meta:
        """Frozen."""

        table_name = "employment"


class Note(Row):
    """Table `note`."""

    party = BlobField(index=True)
    written = BigIntegerField()
    author = BlobField()
    text = SealedField()

    class Meta:
        """Frozen."""

        table_name = "note"


class ToMend(Row):
    """Table `to_mend`."""

    party = BlobField(index=True)
    reg_no = SealedField()
    vat_no = SealedField()
    official_number = SealedField()
    iban = SealedField()
    email = SealedField()

    class Meta:
        """Frozen."""

        table_name = "to_mend"


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


class ImportedFile(Row):
    """Table `imported_file`."""

    fingerprint = BlobField(unique=True)
    lines = BlobField()
    imported = BigIntegerField()

    class Meta:
        """Frozen."""

        table_name = "imported_file"


class KnownCopy(Row):
    """Table `known_copy`."""

    kind = TextField()
    path = TextField()
    made = BigIntegerField()
    ends = TextField()
    gone = TextField(null=True)

    class Meta:
        """Frozen."""

        table_name = "known_copy"


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
    Party,
    FurtherPhone,
    FurtherEmail,
    FurtherAddress,
    FurtherAccount,
    Employment,
    Note,
    ToMend,
    PurposeRow,
    RelationRow,
    GroundRow,
    VaultRow,
    UserAccount,
    SlotRow,
    SecretRow,
    Setting,
    ImportedFile,
    KnownCopy,
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
