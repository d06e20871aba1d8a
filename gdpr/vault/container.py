"""The container of a backup part: a head that names who may open it, then sealed pieces.

`magic[8] ‖ version ‖ part ‖ length[4] ‖ head ‖ HMAC[32] ‖ pieces ‖ end[8]`. The head lies open; its
HMAC and the key of the pieces come from the file key, which each recipient has in a stanza of
their own (`recipients.py`). A piece is 64 KiB under AES-256-GCM, the last one shorter; its nonce is
its number and a mark on the last, so that none can be cut off, moved or repeated.
"""

from __future__ import annotations

import os
from dataclasses import dataclass
from enum import IntEnum
from hashlib import sha256
from os import urandom
from typing import TYPE_CHECKING, BinaryIO, Final, NoReturn

from cryptography.exceptions import InvalidTag
from cryptography.hazmat.primitives.ciphers.aead import AESGCM

from gdpr.errors import ContainerChanged
from gdpr.vault.authenticator import Authenticator
from gdpr.vault.encoding import ID_LENGTH, KEY_LENGTH, derive, pack, unpack
from gdpr.vault.errors import (
    ContainerCut,
    ContainerHeadDamaged,
    ContainerReordered,
    ContainerTooNew,
    NotAContainer,
    WrongPart,
)

if TYPE_CHECKING:
    from collections.abc import Iterable

MAGIC: Final = b"KTBACKUP"
END: Final = b"KTBKPEND"
VERSION: Final = 1
PIECE: Final = 1 << 16
MOST_STANZAS: Final = 256
_TAG: Final = 16
_MAC: Final = 32
_LENGTH: Final = 4
_START: Final = len(MAGIC) + 2 + _LENGTH
_LONGEST_HEAD: Final = 1 << 18
_COUNTER: Final = 11


class BackupPart(IntEnum):
    """Which half of a backup: rows that open nothing, or the keys without which they are noise."""

    DATA = 1
    KEYS = 2


@dataclass(frozen=True, slots=True)
class Stanza:
    """The file key sealed to one recipient; `door` is what a password needs to become their key."""

    user_id: bytes
    card_counter: int
    sealed: bytes
    door: bytes = b""


@dataclass(frozen=True, slots=True)
class ContainerHead:
    """What anybody may read of a container: which vault and backup it is of, and who opens it."""

    part: BackupPart
    vault_id: bytes
    backup_id: bytes
    made: int
    stanzas: tuple[Stanza, ...]

    def packed(self) -> bytes:
        """Return the bytes from the magic to the end of the head, all of them under the HMAC."""
        body = pack(
            self.vault_id,
            self.backup_id,
            self.made.to_bytes(8, "big", signed=True),
            *(
                pack(each.user_id, each.card_counter.to_bytes(4, "big"), each.sealed, each.door)
                for each in self.stanzas
            ),
        )
        start = MAGIC + bytes([VERSION, self.part])
        return start + len(body).to_bytes(_LENGTH, "big") + body


def new_file_key() -> bytes:
    """Draw the key of one container."""
    return urandom(KEY_LENGTH)


def head_authenticator(head: ContainerHead, file_key: bytes) -> Authenticator:
    """Return what authenticates a head, so that nobody adds a recipient to a backup of ours."""
    return Authenticator(derive(file_key, "backup/head", head.vault_id, head.backup_id))


def piece_cipher(head: ContainerHead, file_key: bytes) -> AESGCM:
    """Return the cipher of the pieces, bound to the whole head."""
    bound = (head.backup_id, sha256(head.packed()).digest())
    return AESGCM(derive(file_key, "backup/pieces", head.vault_id, *bound))


def nonce_of(number: int, *, last: bool) -> bytes:
    """Return the nonce of piece `number`, counted from 0; the key is used for one file only."""
    return number.to_bytes(_COUNTER, "big") + bytes([last])


class ContainerWriter:
    """Writes a container as a stream; without `close` it has no end and never opens."""

    def __init__(self, stream: BinaryIO, head: ContainerHead, file_key: bytes) -> None:
        """Write the head."""
        self._stream = stream
        self._cipher = piece_cipher(head, file_key)
        self._waiting = bytearray()
        self._number = 0
        self._hash = sha256()
        start = head.packed()
        self._put(start + head_authenticator(head, file_key).digest(start))

    def write(self, data: bytes) -> None:
        """Add bytes; what fills a piece goes out, so that memory stays small."""
        self._waiting += data
        # One byte stays back: only the end shows which piece is the last.
        while len(self._waiting) > PIECE:
            self._seal(bytes(self._waiting[:PIECE]), last=False)
            del self._waiting[:PIECE]

    def close(self) -> bytes:
        """Write the last piece and the end, and return the SHA-256 of the whole file."""
        self._seal(bytes(self._waiting), last=True)
        self._waiting.clear()
        self._put(END)
        return self._hash.digest()

    def _seal(self, piece: bytes, *, last: bool) -> None:
        self._put(self._cipher.encrypt(nonce_of(self._number, last=last), piece, None))
        self._number += 1

    def _put(self, data: bytes) -> None:
        self._hash.update(data)
        self._stream.write(data)


class Container:
    """A container whose head was read; nothing in it is believed before `unlock`."""

    def __init__(self, stream: BinaryIO, wanted: BackupPart) -> None:
        """Read the head of `stream`, which can be sought in; lengths are checked before reading."""
        self._stream = stream
        start = stream.read(_START)
        if start[: len(MAGIC)] != MAGIC:
            raise NotAContainer
        if len(start) < _START:
            raise ContainerCut
        version, part, length = start[8], start[9], int.from_bytes(start[10:], "big")
        if version != VERSION:
            raise ContainerTooNew(version=version)
        if part not in set(BackupPart) or length > _LONGEST_HEAD:
            raise ContainerHeadDamaged
        body, self._mac = stream.read(length), stream.read(_MAC)
        if len(body) + len(self._mac) < length + _MAC:
            raise ContainerCut
        self.head = _head(BackupPart(part), body)
        self._raw = start + body
        if part != wanted:
            raise WrongPart(found=BackupPart(part).name.lower(), wanted=wanted.name.lower())

    def unlock(self, file_key: bytes) -> ContainerReader:
        """Check the head with the file key and go on to the pieces."""
        authenticator = head_authenticator(self.head, file_key)
        if len(self._mac) != _MAC or not authenticator.matches(self._raw, self._mac):
            raise ContainerHeadDamaged
        cipher = piece_cipher(self.head, file_key)
        return ContainerReader(self._stream, cipher, self._raw + self._mac)


class ContainerReader:
    """Gives the content of a container back, piece by piece, each checked before it is used."""

    def __init__(self, stream: BinaryIO, cipher: AESGCM, start: bytes) -> None:
        """Begin behind the head; an end that is missing is told before anything is opened."""
        self._stream = stream
        self._cipher = cipher
        self._hash = sha256(start)
        self._opened = bytearray()
        self._number = 0
        self._first = len(start)
        size = stream.seek(0, os.SEEK_END) - len(END)
        if size < self._first + _TAG:
            raise ContainerCut
        stream.seek(size)
        if stream.read(len(END)) != END:
            raise ContainerCut
        stream.seek(self._first)
        self._left = size - self._first
        self._pieces = -(-self._left // (PIECE + _TAG))

    def read(self, size: int) -> bytes:
        """Return exactly `size` bytes; ContainerCut when the content ends before."""
        while len(self._opened) < size:
            if not self._left:
                raise ContainerCut
            self._opened += self._next()
        found = bytes(self._opened[:size])
        del self._opened[:size]
        return found

    def close(self) -> bytes:
        """Demand that all was read, and return the SHA-256 of the whole file."""
        if self._left and not self._opened:
            self._opened += self._next()  # an empty content is one empty piece
        if self._left or self._opened:
            raise ContainerCut
        self._hash.update(END)
        return self._hash.digest()

    def _next(self) -> bytes:
        sealed = self._stream.read(min(self._left, PIECE + _TAG))
        self._hash.update(sealed)
        self._left -= len(sealed)
        nonce = nonce_of(self._number, last=not self._left)
        try:
            piece = self._cipher.decrypt(nonce, sealed, None)
        except (InvalidTag, ValueError):
            self._explain(sealed)
        self._number += 1
        return piece

    def _explain(self, sealed: bytes) -> NoReturn:
        """Say why a piece was refused; it stays refused, wherever else it would open."""
        number = self._number
        last = not self._left
        if last and self._opens(sealed, number, last=False):
            raise ContainerCut  # whole pieces behind this one are missing
        for other in range(self._pieces + 1):
            if any(self._opens(sealed, other, last=mark) for mark in (False, True)):
                raise ContainerReordered(piece=number + 1)
        raise ContainerChanged(piece=number + 1)

    def _opens(self, sealed: bytes, number: int, *, last: bool) -> bool:
        try:
            self._cipher.decrypt(nonce_of(number, last=last), sealed, None)
        except (InvalidTag, ValueError):
            return False
        return True


def stanza_of(stanzas: Iterable[Stanza], user_id: bytes) -> Stanza | None:
    """Return the stanza of a recipient."""
    return next((stanza for stanza in stanzas if stanza.user_id == user_id), None)


def _head(part: BackupPart, body: bytes) -> ContainerHead:
    try:
        vault_id, backup_id, made, *packed = unpack(body)
        stanzas = []
        for each in packed:
            user_id, counter, sealed, door = unpack(each)
            stanzas.append(Stanza(user_id, int.from_bytes(counter, "big"), sealed, door))
    except ValueError:
        raise ContainerHeadDamaged from None
    lengths = {len(vault_id), len(backup_id), *(len(each.user_id) for each in stanzas)}
    if lengths != {ID_LENGTH} or not 0 < len(stanzas) <= MOST_STANZAS:
        raise ContainerHeadDamaged
    return ContainerHead(
        part, vault_id, backup_id, int.from_bytes(made, "big", signed=True), tuple(stanzas)
    )
