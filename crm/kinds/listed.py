"""Written by `make migration` from the descriptions beside it: every kind of record there is."""

from __future__ import annotations

from typing import TYPE_CHECKING, Final

if TYPE_CHECKING:
    from crm.shape.description import Shape

SHAPES: Final[tuple[Shape, ...]] = ()
