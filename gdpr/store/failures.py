"""Wrong passwords, counted on this desk until somebody gets in and the log can be told."""

from __future__ import annotations

from typing import TYPE_CHECKING

from gdpr.store.places import write_private

if TYPE_CHECKING:
    from pathlib import Path

_FILE = "failures"


def note_failure(state: Path) -> int:
    """Count one more wrong password and return how many there were since the last unlock."""
    count = _count(state) + 1
    write_private(state / _FILE, str(count).encode())
    return count


def forget_failures(state: Path) -> int:
    """Return how many there were and start again at none, because the log has them now."""
    count = _count(state)
    if count:
        write_private(state / _FILE, b"0")
    return count


def _count(state: Path) -> int:
    path = state / _FILE
    text = path.read_text("ascii", "replace") if path.exists() else ""
    return int(text) if text.isdigit() else 0
