"""Whose signature is whose, from the users' rows, for whoever checks the log."""

from __future__ import annotations

from typing import TYPE_CHECKING

from gdpr.errors import BadSignature, Damaged
from gdpr.store.accounts import UserAccount, VaultRow, card_of
from gdpr.vault.cards import CardStatus, verify_card

if TYPE_CHECKING:
    from gdpr.store.desk import Desk
    from gdpr.vault.cards import UserCard


class CardSigners:
    """Knows the users' cards; one whose row is damaged or that the root did not sign is nobody's.

    The issues of one user's card carry the same keys, so an old entry is checked with the card as
    it stands.
    """

    def __init__(self, desk: Desk) -> None:
        """Read the cards once."""
        self._cards: dict[bytes, UserCard] = {}
        vault = desk.first(VaultRow)
        root = b"" if vault is None else bytes(vault.root_public)
        for stored in desk.stored(UserAccount):
            try:
                row = desk.get(UserAccount, bytes(stored[0]))
                card = card_of(desk.ring.vault_id, row)
                verify_card(root, card, bytes(row.card_signature))
            except (Damaged, BadSignature, TypeError, ValueError):
                continue  # verifying names the row by itself
            self._cards[card.user_id] = card

    def public_key(self, user_id: bytes, card_counter: int) -> bytes | None:
        """Return the key that signed with that issue of the card, None when there is none."""
        card = self._cards.get(user_id)
        if card is None or not 1 <= card_counter <= card.counter:
            return None
        if card_counter == card.counter and card.status is not CardStatus.ACTIVE:
            return None
        return card.ed_public
