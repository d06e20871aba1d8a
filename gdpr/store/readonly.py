"""Registers that may only be read just now: why, and what makes them writable again."""

from __future__ import annotations

import os
from contextlib import suppress
from typing import TYPE_CHECKING, Final

from gdpr.errors import ReadOnlyState
from gdpr.store.errors import ReadOnlyDisk, ReadOnlyFile, ReadOnlyFolder

if TYPE_CHECKING:
    from collections.abc import Iterator
    from pathlib import Path

    from gdpr.errors import ReadOnlyRegister

_OWN_WRITE: Final = 0o600
_BESIDE: Final = ("-wal", "-shm", "-journal")


def why_read_only(path: Path, state: Path, secrets: Path) -> type[ReadOnlyRegister] | None:
    """Say why a register cannot be written, or None where it can; `secrets` is its shred file.

    It is asked before the database is opened: a log made beside a read-only file would have the
    mode of that file, and would keep the register shut after the file was writable again.
    """
    if not os.access(path, os.W_OK):
        return _disk_or(path, ReadOnlyFile)
    if not os.access(path.parent, os.W_OK | os.X_OK):
        return _disk_or(path.parent, ReadOnlyFolder)
    for ending in _BESIDE:
        beside = path.with_name(path.name + ending)
        if beside.exists() and not os.access(beside, os.W_OK):
            with suppress(OSError):
                beside.chmod(_OWN_WRITE)  # left from a time when the register was read-only
            if not os.access(beside, os.W_OK):
                return _disk_or(beside, ReadOnlyFile)
    for place in (secrets, secrets.parent):
        if place.exists() and not os.access(place, os.W_OK):
            return _disk_or(place, ReadOnlyFile)
    for place in _of_state(state):
        if not os.access(place, os.W_OK):
            return _disk_or(place, ReadOnlyState)
    return None


def _of_state(state: Path) -> Iterator[Path]:
    """Yield what must be writable of a state folder, or the nearest folder it would be made in."""
    folder = state
    while not folder.exists() and folder != folder.parent:
        folder = folder.parent
    yield folder
    if folder == state and os.access(folder, os.R_OK | os.X_OK):
        yield from (one for one in state.iterdir() if one.is_file())


def _disk_or(place: Path, otherwise: type[ReadOnlyRegister]) -> type[ReadOnlyRegister]:
    if hasattr(os, "statvfs") and os.statvfs(place).f_flag & os.ST_RDONLY:
        return ReadOnlyDisk
    return otherwise
