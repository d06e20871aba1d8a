"""New issues of users' cards: the issue before is kept for the log, and its slots go."""

from __future__ import annotations

from typing import TYPE_CHECKING

from gdpr.errors import LastOwner
from gdpr.store.accounts import (
    SlotRow,
    UserAccount,
    card_columns,
    card_of,
    password_columns,
    store_slots,
    take,
)
from gdpr.store.ids import new_id
from gdpr.store.key_versions import CardIssue
from gdpr.vault.cards import CardStatus, UserCard
from gdpr.vault.kdf import KdfParameters
from gdpr.vault.keyring import ROOT
from gdpr.vault.opening import Account
from gdpr.vault.recovery import RECOVERY_ID

if TYPE_CHECKING:
    from collections.abc import Iterable

    from gdpr.store.session import Session
    from gdpr.store.transaction import Transaction
    from gdpr.vault.founding import NewRecovery
    from gdpr.vault.slots import Slot


def account_of(vault_id: bytes, row: UserAccount) -> Account:
    """Return what a verified row of a user holds, for a new issue to be made of it."""
    values = (row.kdf_salt, row.kdf_memory, row.kdf_time, row.kdf_lanes, row.wrapped_bundle)
    salt, memory, time, lanes, wrapped = values
    if salt is None or memory is None or time is None or lanes is None or wrapped is None:
        raise ValueError("the recovery key has no account")
    parameters = KdfParameters(bytes(salt), memory, time, lanes)
    return Account(card_of(vault_id, row), bytes(row.card_signature), parameters, bytes(wrapped))


def store_reissue(
    work: Transaction, account: Account, slots: Iterable[Slot], *, must_change: bool | None = None
) -> None:
    """Replace a user's card and slots; a vault that would be left without an owner refuses."""
    row = work.session.get(UserAccount, account.card.user_id)
    _replace_card(work, row, account.card, account.card_signature)
    take(row, password_columns(account))
    if must_change is not None:
        row.must_change = int(must_change)
    work.update(row)
    store_slots(work, slots)
    if not owners_left(work.session):
        raise LastOwner


def store_recovery(work: Transaction, recovery: NewRecovery, issued: int) -> None:
    """Replace the recovery key; it is unconfirmed until somebody proves to have it on paper."""
    row = work.session.get(UserAccount, RECOVERY_ID)
    _replace_card(work, row, recovery.card, recovery.card_signature)
    row.must_change = 1
    row.created = issued
    row.root_proof = recovery.root_proof
    work.update(row)
    store_slots(work, recovery.slots)


def owners_left(session: Session) -> list[bytes]:
    """Return who may open the vault and holds its root: never may it be nobody."""
    rooted = {bytes(slot.user_id) for slot in session.rows(SlotRow, category=ROOT)}
    return [
        bytes(row.id)
        for row in session.rows(UserAccount)
        if bytes(row.id) in rooted - {RECOVERY_ID} and row.status == CardStatus.ACTIVE
    ]


def drop_slots(work: Transaction, **which: object) -> int:
    """Delete the slots whose columns equal these, and say how many there were."""
    slots = work.session.rows(SlotRow, **which)
    for slot in slots:
        work.delete(slot)
    return len(slots)


def _replace_card(work: Transaction, row: UserAccount, card: UserCard, signature: bytes) -> None:
    """Move the issue in a row to the old ones and put the next in its place."""
    if card.counter <= row.counter:
        raise ValueError("an issue of a card follows the one before")
    before = card_of(card.vault_id, row)
    columns = card_columns(before, bytes(row.card_signature))
    work.insert(CardIssue(id=new_id(), user_id=before.user_id, **columns))
    drop_slots(work, user_id=before.user_id)
    take(row, card_columns(card, signature))
