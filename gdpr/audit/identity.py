"""What one desk keeps about itself outside the database: who it is, and one lock for its chain."""

from __future__ import annotations

import os
from typing import TYPE_CHECKING, Final

from filelock import FileLock

from gdpr.errors import StateFileDamaged
from gdpr.store.flock import PATIENCE_SECONDS
from gdpr.store.places import check_private, safe_folder, sweep_unfinished, write_private

if TYPE_CHECKING:
    from pathlib import Path

# The folder in which a restore prepares the state that is to take the place of this one.
STAGED: Final = "restored"
_DESK: Final = "desk"
_LOCK: Final = "chain.lock"
_ID_LENGTH: Final = 16


def lock_name() -> str:
    """Return the name of the file that chain_lock locks; it holds nothing."""
    return _LOCK


def chain_lock(state: Path) -> FileLock:
    """Return the lock under which this desk's chain, anchor and ledger grow.

    It lies in the state folder and not in the database, because it is the desk's programs that
    must take turns; other desks never wait for it.
    """
    return FileLock(safe_folder(state) / _LOCK, timeout=PATIENCE_SECONDS, mode=0o600)


def desk_identity(state: Path) -> bytes:
    """Return this desk's random id for this vault, drawn on the first call.

    It is asked for at every opening, under the lock: the time to sweep what a kill left behind.
    """
    path = safe_folder(state) / _DESK
    with chain_lock(state):
        sweep_unfinished(state)
        if not path.exists():
            write_private(path, os.urandom(_ID_LENGTH).hex().encode() + b"\n")
    return known_identity(state)


def known_identity(state: Path) -> bytes:
    """Return the id this desk has already, for whoever holds its lock."""
    path = state / _DESK
    check_private(path)
    try:
        desk = bytes.fromhex(path.read_text("ascii").strip())
    except ValueError:
        raise StateFileDamaged(name=_DESK) from None
    if len(desk) != _ID_LENGTH:
        raise StateFileDamaged(name=_DESK)
    return desk
