"""Whose signature is whose, from the users' rows, for whoever checks the log."""

from __future__ import annotations

from typing import TYPE_CHECKING, Final

from crm.session.rights import may
from gdpr.audit.card_validity import CutOffs
from gdpr.audit.signers import Signatures
from gdpr.errors import BadSignature, Damaged
from gdpr.store.accounts import UserAccount, card_of
from gdpr.store.key_versions import CardIssue
from gdpr.vault.cards import CardStatus, verify_card

if TYPE_CHECKING:
    from collections.abc import Collection

    from gdpr.store.session import Session
    from gdpr.vault.cards import UserCard

_BLOBS: Final = ("user_id", "x_public", "ed_public", "card_signature")


class CardSigners:
    """Knows every issue of the users' cards; one that the root did not sign is nobody's.

    A card proves itself: it counts even where its row was changed beside it, as in the wrapped
    keys, and what its user signed does not look damaged. Verifying names the row.

    Who got new keys signed with the old ones before, so the issues before the present one count
    for what was signed with them.
    """

    def __init__(self, session: Session, root_public: bytes | None = None) -> None:
        """Read the cards once; without `root_public` the root counts that opened the desk.

        What the database says of its root now is asked by nobody: a host may have exchanged it.
        """
        self._cards: dict[tuple[bytes, int], UserCard] = {}
        self._vault_id = session.ring.vault_id
        self._root = session.ring.root_public if root_public is None else root_public
        for stored in session.stored(UserAccount):
            self._learn(UserAccount.from_row(stored, None))
        for stored in session.stored(CardIssue):
            self._learn(CardIssue.from_row(stored, None))

    def public_key(self, user_id: bytes, card_counter: int) -> bytes | None:
        """Return the key that signed with that issue of the card, None when there is none."""
        card = self._cards.get((user_id, card_counter))
        if card is None or card.status is not CardStatus.ACTIVE:
            return None
        return card.ed_public

    def may(
        self, user_id: bytes, card_counter: int, event: str, tables: Collection[str] = ()
    ) -> bool:
        """Tell whether the roles on that issue of the card allow an event that changes `tables`."""
        card = self._cards.get((user_id, card_counter))
        return card is not None and may(card.roles, event, tables)

    def _learn(self, row: UserAccount | CardIssue) -> None:
        # A number would be taken for a length, and a large one for all the memory there is.
        if any(isinstance(row.__data__.get(name), int) for name in _BLOBS):
            return
        try:
            card = card_of(self._vault_id, row)
            verify_card(self._root, card, bytes(row.card_signature))
        except (Damaged, BadSignature, AttributeError, OverflowError, TypeError, ValueError):
            return  # verifying names the row by itself
        self._cards[card.user_id, card.counter] = card


def cut_offs(
    session: Session, desk_id: bytes | None = None, root_public: bytes | None = None
) -> CutOffs:
    """Return what says of single entries of the log whether they count, by the users' cards."""
    signatures = Signatures(CardSigners(session, root_public))
    return CutOffs(session.database, session.ring.vault_id, signatures, desk_id)
