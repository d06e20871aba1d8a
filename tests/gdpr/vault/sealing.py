"""Whole values and keys, sealed and wrapped out of the vault's own parts, as no caller needs it.

The product writes text only, a row at a time; what else a seal may hold it reads.
"""

from __future__ import annotations

from datetime import date, datetime
from os import urandom
from typing import TYPE_CHECKING

from cryptography.hazmat.primitives.ciphers.aead import AESGCM

from gdpr.clock import microseconds
from gdpr.vault import _layout
from gdpr.vault.encoding import label, pack
from gdpr.vault.fields import decode_value, open_wrap

if TYPE_CHECKING:
    from collections.abc import Mapping

    from gdpr.vault.fields import DataKey, Value
    from gdpr.vault.keyring import Keyring


def encode_value(value: Value) -> bytes:
    """Put the tag of its type before a value's bytes, as the format says."""
    if isinstance(value, str):
        return b"s" + value.encode()
    if isinstance(value, int):
        return b"i" + value.to_bytes(8, "big", signed=True)
    if isinstance(value, datetime):
        return b"t" + microseconds(value).to_bytes(8, "big", signed=True)
    if isinstance(value, date):
        return b"d" + value.year.to_bytes(2, "big") + bytes((value.month, value.day))
    return b"b" + value


def seal_field(key: DataKey, value: Value, ad: bytes) -> bytes:
    """Seal one value of any type for the place `ad` names."""
    return _layout.seal(key._cipher, urandom(12), encode_value(value), ad)


def open_field(key: DataKey, blob: bytes, ad: bytes) -> Value:
    """Open one value at the place `ad` names."""
    return decode_value(key.open(blob, ad))


def field_ad(
    vault: bytes, table: str, row: bytes, column: str, owner: bytes, category: str
) -> bytes:
    """Name the one place in the world where a field may be opened."""
    parts = (vault, table.encode(), row, column.encode(), owner, category.encode())
    return pack(label("field"), *parts)


def wrap_key(key: bytes, version: int, data_key: bytes, **place: bytes | str) -> bytes:
    """Wrap a data key under its category's key, for one owner."""
    return _layout.wrap(AESGCM(key), urandom(12), data_key, version, _key_ad(**place))


def unwrap_key(keys: Mapping[int, bytes], wrapped: bytes, **place: bytes | str) -> bytes:
    """Open such a wrap; the version in it names the key."""
    return open_wrap(keys, wrapped, _key_ad(**place), str(place["category"]))


def new_data_key(ring: Keyring, category: str, owner: bytes) -> tuple[DataKey, bytes]:
    """Draw one data key for an owner."""
    return ring.new_data_keys([category], owner)[category]


def _key_ad(*, vault_id: bytes, owner: bytes, category: str) -> bytes:
    return pack(label("dek"), vault_id, owner, category.encode())
