"""Who may do what is on the list of events: what services refuse, and what the log is judged by.

A service refuses before it begins. The log is read by the same table, so that an entry which no
service would have written counts for nothing, however well it is signed.
"""

from __future__ import annotations

from dataclasses import dataclass
from functools import lru_cache
from typing import TYPE_CHECKING, Final

from crm.kinds.listed import SHAPES
from crm.privacy import BILLING, CATEGORIES, CONTACT, EVIDENCE, IDENTITY, MARKETING, SUPPORT, Duty
from crm.session.access import access_of
from crm.session.errors import NoDuty, UnknownRole
from gdpr.audit.events import READING, Event
from gdpr.store.accounts import KEY_TABLES
from gdpr.store.destroyed import TABLE as DESTROYED_KEYS
from gdpr.store.holdings import TABLE as HOLDINGS
from gdpr.store.layout import layout_of
from gdpr.store.owners import TABLE as OWNER_KEYS
from gdpr.vault.recovery import RECOVERY_ROLE

if TYPE_CHECKING:
    from collections.abc import Callable, Collection

    from crm.session.access import Access
    from gdpr.category import Category


@dataclass(frozen=True, slots=True)
class Need:
    """What somebody's roles must add up to; whoever needs nothing is everybody with a card.

    `writes` is met by one of several categories, `reads` by all. `tables` are the only ones whose
    rows the event may change, None for any; `recovery` says that the key on paper may as well.
    """

    duty: Duty | None = None
    writes: tuple[Category, ...] = ()
    reads: tuple[Category, ...] = ()
    tables: frozenset[str] | None = None
    recovery: bool = False

    def met(self, access: Access) -> bool:
        """Tell whether these roles add up to it."""
        return (
            (self.duty is None or self.duty in access.duties)
            and (not self.writes or any(one.code in access.writes for one in self.writes))
            and all(one.code in access.reads for one in self.reads)
        )


_LOOKING: Final = Need(tables=frozenset())
_COPIES: Final = "known_copy"
_LINES: Final = "imported_file"
_KNOWN: Final = Need(tables=frozenset({_COPIES}))
_KEYS: Final = Need(Duty.KEYS)
_CARDS: Final = Need(Duty.KEYS, recovery=True)
_BACKUP: Final = Need(Duty.BACKUP)
_ERASURE: Final = Need(Duty.ERASURE)
_REGISTER: Final = Need(Duty.PURPOSES)
_PARTY: Final = Need(writes=(IDENTITY,))
_DATA: Final = Need(writes=(IDENTITY, CONTACT, BILLING, MARKETING, EVIDENCE))
_CONSENT: Final = Need(writes=(EVIDENCE,))
_RIGHT: Final = Need(writes=(EVIDENCE,), recovery=True)
_LISTED: Final = Need(writes=(EVIDENCE,), tables=frozenset({"suppression"}), recovery=True)
_SECRETS: Final = Need(
    writes=(EVIDENCE,), tables=frozenset({OWNER_KEYS, DESTROYED_KEYS}), recovery=True
)
_PACKED: Final = Need(reads=CATEGORIES, tables=frozenset({_COPIES, "disclosure"}))

# Records of described kinds: who may write which of their tables is in `_RECORDS`.
_KINDS: Final = frozenset(shape.noun for shape in SHAPES)
_BESIDE: Final = frozenset({"party", "sequence", OWNER_KEYS})
_RECORD: Final = Need(writes=CATEGORIES, tables=_KINDS | _BESIDE)
_FILED: Final = Need(writes=CATEGORIES, tables=_KINDS | _BESIDE | {_COPIES, _LINES})

NEEDS: Final[dict[Event, Need]] = {
    **dict.fromkeys(READING, _LOOKING),
    Event.VAULT_CREATED: _KEYS,
    Event.VAULT_RESTORED: _CARDS,
    Event.VAULT_ADOPTED: _BACKUP,
    Event.VAULT_UPGRADED: _LOOKING,
    Event.SECRETS_RENEWED: _SECRETS,
    Event.SHRED_FILE_RESTORED: Need(Duty.BACKUP, recovery=True),
    Event.SCHEMA_MENDED: _KEYS,
    Event.VAULT_OPENED: Need(tables=frozenset({"sequence"})),
    Event.VAULT_CLOSED: Need(tables=frozenset(), recovery=True),
    Event.DEMO_FILLED: _KEYS,
    Event.CLOCK_LEAP_ACCEPTED: _ERASURE,
    Event.RESTORE_CONFIRMED: _BACKUP,
    Event.BACKUP_BEGUN: _BACKUP,
    Event.BACKUP_MADE: _BACKUP,
    Event.DRILL_BEGUN: _BACKUP,
    Event.BACKUP_DRILLED: _BACKUP,
    Event.SETTING_CHANGED: _REGISTER,
    Event.RECOVERY_ISSUED: _CARDS,
    Event.RECOVERY_CONFIRMED: _KEYS,
    Event.RECOVERY_USED: _CARDS,
    Event.ROTATION_BEGUN: _KEYS,
    Event.KEY_PROMOTED: _KEYS,
    Event.KEYS_REWRAPPED: _KEYS,
    Event.KEY_DESTROYED: _KEYS,
    Event.ROOT_ROTATED: _KEYS,
    # Small offices may add users but leave the root, which signs cards, with the owner.
    Event.USER_ADDED: _KEYS,
    Event.USER_REISSUED: _CARDS,
    Event.USER_DISABLED: _KEYS,
    Event.USER_NOTED: _KEYS,
    Event.ACCESS_REVIEWED: _KEYS,
    Event.PASSWORD_BOUND: Need(tables=frozenset({"user_account"})),
    Event.PASSWORD_CHANGED: Need(tables=frozenset({"user_account"})),
    Event.PARTY_ADDED: _PARTY,
    Event.PARTY_EDITED: _DATA,
    Event.CONTACT_ADDED: _PARTY,
    Event.CONTACT_EDITED: _DATA,
    Event.CONTACT_LEFT: _PARTY,
    Event.NOTE_ADDED: Need(writes=(SUPPORT,), tables=frozenset({"note", "party", OWNER_KEYS})),
    Event.NOTE_BLANKED: _ERASURE,
    Event.RECORD_ADDED: _RECORD,
    Event.RECORD_EDITED: _RECORD,
    Event.RECORD_MOVED: _RECORD,
    Event.PURPOSES_LOADED: _REGISTER,
    Event.PURPOSE_ADDED: _REGISTER,
    Event.PURPOSE_CHANGED: _REGISTER,
    Event.PURPOSE_RETIRED: _REGISTER,
    Event.PURPOSE_CONFIRMED: _REGISTER,
    Event.RELATIONS_LOADED: _REGISTER,
    Event.RELATION_CHANGED: _REGISTER,
    Event.GROUND_ADDED: _PARTY,
    Event.GROUND_ENDED: _PARTY,
    Event.GROUND_REOPENED: _PARTY,
    Event.GROUND_KEPT: _PARTY,
    Event.RETENTION_RUN: _ERASURE,
    Event.CONSENT_RECORDED: _CONSENT,
    Event.CONSENT_GIVEN: _CONSENT,
    Event.CONSENT_WITHDRAWN: _RIGHT,
    Event.CONSENT_RECEIPT: Need(reads=(EVIDENCE,), tables=frozenset({_COPIES})),
    Event.CONSENTS_IMPORTED: _CONSENT,
    Event.WORDING_ADDED: _REGISTER,
    Event.WORDINGS_LOADED: _REGISTER,
    Event.NOTICE_PUBLISHED: _REGISTER,
    Event.NOTICE_GIVEN: _CONSENT,
    Event.ERASED: _ERASURE,
    Event.ERASED_PARTLY: _ERASURE,
    Event.ERASURE_REPLAYED: _RIGHT,
    Event.SHREDDED: _RIGHT,
    Event.SUPPRESSIONS_RESTORED: _LISTED,
    Event.SUPPRESSIONS_EXPIRED: _ERASURE,
    Event.ACCESS_PACKED: _PACKED,
    Event.PORTABLE_PACKED: _PACKED,
    Event.PACKAGE_REVIEWED: _PACKED,
    Event.PACKAGE_UNDONE: _PACKED,
    Event.IMPORTED: _PARTY,
    Event.EXPORTED: Need(reads=(IDENTITY,), tables=frozenset({_COPIES, _LINES})),
    Event.RECORDS_IMPORTED: _FILED,
    Event.RECORDS_EXPORTED: Need(tables=frozenset({_COPIES, _LINES})),
    # Copies that an upgrade left are found and destroyed by whoever opens the register next, and so
    # is what a killed program left of a file.
    Event.COPY_FOUND: _KNOWN,
    Event.COPY_BEGUN: _KNOWN,
    Event.COPY_WRITTEN: _KNOWN,
    Event.COPY_UNDONE: _KNOWN,
    Event.COPY_DECLARED: _KNOWN,
    Event.COPY_SHREDDED: _KNOWN,
    Event.AUDIT_VERIFIED: _LOOKING,
    Event.DAMAGE_ACKNOWLEDGED: _KEYS,
}

# Whose rows are keys and cards, whose are the rules that everything else is judged by, and whose is
# what decides how long somebody is kept: changed under no event by whoever else may sign it.
_PROTECTED: Final[dict[str, Need]] = {
    **dict.fromkeys((layout_of(model).table for model in KEY_TABLES), _KEYS),
    **dict.fromkeys(
        ("setting", "purpose", "relation", "confirmation", "wording", "notice", "notice_text"),
        _REGISTER,
    ),
    **dict.fromkeys(("ground", "employment"), _PARTY),
    **dict.fromkeys(
        ("consent", "consent_event", "consent_evidence", "notice_given", "suppression"), _CONSENT
    ),
    "disclosure": _PACKED,
}
# What a record is about decides who may write it; erasures and clocks take every kind.
_RECORDS: Final[dict[str, Need]] = {s.noun: Need(writes=(s.category,)) for s in SHAPES}


def may(roles: tuple[str, ...], event: str, tables: Collection[str] = ()) -> bool:
    """Tell whether a card with these roles may do what the log says it did."""
    return _may(roles, event, frozenset(tables))


@lru_cache(maxsize=2_000)
def _may(roles: tuple[str, ...], event: str, tables: frozenset[str]) -> bool:
    try:
        known = Event(event)
        access = access_of(() if roles == (RECOVERY_ROLE,) else roles)
    except (UnknownRole, ValueError):
        return False
    need = NEEDS[known]
    if roles == (RECOVERY_ROLE,):
        return need.recovery
    if not need.met(access):
        return False
    if need.tables is not None:
        # Rows about a party are summed up beside it, whoever may write them.
        return tables <= need.tables | {HOLDINGS} and all(
            _RECORDS[table].met(access) for table in tables & _RECORDS.keys()
        )
    return all(_PROTECTED[table].met(access) for table in tables & _PROTECTED.keys())


def refusing(roles: tuple[str, ...]) -> Callable[[Event, tuple[str, ...]], None]:
    """Return what refuses, for these roles, an entry that reading the log would call damage."""

    def refuse(event: Event, tables: tuple[str, ...]) -> None:
        if not may(roles, event.value, tables):
            raise NoDuty(duty=event.value)

    return refuse
