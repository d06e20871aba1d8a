"""Written by `make migration`: the commands of every kind of record and their help lines."""

from __future__ import annotations

TYPE_CHECKING = False  # what `typing` would say, without the 10 ms it takes to say it
if TYPE_CHECKING:
    from typing import Final

ROWS: Final[dict[str, tuple[str, str]]] = {}
