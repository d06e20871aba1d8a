"""What somebody should do today: each due thing in words, its next step, and the way there."""

from __future__ import annotations

import asyncio
from typing import TYPE_CHECKING, Final

from crm.i18n import _
from tui.app_screen import task
from tui.clients.today_words import mine, said, step
from tui.dialogs.screen_kinds import ListScreen
from tui.key_bindings import bindings
from tui.places import AREAS
from tui.widgets.virtual_list import Column, Row

if TYPE_CHECKING:
    from crm.lists.cards import Agenda, DueItem
    from tui.clients.today_words import DueKind
    from tui.widgets.virtual_list import VirtualList

_BREATH: Final = 0.02


class TodayScreen(ListScreen):
    """A list of what is due; Enter goes where it is done."""

    AREA = "today"
    LOADED = "otherwise"
    ABOVE = (("today-state", "standing"),)
    BELOW = (("today-step", "standing"), ("today-which", "muted"))
    BINDINGS = bindings("today")

    def __init__(self) -> None:
        """Know of nothing yet."""
        super().__init__()
        self._due: dict[str, tuple[DueItem, DueKind]] = {}

    def columns(self) -> tuple[Column, ...]:
        """Say what is due and what to do about it."""
        return (
            Column("what", _("What is due"), 0, least=50),
            Column("step", _("Next step"), 0, rank=2, least=44),
        )

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
        place = self._due[event.key][1].place
        if place in AREAS:
            self.app.run_worker(self.register.run_action(f"app.go('{place}')"))
        else:
            self.register.visit(place)

    def _show(self, agenda: Agenda) -> None:
        self._due = {item.code: (item, known) for item, known in mine(agenda, self.register)}
        rows = [
            Row(code, (said(item, known), step(known))) for code, (item, known) in self._due.items()
        ]
        self.listed.fill(rows, keep=True)
        self.listed.display = bool(rows)
        if not agenda.done:
            told = _("Still checking: the numbers may grow…") if rows else _("Checking…")
        elif rows:
            told = _("Enter opens the screen for it.")
        else:
            told = self.register.sign("✓", "ok:") + " " + _("Nothing is due.")
        self.write("today-state", told)
        self._tell()

    def _tell(self) -> None:
        found = self._due.get(self.key or "")
        self.write("today-step", step(found[1]) if found else "")
        which = ", ".join(found[0].detail) if found and found[0].code in _NAMED else ""
        self.write("today-which", which)


# Whose detail says something to people: days, files, names of users.
_NAMED: Final = frozenset({"clock", "copies", "confidentiality", "rotation", "damage"})
