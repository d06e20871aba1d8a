"""Holds a program where it has written a file but not finished it, to be ended or killed there."""

from __future__ import annotations

import os
import signal
import time
from pathlib import Path

LONG = 120


def hold(pipe: int) -> None:
    """Stand still at the first sync of an unfinished file; what undoes it syncs it as well.

    By then everything is in the file, under its hidden name. A byte in the pipe tells it.
    """
    # Whoever runs the tests in the background has these ignored.
    signal.signal(signal.SIGINT, signal.default_int_handler)
    signal.signal(signal.SIGHUP, signal.SIG_DFL)
    sync = os.fsync

    def fsync(handle: int) -> None:
        name = Path(f"/proc/self/fd/{handle}").readlink()
        if any(part.endswith(".part") for part in name.parts):
            os.fsync = sync
            os.write(pipe, b".")
            time.sleep(LONG)
        sync(handle)

    os.fsync = fsync
