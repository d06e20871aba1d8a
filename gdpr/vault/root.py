"""The root key: it signs who is a user and who holds which key, and every desk pins it."""

from __future__ import annotations

from hashlib import sha256
from os import urandom
from typing import Final

from cryptography.exceptions import InvalidSignature
from cryptography.hazmat.primitives.asymmetric.ed25519 import (
    Ed25519PrivateKey,
    Ed25519PublicKey,
)
from cryptography.hazmat.primitives.constant_time import bytes_eq

from gdpr.errors import BadSignature, RootChanged
from gdpr.vault._secret import Secret

SIGNATURE_LENGTH: Final = 64


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


def check_pin(root_public: bytes, pinned: bytes) -> None:
    """Refuse a root key that is not the pinned one; else a hostile host could swap every card."""
    if not bytes_eq(fingerprint(root_public), pinned):
        raise RootChanged
