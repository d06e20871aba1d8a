"""The seal of one field, and the data key it lies under. This is the hot path: few calls per value.

A field is `01 ‖ nonce[12] ‖ AES-256-GCM(pad(tag ‖ value))`; its associated data names the place
it belongs to, so a ciphertext that is moved, or comes from another vault, does not open.
"""

from __future__ import annotations

from datetime import UTC, date, datetime
from os import urandom
from typing import TYPE_CHECKING, Final

from cryptography.exceptions import InvalidTag
from cryptography.hazmat.primitives.ciphers.aead import AESGCM

from gdpr.clock import instant_of, microseconds
from gdpr.errors import (
    BadValue,
    BadWrap,
    MalformedSeal,
    UnknownFormat,
    UnknownKeyVersion,
    UnsealableValue,
)
from gdpr.vault import _layout
from gdpr.vault._layout import pad, unpad
from gdpr.vault._secret import Secret
from gdpr.vault.encoding import ID_LENGTH, KEY_LENGTH, label, pack

if TYPE_CHECKING:
    from collections.abc import Callable, Iterable, Mapping

__all__ = [
    "MAX_VALUE",
    "DataKey",
    "Value",
    "decode_value",
    "draw_nonces",
    "encode_value",
    "field_ad",
    "field_ad_parts",
    "is_sealed",
    "open_field",
    "pad",
    "seal_field",
    "seal_many",
    "unpad",
    "unwrap_key",
    "wrap_key",
]

MAX_VALUE: Final = _layout.MAX_VALUE
WRAPPED_LENGTH: Final = 65
Value = str | int | bytes | date | datetime
_NONCE: Final = _layout.NONCE_LENGTH
_ID_PREFIX: Final = ID_LENGTH.to_bytes(2, "big")
_FIELD: Final = label("field")
_DEK: Final = label("dek")


class DataKey(Secret):
    """The key of one owner in one category; its cipher is made once and used for a whole row."""

    __slots__ = ("_cipher",)

    def __init__(self, key: bytes) -> None:
        """Take 32 bytes; another length raises ValueError, because it is a mistake in the code."""
        if len(key) != KEY_LENGTH:
            message = "a data key has 32 bytes"
            raise ValueError(message)
        self._cipher = AESGCM(key)

    def seal(self, plain: bytes, ad: bytes) -> bytes:
        """Seal a tagged value under a nonce drawn here, so that no caller can repeat one."""
        return _layout.seal(self._cipher, urandom(_NONCE), plain, ad)

    def seal_with(self, nonce: bytes, plain: bytes, ad: bytes) -> bytes:
        """Seal under a nonce from `draw_nonces`, for writers of whole rows; never use one twice."""
        return _layout.seal(self._cipher, nonce, plain, ad)

    def seal_text(self, nonce: bytes, text: str, ad: bytes) -> bytes:
        """Seal a text as `seal_with` seals its encoded value, which nearly every field is."""
        try:
            plain = b"s" + text.encode()
        except UnicodeEncodeError:
            raise UnsealableValue(kind="str") from None
        return _layout.seal(self._cipher, nonce, plain, ad)

    def open(self, blob: bytes, ad: bytes) -> bytes:
        """Open a seal to its tagged value; raises a Damaged error that says what is wrong."""
        return _layout.unseal(self._cipher, blob, ad)


def draw_nonces(count: int) -> list[bytes]:
    """Draw the nonces of a row at once, because a call to the system costs as much as a seal."""
    drawn = urandom(_NONCE * count)
    return [drawn[at : at + _NONCE] for at in range(0, _NONCE * count, _NONCE)]


def _plain_text(value: str) -> bytes:
    try:
        return b"s" + value.encode()
    except UnicodeEncodeError:
        raise UnsealableValue(kind="str") from None


def _plain_integer(value: int) -> bytes:
    try:
        return b"i" + value.to_bytes(8, "big", signed=True)
    except OverflowError:
        raise UnsealableValue(kind="int") from None


def _plain_date(value: date) -> bytes:
    return b"d" + value.year.to_bytes(2, "big") + bytes((value.month, value.day))


def _plain_instant(value: datetime) -> bytes:
    if value.tzinfo is None:
        raise UnsealableValue(kind="datetime")
    return b"t" + microseconds(value).to_bytes(8, "big", signed=True)


def _plain_bytes(value: bytes) -> bytes:
    return b"b" + value


_ENCODERS: Final[dict[type, Callable[..., bytes]]] = {
    str: _plain_text,
    int: _plain_integer,
    date: _plain_date,
    datetime: _plain_instant,
    bytes: _plain_bytes,
}


def encode_value(value: Value) -> bytes:
    """Put a tag before the value's bytes, so that what comes back has the type that went in.

    s UTF-8 · i signed 64 bit · d year, month, day · t microseconds since 1970 UTC · b bytes.
    Another type (a bool included), a naive instant or a lone surrogate raises UnsealableValue;
    too long a value raises ValueTooLong when it is sealed.
    """
    encoder = _ENCODERS.get(type(value))
    if encoder is None:
        raise UnsealableValue(kind=type(value).__name__)
    return encoder(value)


def _integer(body: bytes) -> int:
    if len(body) != 8:  # noqa: PLR2004 - 64 bits
        raise BadValue
    return int.from_bytes(body, "big", signed=True)


def _date(body: bytes) -> date:
    if len(body) != 4:  # noqa: PLR2004 - year[2], month, day
        raise BadValue
    return date(int.from_bytes(body[:2], "big"), body[2], body[3])


def _instant(body: bytes) -> datetime:
    return instant_of(_integer(body)).astimezone(UTC)


_DECODERS: Final[dict[int, Callable[[bytes], Value]]] = {
    ord("s"): bytes.decode,
    ord("i"): _integer,
    ord("d"): _date,
    ord("t"): _instant,
    ord("b"): bytes,
}


def decode_value(raw: bytes) -> Value:
    """Turn a tagged value back into what was sealed; anything else in there is damage."""
    decoder = _DECODERS.get(raw[0]) if raw else None
    if decoder is None:
        raise BadValue
    try:
        return decoder(raw[1:])
    except (ValueError, OverflowError, OSError):
        raise BadValue from None


def field_ad(
    vault: bytes, table: str, row: bytes, column: str, owner: bytes, category: str
) -> bytes:
    """Name the one place in the world where a field may be opened."""
    return pack(_FIELD, vault, table.encode(), row, column.encode(), owner, category.encode())


def field_ad_parts(
    vault: bytes, table: str, column: str, category: str
) -> tuple[bytes, bytes, bytes]:
    """Give the fixed parts of `field_ad`, made once per column: `a + row + b + owner + c`.

    Row and owner must be ids of exactly 16 bytes, because their length is part of the fixed bytes.
    """
    return (
        pack(_FIELD, vault, table.encode()) + _ID_PREFIX,
        pack(column.encode()) + _ID_PREFIX,
        pack(category.encode()),
    )


def seal_field(data_key: DataKey, value: Value, ad: bytes) -> bytes:
    """Seal one value for the place `ad` names."""
    return data_key.seal(encode_value(value), ad)


def seal_many(fields: Iterable[tuple[DataKey, Value, bytes]]) -> list[bytes]:
    """Seal the fields of a row with one draw of randomness, and without handing out a nonce."""
    parts = list(fields)
    nonces = draw_nonces(len(parts))
    return [
        key.seal_with(nonce, encode_value(value), ad)
        for nonce, (key, value, ad) in zip(nonces, parts, strict=True)
    ]


def open_field(data_key: DataKey, blob: bytes, ad: bytes) -> Value:
    """Open one value at the place `ad` names; a value that does not belong there is Damaged."""
    raw = data_key.open(blob, ad)
    if raw[:1] == b"s":  # nearly every field is text
        try:
            return raw[1:].decode()
        except UnicodeDecodeError:
            raise BadValue from None
    return decode_value(raw)


def is_sealed(blob: object) -> bool:
    """Tell by version and length whether something can be a seal; it proves nothing more."""
    if not isinstance(blob, bytes):
        return False
    try:
        _layout.check_envelope(blob)
    except (UnknownFormat, MalformedSeal):
        return False
    return True


def wrap_key(
    category_key: bytes | AESGCM,
    version: int,
    data_key: bytes,
    *,
    vault_id: bytes,
    owner: bytes,
    category: str,
) -> bytes:
    """Wrap a data key under its category's key: 65 bytes that open for this owner only."""
    cipher = AESGCM(category_key) if isinstance(category_key, bytes) else category_key
    ad = pack(_DEK, vault_id, owner, category.encode())
    return _layout.wrap(cipher, urandom(_NONCE), data_key, version, ad)


def unwrap_key(
    category_keys: Mapping[int, bytes | AESGCM],
    wrapped: bytes,
    *,
    vault_id: bytes,
    owner: bytes,
    category: str,
) -> bytes:
    """Unwrap a data key; the version in it names the key, so none is ever tried out."""
    ad = pack(_DEK, vault_id, owner, category.encode())
    return open_wrap(category_keys, wrapped, ad, category)


def wrap_version(wrapped: bytes) -> int:
    """Return the version of the key that a wrap names, so that rotation can count what is left."""
    if wrapped[:1] != _layout.FORMAT or len(wrapped) != WRAPPED_LENGTH:
        raise MalformedSeal(length=len(wrapped))
    return int.from_bytes(wrapped[1:5], "big")


def open_wrap(
    category_keys: Mapping[int, bytes | AESGCM], wrapped: bytes, ad: bytes, category: str
) -> bytes:
    """Open any 65-byte wrap whose associated data, less the header, is `ad`."""
    if wrapped[:1] != _layout.FORMAT:
        raise UnknownFormat(version=wrapped[0] if wrapped else -1)
    if len(wrapped) != WRAPPED_LENGTH:
        raise MalformedSeal(length=len(wrapped))
    version = int.from_bytes(wrapped[1:5], "big")
    key = category_keys.get(version)
    if key is None:
        raise UnknownKeyVersion(category=category, version=version)
    cipher = AESGCM(key) if isinstance(key, bytes) else key
    try:
        return cipher.decrypt(wrapped[5:17], wrapped[17:], ad + wrapped[:5])
    except InvalidTag:
        raise BadWrap(category=category) from None
