"""The first line of every main screen: the areas with their keys, and whose register this is."""

from __future__ import annotations

from typing import TYPE_CHECKING, Final, cast

from rich.cells import cell_len
from textual.content import Content
from textual.widgets import Static

from crm.i18n import _
from tui.key_bindings import KEY_GROUPS
from tui.safe import one_line

if TYPE_CHECKING:
    from tui.app_screen import Program

# area -> what it is called, in the order of the keys that lead there.
AREAS: Final = {
    key.id.removeprefix("app."): key.words
    for key in KEY_GROUPS["app"]
    if key.action.startswith("go(")
}
# How far from the areas the user's name stands, so that nobody reads it as one.
_GAP: Final = 2


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
        left = self._areas([area for area in AREAS if area in app.MODES])
        me = app.me
        right = one_line(f"{me.name} · {me.firm}") if me is not None else ""
        room = self.size.width - left.cell_length - 1
        for words in (right, one_line(me.name) if me is not None else ""):
            gap = room - cell_len(words)
            if words and gap >= _GAP:
                left = Content.assemble(left, " " * gap, words)
                break
        self.update(left)

    def _areas(self, present: list[str]) -> Content:
        """Name the areas: with room between them, closer, or by their keys but for this one."""
        ways = (
            self._named(present, present, " "),
            self._named(present, present, ""),
            self._named(present, [self._area], ""),
        )
        return next((way for way in ways if way.cell_length <= self.size.width), ways[-1])

    def _named(self, present: list[str], worded: list[str], after: str) -> Content:
        parts: list[tuple[str, str]] = []
        for area in present:
            words = f" {_(AREAS[area])}" if area in worded else ""
            style = "reverse bold" if area == self._area else ""
            parts.append((f" F{list(AREAS).index(area) + 2}{words}{after}", style))
        return Content.assemble(*parts)
