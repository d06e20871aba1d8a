"""Unlocking: from a login name and a password to a desk, past whatever a host may have damaged.

A copy that an upgrade left beside the register was made before anybody's keys were there, so no row
could announce it; its name does, and it is entered once somebody is in.
"""

from __future__ import annotations

from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING

from crm.copies.copies import UPGRADE, enter_gone, new_copy
from crm.keys.card_watch import sound_slots
from crm.keys.root_key import require_named
from crm.models.files import KnownCopy
from crm.opening.errors import UserNameNeeded
from crm.schema import SCHEMA
from crm.session.access import access_of
from crm.session.card_signers import CardSigners
from crm.session.context import NOTE
from crm.session.firm import LAST_SEEN
from crm.session.shred_file_place import shred_place
from gdpr.audit.events import Event
from gdpr.audit.pin import Pin, pin_root, pinned
from gdpr.errors import Damaged, KartotekaError, NoKey, PinForgotten, RootChanged, WrongPassword
from gdpr.store.accounts import (
    login_names,
    read_account,
    read_card,
    read_keys,
    read_vault,
    store_bundle,
)
from gdpr.store.database import STORAGE_ERRORS, file_of
from gdpr.store.failures import forget_failures, note_failure
from gdpr.store.key_versions import KeyVersion, versions_in_use
from gdpr.store.layout import layout_of
from gdpr.store.schema_check import schema_damage
from gdpr.store.session import Session
from gdpr.store.settings import Sequence, sound_setting, write_setting
from gdpr.store.upgrade import destroy_copies, failed_copies
from gdpr.vault.cards import verify_card
from gdpr.vault.errors import WrongPin
from gdpr.vault.opening import open_keyring, open_with_bundle, open_with_recovery, rebind
from gdpr.vault.pin_unlock import PinUnlock
from gdpr.vault.recovery import RECOVERY_ID
from gdpr.vault.root import fingerprint

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator
    from datetime import datetime

    from peewee import Database

    from crm.session.context import RegisterContext
    from gdpr.store.errors import SchemaDamaged
    from gdpr.vault.cards import UserCard
    from gdpr.vault.keyring import Keyring
    from gdpr.vault.opening import Account, VaultKeys
    from gdpr.vault.recovery import RecoveryKey


def settle_upgrade_copies(context: RegisterContext) -> None:
    """Destroy the copies, and enter what became of each; one that stays is a known copy.

    The register that was to be repaired with them is open, so they only hold who is erased later.
    """
    database = context.session.database
    there = failed_copies(database)
    rows = context.session.rows(KnownCopy, kind=UPGRADE)
    known = {str(row.place): row for row in rows if row.gone is None}
    if not there and not known:
        return
    destroy_copies(database)
    left = set(failed_copies(database))
    for path in sorted({str(path.absolute()) for path in there} | set(known)):
        row = known.get(path)
        gone = Path(path) not in {one.absolute() for one in left}
        if row is None:
            _enter(context, Path(path), gone=gone)
        elif gone:
            enter_gone(context, row)


def _enter(context: RegisterContext, path: Path, *, gone: bool) -> None:
    row = new_copy(context, UPGRADE, path)
    row.ends = context.day.isoformat()
    row.gone = context.day.isoformat() if gone else None
    event = Event.COPY_SHREDDED if gone else Event.COPY_FOUND
    with context.journal.audited_change(event, bytes(row.id)) as change:
        change.insert(row)


@dataclass(frozen=True, slots=True)
class Unlocked:
    """A desk with the keys of one user, and whether this desk saw the vault for the first time."""

    session: Session
    state: Path
    roles: tuple[str, ...]
    first_time: bool
    proved: datetime | None = None
    rebound: Account | None = None


def unlock(
    database: Database,
    user: str | PinUnlock | None,
    password: Callable[[], str],
    state: Path,
) -> Unlocked:
    """Open the keys of a user; a damaged slot closes its category and nothing else.

    Who has kept their keys under a PIN in this process gives what keeps them, and types the PIN.
    """
    with _as_declared(database) as strange:
        proved = None
        try:
            if isinstance(user, PinUnlock):
                found, proved = _by_pin(database, user, password(), state), user.proved
            else:
                found = _by_password(database, user, password, state)
        except (WrongPassword, WrongPin):
            note_failure(state)
            raise
        roles = found.card.roles
        writes = access_of(roles).writes & found.ring.categories()
        session = Session(database, found.ring, SCHEMA, writes, shred_place(str(file_of(database))))
        first_time = _settle_root(session, found.keys, state)
        session.damage += [Damaged(table="slot")] * found.unsound
        _verify_versions(session)
        session.damage += strange
    return Unlocked(session, state, roles, first_time, proved, found.rebound)


@contextmanager
def _as_declared(database: Database) -> Iterator[list[SchemaDamaged]]:
    """Give what is not as declared; it may be just what was to be read in this block."""
    strange = schema_damage(database, SCHEMA.declared)
    try:
        yield strange
    except STORAGE_ERRORS:
        for damage in strange:
            raise damage from None
        raise


def unlock_with_recovery(database: Database, key: RecoveryKey, state: Path) -> Unlocked:
    """Open every key of the vault with the one on paper, for a desk that changes no client."""
    facts = read_vault(database)
    card, signature = read_card(database, facts.vault_id, RECOVERY_ID)
    keys = read_keys(database, facts, card.user_id, pinned(state))
    used = versions_in_use(database)
    ring = open_with_recovery(card, signature, sound_slots(card, keys, used), key)
    session = Session(database, ring, SCHEMA, frozenset(), shred_place(str(file_of(database))))
    first_time = _settle_root(session, keys, state)
    _verify_versions(session)
    return Unlocked(session, state, card.roles, first_time)


def _settle_root(session: Session, keys: VaultKeys, state: Path) -> bool:
    """Pin the root that pin and password have led to; return whether the desk had no pin."""
    trusted = {session.ring.vouched} if keys.pin is None else {session.ring.vouched, keys.pin}
    for each in trusted:
        require_named(session, keys.follow(each), keys.root_public, state)
    return pin_root(state, keys.root_public, followed=True) is Pin.NEW


def note_opening(
    context: RegisterContext, upgraded: list[str], rebound: Account | None = None
) -> tuple[str, ...]:
    """Log that the register is open, what failed before or was upgraded, and what that left.

    `rebound` are the user's own keys, bound to a root that has replaced theirs.
    What must be told of files that a killed program was writing is returned as codes.
    """
    failures = forget_failures(context.state)
    completeness = context.journal.completeness
    completeness.signers = CardSigners(context.session)
    with context.journal.audited_change(
        Event.VAULT_OPENED, context.user, failures=failures
    ) as change:
        told = [damage.arguments for damage in context.session.damage]
        found = completeness.few(change.digests)
        context.session.damage += [one for one in found if one.arguments not in told]
        today = context.day.isoformat()
        if today != sound_setting(context.session, LAST_SEEN, today, kept=Sequence):
            write_setting(change, LAST_SEEN, today, kept=Sequence)
    if rebound is not None:
        with context.journal.audited_change(Event.PASSWORD_BOUND, context.user) as change:
            store_bundle(change, rebound)
    for name in upgraded:
        context.journal.log_access(Event.VAULT_UPGRADED, migration=name)
    settle_upgrade_copies(context)
    if not any(context.state.glob(f"{NOTE}*")):
        return ()
    from crm.copies.outgoing import sweep_outgoing  # noqa: PLC0415 - a program was killed

    return sweep_outgoing(context)


def _verify_versions(session: Session) -> None:
    """Verify what had to be believed before the key that verifies was open."""
    seal = session.seals[layout_of(KeyVersion).table]
    for row in session.stored(KeyVersion):
        try:
            seal.verify(row)
        except Damaged as damage:
            session.damage.append(damage)


@dataclass(frozen=True, slots=True)
class _UnlockedUser:
    """A user's card and opened keys, and whether a slot had to be left out."""

    card: UserCard
    ring: Keyring
    unsound: bool
    keys: VaultKeys
    rebound: Account | None = None


def _by_password(
    database: Database, user: str | None, password: Callable[[], str], state: Path
) -> _UnlockedUser:
    account, keys = _read(database, user, state)
    sound = sound_slots(account.card, keys, versions_in_use(database))
    typed = password()
    ring = _open(account, sound, typed)
    rebound = None
    if ring.vouched != fingerprint(ring.root_public):
        rebound = rebind(account, typed, ring.root_public)
    return _UnlockedUser(account.card, ring, len(keys.slots) > len(sound.slots), keys, rebound)


def _by_pin(database: Database, quick: PinUnlock, pin: str, state: Path) -> _UnlockedUser:
    """Open what a PIN kept; whose card was issued anew or shut since needs the password."""
    facts = read_vault(database)
    vault_id, user_id = quick.who
    if vault_id != facts.vault_id:
        raise PinForgotten
    bundle = quick.open(pin)
    card, signature = read_card(database, vault_id, user_id)
    keys = read_keys(database, facts, user_id, pinned(state))
    sound = sound_slots(card, keys, versions_in_use(database))
    try:
        ring = open_with_bundle(card, signature, sound, bundle)
    except KartotekaError:
        quick.forget()
        raise
    return _UnlockedUser(card, ring, len(keys.slots) > len(sound.slots), keys)


def _read(database: Database, user: str | None, state: Path) -> tuple[Account, VaultKeys]:
    facts = read_vault(database)
    try:
        account = read_account(database, facts.vault_id, user or _only(login_names(database)))
        keys = read_keys(database, facts, account.card.user_id, pinned(state))
    except (*STORAGE_ERRORS, TypeError, ValueError, AttributeError):
        # A column of another type than was written, or text that is none.
        raise Damaged(table="user_account") from None
    return account, keys


def _open(account: Account, keys: VaultKeys, password: str) -> Keyring:
    try:
        return open_keyring(account, keys, password)
    except RootChanged:
        raise
    except NoKey:
        raise Damaged(table="slot") from None
    except Damaged:
        raise Damaged(table=_damaged_table(account, keys)) from None


def _damaged_table(account: Account, keys: VaultKeys) -> str:
    try:
        verify_card(keys.root_public, account.card, account.card_signature)
        account.kdf.check()
    except Damaged:
        return "user_account"
    return "vault_secret"


def _only(names: list[str]) -> str:
    if len(names) != 1:
        raise UserNameNeeded
    return names[0]
