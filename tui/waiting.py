"""Time that passes at the screen: how long nobody was there, and how long a guess has to wait."""

from __future__ import annotations

from math import ceil
from time import monotonic, time
from typing import Final

LONGEST_WAIT: Final = 30


class Idle:
    """Counts from the last key or click, by two clocks: one stands while a laptop sleeps."""

    def __init__(self) -> None:
        """Begin to count."""
        self._steady = self._wall = 0.0
        self.stamp()

    def stamp(self) -> None:
        """Somebody is there."""
        self._steady, self._wall = monotonic(), time()

    def lasted(self) -> float:
        """Return the seconds since; a clock that was put back takes none away."""
        return max(monotonic() - self._steady, time() - self._wall)


class Patience:
    """Makes each guess of a password wait twice as long as the one before; it shuts nobody out."""

    def __init__(self) -> None:
        """Nobody has failed yet."""
        self._failures = 0
        self._until = 0.0

    def failed(self) -> None:
        """One more guess was wrong."""
        self._failures += 1
        self._until = monotonic() + min(2**self._failures, LONGEST_WAIT)

    def rewarded(self) -> None:
        """Somebody is in."""
        self._failures, self._until = 0, 0.0

    def left(self) -> int:
        """Return how many seconds the next try has to wait, begun ones whole."""
        return max(0, ceil(self._until - monotonic()))
