"""User cards: who somebody is in this vault, signed by the root so that no host can invent one."""

from __future__ import annotations

from dataclasses import dataclass
from enum import StrEnum
from typing import TYPE_CHECKING

from gdpr.errors import CardDisabled
from gdpr.vault.encoding import label, pack
from gdpr.vault.errors import CardRefused
from gdpr.vault.root import RootKey, verify_signature

if TYPE_CHECKING:
    from gdpr.vault.bundle import Bundle


class CardStatus(StrEnum):
    """Whether a user may open the vault at all."""

    ACTIVE = "active"
    DISABLED = "disabled"


@dataclass(frozen=True, slots=True)
class UserCard:
    """A user's public keys and roles; the counter grows with every new issue of the card."""

    vault_id: bytes
    user_id: bytes
    roles: tuple[str, ...]
    x_public: bytes
    ed_public: bytes
    counter: int
    status: CardStatus = CardStatus.ACTIVE

    def message(self) -> bytes:
        """Return the bytes that the root signs."""
        return pack(
            label("card"),
            self.vault_id,
            self.user_id,
            pack(*[role.encode() for role in self.roles]),
            self.x_public,
            self.ed_public,
            self.counter.to_bytes(4, "big"),
            self.status.value.encode(),
        )


def sign_card(root: RootKey, card: UserCard) -> bytes:
    """Sign a card; the signature is stored beside it."""
    return root.sign(card.message())


def verify_card(root_public: bytes, card: UserCard, signature: bytes) -> None:
    """Refuse a card that the root did not sign exactly as it stands."""
    try:
        message = card.message()
    except OverflowError:  # a number or text that no card of ours can hold
        raise CardRefused from None
    verify_signature(root_public, signature, message)


def check_place(card: UserCard, vault_id: bytes, user_id: bytes) -> None:
    """Refuse a signed card of another vault or another user, or one that shuts its user out."""
    if (card.vault_id, card.user_id) != (vault_id, user_id):
        raise CardRefused
    if card.status is not CardStatus.ACTIVE:
        raise CardDisabled


def check_keys(card: UserCard, bundle: Bundle) -> None:
    """Refuse a signed card that carries other keys than the user's own, such as an old issue."""
    if (card.x_public, card.ed_public) != (bundle.x_public, bundle.ed_public):
        raise CardRefused
