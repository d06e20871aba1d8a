"""How far long work has come, told to whoever waits for it."""

from __future__ import annotations

from typing import TYPE_CHECKING, Final, TypeVar

if TYPE_CHECKING:
    from collections.abc import Callable, Iterable, Iterator

    Progress = Callable[[int], None]

# So many rows pass before it is told again.
STEP: Final = 100
_Row = TypeVar("_Row")


def counted(rows: Iterable[_Row], progress: Progress | None) -> Iterator[_Row]:
    """Pass rows on, and tell after every hundred that there were so many more."""
    gone = 0
    for gone, row in enumerate(rows, start=1):
        yield row
        if progress is not None and gone % STEP == 0:
            progress(STEP)
    if progress is not None and gone % STEP:
        progress(gone % STEP)
