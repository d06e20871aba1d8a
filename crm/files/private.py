"""Files that only their owner may read and that are there whole or not at all.

A file is written under another name beside its target, forced to the disk and then given its
name, so that neither a crash nor a curious neighbour ever meets half of one.
"""

from __future__ import annotations

import os
import stat
from contextlib import contextmanager, suppress
from typing import TYPE_CHECKING, BinaryIO, Final

from crm.errors import TargetExists
from crm.files.errors import TargetUnsafe
from crm.files.overwriting import GUARDS, shred_file
from gdpr.errors import KartotekaError

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator
    from pathlib import Path

OWNER_ONLY: Final = 0o600
NEW_FILE: Final = os.O_RDWR | os.O_CREAT | os.O_EXCL | GUARDS
_HOLDS_FOLDERS: Final = os.open in os.supports_dir_fd


@contextmanager
def private_file(
    path: Path,
    *,
    check: Callable[[BinaryIO], None] | None = None,
    tag: str | None = None,
) -> Iterator[BinaryIO]:
    """Yield a stream whose bytes become `path` when the block ends well, and vanish otherwise.

    The folder is opened once and held, so that nobody can move it away in between. An existing
    file is kept, and links and devices are never written through.
    `check` reads what was written before it gets its name, and may refuse it. What was written and
    came to nothing is overwritten. `tag` is what the unfinished file is found by after a crash.
    """
    with _held(path.parent) as folder:
        refuse_taken(path, folder)
        place = part_of(path, os.urandom(6).hex() if tag is None else tag)
        part = _in(folder, place)
        handle = os.open(part, NEW_FILE, OWNER_ONLY, dir_fd=folder)
        try:
            with os.fdopen(handle, "w+b") as stream:
                yield stream
                stream.flush()
                os.fsync(stream.fileno())
            if check is not None:
                with os.fdopen(os.open(part, os.O_RDONLY | GUARDS, dir_fd=folder), "rb") as written:
                    check(written)
            _give_name(part, _in(folder, path), folder)
        except BaseException:
            _withdraw(place, path)
            with suppress(OSError):
                os.unlink(part, dir_fd=folder)
            raise
        if folder is not None:
            os.fsync(folder)


def part_of(path: Path, tag: str) -> Path:
    """Return where a file lies until it is finished: beside its place, under a hidden name."""
    return path.with_name(f".{path.name}.{tag}.part")


def refuse_taken(path: Path, folder: int | None = None) -> None:
    """Refuse a place that is taken, before anything is said about it."""
    try:
        found = os.stat(_in(folder, path), dir_fd=folder, follow_symlinks=False)
    except FileNotFoundError:
        return
    raise TargetExists if stat.S_ISREG(found.st_mode) else TargetUnsafe


@contextmanager
def _held(folder: Path) -> Iterator[int | None]:
    if not _HOLDS_FOLDERS:
        yield None
        return
    handle = os.open(folder, os.O_RDONLY | getattr(os, "O_DIRECTORY", 0))
    try:
        yield handle
    finally:
        os.close(handle)


def _in(folder: int | None, path: Path) -> str:
    return str(path) if folder is None else path.name


def _withdraw(part: Path, name: Path) -> None:
    """Destroy what came to nothing, and the name it may have been given a moment ago."""
    with suppress(OSError):
        if part.samefile(name):
            name.unlink()
    with suppress(KartotekaError):
        shred_file(part)


def _give_name(part: str, name: str, folder: int | None) -> None:
    """Let the finished file appear under its name, never over another."""
    try:
        os.link(part, name, src_dir_fd=folder, dst_dir_fd=folder)
    except FileExistsError:
        raise TargetExists from None
    except OSError:  # a file system without links: the look before must do
        os.rename(part, name, src_dir_fd=folder, dst_dir_fd=folder)
    else:
        os.unlink(part, dir_fd=folder)
