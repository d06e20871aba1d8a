"""Rights: consents with their proofs, disclosures, and who must not be written to."""

from __future__ import annotations

from peewee import BigIntegerField, BlobField, TextField

from migrations.columns import Row, SealedField


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
    identifier_token = BlobField(null=True, index=True)

    class Meta:
        """Frozen."""

        table_name = "consent"
        without_rowid = True
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
    said_on = TextField(null=True)

    class Meta:
        """Frozen."""

        table_name = "consent_event"
        indexes = ((("consent", "seq"), True),)


class Disclosure(Row):
    """Table `disclosure`."""

    party = BlobField(index=True)
    kind = TextField()
    made = BigIntegerField()
    channel = TextField()
    recipient = TextField()
    purpose = TextField(null=True)
    article = TextField()
    request = TextField(null=True)
    file_hash = TextField()

    class Meta:
        """Frozen."""

        table_name = "disclosure"


class Suppression(Row):
    """Table `suppression`."""

    value_token = BlobField(null=True, index=True)
    kind = TextField()
    why = TextField()
    scope = TextField()
    day = TextField()
    until = TextField(null=True)
    at = BigIntegerField()
    lifted = TextField(null=True)

    class Meta:
        """Frozen."""

        table_name = "suppression"
        without_rowid = True


TABLES = (
    Consent,
    Evidence,
    ConsentEvent,
    Disclosure,
    Suppression,
)
