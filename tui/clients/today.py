"""What somebody should do today: each due thing in words, its next step, and the way there."""

from __future__ import annotations

import asyncio
from typing import TYPE_CHECKING, Final

from textual.widgets import Static

from crm.i18n import _
from tui.app_screen import AppScreen, task
from tui.clients.today_words import mine, said, step
from tui.keys import bindings
from tui.places import AREAS, PLACES
from tui.safe import line
from tui.widgets.frame import Frame
from tui.widgets.key_bar import KeyBar
from tui.widgets.virtual_list import Column, Row, VirtualList

if TYPE_CHECKING:
    from textual.app import ComposeResult

    from crm.lists.cards import Agenda, DueItem
    from tui.clients.today_words import DueKind

_BREATH: Final = 0.02


class TodayScreen(AppScreen):
    """A list of what is due; Enter goes where it is done."""

    BINDINGS = bindings("today")
    AUTO_FOCUS = "VirtualList"

    def __init__(self) -> None:
        """Know of nothing yet."""
        super().__init__()
        self._due: dict[str, tuple[DueItem, DueKind]] = {}

    def compose(self) -> ComposeResult:
        """Draw the frame, the list, the next step for the line under the cursor."""
        yield Frame("today")
        yield Static(line(_("Checking…")), id="today-state", classes="standing")
        yield VirtualList(
            (
                Column("what", _("What is due"), 0, least=50),
                Column("step", _("Next step"), 0, rank=2, least=44),
            ),
        )
        yield Static("", id="today-step", classes="standing")
        yield Static("", id="today-which", classes="muted")
        yield KeyBar()

    def on_screen_resume(self) -> None:
        """Look anew, for something may have been done meanwhile."""
        self.look()

    def action_again(self) -> None:
        """Look anew at everything and everybody."""
        self.look(fresh=True)

    def action_doctor(self) -> None:
        """Look whether everything else is in order."""
        self.register.visit("doctor")

    @task
    async def look(self, *, fresh: bool = False) -> None:
        """Find what is due, a little at a time, and show it as it comes."""
        agenda: Agenda = await self.desk.look(
            lambda register: register.agenda.look(again=True, fresh=fresh)
        )
        self._show(agenda)
        while not agenda.done:
            await asyncio.sleep(_BREATH)
            known = len(agenda.items)
            agenda = await self.desk.look(lambda register: register.agenda.look())
            if agenda.done or len(agenda.items) != known:
                self._show(agenda)

    def on_virtual_list_moved(self) -> None:
        """Say the next step for the line under the cursor."""
        self._tell()

    def on_virtual_list_opened(self, event: VirtualList.Opened) -> None:
        """Go where it is done."""
        item, known = self._due[event.key]
        del item
        if known.place in AREAS:
            self.app.run_worker(self.register.run_action(f"app.go('{known.place}')"))
        elif known.place in PLACES:
            self.register.visit(known.place)

    def _show(self, agenda: Agenda) -> None:
        self._due = {item.code: (item, known) for item, known in mine(agenda, self.register)}
        rows = [
            Row(code, (said(item, known), step(known))) for code, (item, known) in self._due.items()
        ]
        shown = self.query_one(VirtualList)
        place = shown.cursor
        shown.fill(rows)
        for _step in range(min(place, len(rows) - 1)):
            shown.action_cursor_down()
        shown.display = bool(rows)
        if not agenda.done:
            told = _("Checking…")
        elif rows:
            told = _("Enter opens the screen for it.")
        else:
            told = self.register.sign("✓", "ok:") + " " + _("Nothing is due.")
        self.query_one("#today-state", Static).update(line(told))
        self._tell()

    def _tell(self) -> None:
        under = self.query_one(VirtualList).current
        found = None if under is None else self._due.get(under.key)
        self.query_one("#today-step", Static).update(line(step(found[1]) if found else ""))
        which = ", ".join(found[0].detail) if found and found[0].code in _NAMED else ""
        self.query_one("#today-which", Static).update(line(which))


# Whose detail says something to people: days, files, names of users.
_NAMED: Final = frozenset({"clock", "copies", "confidentiality", "rotation", "damage"})
