"""The pin: which root key this desk has seen this vault use, kept where no database host writes."""

from __future__ import annotations

from enum import Enum
from typing import TYPE_CHECKING, Final

from gdpr.audit.errors import StateFileDamaged
from gdpr.store.places import check_private, safe_folder, write_private
from gdpr.vault.root import check_pin, fingerprint

if TYPE_CHECKING:
    from pathlib import Path

_PIN: Final = "root.pin"
_LENGTH: Final = 32


class Pin(Enum):
    """Whether this desk knew the vault's root key before."""

    NEW = "new"
    KNOWN = "known"


def pinned(state: Path) -> bytes | None:
    """Return the fingerprint this desk pinned, or None before the first use."""
    path = state / _PIN
    if not path.exists() and not path.is_symlink():
        return None
    check_private(path)
    try:
        pin = bytes.fromhex(path.read_text("ascii").strip())
    except ValueError:
        raise StateFileDamaged(name=_PIN) from None
    if len(pin) != _LENGTH:
        raise StateFileDamaged(name=_PIN)
    return pin


def pin_root(state: Path, root_public: bytes) -> Pin:
    """Pin the root key on first use, which the caller must say aloud; later accept no other.

    Raises RootChanged, because a host that swaps the root could hand out keys of its own.
    """
    pin = pinned(state)
    if pin is None:
        safe_folder(state)
        write_private(state / _PIN, fingerprint(root_public).hex().encode() + b"\n")
        return Pin.NEW
    check_pin(root_public, pin)
    return Pin.KNOWN
