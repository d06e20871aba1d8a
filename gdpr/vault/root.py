"""The root key: it signs who is a user and who holds which key, and every desk pins it.

A root that somebody knows who left is replaced. The old one signs the new one and the new one the
old, so that whoever trusts an old root can follow to the present one, and nowhere else.
"""

from __future__ import annotations

from dataclasses import dataclass
from hashlib import sha256
from os import urandom
from typing import TYPE_CHECKING, Final

from cryptography.exceptions import InvalidSignature
from cryptography.hazmat.primitives.asymmetric.ed25519 import (
    Ed25519PrivateKey,
    Ed25519PublicKey,
)
from cryptography.hazmat.primitives.constant_time import bytes_eq

from gdpr.errors import BadSignature, RootChanged
from gdpr.vault._secret import Secret
from gdpr.vault.encoding import label, pack

if TYPE_CHECKING:
    from collections.abc import Iterable

SIGNATURE_LENGTH: Final = 64
_LINK: Final = label("root link")
_GROUP: Final = 4


def verify_signature(public: bytes, signature: bytes, message: bytes) -> None:
    """Check an Ed25519 signature; raises BadSignature, because a forged word must not pass."""
    try:
        Ed25519PublicKey.from_public_bytes(public).verify(signature, message)
    except (InvalidSignature, ValueError):
        raise BadSignature from None


class RootKey(Secret):
    """The key only owners and the recovery key can reach; a database host never sees it."""

    __slots__ = ("_private", "public", "seed")

    def __init__(self, seed: bytes) -> None:
        """Take the 32-byte seed of an Ed25519 key."""
        self.seed = seed
        self._private = Ed25519PrivateKey.from_private_bytes(seed)
        self.public = self._private.public_key().public_bytes_raw()

    def sign(self, message: bytes) -> bytes:
        """Sign a card or a slot."""
        return self._private.sign(message)


def new_root() -> RootKey:
    """Draw the root key of a new vault."""
    return RootKey(urandom(32))


def fingerprint(root_public: bytes) -> bytes:
    """Return the SHA-256 of the root's public key: what a desk pins outside the database."""
    return sha256(root_public).digest()


def readable(print_of_root: bytes) -> str:
    """Write a fingerprint in groups of four, so that two people can compare it by voice."""
    text = print_of_root.hex()
    return " ".join(text[at : at + _GROUP] for at in range(0, len(text), _GROUP))


@dataclass(frozen=True, slots=True)
class RootLink:
    """The step from one root to the next, signed by both."""

    vault_id: bytes
    number: int
    old_public: bytes
    new_public: bytes
    old_signature: bytes
    new_signature: bytes

    def check(self) -> None:
        """Refuse a step that one of the two roots did not sign exactly as it stands."""
        try:
            message = _link_message(self.vault_id, self.number, self.old_public, self.new_public)
        except OverflowError:  # a number that no link of ours can have
            raise BadSignature from None
        verify_signature(self.old_public, self.old_signature, message)
        verify_signature(self.new_public, self.new_signature, message)


def link_roots(vault_id: bytes, number: int, old: RootKey, new: RootKey) -> RootLink:
    """Let the old root name the new one; `number` counts the roots of a vault, the first is 1."""
    message = _link_message(vault_id, number, old.public, new.public)
    signatures = (old.sign(message), new.sign(message))
    return RootLink(vault_id, number, old.public, new.public, *signatures)


def follow_roots(
    trusted: bytes, root_public: bytes, vault_id: bytes, links: Iterable[RootLink]
) -> tuple[RootLink, ...]:
    """Return the steps from a trusted fingerprint to the root as it is claimed, none if it is that.

    Raises RootChanged where no signed way leads there: a host that swaps the root could hand out
    keys of its own.
    """
    steps = {fingerprint(link.old_public): link for link in links if link.vault_id == vault_id}
    way: list[RootLink] = []
    while not bytes_eq(fingerprint(root_public), trusted):
        step = steps.pop(trusted, None)
        if step is None or (way and step.number != way[-1].number + 1):
            raise RootChanged
        try:
            step.check()
        except BadSignature:
            raise RootChanged from None
        way.append(step)
        trusted = fingerprint(step.new_public)
    return tuple(way)


def _link_message(vault_id: bytes, number: int, old_public: bytes, new_public: bytes) -> bytes:
    return pack(_LINK, vault_id, number.to_bytes(4, "big"), old_public, new_public)
