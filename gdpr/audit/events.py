"""What can happen, as fixed codes: an audit entry says nothing that is not on these lists."""

from __future__ import annotations

from enum import StrEnum
from typing import Final


class Event(StrEnum):
    """One kind of event, `source:subject:action`; a stored code never changes its meaning."""

    VAULT_CREATED = "vault:file:created"
    VAULT_RESTORED = "vault:file:restored"
    VAULT_ADOPTED = "vault:file:adopted"
    VAULT_UPGRADED = "vault:schema:upgraded"
    SCHEMA_MENDED = "vault:schema:mended"
    VAULT_OPENED = "vault:desk:opened"
    VAULT_CLOSED = "vault:desk:closed"
    DEMO_FILLED = "vault:demo:filled"
    CLOCK_LEAP_ACCEPTED = "vault:clock:leap_accepted"
    RESTORE_CONFIRMED = "vault:file:restore_confirmed"
    BACKUP_BEGUN = "vault:backup:begun"
    BACKUP_MADE = "vault:backup:made"
    SECRETS_RENEWED = "vault:secrets:renewed"
    SHRED_FILE_RESTORED = "vault:secrets:restored"
    DRILL_BEGUN = "vault:backup:drill_begun"
    BACKUP_DRILLED = "vault:backup:drilled"
    SETTING_CHANGED = "vault:setting:changed"
    RECOVERY_ISSUED = "vault:recovery:issued"
    RECOVERY_CONFIRMED = "vault:recovery:confirmed"
    RECOVERY_USED = "vault:recovery:used"
    KEY_DRAWN = "vault:key:drawn"
    KEY_PROMOTED = "vault:key:promoted"
    KEYS_REWRAPPED = "vault:key:rewrapped"
    KEY_DESTROYED = "vault:key:destroyed"
    ROOT_ROTATED = "vault:root:rotated"

    USER_ADDED = "user:card:added"
    USER_REISSUED = "user:card:reissued"
    USER_DISABLED = "user:card:disabled"
    USER_NOTED = "user:card:noted"
    ACCESS_REVIEWED = "user:access:reviewed"
    PASSWORD_BOUND = "user:password:bound"  # noqa: S105 - an event, not a password
    PASSWORD_CHANGED = "user:password:changed"  # noqa: S105 - an event, not a password

    PARTY_ADDED = "register:party:added"
    PARTY_EDITED = "register:party:edited"
    PARTY_SHOWN = "register:party:shown"
    PARTY_REVEALED = "register:party:revealed"
    PARTY_EXPLAINED = "register:party:explained"
    PARTIES_LISTED = "register:party:listed"
    PARTIES_FOUND = "register:party:found"
    CONTACT_ADDED = "register:contact:added"
    CONTACT_EDITED = "register:contact:edited"
    CONTACT_LEFT = "register:contact:left"
    NOTE_ADDED = "register:note:added"
    NOTE_BLANKED = "register:note:blanked"
    # Whatever kind of record it is: the entry says which in its body.
    RECORD_ADDED = "register:record:added"
    RECORD_EDITED = "register:record:edited"
    RECORD_MOVED = "register:record:moved"
    RECORD_SHOWN = "register:record:shown"
    RECORD_REVEALED = "register:record:revealed"
    RECORDS_LISTED = "register:record:listed"

    PURPOSES_LOADED = "rules:purpose:loaded"
    PURPOSE_ADDED = "rules:purpose:added"
    PURPOSE_CHANGED = "rules:purpose:changed"
    PURPOSE_RETIRED = "rules:purpose:retired"
    PURPOSE_CONFIRMED = "rules:purpose:confirmed"
    RELATIONS_LOADED = "rules:relation:loaded"
    RELATION_CHANGED = "rules:relation:changed"
    GROUND_ADDED = "rules:ground:added"
    GROUND_ENDED = "rules:ground:ended"
    GROUND_REOPENED = "rules:ground:reopened"
    GROUND_KEPT = "rules:ground:kept"
    GROUNDS_LISTED = "rules:ground:listed"
    RETENTION_RUN = "rules:retention:run"

    CONSENT_RECORDED = "rules:consent:recorded"
    CONSENT_GIVEN = "rules:consent:given"
    CONSENT_WITHDRAWN = "rules:consent:withdrawn"
    CONSENT_PREVIEWED = "rules:consent:previewed"
    CONSENTS_LISTED = "rules:consent:listed"
    CONSENT_RECEIPT = "rules:consent:receipt"
    CONSENTS_IMPORTED = "rules:consent:imported"

    WORDING_ADDED = "paper:wording:added"
    WORDINGS_LOADED = "paper:wording:loaded"
    NOTICE_PUBLISHED = "paper:notice:published"
    NOTICE_GIVEN = "paper:notice:given"
    UNINFORMED_LISTED = "paper:notice:uninformed_listed"

    ERASURE_PREVIEWED = "right:erasure:previewed"
    ERASED = "right:erasure:whole"
    ERASED_PARTLY = "right:erasure:part"
    ERASURE_REPLAYED = "right:erasure:replayed"
    SHREDDED = "right:erasure:shredded"
    SUPPRESSIONS_RESTORED = "right:suppression:restored"
    SUPPRESSIONS_EXPIRED = "right:suppression:expired"
    SUPPRESSIONS_LISTED = "right:suppression:listed"

    ACCESS_PACKED = "right:package:access"
    PORTABLE_PACKED = "right:package:portable"
    PACKAGE_REVIEWED = "right:package:reviewed"
    PACKAGE_UNDONE = "right:package:undone"

    IMPORTED = "file:import:taken"
    EXPORTED = "file:export:written"
    RECORDS_IMPORTED = "file:import:records"
    RECORDS_EXPORTED = "file:export:records"
    COPIES_LISTED = "file:copy:listed"
    COPY_SHREDDED = "file:copy:shredded"
    COPY_FOUND = "file:copy:found"
    COPY_BEGUN = "file:copy:begun"
    COPY_WRITTEN = "file:copy:written"
    COPY_UNDONE = "file:copy:undone"
    COPY_DECLARED = "file:copy:declared_gone"

    AUDIT_VERIFIED = "audit:chain:verified"
    AUDIT_READ = "audit:log:read"
    DAMAGE_ACKNOWLEDGED = "audit:damage:acknowledged"


READING: Final = frozenset(
    {
        Event.PARTY_SHOWN,
        Event.PARTY_REVEALED,
        Event.PARTY_EXPLAINED,
        Event.PARTIES_LISTED,
        Event.PARTIES_FOUND,
        Event.RECORD_SHOWN,
        Event.RECORD_REVEALED,
        Event.RECORDS_LISTED,
        Event.GROUNDS_LISTED,
        Event.UNINFORMED_LISTED,
        Event.ERASURE_PREVIEWED,
        Event.CONSENT_PREVIEWED,
        Event.CONSENTS_LISTED,
        Event.SUPPRESSIONS_LISTED,
        Event.COPIES_LISTED,
        Event.AUDIT_READ,
    }
)

# Their entry names a user as its object and, as `card`, the issue that is valid from then on.
CARD_EVENTS: Final = frozenset(
    {
        Event.VAULT_CREATED,
        Event.USER_ADDED,
        Event.USER_REISSUED,
        Event.USER_DISABLED,
        Event.RECOVERY_ISSUED,
    }
)

# Their entry says which version of a key is in use or gone from then on, or which root signs.
KEY_EVENTS: Final = frozenset({Event.KEY_PROMOTED, Event.KEY_DESTROYED, Event.ROOT_ROTATED})
