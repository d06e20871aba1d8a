"""The outer wrap of a data key: `nonce[12] ‖ masked body[48] ‖ 02 ‖ widths ‖ numbers`.

The body is the wrap under the category's key, masked with the key stream of the group's secret:
without the secret nothing of it is known, whoever has the category's key. Whoever destroys renews
the masks of a group without a key of any category; whoever rotates a category renews what lies
under them. A mask proves nothing, and need not: the row's MAC proves the header, and the body is
authenticated once it is opened. So it needs no nonce of its own, for each body has one, and no tag.

The numbers are group, generation and serial, and the version of the category's key; each in as few
bytes as it fits into, for there are three or more wraps to an owner, and nearly all are small.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Final, NamedTuple

from cryptography.hazmat.primitives.ciphers.aead import AESGCM

from gdpr.errors import Damaged
from gdpr.vault._layout import (
    NONCE_LENGTH,
    TAG_LENGTH,
    WRAP_BODY_AT,
    WRAP_NONCE_AT,
    wrap_header,
)
from gdpr.vault._secret import Secret
from gdpr.vault.encoding import KEY_LENGTH
from gdpr.vault.errors import MalformedSeal, SecretGone, UnknownFormat
from gdpr.vault.fields import wrap_version

if TYPE_CHECKING:
    from collections.abc import Callable

    from gdpr.vault.shred import SecretPages

FORMAT: Final = b"\x02"
BODY: Final = KEY_LENGTH + TAG_LENGTH
TAIL_AT: Final = NONCE_LENGTH + BODY
_NUMBERS: Final = 4
_FIRST_AT: Final = TAIL_AT + len(FORMAT) + 1


class Where(NamedTuple):
    """What the open tail of an outer wrap says.

    `serial` counts the keys that an owner had in a category, so that a destroyed one is known;
    `version` is the one of the category's key.
    """

    group: int
    generation: int
    serial: int
    version: int


def read_tail(stored: bytes) -> Where:
    """Return what a wrap says of itself; the row it lies in proves it."""
    if stored[TAIL_AT : TAIL_AT + 1] != FORMAT:
        raise UnknownFormat(version=stored[TAIL_AT] if len(stored) > TAIL_AT else -1)
    widths = stored[TAIL_AT + 1] if len(stored) > TAIL_AT + 1 else 0
    at, numbers = _FIRST_AT, []
    for place in range(_NUMBERS):
        end = at + 1 + (widths >> 2 * place & 3)
        numbers.append(int.from_bytes(stored[at:end], "big"))
        at = end
    if len(stored) != at:
        raise MalformedSeal(length=len(stored))
    return Where(*numbers)


def write_tail(where: Where) -> bytes:
    """Write what a wrap says of itself, each number in as few bytes as it fits into."""
    widths, numbers = 0, b""
    for place, number in enumerate(where):
        width = max(1, -(-number.bit_length() // 8))
        widths |= width - 1 << 2 * place
        numbers += number.to_bytes(width, "big")
    return FORMAT + bytes((widths,)) + numbers


def mask(cipher: AESGCM, nonce: bytes, body: bytes) -> bytes:
    """Mask a body with a cipher's key stream, or take the same mask off again (SP 800-38D, GCTR).

    The seal that GCM adds is left out, because the body has one.
    """
    return cipher.encrypt(nonce, body, None)[:BODY]


class GroupWraps(Secret):
    """Wraps and opens under the secrets of groups; each cipher is made once and kept."""

    __slots__ = ("_ciphers", "_newest", "pages", "refresh")

    def __init__(self, pages: SecretPages) -> None:
        """Use what a shred file holds."""
        self.pages = pages
        # Asked once when a secret is missing: another program may have renewed the group since.
        self.refresh: Callable[[], None] | None = None
        self._ciphers: dict[bytes, tuple[AESGCM, bytes]] = {}
        self._newest: dict[int, tuple[int, AESGCM]] = {}

    def forget(self) -> None:
        """Drop every cipher, because some of the secrets are gone or others count now."""
        self._ciphers.clear()
        self._newest.clear()

    def known(self, stored: bytes) -> tuple[AESGCM, bytes] | None:
        """Return what opens a stored key, if it is there at once, else None."""
        try:
            return self._ciphers.get(stored[TAIL_AT:]) or self._opener(stored)
        except Damaged:
            return None

    def wrap(self, group: int, serial: int, inner: bytes) -> bytes:
        """Wrap a wrapped key under the newest secret of a group."""
        generation, cipher = self._newest.get(group) or self._youngest(group)
        tail = write_tail(Where(group, generation, serial, wrap_version(inner)))
        nonce = inner[WRAP_NONCE_AT:WRAP_BODY_AT]
        return nonce + mask(cipher, nonce, inner[WRAP_BODY_AT:]) + tail

    def _youngest(self, group: int) -> tuple[int, AESGCM]:
        generation, secret = self.pages.newest(group)
        found = self._newest[group] = (generation, AESGCM(secret))
        return found

    def open(self, stored: bytes) -> bytes:
        """Open a stored key to the wrap under its category, which proves itself when opened."""
        cipher, header = self._ciphers.get(stored[TAIL_AT:]) or self._opener(stored)
        nonce = stored[:NONCE_LENGTH]
        return header + nonce + mask(cipher, nonce, stored[NONCE_LENGTH:TAIL_AT])

    def _opener(self, stored: bytes) -> tuple[AESGCM, bytes]:
        """Return cipher and inner header of a tail; `SecretGone` when nobody has it any more."""
        where = read_tail(stored)
        secret = self._secret(where)
        if secret is None and self.refresh is not None:
            self.refresh()
            secret = self._secret(where)
        if secret is None:
            raise SecretGone(group=where.group)
        found = self._ciphers[stored[TAIL_AT:]] = AESGCM(secret), wrap_header(where.version)
        return found

    def renew(self, stored: bytes) -> bytes:
        """Wrap anew under the newest secret of its group; what lies inside is not opened."""
        return self.wrap_again(stored, self.open(stored))

    def wrap_again(self, stored: bytes, inner: bytes) -> bytes:
        """Wrap something else for the same key, after what lies inside was wrapped anew."""
        where = read_tail(stored)
        return self.wrap(where.group, where.serial, inner)

    def _secret(self, where: Where) -> bytes | None:
        held = self.pages.secrets(where.group)
        if held is None:
            return None
        if where.generation == held.generation:
            return held.secret
        return held.next_secret if where.generation == held.next_generation else None
