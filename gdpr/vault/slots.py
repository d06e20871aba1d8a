"""Slots: one key of the vault, sealed to one user's public key and signed by the root.

A slot is `01 ‖ HPKE[80] ‖ signature[64]`. HPKE keeps it shut; the signature keeps a host from
handing out keys of its own making.
"""

from __future__ import annotations

import re
from dataclasses import dataclass, replace
from typing import TYPE_CHECKING, Final

from cryptography.exceptions import InvalidTag
from cryptography.hazmat.primitives.asymmetric.x25519 import X25519PublicKey
from cryptography.hazmat.primitives.hpke import AEAD, KDF, KEM, Suite

from gdpr.vault._layout import FORMAT
from gdpr.vault.encoding import label, pack
from gdpr.vault.errors import BadSlot, MalformedSeal, SlotRefused, UnknownFormat
from gdpr.vault.root import SIGNATURE_LENGTH, RootKey, verify_signature

if TYPE_CHECKING:
    from gdpr.vault.bundle import Bundle
    from gdpr.vault.cards import UserCard

_SUITE: Final = Suite(KEM.X25519, KDF.HKDF_SHA256, AEAD.AES_256_GCM)
_SEALED: Final = 32 + 32 + 16
SLOT_LENGTH: Final = 1 + _SEALED + SIGNATURE_LENGTH
_SLOT: Final = label("slot")
_CODE: Final = re.compile(r"[a-z][a-z0-9_]{0,63}")
_HIGHEST: Final = (1 << 32) - 1


@dataclass(frozen=True, slots=True)
class Slot:
    """One key class of one user as it is stored; `card_counter` names the issue of the card."""

    user_id: bytes
    category: str
    version: int
    card_counter: int
    blob: bytes


def seal_slot(root: RootKey, card: UserCard, category: str, version: int, secret: bytes) -> Slot:
    """Hand a 32-byte key to the holder of a card."""
    place = _place(card, category, version)
    public = X25519PublicKey.from_public_bytes(card.x_public)
    sealed = FORMAT + _SUITE.encrypt(secret, public, info=place)
    blob = sealed + root.sign(_message(place, sealed))
    return Slot(card.user_id, category, version, card.counter, blob)


def resign_slot(old_public: bytes, root: RootKey, card: UserCard, slot: Slot) -> Slot:
    """Sign a slot anew with the next root, if the old one signed it; what is sealed stays."""
    sealed, place = check_slot(old_public, card, slot)
    return replace(slot, blob=sealed + root.sign(_message(place, sealed)))


def open_slot(bundle: Bundle, root_public: bytes, card: UserCard, slot: Slot) -> bytes:
    """Give the key of a slot to the holder of `card`, which must have been verified before."""
    sealed, place = check_slot(root_public, card, slot)
    try:
        return _SUITE.decrypt(sealed[1:], bundle.x_private, info=place)
    except InvalidTag:
        raise BadSlot(category=slot.category) from None


def check_slot(root_public: bytes, card: UserCard, slot: Slot) -> tuple[bytes, bytes]:
    """Refuse a slot that the root did not sign for `card`; return what is sealed, and its place.

    It needs no password, so that one damaged slot can be told from the others before opening.
    """
    _check_slot(card, slot)
    blob = slot.blob
    if blob[:1] != FORMAT:
        raise UnknownFormat(version=blob[0] if blob else -1)
    if len(blob) != SLOT_LENGTH:
        raise MalformedSeal(length=len(blob))
    place = _place(card, slot.category, slot.version)
    sealed, signature = blob[: 1 + _SEALED], blob[1 + _SEALED :]
    verify_signature(root_public, signature, _message(place, sealed))
    return sealed, place


def _check_slot(card: UserCard, slot: Slot) -> None:
    # The row comes from the host: neither its text nor its number is trusted in an error.
    known = _CODE.fullmatch(slot.category) and 0 < slot.version <= _HIGHEST
    if not known or (slot.user_id, slot.card_counter) != (card.user_id, card.counter):
        raise SlotRefused(category=slot.category if known else "?")


def _place(card: UserCard, category: str, version: int) -> bytes:
    return pack(
        _SLOT,
        card.vault_id,
        card.user_id,
        category.encode(),
        version.to_bytes(4, "big"),
        card.counter.to_bytes(4, "big"),
    )


def _message(place: bytes, sealed: bytes) -> bytes:
    return place + pack(sealed)
