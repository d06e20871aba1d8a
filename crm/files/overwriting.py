"""Overwriting files where they lie: only plain ones, never through a link, never another's."""

from __future__ import annotations

import os
import stat
from contextlib import suppress
from dataclasses import dataclass
from typing import TYPE_CHECKING, BinaryIO, Final

from crm.files.errors import CopyOutOfReach

if TYPE_CHECKING:
    from collections.abc import Callable
    from pathlib import Path

_PIECE: Final = 1 << 16
_DATABASE: Final = b"SQLite format 3\0"
# Systems that lack one of these flags lack what it guards against.
GUARDS: Final = sum(getattr(os, flag, 0) for flag in ("O_NOFOLLOW", "O_CLOEXEC", "O_BINARY"))
# A pipe in the place of a file must not make anybody wait for a writer.
_LOOK: Final = GUARDS | getattr(os, "O_NONBLOCK", 0)


@dataclass(frozen=True, slots=True)
class Overwritten:
    """What became of a copy: whether all of it was destroyed, what was missing, what is foreign."""

    whole: bool
    missing: int = 0
    foreign: tuple[str, ...] = ()


def shred_file(path: Path, recognised: Callable[[BinaryIO], bool] | None = None) -> bool:
    """Overwrite a plain file where it lies and remove it; False when it is not the one meant.

    What `recognised` reads is what is overwritten: nobody can put another file there in between.
    On disks that move what they write, and on file systems with snapshots, overwriting reaches
    only the newest blocks; the documents say so.
    """
    try:
        found = path.lstat()
    except FileNotFoundError:
        return recognised is None
    except OSError:
        raise CopyOutOfReach from None
    if not stat.S_ISREG(found.st_mode):
        if recognised is None:
            raise CopyOutOfReach
        return False
    try:
        with os.fdopen(os.open(path, os.O_RDWR | _LOOK), "r+b") as file:
            held = os.fstat(file.fileno())
            if not stat.S_ISREG(held.st_mode):
                return False
            if recognised is not None and not recognised(file):
                return False
            _overwrite(file, held.st_size)
            if os.path.samestat(path.lstat(), held):
                path.unlink()
    except OSError:
        raise CopyOutOfReach from None
    return True


def read_plain(path: Path, *, by_link: bool = False) -> BinaryIO:
    """Open a plain file for reading, or raise OSError: never a pipe or a device.

    A link is followed only with `by_link`, for a file that somebody named.
    """
    look = _LOOK & ~getattr(os, "O_NOFOLLOW", 0) if by_link else _LOOK
    file = os.fdopen(os.open(path, os.O_RDONLY | look), "rb")
    if not stat.S_ISREG(os.fstat(file.fileno()).st_mode):
        file.close()
        raise OSError
    return file


def shred_folder(folder: Path) -> None:
    """Destroy a folder that is certainly ours, with every file in it; links are only removed."""
    try:
        for inside in folder.iterdir():
            if inside.is_symlink():
                inside.unlink()
            elif inside.is_dir():
                shred_folder(inside)
            else:
                shred_file(inside)
        folder.rmdir()
    except OSError:
        raise CopyOutOfReach from None


def destroy_database(path: Path, living: Path) -> Overwritten:
    """Overwrite a database that was put aside, and its logs; never the one that is in use."""

    def recognised(file: BinaryIO) -> bool:
        same = living.exists() and os.path.samestat(os.fstat(file.fileno()), living.stat())
        return not same and file.read(len(_DATABASE)) == _DATABASE

    if not shred_file(path, recognised):
        return Overwritten(whole=False, foreign=(path.name,))
    for ending in ("-wal", "-shm", "-journal"):
        shred_file(path.with_name(path.name + ending))
    return Overwritten(whole=True)


def remove_empty(folder: Path) -> None:
    """Remove a folder if nothing is in it."""
    with suppress(OSError):
        folder.rmdir()


def _overwrite(file: BinaryIO, size: int) -> None:
    file.seek(0)
    file.writelines(os.urandom(min(_PIECE, size - start)) for start in range(0, size, _PIECE))
    file.flush()
    os.fsync(file.fileno())
