"""The outer wrap of a data key: `02 ‖ group ‖ generation ‖ serial ‖ nonce ‖ ciphertext`, 106 bytes.

Inside lies the wrap under the category's key. Whoever destroys renews the outer wraps of a group
without a key of any category; whoever rotates a category renews what lies inside.
"""

from __future__ import annotations

from os import urandom
from typing import TYPE_CHECKING, Final, NamedTuple

from cryptography.exceptions import InvalidTag
from cryptography.hazmat.primitives.ciphers.aead import AESGCM

from gdpr.errors import BadWrap, Damaged, MalformedSeal, UnknownFormat
from gdpr.vault._layout import NONCE_LENGTH, TAG_LENGTH
from gdpr.vault._secret import Secret
from gdpr.vault.encoding import ID_LENGTH, label, pack
from gdpr.vault.errors import SecretGone
from gdpr.vault.fields import WRAPPED_LENGTH

if TYPE_CHECKING:
    from collections.abc import Callable

    from gdpr.vault.shred import SecretPages

FORMAT: Final = b"\x02"
PLACE: Final = 9  # format, group, generation: what says which secret
HEADER: Final = 13
BODY_AT: Final = HEADER + NONCE_LENGTH
LENGTH: Final = BODY_AT + WRAPPED_LENGTH + TAG_LENGTH
_NUMBER: Final = 4
_OUTER: Final = label("shred")
_ID_PREFIX: Final = ID_LENGTH.to_bytes(2, "big")


class Where(NamedTuple):
    """What the open header of an outer wrap says.

    `serial` counts the keys that an owner had in a category, so that a destroyed one is known.
    """

    group: int
    generation: int
    serial: int


def read_header(stored: bytes) -> Where:
    """Return what a wrap says of itself; its seal proves it once it is opened."""
    if stored[:1] != FORMAT:
        raise UnknownFormat(version=stored[0] if stored else -1)
    if len(stored) != LENGTH:
        raise MalformedSeal(length=len(stored))
    parts = [int.from_bytes(stored[at : at + _NUMBER], "big") for at in (1, 5, 9)]
    return Where(*parts)


class OuterWraps(Secret):
    """Wraps and opens under the secrets of groups; each cipher is made once and kept."""

    __slots__ = ("_ciphers", "_edges", "_head", "_newest", "pages", "refresh")

    def __init__(self, pages: SecretPages) -> None:
        """Use what a shred file holds."""
        self.pages = pages
        # Asked once when a secret is missing: another program may have renewed the group since.
        self.refresh: Callable[[], None] | None = None
        self._ciphers: dict[bytes, AESGCM] = {}
        self._newest: dict[int, tuple[bytes, AESGCM]] = {}
        self._edges: dict[str, bytes] = {}
        self._head = pack(_OUTER, pages.vault_id) + _ID_PREFIX

    def forget(self) -> None:
        """Drop every cipher, because some of the secrets are gone or others count now."""
        self._ciphers.clear()
        self._newest.clear()

    def known(self, stored: bytes) -> AESGCM | None:
        """Return the cipher that a stored key names if it is there at once, else None."""
        try:
            return self._ciphers.get(stored[:PLACE]) or self.cipher(stored)
        except Damaged:
            return None

    def edges(self, category: str) -> tuple[bytes, bytes]:
        """Return what stands before and after the owner in what `ad` names."""
        return self._head, pack(category.encode())

    def ad(self, category: str, owner: bytes) -> bytes:
        """Name the one owner and use of a wrap; its header is added."""
        edge = self._edges.get(category)
        if edge is None:
            edge = self._edges[category] = pack(category.encode())
        return self._head + owner + edge

    def wrap(self, group: int, serial: int, category: str, owner: bytes, inner: bytes) -> bytes:
        """Wrap a wrapped key under the newest secret of a group."""
        place, cipher = self._newest.get(group) or self._youngest(group)
        header = place + serial.to_bytes(_NUMBER, "big")
        nonce = urandom(NONCE_LENGTH)
        return header + nonce + cipher.encrypt(nonce, inner, self.ad(category, owner) + header)

    def _youngest(self, group: int) -> tuple[bytes, AESGCM]:
        generation, secret = self.pages.newest(group)
        place = FORMAT + group.to_bytes(_NUMBER, "big") + generation.to_bytes(_NUMBER, "big")
        found = self._newest[group] = (place, AESGCM(secret))
        return found

    def open(self, category: str, owner: bytes, stored: bytes) -> bytes:
        """Open a stored key to the wrap under its category, or say exactly what is wrong."""
        cipher = self._ciphers.get(stored[:PLACE])
        if cipher is None or len(stored) != LENGTH:
            cipher = self.cipher(stored)
        ad = self.ad(category, owner) + stored[:HEADER]
        try:
            return cipher.decrypt(stored[HEADER:BODY_AT], stored[BODY_AT:], ad)
        except InvalidTag:
            raise BadWrap(category=category) from None

    def cipher(self, stored: bytes) -> AESGCM:
        """Return the cipher that a stored key names; `SecretGone` when nobody has it any more."""
        where = read_header(stored)
        secret = self._secret(where)
        if secret is None and self.refresh is not None:
            self.refresh()
            secret = self._secret(where)
        if secret is None:
            raise SecretGone(group=where.group)
        cipher = self._ciphers[stored[:PLACE]] = AESGCM(secret)
        return cipher

    def renew(self, category: str, owner: bytes, stored: bytes) -> bytes:
        """Wrap anew under the newest secret of its group; what lies inside is not opened.

        Said at length, because an erasure does it for everybody in a group.
        """
        inner = self.open(category, owner, stored)
        group = int.from_bytes(stored[1:5], "big")
        place, cipher = self._newest.get(group) or self._youngest(group)
        header = place + stored[PLACE:HEADER]
        nonce = urandom(NONCE_LENGTH)
        return header + nonce + cipher.encrypt(nonce, inner, self.ad(category, owner) + header)

    def wrap_again(self, stored: bytes, category: str, owner: bytes, inner: bytes) -> bytes:
        """Wrap something else for the same key, after what lies inside was wrapped anew."""
        where = read_header(stored)
        return self.wrap(where.group, where.serial, category, owner, inner)

    def _secret(self, where: Where) -> bytes | None:
        held = self.pages.secrets(where.group)
        if held is None:
            return None
        if where.generation == held.generation:
            return held.secret
        return held.next_secret if where.generation == held.next_generation else None
