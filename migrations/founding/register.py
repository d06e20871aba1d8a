"""The register: parties and what hangs on them, imported files, known copies."""

from __future__ import annotations

from peewee import BigIntegerField, BlobField, TextField

from migrations.columns import Row, SealedField


class Party(Row):
    """Table `party`."""

    number = BigIntegerField(unique=True)
    kind = TextField()
    country = TextField()
    status = TextField()
    created = BigIntegerField()
    last_activity = TextField()
    phone_unchecked = BigIntegerField()
    to_check = TextField(null=True)
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
        without_rowid = True


class FurtherEmail(Row):
    """Table `further_email`."""

    party = BlobField(index=True)
    email = SealedField()
    email_token = BlobField(null=True, index=True)

    class Meta:
        """Frozen."""

        table_name = "further_email"
        without_rowid = True


class FurtherAddress(Row):
    """Table `further_address`."""

    party = BlobField(index=True)
    address = SealedField()

    class Meta:
        """Frozen."""

        table_name = "further_address"
        without_rowid = True


class FurtherAccount(Row):
    """Table `further_account`."""

    party = BlobField(index=True)
    iban = SealedField()
    iban_token = BlobField(null=True, index=True)

    class Meta:
        """Frozen."""

        table_name = "further_account"
        without_rowid = True


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
        without_rowid = True


class Note(Row):
    """Table `note`."""

    party = BlobField(index=True)
    written = BigIntegerField()
    author = BlobField()
    text = SealedField()
    speaks_of = TextField(null=True)

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
        without_rowid = True


class ImportedFile(Row):
    """Table `imported_file`."""

    fingerprint = BlobField(unique=True)
    lines = BlobField()
    imported = BigIntegerField()
    fields = TextField(null=True)

    class Meta:
        """Frozen."""

        table_name = "imported_file"


class KnownCopy(Row):
    """Table `known_copy`."""

    kind = TextField()
    path = SealedField()
    marks = SealedField()
    made = BigIntegerField()
    ends = TextField()
    gone = TextField(null=True)
    declared = TextField(null=True)
    about = BlobField(null=True)

    class Meta:
        """Frozen."""

        table_name = "known_copy"
        without_rowid = True


TABLES = (
    Party,
    FurtherPhone,
    FurtherEmail,
    FurtherAddress,
    FurtherAccount,
    Employment,
    Note,
    ToMend,
    ImportedFile,
    KnownCopy,
)
