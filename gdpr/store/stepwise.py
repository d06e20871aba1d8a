"""Long reading in steps, so that somebody may be told how far it came."""

from __future__ import annotations

from typing import TYPE_CHECKING, Final, TypeVar

if TYPE_CHECKING:
    from collections.abc import Callable, Iterable, Iterator

_STEP: Final = 1000

_Row = TypeVar("_Row")


def stepwise(rows: Iterable[_Row], progress: Callable[[int], None] | None) -> Iterable[_Row]:
    """Yield the same rows, telling `progress` of every thousand; who watches pays for it alone."""
    if progress is None:
        return rows

    def counted() -> Iterator[_Row]:
        for count, row in enumerate(rows, start=1):
            yield row
            if count % _STEP == 0:
                progress(_STEP)

    return counted()
