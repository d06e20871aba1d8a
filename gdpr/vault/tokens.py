"""Blind tokens: how an encrypted value is found again without being opened."""

from __future__ import annotations

from typing import Final

from cryptography.hazmat.primitives.hashes import SHA256
from cryptography.hazmat.primitives.hmac import HMAC

from gdpr.vault._secret import Secret

# No two of ten thousand million values meet in 96 bits, and an index holds every token twice.
TOKEN_LENGTH: Final = 12


class TokenKey(Secret):
    """The key of one kind of token, so that a phone and a VAT number never share a token."""

    __slots__ = ("_keyed",)

    def __init__(self, key: bytes) -> None:
        """Take the key; it is not kept in readable form."""
        self._keyed = HMAC(key, SHA256())

    def token(self, normalised: str) -> bytes:
        """Return 12 bytes that are equal exactly when the normalised values are equal."""
        state = self._keyed.copy()
        state.update(normalised.encode())
        return state.finalize()[:TOKEN_LENGTH]
