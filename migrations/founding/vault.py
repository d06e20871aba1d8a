"""The vault: its root, users, slots, keys and what is known of them."""

from __future__ import annotations

from peewee import BigIntegerField, BlobField, TextField

from migrations.columns import Row


class VaultRow(Row):
    """Table `vault`."""

    root_public = BlobField()
    created = BigIntegerField()
    demo = BigIntegerField()

    class Meta:
        """Frozen."""

        table_name = "vault"
        without_rowid = True


class RootStep(Row):
    """Table `root_step`."""

    number = BigIntegerField(unique=True)
    old_public = BlobField()
    new_public = BlobField()
    old_signature = BlobField()
    new_signature = BlobField()
    created = BigIntegerField()

    class Meta:
        """Frozen."""

        table_name = "root_step"
        without_rowid = True


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
    confidentiality = TextField(null=True)
    root_proof = BlobField(null=True)

    class Meta:
        """Frozen."""

        table_name = "user_account"
        without_rowid = True


class CardIssue(Row):
    """Table `card_issue`."""

    user_id = BlobField()
    counter = BigIntegerField()
    roles = TextField()
    x_public = BlobField()
    ed_public = BlobField()
    status = TextField()
    card_signature = BlobField()

    class Meta:
        """Frozen."""

        table_name = "card_issue"
        without_rowid = True
        indexes = ((("user_id", "counter"), True),)


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
        without_rowid = True


class SecretRow(Row):
    """Table `vault_secret`."""

    kind = TextField(unique=True)
    category = TextField()
    wrapped = BlobField()

    class Meta:
        """Frozen."""

        table_name = "vault_secret"
        without_rowid = True


class KeyVersion(Row):
    """Table `key_version`."""

    category = TextField()
    version = BigIntegerField()
    state = TextField()
    created = BigIntegerField()
    due = TextField(null=True)
    cursor = BlobField(null=True)

    class Meta:
        """Frozen."""

        table_name = "key_version"
        without_rowid = True
        indexes = ((("category", "version"), True),)


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
    shred_group = BigIntegerField(null=True, index=True)

    class Meta:
        """Frozen."""

        table_name = "owner_key"


class DestroyedKey(Row):
    """Table `destroyed_key`."""

    serials = BlobField()
    waiting_group = BigIntegerField(null=True, index=True)

    class Meta:
        """Frozen."""

        table_name = "destroyed_key"
        without_rowid = True


class Setting(Row):
    """Table `setting`."""

    name = TextField(unique=True)
    value = TextField()

    class Meta:
        """Frozen."""

        table_name = "setting"
        without_rowid = True


class Sequence(Row):
    """Table `sequence`."""

    name = TextField(unique=True)
    value = TextField()

    class Meta:
        """Frozen."""

        table_name = "sequence"
        without_rowid = True


TABLES = (
    VaultRow,
    RootStep,
    UserAccount,
    CardIssue,
    SlotRow,
    SecretRow,
    KeyVersion,
    OwnerKey,
    DestroyedKey,
    Setting,
    Sequence,
)
