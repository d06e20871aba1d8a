"""Whose signature is whose, from the users' rows, for whoever checks the log."""

from __future__ import annotations

from typing import TYPE_CHECKING

from gdpr.errors import BadSignature, Damaged
from gdpr.store.accounts import UserAccount, VaultRow, card_of
from gdpr.store.keyversions import CardIssue
from gdpr.vault.cards import CardStatus, verify_card

if TYPE_CHECKING:
    from gdpr.store.desk import Desk
    from gdpr.vault.cards import UserCard


class CardSigners:
    """Knows every issue of the users' cards; one that is damaged or unsigned is nobody's.

    Who got new keys signed with the old ones before, so the issues before the present one count
    for what was signed with them.
    """

    def __init__(self, desk: Desk) -> None:
        """Read the cards once."""
        self._cards: dict[tuple[bytes, int], UserCard] = {}
        vault = desk.first(VaultRow)
        self._root = b"" if vault is None else bytes(vault.root_public)
        for stored in desk.stored(UserAccount):
            self._learn(desk, UserAccount, bytes(stored[0]))
        for stored in desk.stored(CardIssue):
            self._learn(desk, CardIssue, bytes(stored[0]))

    def public_key(self, user_id: bytes, card_counter: int) -> bytes | None:
        """Return the key that signed with that issue of the card, None when there is none."""
        card = self._cards.get((user_id, card_counter))
        if card is None or card.status is not CardStatus.ACTIVE:
            return None
        return card.ed_public

    def _learn(self, desk: Desk, model: type[UserAccount | CardIssue], row_id: bytes) -> None:
        try:
            row = desk.get(model, row_id)
            card = card_of(desk.ring.vault_id, row)
            verify_card(self._root, card, bytes(row.card_signature))
        except (Damaged, BadSignature, TypeError, ValueError):
            return  # verifying names the row by itself
        self._cards[card.user_id, card.counter] = card
