"""Files and folders that only their owner may touch, written so that a crash leaves old or new."""

from __future__ import annotations

import os
import re
import stat
import time
from contextlib import suppress
from typing import TYPE_CHECKING

from gdpr.errors import VaultExists
from gdpr.store.errors import UnsafePlace

if TYPE_CHECKING:
    from pathlib import Path

_PRIVATE = 0o600
_FOLDER = 0o700
_SHARED_WRITE = 0o022
_UNFINISHED = re.compile(r"\..+\.(?P<process>[0-9]+)")
# No write takes so long; it tells where a process's number was given to another meanwhile.
_PATIENCE_SECONDS = 3600


def safe_folder(folder: Path) -> Path:
    """Create a folder for its owner alone, or refuse one that others own or may write to."""
    folder.mkdir(mode=_FOLDER, parents=True, exist_ok=True)
    found = folder.stat()
    if hasattr(os, "getuid"):
        if found.st_uid not in {os.getuid(), 0}:
            raise UnsafePlace(why="owner")
        if found.st_mode & _SHARED_WRITE and not found.st_mode & stat.S_ISVTX:
            raise UnsafePlace(why="mode")
    return folder


def create_private(path: Path) -> None:
    """Create an empty 0600 file that did not exist, before anything opens it by name."""
    flags = os.O_CREAT | os.O_EXCL | os.O_WRONLY | getattr(os, "O_NOFOLLOW", 0)
    try:
        os.close(os.open(path, flags, _PRIVATE))
    except FileExistsError:
        raise VaultExists from None


def check_private(path: Path) -> None:
    """Refuse a file that is a link, or that others may read or write."""
    found = path.lstat()
    if stat.S_ISLNK(found.st_mode):
        raise UnsafePlace(why="link")
    if hasattr(os, "getuid") and found.st_mode & 0o077:
        raise UnsafePlace(why="mode")


def write_private(path: Path, content: bytes, *, may_lag: bool = False) -> None:
    """Replace a file in one step: temporary file beside it, fsync, rename, fsync of the folder.

    With `may_lag` the folder is not waited for: a power cut then leaves the old file, whole.
    """
    temporary = path.with_name(f".{path.name}.{os.getpid()}")  # `sweep_unfinished` knows the name
    flags = os.O_CREAT | os.O_TRUNC | os.O_WRONLY | getattr(os, "O_NOFOLLOW", 0)
    handle = os.open(temporary, flags, _PRIVATE)
    try:
        with os.fdopen(handle, "wb") as file:
            file.write(content)
            file.flush()
            os.fsync(file.fileno())
        temporary.replace(path)
    except BaseException:
        temporary.unlink(missing_ok=True)
        raise
    if not may_lag:
        sync_folder(path.parent)


def sweep_unfinished(folder: Path) -> None:
    """Remove what `write_private` left where its process was killed, and nobody would overwrite.

    A colleague's program may be writing this very moment; its file is left alone.
    """
    for path in folder.iterdir():
        found = _UNFINISHED.fullmatch(path.name)
        if found and not is_being_written(path, int(found["process"])):
            with suppress(OSError):
                path.unlink()


def is_being_written(path: Path, process: int) -> bool:
    """Tell whether the process that made an unfinished file may still be at it."""
    try:
        if path.lstat().st_mtime < time.time() - _PATIENCE_SECONDS:
            return False
        if os.name == "nt":  # there the question below would end the process
            return True
        os.kill(process, 0)
    except (FileNotFoundError, ProcessLookupError, OverflowError):
        return False
    except OSError:  # it lives and is somebody else's
        return True
    return True


def append_private(path: Path, content: bytes, *, may_lag: bool = False) -> None:
    """Append to a private file and, unless it `may_lag`, wait until it is on the disk."""
    flags = os.O_CREAT | os.O_APPEND | os.O_WRONLY | getattr(os, "O_NOFOLLOW", 0)
    fresh = not path.exists()
    with os.fdopen(os.open(path, flags, _PRIVATE), "ab") as file:
        file.write(content)
        file.flush()
        if not may_lag:
            os.fsync(file.fileno())
    if fresh:
        sync_folder(path.parent)


def sync_folder(folder: Path) -> None:
    """Make a rename or a new name durable, where the system lets a folder be synced."""
    if os.name == "nt":
        return
    handle = os.open(folder, os.O_RDONLY)
    try:
        os.fsync(handle)
    finally:
        os.close(handle)
