"""What services answer about a register that is opened: frozen values."""

from __future__ import annotations

from dataclasses import dataclass


@dataclass(frozen=True, slots=True)
class Adopted:
    """A copy that became a register of its own; `original` is left as it was.

    `replayed` rights were repeated in it; `waiting` could not be yet, which opening it explains.
    """

    vault: str
    original: str
    replayed: int
    waiting: int
