"""Keyed hashes over rows and files."""

from __future__ import annotations

from typing import Final

from cryptography.hazmat.primitives.constant_time import bytes_eq
from cryptography.hazmat.primitives.hashes import SHA256
from cryptography.hazmat.primitives.hmac import HMAC

from gdpr.vault._secret import Secret

SHORTEST_MAC: Final = 16


class Authenticator(Secret):
    """HMAC-SHA256 under one key; the keyed state is made once and copied, which is fast."""

    __slots__ = ("_keyed",)

    def __init__(self, key: bytes) -> None:
        """Take the key; it is not kept in readable form."""
        self._keyed = HMAC(key, SHA256())

    def digest(self, data: bytes) -> bytes:
        """Return the full 32 bytes; a row MAC is their first 16, a digest term all of them."""
        state = self._keyed.copy()
        state.update(data)
        return state.finalize()

    def matches(self, data: bytes, mac: bytes) -> bool:
        """Tell in constant time whether `mac` is the MAC of `data`, 16 bytes of it at least."""
        if len(mac) < SHORTEST_MAC:
            return False
        return bytes_eq(self.digest(data)[: len(mac)], mac)
