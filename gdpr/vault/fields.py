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

from gdpr.clock import instant_of
from gdpr.vault import _layout
from gdpr.vault._secret import Secret
from gdpr.vault.encoding import ID_LENGTH, KEY_LENGTH, label, pack
from gdpr.vault.errors import (
    BadValue,
    BadWrap,
    MalformedSeal,
    UnknownFormat,
    UnknownKeyVersion,
    UnsealableValue,
)

if TYPE_CHECKING:
    from collections.abc import Callable, Mapping

WRAPPED_LENGTH: Final = 65
Value = str | int | bytes | date | datetime
_NONCE: Final = _layout.NONCE_LENGTH
_ID_PREFIX: Final = ID_LENGTH.to_bytes(2, "big")
_FIELD: Final = label("field")


class DataKey(Secret):
    """The key of one owner in one category; its cipher is made once and used for a whole row."""

    __slots__ = ("_cipher",)

    def __init__(self, key: bytes) -> None:
        """Take 32 bytes; another length raises ValueError, because it is a mistake in the code."""
        if len(key) != KEY_LENGTH:
            message = "a data key has 32 bytes"
            raise ValueError(message)
        self._cipher = AESGCM(key)

    def seal_text(self, nonce: bytes, text: str, ad: bytes) -> bytes:
        """Seal a text with its tag under a nonce from `draw_nonces`; never use one twice."""
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


def field_ad_parts(
    vault: bytes, table: str, column: str, category: str
) -> tuple[bytes, bytes, bytes]:
    """Name the one place in the world where a field may be opened: `a + row + b + owner + c`.

    These are its fixed parts, made once per column. Row and owner must be ids of exactly 16 bytes,
    because their length is part of the fixed bytes.
    """
    return (
        pack(_FIELD, vault, table.encode()) + _ID_PREFIX,
        pack(column.encode()) + _ID_PREFIX,
        pack(category.encode()),
    )


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
