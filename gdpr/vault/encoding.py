"""How parts become one unambiguous string of bytes, and how one key becomes many."""

from __future__ import annotations

from typing import TYPE_CHECKING, Final

from cryptography.hazmat.primitives.hashes import SHA256
from cryptography.hazmat.primitives.kdf.hkdf import HKDF

if TYPE_CHECKING:
    from collections.abc import Mapping

KEY_LENGTH: Final = 32
ID_LENGTH: Final = 16
_PREFIX: Final = b"kartoteka/v1/"


def pack(*parts: bytes) -> bytes:
    """Join parts with their lengths in front, so that no two lists give the same bytes.

    A part longer than 65,535 bytes raises OverflowError: no format of ours has one.
    """
    return b"".join([len(part).to_bytes(2, "big") + part for part in parts])


def unpack(packed: bytes) -> list[bytes]:
    """Split what `pack` joined; ValueError when lengths and bytes disagree."""
    parts = []
    at = 0
    while at < len(packed):
        start = at + 2
        at = start + int.from_bytes(packed[at:start], "big")
        parts.append(packed[start:at])
    if at != len(packed):
        message = "packed parts are cut"
        raise ValueError(message)
    return parts


def pack_numbers(numbers: Mapping[str, int], size: int) -> bytes:
    """Write numbers of `size` bytes by name, in the order of the names: equal ones, equal bytes."""
    parts: list[bytes] = []
    for name in sorted(numbers):
        parts += (name.encode(), numbers[name].to_bytes(size, "big"))
    return pack(*parts)


def unpack_numbers(packed: bytes) -> dict[str, int]:
    """Read numbers by name; ValueError when they are malformed, for then nothing of it is told."""
    parts = unpack(packed)
    names = [part.decode() for part in parts[::2]]
    return dict(zip(names, (int.from_bytes(part, "big") for part in parts[1::2]), strict=True))


def label(name: str) -> bytes:
    """Return the label of a use, `kartoteka/v1/name`, so that no key serves two uses."""
    return _PREFIX + name.encode()


def derive(key: bytes, name: str, vault_id: bytes, *context: bytes) -> bytes:
    """Derive 32 bytes for the use `name` by HKDF-SHA256, bound to the vault and its context."""
    info = pack(label(name), vault_id, *context)
    return HKDF(algorithm=SHA256(), length=KEY_LENGTH, salt=None, info=info).derive(key)
