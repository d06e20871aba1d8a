"""A user's own key pairs, and how a password keeps them shut."""

from __future__ import annotations

from os import urandom
from typing import Final

from cryptography.exceptions import InvalidTag
from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PrivateKey
from cryptography.hazmat.primitives.asymmetric.x25519 import X25519PrivateKey
from cryptography.hazmat.primitives.ciphers.aead import AESGCM

from gdpr.errors import MalformedSeal, UnknownFormat, WrongPassword
from gdpr.vault import _layout
from gdpr.vault._secret import Secret
from gdpr.vault.encoding import derive, label, pack
from gdpr.vault.kdf import KdfParameters, derive_password_key

_SEED: Final = 32
BUNDLE_LENGTH: Final = 2 * _SEED
WRAPPED_BUNDLE_LENGTH: Final = _layout.BODY_AT + BUNDLE_LENGTH + _layout.TAG_LENGTH
_BUNDLE: Final = label("bundle")


class Bundle(Secret):
    """X25519 opens the user's slots, Ed25519 signs what the user does."""

    __slots__ = ("_signing", "ed_public", "seeds", "x_private", "x_public")

    def __init__(self, seeds: bytes) -> None:
        """Take the two 32-byte seeds in one string, X25519 first."""
        self.seeds = seeds
        self.x_private = X25519PrivateKey.from_private_bytes(seeds[:_SEED])
        self._signing = Ed25519PrivateKey.from_private_bytes(seeds[_SEED:])
        self.x_public = self.x_private.public_key().public_bytes_raw()
        self.ed_public = self._signing.public_key().public_bytes_raw()

    def sign(self, message: bytes) -> bytes:
        """Sign as this user."""
        return self._signing.sign(message)


def new_bundle() -> Bundle:
    """Draw the key pairs of a new user."""
    return Bundle(urandom(BUNDLE_LENGTH))


def wrap_bundle(
    bundle: Bundle, password: str, parameters: KdfParameters, vault_id: bytes, user_id: bytes
) -> bytes:
    """Shut a bundle under a password: `01 ‖ nonce[12] ‖ ciphertext`, 93 bytes."""
    key = _wrapping_key(password, parameters, vault_id, user_id)
    nonce = urandom(_layout.NONCE_LENGTH)
    return _layout.shut_bundle(AESGCM(key), nonce, bundle.seeds, pack(_BUNDLE, vault_id, user_id))


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
        return Bundle(AESGCM(key).decrypt(nonce, body, ad))
    except InvalidTag:
        raise WrongPassword from None


def _wrapping_key(
    password: str, parameters: KdfParameters, vault_id: bytes, user_id: bytes
) -> bytes:
    stretched = derive_password_key(password, parameters)
    return derive(stretched, "userwrap", vault_id, user_id, *parameters.packed())
