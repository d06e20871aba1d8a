"""The lists of an area in one line, each with its key; the one that is open stands out."""

from __future__ import annotations

from typing import TYPE_CHECKING

from textual.content import Content
from textual.widgets import Static

from tui.safe import one_line

if TYPE_CHECKING:
    from collections.abc import Sequence


class AreaTabs(Static):
    """Shows `p Purposes  r Relations …`."""

    def __init__(self, shelves: Sequence[tuple[str, str, str]]) -> None:
        """Take code, key and word of each list."""
        super().__init__(id="shelves", classes="shelves", markup=False)
        self._shelves = tuple(shelves)

    def open(self, code: str) -> None:
        """Let one stand out, by a sign as well as by its colour."""
        parts: list[tuple[str, str]] = []
        for shelf, key, word in self._shelves:
            here = shelf == code
            sign = "▸" if here else " "
            parts += [(f"{sign}{key} ", "bold"), (f"{one_line(word)} ", "reverse" if here else "")]
        self.update(Content.assemble(*parts))
