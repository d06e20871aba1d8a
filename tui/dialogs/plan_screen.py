"""Screens that show a plan: Enter reads a line of it in full, and changes nothing."""

from __future__ import annotations

from typing import TYPE_CHECKING

from tui.app_screen import AppScreen
from tui.dialogs.message import Tell

if TYPE_CHECKING:
    from tui.widgets.virtual_list import VirtualList


class PlanScreen(AppScreen):
    """A screen with a list of what goes and what stays."""

    def on_virtual_list_opened(self, event: VirtualList.Opened) -> None:
        """Show the whole line, for a narrow screen cuts it."""
        event.stop()
        row = event.control.current
        if row is not None and any(row.cells[1:]):
            headings = [column.heading for column in event.control.columns]
            pairs = zip(headings, row.cells, strict=True)
            body = "\n".join(f"{name}: {cell}" for name, cell in pairs if cell)
            self.app.push_screen(Tell(row.cells[0], body))
