"""The recovery key: the way back in when every password is forgotten, written on paper once.

255 random bits as 51 characters of Crockford's base 32 and one check character, in 13 groups of
four. The check is a Reed-Solomon symbol over GF(32): every single wrong character and every swap
of two neighbours is found, for certain.
"""

from __future__ import annotations

import re
from os import urandom
from typing import Final

from cryptography.hazmat.primitives.constant_time import bytes_eq

from gdpr.vault._secret import Secret
from gdpr.vault.authenticator import Authenticator
from gdpr.vault.bundle import Bundle
from gdpr.vault.encoding import KEY_LENGTH, derive, label, pack
from gdpr.vault.errors import RecoveryKeyLength, RecoveryKeyTypo, RootForeign
from gdpr.vault.root import fingerprint

GROUPS: Final = 13
GROUP_LENGTH: Final = 4
RECOVERY_ID: Final = bytes(16)
RECOVERY_ROLE: Final = "recovery"
_ALPHABET: Final = "0123456789ABCDEFGHJKMNPQRSTVWXYZ"
_VALUE: Final = {letter: value for value, letter in enumerate(_ALPHABET)}
_LOOKALIKES: Final = str.maketrans("OIL", "011")
_BETWEEN: Final = re.compile(r"[\s\-‐-―−_.]+")
_SYMBOLS: Final = GROUPS * GROUP_LENGTH
_BITS: Final = 5 * (_SYMBOLS - 1)
_REDUCE: Final = 0b100101  # x^5 + x^2 + 1
_PROOF: Final = label("recovery root")
_PRINT: Final = 32
PROOF_LENGTH: Final = 2 * _PRINT


class RecoveryBundle(Bundle):
    """The key pairs of the recovery card, which know the root by a MAC that is stored beside it.

    No password keeps them shut, so there is no seal that could hold the root's fingerprint.
    """

    __slots__ = ("_proofs", "_vault_id")

    def __init__(self, seeds: bytes, vault_id: bytes, proof_key: bytes) -> None:
        """Take the seeds and the key of the MAC."""
        super().__init__(seeds, b"")
        self._vault_id = vault_id
        self._proofs = Authenticator(proof_key)

    def prove(self, root_public: bytes) -> bytes:
        """Return what lets the recovery key know this root again: fingerprint and MAC, 64 bytes."""
        print_of_root = fingerprint(root_public)
        return print_of_root + self._proofs.digest(self._message(print_of_root))

    def vouched_root(self, proof: bytes | None) -> bytes:
        """Return the fingerprint in a proof; one that was not made with this key is refused."""
        given = proof or b""
        print_of_root, mac = given[:_PRINT], given[_PRINT:]
        if len(given) != PROOF_LENGTH or not self._proofs.matches(
            self._message(print_of_root), mac
        ):
            raise RootForeign
        return print_of_root

    def _message(self, print_of_root: bytes) -> bytes:
        return pack(_PROOF, self._vault_id, print_of_root)


class RecoveryKey(Secret):
    """Opens every key of the vault; we never write it anywhere."""

    __slots__ = ("_key",)

    def __init__(self, key: bytes) -> None:
        """Take 32 bytes whose first bit is 0, because that is what 51 characters hold."""
        if len(key) != KEY_LENGTH or key[0] >> 7:
            message = "a recovery key has 255 bits in 32 bytes"
            raise ValueError(message)
        self._key = key

    def bundle(self, vault_id: bytes) -> RecoveryBundle:
        """Derive the key pairs of the recovery card, so that recovery needs no password."""
        x_seed, ed_seed, proof_key = (
            derive(self._key, f"recovery/{use}", vault_id) for use in ("x25519", "ed25519", "root")
        )
        return RecoveryBundle(x_seed + ed_seed, vault_id, proof_key)

    def printed(self) -> str:
        """Return the key as it goes on paper: 13 groups of four characters."""
        return "-".join(self.groups())

    def groups(self) -> list[str]:
        """Return the groups one by one, so that two of them can be asked back."""
        number = int.from_bytes(self._key, "big")
        symbols = [number >> shift & 31 for shift in range(_BITS - 5, -1, -5)]
        symbols.append(_double(_remainder(symbols)))
        text = "".join(_ALPHABET[symbol] for symbol in symbols)
        return [text[at : at + GROUP_LENGTH] for at in range(0, _SYMBOLS, GROUP_LENGTH)]

    def confirms(self, number: int, typed: str) -> bool:
        """Tell whether `typed` is group `number` (from 1), forgiving what `parse` forgives."""
        expected = self.groups()[number - 1]
        return bytes_eq(_tidy(typed).encode(), expected.encode())


def new_recovery_key() -> RecoveryKey:
    """Draw a recovery key."""
    drawn = urandom(KEY_LENGTH)
    return RecoveryKey(bytes([drawn[0] & 0x7F]) + drawn[1:])


def parse_recovery_key(typed: str) -> RecoveryKey:
    """Read a key from paper: case, spaces and dashes do not matter, O is 0, I and L are 1."""
    text = _tidy(typed)
    if len(text) != _SYMBOLS:
        raise RecoveryKeyLength(count=len(text))
    symbols = [_VALUE[letter] for letter in text if letter in _VALUE]
    if len(symbols) != _SYMBOLS or _remainder(symbols):
        raise RecoveryKeyTypo
    number = 0
    for symbol in symbols[:-1]:
        number = number << 5 | symbol
    return RecoveryKey(number.to_bytes(KEY_LENGTH, "big"))


def _tidy(typed: str) -> str:
    return _BETWEEN.sub("", typed).upper().translate(_LOOKALIKES)


def _double(value: int) -> int:
    value <<= 1
    return value ^ _REDUCE if value & 32 else value


def _remainder(symbols: list[int]) -> int:
    """Evaluate the symbols as a polynomial at the generator; a whole key gives 0."""
    total = 0
    for symbol in symbols:
        total = _double(total) ^ symbol
    return total
