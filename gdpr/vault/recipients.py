"""Who can open a backup: the file key, sealed by HPKE to every owner and to the recovery key.

In the keys part an owner's stanza has a door beside it: the cost of the password and the shut
bundle. So a lost machine needs the keys part and a password, and nothing else. The data part has no
doors: it cannot even be guessed at without a keys part.
"""

from __future__ import annotations

from dataclasses import dataclass
from hashlib import sha256
from typing import TYPE_CHECKING, Final

from cryptography.exceptions import InvalidTag
from cryptography.hazmat.primitives.asymmetric.x25519 import X25519PublicKey
from cryptography.hazmat.primitives.hpke import AEAD, KDF, KEM, Suite

from gdpr.vault.bundle import unwrap_bundle
from gdpr.vault.cards import check_place, verify_card
from gdpr.vault.container import BackupPart, ContainerHead, Stanza, stanza_of
from gdpr.vault.encoding import label, pack, unpack
from gdpr.vault.errors import ContainerHeadDamaged, NotARecipient
from gdpr.vault.kdf import KdfParameters

if TYPE_CHECKING:
    from collections.abc import Iterable

    from gdpr.vault.bundle import Bundle
    from gdpr.vault.cards import UserCard

_SUITE: Final = Suite(KEM.X25519, KDF.HKDF_SHA256, AEAD.AES_256_GCM)
_BACKUP: Final = label("backup")
_LOGIN: Final = label("login")
_LOGIN_LENGTH: Final = 16


@dataclass(frozen=True, slots=True)
class Recipient:
    """Somebody a backup is made for; without a cost there is no password, as for recovery."""

    card: UserCard
    card_signature: bytes
    login: str = ""
    kdf: KdfParameters | None = None
    wrapped_bundle: bytes = b""


def seal_head(
    head: ContainerHead, file_key: bytes, root_public: bytes, recipients: Iterable[Recipient]
) -> ContainerHead:
    """Return the head with a stanza for each recipient whose card the root has signed.

    The card is checked first, because a host that swapped its key would receive the backup.
    """
    stanzas = []
    for one in recipients:
        card = one.card
        verify_card(root_public, card, one.card_signature)
        check_place(card, head.vault_id, card.user_id)
        public = X25519PublicKey.from_public_bytes(card.x_public)
        place = _place(head, card.user_id, card.counter)
        sealed = _SUITE.encrypt(file_key, public, info=place)
        door = _door(head.vault_id, one) if head.part is BackupPart.KEYS else b""
        stanzas.append(Stanza(card.user_id, card.counter, sealed, door))
    return ContainerHead(head.part, head.vault_id, head.backup_id, head.made, tuple(stanzas))


def open_stanza(head: ContainerHead, user_id: bytes, bundle: Bundle) -> bytes:
    """Give the file key to a recipient who has their key pairs."""
    stanza = stanza_of(head.stanzas, user_id)
    if stanza is None:
        raise NotARecipient
    place = _place(head, stanza.user_id, stanza.card_counter)
    try:
        return _SUITE.decrypt(stanza.sealed, bundle.x_private, info=place)
    except (InvalidTag, ValueError):
        raise NotARecipient from None


def open_door(head: ContainerHead, login: str | None, password: str) -> tuple[bytes, Bundle]:
    """Return the user behind a login name and their key pairs; the password decides.

    Without a name the only owner is meant. A name that no door has fails like a wrong key does.
    """
    doors = [stanza for stanza in head.stanzas if stanza.door]
    chosen = [
        stanza
        for stanza in doors
        if login is None or stanza.door[2 : 2 + _LOGIN_LENGTH] == _named(head.vault_id, login)
    ]
    if len(chosen) != 1:
        raise NotARecipient
    stanza = chosen[0]
    try:
        _login, salt, memory, time, lanes, wrapped = unpack(stanza.door)
    except ValueError:
        raise ContainerHeadDamaged from None
    cost = KdfParameters(salt, *(int.from_bytes(n, "big") for n in (memory, time, lanes)))
    user_id = stanza.user_id
    return user_id, unwrap_bundle(wrapped, password, cost, head.vault_id, user_id)


def _door(vault_id: bytes, one: Recipient) -> bytes:
    if one.kdf is None:
        return b""
    cost = (one.kdf.memory_kib, one.kdf.time, one.kdf.lanes)
    numbers = (number.to_bytes(4, "big") for number in cost)
    return pack(_named(vault_id, one.login), one.kdf.salt, *numbers, one.wrapped_bundle)


def _named(vault_id: bytes, login: str) -> bytes:
    # The head lies open, and a login name is a colleague's name as often as not.
    return sha256(pack(_LOGIN, vault_id, login.encode())).digest()[:_LOGIN_LENGTH]


def _place(head: ContainerHead, user_id: bytes, counter: int) -> bytes:
    part = bytes([head.part])
    return pack(_BACKUP, head.vault_id, head.backup_id, part, user_id, counter.to_bytes(4, "big"))
