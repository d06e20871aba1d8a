"""Unlocking: from a login name and a password to a desk, past whatever a host may have damaged."""

from __future__ import annotations

from dataclasses import dataclass, replace
from typing import TYPE_CHECKING

from crm.schema import SCHEMA
from crm.services.access import access_of
from crm.services.errors import UserNameNeeded
from gdpr.audit.entries import STORAGE_ERRORS
from gdpr.audit.pin import Pin, pin_root, pinned
from gdpr.errors import Damaged, NoKey, RootChanged, WrongPassword
from gdpr.store.accounts import login_names, read_account, read_keys, read_vault
from gdpr.store.desk import Desk
from gdpr.store.failures import note_failure
from gdpr.vault.cards import verify_card
from gdpr.vault.opening import open_keyring
from gdpr.vault.slots import check_slot

if TYPE_CHECKING:
    from collections.abc import Callable
    from pathlib import Path

    from peewee import Database

    from gdpr.vault.keyring import Keyring
    from gdpr.vault.opening import Account, VaultKeys


@dataclass(frozen=True, slots=True)
class Unlocked:
    """A desk with the keys of one user, and whether this desk saw the vault for the first time."""

    desk: Desk
    state: Path
    roles: tuple[str, ...]
    first_time: bool


def unlock(
    database: Database,
    user: str | None,
    password: Callable[[], str],
    state_of: Callable[[bytes], Path],
) -> Unlocked:
    """Open the keys of a user; a damaged slot closes its category and nothing else."""
    facts = read_vault(database)
    state = state_of(facts.vault_id)
    account, keys = _read(database, user, state)
    sound = _sound_slots(account, keys)
    try:
        ring = _open(account, sound, password())
    except WrongPassword:
        note_failure(state)
        raise
    first_time = pin_root(state, facts.root_public) is Pin.NEW
    roles = account.card.roles
    desk = Desk(database, ring, SCHEMA, access_of(roles).writes & ring.categories())
    desk.damage += [Damaged(table="slot")] * (len(keys.slots) > len(sound.slots))
    return Unlocked(desk, state, roles, first_time)


def _read(database: Database, user: str | None, state: Path) -> tuple[Account, VaultKeys]:
    facts = read_vault(database)
    try:
        account = read_account(database, facts.vault_id, user or _only(login_names(database)))
        keys = read_keys(database, facts, account.card.user_id, pinned(state))
    except (*STORAGE_ERRORS, TypeError, ValueError, AttributeError):
        # A column of another type than was written, or text that is none.
        raise Damaged(table="user_account") from None
    return account, keys


def _sound_slots(account: Account, keys: VaultKeys) -> VaultKeys:
    """Leave out slots that the root did not sign as they stand."""
    sound = []
    for slot in keys.slots:
        try:
            check_slot(keys.root_public, account.card, slot)
        except (Damaged, AttributeError, TypeError, ValueError):
            continue
        sound.append(slot)
    return replace(keys, slots=tuple(sound))


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
