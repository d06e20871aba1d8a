"""The shred file on its disk: written in place, so that an old secret's own blocks are overwritten.

A change goes into one copy and is waited for before it goes into the other; whatever is cut short,
one of them is whole. Renaming a fresh file over it would leave the old secrets on the disk.
"""

from __future__ import annotations

import errno
import os
import stat
from contextlib import contextmanager, suppress
from pathlib import Path
from typing import TYPE_CHECKING, Final

from gdpr.errors import ShredFileDamaged
from gdpr.store.errors import ShredFileMissing, ShredFileUnwritable, ShredFolderMissing, UnsafePlace
from gdpr.store.flock import held_alone
from gdpr.store.places import create_private, sync_folder
from gdpr.vault.shred import (
    COPIES,
    LONGEST,
    PAGE,
    SecretPages,
    counter_in,
    part_copies,
    read_pages,
    vault_in,
)

if TYPE_CHECKING:
    from collections.abc import Iterator

    from gdpr.vault.authenticator import Authenticator

ENDING: Final = ".shred"
# A pipe in the place of the file must not make anybody wait for a writer.
_BINARY: Final = (
    getattr(os, "O_BINARY", 0) | getattr(os, "O_NOFOLLOW", 0) | getattr(os, "O_NONBLOCK", 0)
)


class ShredFile:
    """One shred file; the desks that use it take turns under a lock on it."""

    def __init__(self, path: Path, vault_id: bytes, integrity: Authenticator) -> None:
        """Open the file at `path`, or say that it is missing, damaged or another vault's."""
        self.path = path
        self._vault_id = vault_id
        self._integrity = integrity
        self.pages = self._read()

    @classmethod
    def create(
        cls,
        path: Path,
        vault_id: bytes,
        integrity: Authenticator,
        image: bytes | None = None,
        least: int = 0,
    ) -> ShredFile:
        """Make the file of a new vault, or of one whose backup carried this `image` of it.

        Its counter goes on from `least`, so that no older file passes for it.
        """
        if image is None:
            pages = SecretPages(vault_id, integrity)
            pages.grow(1)
        else:
            pages = read_pages([image], vault_id, integrity)
            pages.advance(least)
        try:
            create_private(path)
        except (FileNotFoundError, NotADirectoryError):
            raise ShredFolderMissing from None
        try:
            with _opened(path, os.O_WRONLY) as handle:
                for copy in range(COPIES):
                    _write(handle, pages.blocks(copy))
            sync_folder(path.parent)
        except BaseException:
            path.unlink(missing_ok=True)
            raise
        return cls(path, vault_id, integrity)

    @property
    def counter(self) -> int:
        """Return how many changes the file has seen; it never goes back."""
        return self.pages.counter

    def move(self, path: Path) -> None:
        """Give the file the name of a register that was founded under another one."""
        self.path.rename(path)
        sync_folder(path.parent)
        self.path = path

    @contextmanager
    def turn(self) -> Iterator[SecretPages]:
        """Hold the file against other programs, with what they wrote read."""
        with held_alone(self.path):
            self.look()
            yield self.pages

    def look(self) -> bool:
        """Read the file again if another program wrote it since; tell whether one did."""
        try:
            with _opened(self.path, os.O_RDONLY) as handle:
                heads = os.read(handle, COPIES * PAGE)
        except FileNotFoundError:
            raise ShredFileMissing(place=str(self.path)) from None
        except OSError:
            raise UnsafePlace(why="link") from None
        counters = {counter_in(heads), counter_in(heads[PAGE:])}
        if max(counters) == self.pages.counter:
            return False
        self.pages = self._read()
        return True

    def check_writable(self) -> None:
        """Raise unless the file can be opened for writing, before one counts on doing so later."""
        try:
            with _opened(self.path, os.O_WRONLY):
                pass
        except OSError:
            raise ShredFileUnwritable from None

    def write(self, copy: int) -> None:
        """Write what one copy lacks, and wait until it is on the disk; inside a `turn`."""
        try:
            with _opened(self.path, os.O_WRONLY) as handle:
                _write(handle, self.pages.blocks(copy))
        except OSError:
            self.pages = self._read()
            raise ShredFileUnwritable from None

    def _read(self) -> SecretPages:
        try:
            with _opened(self.path, os.O_RDONLY) as handle:
                raw = _content(handle)
        except FileNotFoundError:
            raise ShredFileMissing(place=str(self.path)) from None
        except OSError:
            raise UnsafePlace(why="link") from None
        return read_pages(part_copies(raw), self._vault_id, self._integrity)


def default_place(target: str) -> Path:
    """Say where the shred file of a vault lies when nobody said otherwise: beside it."""
    path = Path(target)
    return path.with_name(path.name + ENDING)


def belongs_to(path: Path, vault_id: bytes) -> bool:
    """Tell whether a file says that it is the shred file of a vault."""
    try:
        with _opened(path, os.O_RDONLY) as handle:
            return vault_in(os.read(handle, PAGE)) == vault_id
    except OSError:
        return False


def destroy_secrets(path: Path) -> None:
    """Overwrite a shred file and remove it, for a vault that is given up."""
    with suppress(FileNotFoundError):
        with _opened(path, os.O_WRONLY) as handle:
            _write(handle, [(0, bytes(os.fstat(handle).st_size))])
        path.unlink()


def replace_secrets(new: Path, place: Path, aside: Path | None) -> None:
    """Move a shred file to its place, perhaps on another disk; what lies there goes `aside`.

    Cut short anywhere it can be done again. Without an `aside` the old secrets are overwritten.
    """
    if not new.exists():
        return
    content = _whole(new)
    if vault_in(content) is None:
        # It has moved, and was being overwritten.
        destroy_secrets(new)
        return
    if place.exists() and _whole(place) != content:
        if aside is None or aside.exists():
            destroy_secrets(place)
        else:
            place.replace(aside)
    if not place.exists():
        create_private(place)
        with _opened(place, os.O_WRONLY) as handle:
            _write(handle, [(0, content)])
        sync_folder(place.parent)
    destroy_secrets(new)


@contextmanager
def _opened(path: Path, how: int) -> Iterator[int]:
    handle = os.open(path, how | _BINARY)
    try:
        if not stat.S_ISREG(os.fstat(handle).st_mode):
            raise OSError(errno.EINVAL, os.strerror(errno.EINVAL))
        yield handle
    finally:
        os.close(handle)


def _whole(path: Path) -> bytes:
    with _opened(path, os.O_RDONLY) as handle:
        return _content(handle)


def _content(handle: int) -> bytes:
    """Read a whole file; one that is too long for a shred file is none."""
    size = os.fstat(handle).st_size
    if size > LONGEST:
        raise ShredFileDamaged
    return os.read(handle, size)


def _write(handle: int, blocks: list[tuple[int, bytes]]) -> None:
    for offset, block in blocks:
        os.lseek(handle, offset, os.SEEK_SET)
        left = memoryview(block)
        while left:
            left = left[os.write(handle, left) :]
    os.fsync(handle)
