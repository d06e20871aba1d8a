"""Byte layouts that take their nonce as an argument, so that frozen vectors can reproduce them.

Private: whoever writes a real value goes through the public modules, where nonces are drawn.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Final

from cryptography.exceptions import InvalidTag

from gdpr.vault.errors import BadPadding, BadSeal, MalformedSeal, UnknownFormat, ValueTooLong

if TYPE_CHECKING:
    from cryptography.hazmat.primitives.ciphers.aead import AESGCM

FORMAT: Final = b"\x01"
NONCE_LENGTH: Final = 12
TAG_LENGTH: Final = 16
_VERSION: Final = 4
LENGTH_BYTES: Final = 4
STEP: Final = 16
STEPS_UP_TO: Final = 256
MAX_VALUE: Final = 1 << 20
BODY_AT: Final = 1 + NONCE_LENGTH
WRAP_NONCE_AT: Final = 1 + _VERSION
WRAP_BODY_AT: Final = WRAP_NONCE_AT + NONCE_LENGTH
_MAX_TAGGED: Final = MAX_VALUE + 1


def padded_length(length: int) -> int:
    """Return what `length` grows to: 16-byte steps up to 256, then Padmé (at most 12 % more)."""
    if length <= STEPS_UP_TO:
        return max(STEP, -(-length // STEP) * STEP)
    exponent = length.bit_length() - 1
    blurred = (1 << (exponent - exponent.bit_length())) - 1
    return (length + blurred) & ~blurred


LONGEST_SEAL: Final = BODY_AT + padded_length(LENGTH_BYTES + _MAX_TAGGED) + TAG_LENGTH
# Short values are nearly all values: their length prefix and zeros are made once.
_SHORT: Final = STEPS_UP_TO - LENGTH_BYTES
_HEADS: Final = [n.to_bytes(LENGTH_BYTES, "big") for n in range(_SHORT + 1)]
_TAILS: Final = [bytes(padded_length(4 + n) - 4 - n) for n in range(_SHORT + 1)]


_TEXT: Final = ord("s")
# The lengths of short seals, which nearly all are: looked up instead of worked out.
_PLAUSIBLE: Final = frozenset(
    BODY_AT + body + TAG_LENGTH for body in range(STEP, STEPS_UP_TO + 1, STEP)
)


def pad(data: bytes) -> bytes:
    """Hide the length of `data` behind a step, because lengths of names and notes tell tales."""
    length = len(data)
    if length <= _SHORT:
        return _HEADS[length] + data + _TAILS[length]
    if length > _MAX_TAGGED:
        raise ValueTooLong(limit=MAX_VALUE)
    total = LENGTH_BYTES + length
    return length.to_bytes(LENGTH_BYTES, "big") + data + bytes(padded_length(total) - total)


def unpad(padded: bytes) -> bytes:
    """Give the data back; anything but the one padding `pad` would have made is refused."""
    length = int.from_bytes(padded[:LENGTH_BYTES], "big")
    end = LENGTH_BYTES + length
    if length > _MAX_TAGGED or len(padded) != padded_length(end):
        raise BadPadding
    if padded.count(0, end) != len(padded) - end:
        raise BadPadding
    return padded[LENGTH_BYTES:end]


def seal(cipher: AESGCM, nonce: bytes, plain: bytes, ad: bytes) -> bytes:
    """Seal a tagged value: `01 ‖ nonce ‖ ciphertext`, bound to the place that `ad` names."""
    length = len(plain)
    padded = _HEADS[length] + plain + _TAILS[length] if length <= _SHORT else pad(plain)
    return FORMAT + nonce + cipher.encrypt(nonce, padded, ad)


def unseal(cipher: AESGCM, blob: bytes, ad: bytes) -> bytes:
    """Open a seal to the tagged value, or say exactly what is wrong with it."""
    if blob[:1] != FORMAT or len(blob) not in _PLAUSIBLE:
        check_envelope(blob)
    try:
        padded = cipher.decrypt(blob[1:BODY_AT], blob[BODY_AT:], ad)
    except InvalidTag:
        raise BadSeal from None
    length = int.from_bytes(padded[:LENGTH_BYTES], "big")
    # The short case is `unpad` with its zeros looked up; a directory load opens 100,000 of these.
    if length <= _SHORT:
        end, tail = LENGTH_BYTES + length, _TAILS[length]
        if len(padded) == end + len(tail) and padded.endswith(tail):
            return padded[LENGTH_BYTES:end]
    return unpad(padded)


def is_plausible(blob: bytes) -> bool:
    """Tell by version and length whether something is a short seal, as nearly all are."""
    return blob[:1] == FORMAT and len(blob) in _PLAUSIBLE


def text_in(padded: bytes) -> str | None:
    """Take a short text out of its padding; None for anything else, which `unpad` looks at."""
    length = int.from_bytes(padded[:LENGTH_BYTES], "big")
    if not 0 < length <= _SHORT or padded[LENGTH_BYTES] != _TEXT:
        return None
    end, tail = LENGTH_BYTES + length, _TAILS[length]
    if len(padded) != end + len(tail) or not padded.endswith(tail):
        return None
    return padded[LENGTH_BYTES + 1 : end].decode()


def check_envelope(blob: bytes) -> None:
    """Refuse what cannot be a seal by its first byte and length, before any cipher runs."""
    if blob[:1] != FORMAT:
        raise UnknownFormat(version=blob[0] if blob else -1)
    length = len(blob)
    body = length - BODY_AT - TAG_LENGTH
    if length > LONGEST_SEAL or body != padded_length(body):
        raise MalformedSeal(length=length)


def wrap(cipher: AESGCM, nonce: bytes, secret: bytes, version: int, ad: bytes) -> bytes:
    """Wrap 32 bytes under version `version` of a key: `01 ‖ version[4] ‖ nonce ‖ ciphertext`."""
    header = wrap_header(version)
    return header + nonce + cipher.encrypt(nonce, secret, ad + header)


def wrap_header(version: int) -> bytes:
    """Return what a wrap under version `version` of a key begins with, and is bound to."""
    return FORMAT + version.to_bytes(_VERSION, "big")


def shut_bundle(cipher: AESGCM, nonce: bytes, bundle: bytes, ad: bytes) -> bytes:
    """Shut a user's bundle: `01 ‖ nonce ‖ ciphertext`; no padding, for the length is no secret."""
    return FORMAT + nonce + cipher.encrypt(nonce, bundle, ad + FORMAT)
