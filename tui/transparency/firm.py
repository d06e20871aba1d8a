"""The details of the firm itself, as letters and notices quote them."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any, ClassVar

from crm.i18n import _
from crm.keys.words import firm_labels
from tui.app_screen import run_once, task
from tui.dialogs.filling import AREA, LINE, BoxField, Fill
from tui.dialogs.screen_kinds import SheetScreen
from tui.key_bindings import bindings

if TYPE_CHECKING:
    from collections.abc import Mapping

# The country decides which law applies, so it never changes.
_FIXED = frozenset({"country"})
_LONG = frozenset({"address", "dpo", "transfers", "automated"})


class FirmScreen(SheetScreen):
    """Shows every detail; what was never told is a dash."""

    AREA = "settings"
    DUTIES: ClassVar = {"edit": "purposes"}
    BINDINGS = bindings("back", "firm")

    @task
    async def load(self) -> None:
        """Fill the sheet."""
        details = await self.desk.look(lambda register: register.controller.show())
        labels = firm_labels()
        parts = [(labels[name], text or "–") for name, text in details.items()]
        await self.show(_("The firm"), parts)

    @run_once
    async def action_edit(self) -> None:
        """Correct details; an empty line takes one away."""
        before = await self.desk.look(lambda register: register.controller.show())
        labels = firm_labels()

        async def save(values: Mapping[str, Any]) -> object:
            changes = {name: text for name, text in values.items() if text != before[name]}
            return await self.desk.ask(lambda register: register.controller.edit(changes))

        fields = [
            BoxField(name, labels[name], text, AREA if name in _LONG else LINE)
            for name, text in before.items()
            if name not in _FIXED
        ]
        if await self.app.push_screen_wait(Fill(_("The firm"), fields, save)) is not None:
            self.load()
