"""What comes out the same each time is worked out once in a process, by the real functions.

Each opening of a register derives a key from the password, and proves the same thirty signatures
of its users, keys and entries. Tests open registers by the thousand.
"""

from __future__ import annotations

from functools import cache, lru_cache
from typing import TYPE_CHECKING, Final

from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PublicKey

import gdpr.vault.bundle as vault_bundle
import gdpr.vault.root as vault_root

if TYPE_CHECKING:
    from collections.abc import Callable

_PROVED: Final[set[tuple[bytes, bytes, bytes]]] = set()


@cache
def derived_once() -> Callable[..., bytes]:
    """Return a derivation that knows the key of a password and a salt again.

    The key is the real one, at the floor. What is tried the first time is derived.
    """
    return lru_cache(maxsize=64)(vault_bundle.derive_password_key)


class ProvedOnce:
    """A public key that proves a signature the first time, and knows the same one again.

    Only what was proved is known: what is refused is asked of the real key each time.
    """

    def __init__(self, public: bytes) -> None:
        self._public = public

    @classmethod
    def from_public_bytes(cls, public: bytes) -> ProvedOnce:
        return cls(public)

    def verify(self, signature: bytes, message: bytes) -> None:
        asked = (self._public, signature, message)
        if asked not in _PROVED:
            Ed25519PublicKey.from_public_bytes(self._public).verify(signature, message)
            _PROVED.add(asked)


def be_quick() -> None:
    """Derive and prove once in this process, which is one of a test's own and ends with it."""
    vault_bundle.derive_password_key = derived_once()
    vault_root.Ed25519PublicKey = ProvedOnce
