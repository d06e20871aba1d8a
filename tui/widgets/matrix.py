"""A list in which the columns can be walked as well: people by purposes."""

from __future__ import annotations

from typing import TYPE_CHECKING, Final

from rich.segment import Segment
from textual.strip import Strip

from tui.key_bindings import bindings
from tui.safe import one_line
from tui.widgets.virtual_list import VirtualList, fitted

if TYPE_CHECKING:
    from collections.abc import Sequence

    from textual import events

    from tui.widgets.virtual_list import Column, Row

_WHO: Final = 22
_CELL: Final = 16
_WIDEST: Final = 30


class Matrix(VirtualList):
    """Shows rows of cells; the first cell names the row, and one of the others is the present."""

    BINDINGS = bindings("matrix")

    def __init__(self, columns: Sequence[Column] = (), *, id: str | None = None) -> None:  # noqa: A002 - Textual's own word
        """Take the columns, the first of which names the rows."""
        super().__init__(columns, id=id)
        self.column = 1

    @property
    def present(self) -> str:
        """The name of the column that the cursor stands in."""
        return self.columns[self.column].name if self.column < len(self.columns) else ""

    def render_line(self, y: int) -> Strip:
        """Draw the headings, or the cells of the row on line `y` of the window."""
        width = self.scrollable_content_region.width
        first, count = self._window(width)
        if y == 0:
            style = self.get_component_rich_style("virtual-list--heading")
            names = [column.heading for column in self.columns]
            return self._cells(names, first, count, width).apply_style(style)
        place = y - 1 + self.scroll_offset.y
        row = self._row(place) if place < self.count else None
        if row is None:
            return Strip.blank(width, self._ground)
        return self._drawn(row, place, width)

    def action_cell_left(self) -> None:
        """Go one column to the left."""
        self._go(self.column - 1)

    def action_cell_right(self) -> None:
        """Go one column to the right."""
        self._go(self.column + 1)

    def on_click(self, event: events.Click) -> None:
        """Go to the column that was clicked; the row follows as in every list."""
        first, count = self._window(self.scrollable_content_region.width)
        place = (event.x - _WHO) // self._breadth(count)
        if 0 <= place < count:
            self._go(first + place)

    def _go(self, column: int) -> None:
        self.column = max(1, min(column, len(self.columns) - 1))
        self.refresh()
        self._tell_moved()

    def _window(self, width: int) -> tuple[int, int]:
        """Return the first column that is shown beside the names, and how many are."""
        count = max(1, min((width - _WHO) // _CELL, len(self.columns) - 1))
        return max(1, min(self.column - count + 1, len(self.columns) - count)), count

    def _breadth(self, count: int) -> int:
        """Return the width of a cell, where so many are shown."""
        width = self.scrollable_content_region.width
        return max(_CELL, min(_WIDEST, (width - _WHO) // count))

    def _cells(self, cells: Sequence[str], first: int, count: int, width: int) -> Strip:
        size = self._breadth(count) - 2
        parts = [fitted(one_line(cells[0]), _WHO - 1) + " "]
        parts += [f" {fitted(one_line(cell), size)} " for cell in cells[first : first + count]]
        return Strip([Segment(fitted("".join(parts), width))])

    def _drawn(self, row: Row, place: int, width: int) -> Strip:
        first, count = self._window(width)
        size = self._breadth(count)
        if place != self.cursor:
            return self._cells(row.cells, first, count, width).apply_style(self._style(row, place))
        cursor = self._style(row, place)
        segments = [Segment(fitted(one_line(row.cells[0]), _WHO - 1) + " ", self._ground)]
        for at in range(first, first + count):
            cell = fitted(one_line(row.cells[at]), size - 2)
            here = at == self.column
            text = f"›{cell}‹" if here else f" {cell} "
            segments.append(Segment(text, cursor if here else self._ground))
        used = _WHO + size * count
        return Strip([*segments, Segment(" " * max(0, width - used), self._ground)]).crop(0, width)
