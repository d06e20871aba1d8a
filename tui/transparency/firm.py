"""The details of the firm itself, as letters and notices quote them."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any, ClassVar

from crm.i18n import _
from crm.keys.words import firm_labels
from crm.kinds.party import SOURCES
from crm.parties.words import code_words, country_words
from tui.app_screen import run_once, task
from tui.dialogs.filling import AREA, LINE, BoxField, Fill, ticks
from tui.dialogs.screen_kinds import SheetScreen
from tui.key_bindings import bindings

if TYPE_CHECKING:
    from collections.abc import Mapping

# The country decides which law applies, so it never changes.
_FIXED = frozenset({"country"})
# There is nothing of a kind, as the firm has declared; which of these it is declared of, and which
# are kept as codes.
_NONE = "none"
_DECLARED = frozenset({"transfers", "automated", "sources"})
_CODED = frozenset({"sources"})
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
        parts = [(labels[name], _worded(name, text) or "–") for name, text in details.items()]
        await self.show(_("The firm"), parts)

    @run_once
    async def action_edit(self) -> None:
        """Correct details; an empty line takes one away."""
        before = await self.desk.look(lambda register: register.controller.show())
        labels = firm_labels()

        async def save(values: Mapping[str, Any]) -> object:
            told = {name: _stored(name, value) for name, value in values.items()}
            changes = {name: text for name, text in told.items() if text != before[name]}
            if not changes:
                return False
            return await self.desk.ask(lambda register: register.controller.edit(changes))

        fields = [
            _field(name, labels[name], text) for name, text in before.items() if name not in _FIXED
        ]
        if await self.app.push_screen_wait(Fill(_("The firm"), fields, save)) is not None:
            self.load()


def _field(name: str, label: str, text: str) -> BoxField:
    if name in _CODED:
        known = [(code, code_words(code)) for code in SOURCES if code != "subject"]
        return ticks(name, label, [*known, (_NONE, _("none"))], text.split(", "))
    return BoxField(name, label, _worded(name, text), AREA if name in _LONG else LINE)


def _worded(name: str, text: str) -> str:
    """Say a detail in the language in use where it is kept as a code."""
    if name == "country":
        return country_words(text)
    if name in _DECLARED and text == _NONE:
        return _("none")
    return ", ".join(map(code_words, text.split(", "))) if name in _CODED else text


def _stored(name: str, value: Any) -> str:
    """Give what is kept of a field of the box: the reverse of its words."""
    if name in _CODED:
        return ", ".join(value)
    text = str(value)
    return _NONE if name in _DECLARED and text.strip().lower() == _("none") else text
