"""The details of the firm itself, as letters and notices quote them."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from textual.widgets import Static

from crm.i18n import _
from crm.keys.words import firm_labels
from tui.app_screen import AppScreen, run_once, task
from tui.dialogs.filling import AREA, BoxField, Fill
from tui.keys import bindings
from tui.safe import line
from tui.widgets.frame import Frame
from tui.widgets.key_bar import KeyBar
from tui.widgets.sheet import Sheet

if TYPE_CHECKING:
    from collections.abc import Mapping

    from textual.app import ComposeResult

# The country decides which law applies, so it never changes.
_FIXED = frozenset({"country"})
_LONG = frozenset({"address", "dpo", "transfers", "automated"})


class FirmScreen(AppScreen):
    """Shows every detail; what was never told is a dash."""

    BINDINGS = bindings("back", "firm")
    AUTO_FOCUS = "Sheet"

    def compose(self) -> ComposeResult:
        """Draw the frame and the sheet."""
        yield Frame("settings")
        yield Static(line(_("The firm")), classes="question--title")
        yield Sheet()
        yield KeyBar()

    def on_screen_resume(self) -> None:
        """Show what is so now."""
        self.load()

    def check_action(self, action: str, parameters: tuple[object, ...]) -> bool | None:
        """Leave changes to who has the duty."""
        if action == "edit":
            return self.register.may(duty="purposes")
        return super().check_action(action, parameters)

    @task
    async def load(self) -> None:
        """Fill the sheet."""
        details = await self.desk.look(lambda register: register.controller.show())
        labels = firm_labels()
        await self.query_one(Sheet).show(
            [(labels[name], text or "–") for name, text in details.items()]
        )

    @run_once
    async def action_edit(self) -> None:
        """Correct details; an empty line takes one away."""
        before = await self.desk.look(lambda register: register.controller.show())
        labels = firm_labels()

        async def save(values: Mapping[str, Any]) -> object:
            changes = {name: text for name, text in values.items() if text != before[name]}
            return await self.desk.ask(lambda register: register.controller.edit(changes))

        fields = [
            BoxField(name, labels[name], text, AREA if name in _LONG else "line")
            for name, text in before.items()
            if name not in _FIXED
        ]
        if await self.app.push_screen_wait(Fill(_("The firm"), fields, save)) is not None:
            self.load()
