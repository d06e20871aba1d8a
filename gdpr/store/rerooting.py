"""Another root: every card, old issue and slot signed anew, in one transaction."""

from __future__ import annotations

from typing import TYPE_CHECKING

from gdpr.errors import Damaged, RootChanged
from gdpr.store.accounts import (
    RootStep,
    SlotRow,
    UserAccount,
    VaultRow,
    card_of,
    store_slots,
)
from gdpr.store.ids import new_id
from gdpr.store.key_versions import CardIssue
from gdpr.store.reissuing import drop_slots
from gdpr.vault.cards import sign_card, verify_card
from gdpr.vault.keyring import ROOT
from gdpr.vault.root import link_roots
from gdpr.vault.slots import Slot, resign_slot, seal_slot

if TYPE_CHECKING:
    from collections.abc import Collection

    from gdpr.store.transaction import Transaction
    from gdpr.vault.cards import UserCard
    from gdpr.vault.root import RootKey


def store_root(
    work: Transaction,
    roots: tuple[RootKey, RootKey],
    owners: Collection[bytes],
    step: int,
    now: int,
) -> int:
    """Put the next root in the place of the old and hand it to `owners`; count what it signed.

    What the old root did not sign as it stands gets no signature of the new one: it was nobody's
    before, and stays so.
    """
    old, new = roots
    vault = work.session.rows(VaultRow)[0]
    if bytes(vault.root_public) != old.public:
        raise RootChanged
    vault.root_public = new.public
    work.update(vault)
    link = link_roots(work.session.ring.vault_id, step, old, new)
    work.insert(
        RootStep(
            id=new_id(),
            number=step,
            old_public=link.old_public,
            new_public=link.new_public,
            old_signature=link.old_signature,
            new_signature=link.new_signature,
            created=now,
        )
    )
    cards = _sign_cards(work, old, new)
    drop_slots(work, category=ROOT)
    signed = len(cards) + _sign_slots(work, old, new, cards)
    given = [seal_slot(new, cards[user], ROOT, step, new.seed) for user in owners if user in cards]
    store_slots(work, given)
    return signed + len(given)


def _sign_cards(work: Transaction, old: RootKey, new: RootKey) -> dict[bytes, UserCard]:
    """Sign every card, and every issue before it, and return the cards as they are now."""
    present: dict[bytes, UserCard] = {}
    vault_id = work.session.ring.vault_id
    rows: list[UserAccount | CardIssue] = [
        *work.session.rows(CardIssue),
        *work.session.rows(UserAccount),
    ]
    for row in rows:
        card = card_of(vault_id, row)
        try:
            verify_card(old.public, card, bytes(row.card_signature))
        except Damaged:
            continue
        row.card_signature = sign_card(new, card)
        work.update(row)
        if isinstance(row, UserAccount):
            present[card.user_id] = card
    return present


def _sign_slots(work: Transaction, old: RootKey, new: RootKey, cards: dict[bytes, UserCard]) -> int:
    signed = 0
    for row in work.session.rows(SlotRow):
        card = cards.get(bytes(row.user_id))
        if card is None:
            continue
        slot = Slot(card.user_id, row.category, row.version, row.card_counter, bytes(row.blob))
        try:
            row.blob = resign_slot(old.public, new, card, slot).blob
        except Damaged:
            continue
        work.update(row)
        signed += 1
    return signed
