"""Whose signature is whose: what the log must know about users, whose tables stand elsewhere."""

from __future__ import annotations

from typing import TYPE_CHECKING, Protocol

from gdpr.errors import BadSignature
from gdpr.vault.root import verify_signature

if TYPE_CHECKING:
    from collections.abc import Collection


class Signers(Protocol):
    """Knows every issue of a user's card that ever signed, so that old entries stay checkable."""

    def public_key(self, user_id: bytes, card_counter: int) -> bytes | None:
        """Return the Ed25519 key on that issue of the card if the root signed it, else None.

        None as well for an issue that shuts the user out.
        """
        ...

    def may(
        self, user_id: bytes, card_counter: int, event: str, tables: Collection[str] = ()
    ) -> bool:
        """Tell whether the roles on that issue of the card allow an event that changes `tables`.

        To the log a role is a word that the root signed; what it means the product says.
        """
        ...


class Signatures:
    """Checks signatures against the users' cards, asking for each issue of a card once."""

    def __init__(self, signers: Signers) -> None:
        """Ask `signers`."""
        self._signers = signers
        self._known: dict[tuple[bytes, int], bytes | None] = {}
        self._allowed: dict[tuple[bytes, int, str, Collection[str]], bool] = {}

    def key(self, user_id: bytes, card_counter: int) -> bytes | None:
        """Return the key on an issue of a card, None when there is no such valid card."""
        card = (user_id, card_counter)
        if card not in self._known:
            self._known[card] = self._signers.public_key(user_id, card_counter)
        return self._known[card]

    def holds(self, user_id: bytes, card_counter: int, signature: bytes, message: bytes) -> bool:
        """Tell whether that user signed that message with that issue of the card."""
        public = self.key(user_id, card_counter)
        if public is None:
            return False
        try:
            verify_signature(public, signature, message)
        except (BadSignature, TypeError):
            return False
        return True

    def may(
        self, user_id: bytes, card_counter: int, event: str, tables: tuple[str, ...] = ()
    ) -> bool:
        """Tell whether that issue of the card allows an event, asking once for each."""
        asked = (user_id, card_counter, event, tables)
        allowed = self._allowed.get(asked)
        if allowed is None:
            allowed = self._allowed[asked] = self._signers.may(*asked)
        return allowed
