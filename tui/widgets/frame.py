"""The first line of every main screen: the areas with their keys, and whose register this is."""

from __future__ import annotations

from typing import TYPE_CHECKING, Final, cast

from textual.content import Content
from textual.widgets import Static

from crm.i18n import _
from gdpr.text import N_
from tui.safe import one_line

if TYPE_CHECKING:
    from tui.room import Program

# mode -> what it is called, in the order of their keys; the app holds those that exist.
AREAS: Final = {
    "clients": N_("Clients"),
    "today": N_("Today"),
    "retention": N_("Retention"),
    "papers": N_("Papers"),
    "audit": N_("Log"),
    "settings": N_("Settings"),
}


class Frame(Static):
    """Shows `F2 Clients  F3 Today …` with the present area standing out, and user and firm."""

    def __init__(self, area: str) -> None:
        """Stand on a screen of `area`."""
        super().__init__(id="frame", markup=False)
        self._area = area

    def on_mount(self) -> None:
        """Draw."""
        self.on_resize()

    def on_resize(self) -> None:
        """Draw what fits."""
        app = cast("Program", self.app)
        present = [area for area in AREAS if area in app.MODES]
        parts: list[tuple[str, str]] = []
        for area in present:
            key = f"F{list(AREAS).index(area) + 2}"
            style = "reverse bold" if area == self._area else ""
            parts += [(f" {key} {_(AREAS[area])} ", style)]
        left = Content.assemble(*parts)
        me = app.me
        right = one_line(f"{me.name} · {me.firm}") if me is not None else ""
        room = self.size.width - left.cell_length - 1
        if room >= len(right) > 0:
            left = Content.assemble(left, " " * (room - len(right)), right)
        elif me is not None and room >= len(me.name):
            left = Content.assemble(left, " " * (room - len(me.name)), one_line(me.name))
        self.update(left)
