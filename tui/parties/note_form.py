"""Writing a note about a party."""

from __future__ import annotations

from typing import TYPE_CHECKING

from textual.widgets import Static, TextArea

from crm.i18n import _
from gdpr.errors import KartotekaError
from tui.app_screen import explain, run_once
from tui.dialogs.asking import may_leave
from tui.dialogs.screen_kinds import FramedScreen
from tui.key_bindings import bindings
from tui.safe import line

if TYPE_CHECKING:
    from textual.app import ComposeResult


class NoteForm(FramedScreen):
    """One text; it goes with the ground that names correspondence."""

    AREA = "clients"
    LOADED = "otherwise"
    BINDINGS = bindings("back", "note")
    AUTO_FOCUS = "TextArea"

    def __init__(self, number: int) -> None:
        """Write about the party with this number."""
        super().__init__()
        self._number = number

    def drawn(self) -> ComposeResult:
        """Draw the title, room for the text, and what is wrong with it."""
        title = _("Note about number {number}").format(number=self._number)
        yield Static(line(title), id="form-title")
        yield TextArea(id="note", soft_wrap=True, show_line_numbers=False)
        yield Static(
            line(_("Write what was discussed and agreed; nothing about health or beliefs.")),
            id="form-said",
            classes="muted",
        )

    @run_once
    async def action_save(self) -> None:
        """Store the note."""
        number, text = str(self._number), self.query_one(TextArea).text
        try:
            await self.desk.ask(lambda register: register.notes.add(number, text))
        except KartotekaError as problem:
            self.write("form-said", explain(problem))
            return
        self.register.notify(_("Note saved: number {number}.").format(number=self._number))
        self.dismiss(self._number)

    @run_once
    async def action_back(self) -> None:  # asks before it leaves
        """Leave; a text that would be lost is asked for."""
        if await may_leave(self, changed=bool(self.query_one(TextArea).text.strip())):
            self.dismiss(None)
