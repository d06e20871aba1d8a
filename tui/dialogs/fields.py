"""What screens of lines and choices have in common: Enter goes on, and all choices are shown."""

from __future__ import annotations

from typing import TYPE_CHECKING

from crm.i18n import _
from tui.app_screen import AppScreen
from tui.dialogs.asking import Choose
from tui.widgets.pick import Pick

if TYPE_CHECKING:
    from textual.widgets import Input


class FieldsScreen(AppScreen):
    """A room to be filled in; only a key of its own does the work."""

    def on_pick_wanted(self, event: Pick.Wanted) -> None:
        """Show all choices of a field; another one is as if it had been turned to."""
        event.stop()
        pick = event.pick

        def chosen(code: str | None) -> None:
            if code is not None and code != pick.value:
                pick.value = code
                pick.post_message(Pick.Turned(pick))

        self.app.push_screen(Choose(_("Choose"), pick.choices, now=pick.value), chosen)

    def on_input_submitted(self, event: Input.Submitted) -> None:
        """Go to the next field."""
        event.stop()
        self.focus_next()
