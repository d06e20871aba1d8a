"""How a password becomes a key: argon2id, with limits that no database can talk us out of."""

from __future__ import annotations

from dataclasses import dataclass
from os import urandom
from time import perf_counter
from typing import Final
from unicodedata import normalize

from argon2.exceptions import HashingError
from argon2.low_level import Type, hash_secret_raw

from gdpr.vault.errors import KdfOutOfBounds, NotEnoughMemory

SALT_LENGTH: Final = 16
_MEBIBYTE: Final = 1024
_VERSION: Final = 0x13
# Read from the database before anything is authentic: a bomb must be refused before it is lit.
_LIMITS: Final = {
    "memory_kib": (64 * _MEBIBYTE, 2048 * _MEBIBYTE),
    "time": (3, 16),
    "lanes": (1, 16),
}


@dataclass(frozen=True, slots=True)
class KdfCost:
    """What one guess of a password costs an attacker."""

    memory_kib: int
    time: int
    lanes: int

    def salted(self) -> KdfParameters:
        """Draw a salt for a new password at this cost."""
        return KdfParameters(urandom(SALT_LENGTH), self.memory_kib, self.time, self.lanes)


@dataclass(frozen=True, slots=True)
class KdfParameters:
    """Everything argon2id needs beside the password; stored in the open, bound into the wrap."""

    salt: bytes
    memory_kib: int
    time: int
    lanes: int

    def check(self) -> None:
        """Refuse parameters outside the limits, before a single page of memory is asked for."""
        if len(self.salt) != SALT_LENGTH:
            raise KdfOutOfBounds(setting="salt", value=len(self.salt))
        for setting, (least, most) in _LIMITS.items():
            value = getattr(self, setting)
            # A host may have put nothing there, or something that is no number.
            if not isinstance(value, int) or not least <= value <= most:
                told = value if isinstance(value, int) else "?"
                raise KdfOutOfBounds(setting=setting, value=told)

    def packed(self) -> tuple[bytes, bytes, bytes]:
        """Return memory, time and lanes as bytes, for what binds them into a key."""
        return (
            self.memory_kib.to_bytes(4, "big"),
            self.time.to_bytes(4, "big"),
            self.lanes.to_bytes(4, "big"),
        )


FLOOR: Final = KdfCost(memory_kib=64 * _MEBIBYTE, time=3, lanes=4)
_MOST_CALIBRATED: Final = 1024 * _MEBIBYTE


def derive_password_key(password: str, parameters: KdfParameters) -> bytes:
    """Turn a password into 32 bytes; slow on purpose.

    NFKC first, because the same letters come in other code points from other keyboards. Nothing
    else is changed: no trimming, no folding, no cutting.
    """
    parameters.check()
    try:
        return hash_secret_raw(
            normalize("NFKC", password).encode("utf-8", "surrogatepass"),
            parameters.salt,
            time_cost=parameters.time,
            memory_cost=parameters.memory_kib,
            parallelism=parameters.lanes,
            hash_len=32,
            type=Type.ID,
            version=_VERSION,
        )
    except HashingError:
        raise NotEnoughMemory(mebibytes=parameters.memory_kib // _MEBIBYTE) from None


def calibrate(target: float = 0.5) -> KdfCost:
    """Find the memory that makes a guess take some `target` seconds here; never below the floor."""
    trial = FLOOR.salted()
    started = perf_counter()
    derive_password_key("calibration", trial)
    elapsed = max(perf_counter() - started, 1e-6)
    steps = min(int(target / elapsed), _MOST_CALIBRATED // FLOOR.memory_kib)
    return KdfCost(FLOOR.memory_kib * max(1, steps), FLOOR.time, FLOOR.lanes)
