"""A user's own key pairs, and how a password keeps them shut.

The root's fingerprint is shut in with them: whoever types the right password learns from it which
root is the true one, and no host can let them take another. Inside the seal a foreign root is told
from a wrong password, which it could not be as associated data.
"""

from __future__ import annotations

from os import urandom
from typing import Final

from cryptography.exceptions import InvalidTag
from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PrivateKey
from cryptography.hazmat.primitives.asymmetric.x25519 import X25519PrivateKey
from cryptography.hazmat.primitives.ciphers.aead import AESGCM

from gdpr.errors import WrongPassword
from gdpr.vault import _layout
from gdpr.vault._secret import Secret
from gdpr.vault.encoding import derive, label, pack
from gdpr.vault.errors import MalformedSeal, UnknownFormat
from gdpr.vault.kdf import KdfParameters, derive_password_key
from gdpr.vault.root import fingerprint

_SEED: Final = 32
_PRINT: Final = 32
SEEDS_LENGTH: Final = 2 * _SEED
BUNDLE_LENGTH: Final = SEEDS_LENGTH + _PRINT
WRAPPED_BUNDLE_LENGTH: Final = _layout.BODY_AT + BUNDLE_LENGTH + _layout.TAG_LENGTH
_BUNDLE: Final = label("bundle")


class Bundle(Secret):
    """X25519 opens the user's slots, Ed25519 signs what the user does."""

    __slots__ = ("_root", "_signing", "ed_public", "seeds", "x_private", "x_public")

    def __init__(self, seeds: bytes, root: bytes) -> None:
        """Take the two 32-byte seeds in one string, X25519 first, and the root's fingerprint."""
        self.seeds = seeds
        self._root = root
        self.x_private = X25519PrivateKey.from_private_bytes(seeds[:_SEED])
        self._signing = Ed25519PrivateKey.from_private_bytes(seeds[_SEED:])
        self.x_public = self.x_private.public_key().public_bytes_raw()
        self.ed_public = self._signing.public_key().public_bytes_raw()

    def sign(self, message: bytes) -> bytes:
        """Sign as this user."""
        return self._signing.sign(message)

    def vouched_root(self, proof: bytes | None) -> bytes:  # noqa: ARG002 - key pairs that were shut under a password need no proof beside them
        """Return the fingerprint of the root that whoever has these keys can trust."""
        return self._root

    def packed(self) -> bytes:
        """Return what is shut in: both seeds and the root's fingerprint."""
        return self.seeds + self._root

    def bound_to(self, root_public: bytes) -> Bundle:
        """Return the same key pairs with another root, one that was followed from the first."""
        return Bundle(self.seeds, fingerprint(root_public))


def new_bundle(root_public: bytes) -> Bundle:
    """Draw the key pairs of a new user of the vault with that root."""
    return Bundle(urandom(SEEDS_LENGTH), fingerprint(root_public))


def read_bundle(packed: bytes) -> Bundle:
    """Read what was shut in, once its seal has opened."""
    return Bundle(packed[:SEEDS_LENGTH], packed[SEEDS_LENGTH:])


def wrap_bundle(
    bundle: Bundle, password: str, parameters: KdfParameters, vault_id: bytes, user_id: bytes
) -> bytes:
    """Shut a bundle under a password: `01 ‖ nonce[12] ‖ ciphertext`, 125 bytes."""
    key = _wrapping_key(password, parameters, vault_id, user_id)
    nonce = urandom(_layout.NONCE_LENGTH)
    return _layout.shut_bundle(
        AESGCM(key), nonce, bundle.packed(), pack(_BUNDLE, vault_id, user_id)
    )


def unwrap_bundle(
    wrapped: bytes, password: str, parameters: KdfParameters, vault_id: bytes, user_id: bytes
) -> Bundle:
    """Open a bundle; a wrong password and a changed wrap cannot be told apart, and need not be."""
    if wrapped[:1] != _layout.FORMAT:
        raise UnknownFormat(version=wrapped[0] if wrapped else -1)
    if len(wrapped) != WRAPPED_BUNDLE_LENGTH:
        raise MalformedSeal(length=len(wrapped))
    key = _wrapping_key(password, parameters, vault_id, user_id)
    nonce, body = wrapped[1 : _layout.BODY_AT], wrapped[_layout.BODY_AT :]
    ad = pack(_BUNDLE, vault_id, user_id) + _layout.FORMAT
    try:
        return read_bundle(AESGCM(key).decrypt(nonce, body, ad))
    except InvalidTag:
        raise WrongPassword from None


def _wrapping_key(
    password: str, parameters: KdfParameters, vault_id: bytes, user_id: bytes
) -> bytes:
    stretched = derive_password_key(password, parameters)
    return derive(stretched, "userwrap", vault_id, user_id, *parameters.packed())
