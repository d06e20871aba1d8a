"""The pin: which root key this desk has seen this vault use, kept where no database host writes.

One line for each root, the newest last: a root that was followed to joins those before it.
"""

from __future__ import annotations

from enum import Enum
from typing import TYPE_CHECKING, Final

from gdpr.errors import RootChanged, StateFileDamaged
from gdpr.store.places import check_private, safe_folder, write_private
from gdpr.vault.root import fingerprint

if TYPE_CHECKING:
    from pathlib import Path

_PIN: Final = "root.pin"
_LENGTH: Final = 32


class Pin(Enum):
    """Whether this desk knew the vault's root key before."""

    NEW = "new"
    KNOWN = "known"
    MOVED = "moved"


def known_roots(state: Path) -> tuple[bytes, ...]:
    """Return the fingerprints of every root this desk has known, the present one last."""
    path = state / _PIN
    if not path.exists() and not path.is_symlink():
        return ()
    check_private(path)
    try:
        pins = tuple(bytes.fromhex(line) for line in path.read_text("ascii").split())
    except ValueError:
        raise StateFileDamaged(name=_PIN) from None
    if not pins or any(len(pin) != _LENGTH for pin in pins):
        raise StateFileDamaged(name=_PIN)
    return pins


def pinned(state: Path) -> bytes | None:
    """Return the fingerprint this desk pinned, or None before the first use."""
    pins = known_roots(state)
    return pins[-1] if pins else None


def copy_pin(known: Path, state: Path) -> None:
    """Let a further state folder of this desk know the root keys that another one pinned."""
    if not known_roots(state) and known_roots(known):
        write_private(state / _PIN, (known / _PIN).read_bytes())


def pin_root(state: Path, root_public: bytes, *, followed: bool = False) -> Pin:
    """Pin the root key on first use, which the caller must say aloud; later accept no other.

    Raises RootChanged, because a host that swaps the root could hand out keys of its own; only
    who has `followed` the signed way from the pinned root moves the pin.
    """
    pins, found = known_roots(state), fingerprint(root_public)
    if pins and pins[-1] == found:
        return Pin.KNOWN
    if pins and not followed:
        raise RootChanged
    safe_folder(state)
    lines = "".join(f"{pin.hex()}\n" for pin in (*pins, found))
    write_private(state / _PIN, lines.encode())
    return Pin.MOVED if pins else Pin.NEW
