"""Each role × each event: what a card's roles allow, the same for services and for the log."""

from __future__ import annotations

from contextlib import nullcontext
from typing import Any

import pytest

from crm.errors import NoDuty
from crm.privacy import Duty
from crm.session.access import access_of
from crm.session.rights import NEEDS, Need, may
from gdpr.audit.events import Event
from gdpr.store.settings import write_setting
from gdpr.vault.recovery import RECOVERY_ROLE

ROLES = ("owner", "privacy", "office", "technician", "accountant", "auditor", "small-office")
ALL = frozenset(ROLES)
OWNER = frozenset({"owner"})
KEEPERS = OWNER | {"small-office"}
DUTIES = KEEPERS | {"privacy"}
DATA = DUTIES | {"office"}

# The table of the design once more and by hand: what somebody changed by mistake shows here.
MATRIX = {
    OWNER: """
        VAULT_CREATED VAULT_RESTORED DEMO_FILLED RECOVERY_ISSUED RECOVERY_CONFIRMED RECOVERY_USED
        SCHEMA_MENDED KEY_DRAWN KEY_PROMOTED KEYS_REWRAPPED KEY_DESTROYED ROOT_ROTATED
        DAMAGE_ACKNOWLEDGED
        USER_ADDED USER_REISSUED USER_DISABLED USER_NOTED ACCESS_REVIEWED""",
    KEEPERS: """
        RESTORE_CONFIRMED BACKUP_BEGUN BACKUP_MADE SHRED_FILE_RESTORED
        DRILL_BEGUN BACKUP_DRILLED VAULT_ADOPTED""",
    DUTIES: """
        NOTE_BLANKED SUPPRESSIONS_EXPIRED
        CLOCK_LEAP_ACCEPTED SETTING_CHANGED RETENTION_RUN ERASED ERASED_PARTLY
        PURPOSES_LOADED PURPOSE_ADDED PURPOSE_CHANGED PURPOSE_RETIRED PURPOSE_CONFIRMED
        RELATIONS_LOADED RELATION_CHANGED WORDING_ADDED WORDINGS_LOADED NOTICE_PUBLISHED
        ACCESS_PACKED PORTABLE_PACKED PACKAGE_REVIEWED PACKAGE_UNDONE""",
    DATA: """
        PARTY_ADDED CONTACT_ADDED CONTACT_LEFT GROUND_ADDED GROUND_ENDED GROUND_REOPENED GROUND_KEPT
        CONSENT_RECORDED CONSENT_GIVEN CONSENT_WITHDRAWN CONSENTS_IMPORTED CONSENT_RECEIPT
        NOTICE_GIVEN IMPORTED ERASURE_REPLAYED SHREDDED SECRETS_RENEWED
        SUPPRESSIONS_RESTORED""",
    DATA | {"accountant"}: "PARTY_EDITED CONTACT_EDITED",
    DATA | {"technician"}: "NOTE_ADDED",
    DATA | {"technician", "accountant"}: """
        EXPORTED RECORD_ADDED RECORD_EDITED RECORD_MOVED RECORDS_IMPORTED""",
    ALL: """
        VAULT_UPGRADED VAULT_OPENED VAULT_CLOSED PASSWORD_CHANGED PASSWORD_BOUND
        RECORD_SHOWN RECORD_REVEALED RECORDS_LISTED RECORDS_EXPORTED
        PARTY_SHOWN PARTY_REVEALED PARTY_EXPLAINED PARTIES_LISTED PARTIES_FOUND GROUNDS_LISTED
        CONSENT_PREVIEWED CONSENTS_LISTED UNINFORMED_LISTED ERASURE_PREVIEWED COPIES_LISTED
        COPY_FOUND COPY_SHREDDED COPY_BEGUN COPY_WRITTEN COPY_UNDONE COPY_DECLARED
        SUPPRESSIONS_LISTED AUDIT_VERIFIED AUDIT_READ""",
}  # fmt: skip
WHO = {Event[name]: roles for roles, names in MATRIX.items() for name in names.split()}
PAPER = """
    VAULT_RESTORED VAULT_CLOSED RECOVERY_ISSUED RECOVERY_USED USER_REISSUED CONSENT_WITHDRAWN
    SHRED_FILE_RESTORED SUPPRESSIONS_RESTORED SECRETS_RENEWED"""
ON_PAPER = {*(Event[name] for name in PAPER.split()), Event.ERASURE_REPLAYED, Event.SHREDDED}
# What everybody may do changes rows of these tables at most.
HARMLESS = {
    Event.VAULT_OPENED: {"sequence"},
    Event.PASSWORD_BOUND: {"user_account"},
    Event.PASSWORD_CHANGED: {"user_account"},
    Event.RECORDS_EXPORTED: {"known_copy", "imported_file"},
    Event.COPY_FOUND: {"known_copy"},
    Event.COPY_BEGUN: {"known_copy"},
    Event.COPY_WRITTEN: {"known_copy"},
    Event.COPY_UNDONE: {"known_copy"},
    Event.COPY_DECLARED: {"known_copy"},
    Event.COPY_SHREDDED: {"known_copy"},
}
TABLES = (
    "party",
    "ground",
    "setting",
    "sequence",
    "user_account",
    "slot",
    "key_version",
    "purpose",
    "known_copy",
)


def test_every_event_is_in_the_table():
    """An event that nobody thought of is nobody's: the table must name each."""
    assert set(NEEDS) == set(Event) == set(WHO)


@pytest.mark.parametrize("event", Event)
def test_each_role_and_each_event(event):
    """Who may is exactly who is written here; a role that is unknown or none may nothing."""
    assert {role for role in ROLES if may((role,), event.value)} == WHO[event]
    assert may((RECOVERY_ROLE,), event.value) is (event in ON_PAPER)
    assert not may(("stranger",), event.value)
    # Roles add up, and the key on paper adds nothing to anybody's.
    assert may(("auditor", "owner"), event.value)
    assert not may(("auditor", RECOVERY_ROLE), event.value)


@pytest.mark.parametrize("event", [event for event, roles in WHO.items() if roles == ALL])
def test_who_only_looks_changes_no_row(event):
    """An event that everybody may, changes no rows but those it is about, whoever signs it."""
    allowed = HARMLESS.get(event, set())
    for role in ROLES:
        for table in TABLES:
            assert may((role,), event.value, (table,)) is (table in allowed), (role, table)


def test_keys_and_rules_have_their_keepers():
    """Under no event does a role without the duty change keys and cards, or the rules."""
    for event in Event:
        for role in ALL - OWNER:
            for table in ("slot", "key_version", "card_issue", "vault"):
                assert not may((role,), event.value, (table,)), (role, event)
        for role in ALL - DUTIES:
            for table in ("setting", "purpose", "relation", "notice", "wording", "disclosure"):
                assert not may((role,), event.value, (table,)), (role, event)
        for role in ALL - DATA:
            for table in ("ground", "employment", "consent", "consent_event", "suppression"):
                assert not may((role,), event.value, (table,)), (role, event)


def test_an_unknown_event_is_nobodys():
    """A code from elsewhere is judged like one that nobody may."""
    assert not may(("owner",), "vault:file:sold")


@pytest.mark.parametrize("role", sorted(ALL - OWNER))
def test_no_service_writes_what_the_log_refuses(place, hire, role):
    """What a role may not is refused before the entry, by the same table: nothing is stored."""
    with place.open(hire(role)) as opened:
        office = opened.context
        forbidden = [event for event in Event if role not in WHO[event]]
        assert forbidden
        before = office.journal.head()
        for event in forbidden:
            with pytest.raises(NoDuty):
                office.journal.log_access(event, bytes(16))
        with (
            pytest.raises(NoDuty),
            office.journal.audited_change(Event.AUDIT_READ) as deed,
        ):
            write_setting(deed, "grace_days", "0")
        assert office.journal.head() == before


@pytest.mark.parametrize("role", ROLES)
def test_a_duty_that_a_role_lacks_is_refused_before_anything_is_done(role):
    """What only looks or writes a file beside the register is in no entry, and refused as well."""
    access = access_of([role])

    for duty in Duty:
        with nullcontext() if duty in access.duties else pytest.raises(NoDuty):
            access.need(duty)


@pytest.mark.parametrize(
    "entry",
    [
        {"writes": "identity"},
        {"write": ["identity"]},
        {"reads": ["identities"]},
        {"duty": "everything"},
    ],
)
def test_a_mistake_in_the_table_opens_nothing(entry: dict[str, Any]) -> None:
    """A word that the table of rights does not have stops the program instead of a check."""
    with pytest.raises(ValueError, match=r".+"):
        Need.read({"names": ["PARTY_ADDED"], **entry})
