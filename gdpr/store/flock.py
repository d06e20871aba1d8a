"""A short lock on a file itself, which the system lets go when its holder dies."""

from __future__ import annotations

import os
import sys
import time
from contextlib import contextmanager
from typing import TYPE_CHECKING, Final

from gdpr.errors import Busy

if TYPE_CHECKING:
    from collections.abc import Iterator
    from pathlib import Path

# Neither a link nor a pipe, which would make one wait for a writer, is followed for a lock.
_PLAIN: Final = getattr(os, "O_NOFOLLOW", 0) | getattr(os, "O_NONBLOCK", 0)
# A turn takes milliseconds, and many may wait on a slow machine before it is one's own.
PATIENCE_SECONDS: Final = 30.0
_PAUSE_SECONDS: Final = 0.002


@contextmanager
def held_alone(path: Path) -> Iterator[None]:
    """Hold a file against other programs; a file that is not there has nobody to be held against.

    `Busy` when somebody holds it for too long: a turn takes milliseconds.
    """
    try:
        handle = os.open(path, os.O_RDONLY | _PLAIN)
    except OSError:
        yield
        return
    try:
        _lock(handle)
        yield
    finally:
        os.close(handle)  # which lets go


def _lock(handle: int) -> None:
    end = time.monotonic() + PATIENCE_SECONDS
    while not _try_lock(handle):
        if time.monotonic() > end:
            raise Busy
        time.sleep(_PAUSE_SECONDS)


if sys.platform == "win32":
    import msvcrt

    def _try_lock(handle: int) -> bool:
        # A byte far behind the end, so that the content stays readable to the holder.
        os.lseek(handle, 1 << 40, os.SEEK_SET)
        try:
            msvcrt.locking(handle, msvcrt.LK_NBLCK, 1)
        except OSError:
            return False
        return True

else:
    import fcntl

    def _try_lock(handle: int) -> bool:
        try:
            fcntl.flock(handle, fcntl.LOCK_EX | fcntl.LOCK_NB)
        except BlockingIOError:
            return False
        return True
