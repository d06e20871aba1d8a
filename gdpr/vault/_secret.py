"""What every object that holds a key has in common: it cannot be shown and cannot be copied out."""

from __future__ import annotations

from typing import NoReturn, SupportsIndex


class Secret:
    """Hides its content from logs and pickles, because key material leaks by accident first."""

    __slots__ = ()

    def __repr__(self) -> str:
        """Show nothing, so that a traceback or a log line cannot carry a key."""
        return "<redacted>"

    def __reduce_ex__(self, protocol: SupportsIndex) -> NoReturn:
        """Refuse pickling and deep copies, because both put keys where nobody looks for them."""
        message = "a secret is neither pickled nor copied"
        raise TypeError(message)
