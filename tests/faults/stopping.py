"""The program as it is started from a shell, held where it has written a file but not finished it.

`python -m tests.faults.stopping PIPE ARGUMENTS…` writes a byte into the pipe when a file lies there
under its hidden name with everything in it, and waits to be told to end, or to be killed.
"""

from __future__ import annotations

import os
import signal
import sys
import time
from functools import lru_cache
from pathlib import Path

import gdpr.vault.bundle as vault_bundle

LONG = 120


def hold(pipe: int) -> None:
    """Stand still at the first sync of an unfinished file; what undoes it syncs it as well."""
    sync = os.fsync

    def fsync(handle: int) -> None:
        name = Path(f"/proc/self/fd/{handle}").readlink()
        if any(part.endswith(".part") for part in name.parts):
            os.fsync = sync
            os.write(pipe, b".")
            time.sleep(LONG)
        sync(handle)

    os.fsync = fsync


def main() -> int:
    """Run the command line as a shell would."""
    pipe = int(sys.argv.pop(1))
    # Whoever runs the tests in the background has these ignored.
    signal.signal(signal.SIGINT, signal.default_int_handler)
    signal.signal(signal.SIGHUP, signal.SIG_DFL)
    hold(pipe)
    vault_bundle.derive_password_key = lru_cache(maxsize=8)(vault_bundle.derive_password_key)
    from crm.cli.main import main as run

    return run()


if __name__ == "__main__":
    sys.exit(main())
