"""What a user likes: language, theme, signs, mouse, and when an idle screen locks."""

from __future__ import annotations

from dataclasses import replace
from typing import TYPE_CHECKING, Final

from textual.widgets import Static

from crm.i18n import LANGUAGES, TONGUES, _, current, pgettext
from gdpr.text import N_
from tui.app_screen import AppScreen, task
from tui.dialogs.asking import Choose
from tui.keys import bindings
from tui.preferences import ICONS, THEMES, config_path
from tui.safe import line
from tui.widgets.frame import Frame
from tui.widgets.key_bar import KeyBar
from tui.widgets.virtual_list import Column, Row, VirtualList

if TYPE_CHECKING:
    from textual.app import ComposeResult

    from tui.preferences import Preferences

# Each language names itself, so that somebody who got into a foreign one finds the way out.
_MINUTES: Final = ("1", "5", "10", "15", "30", "60")
_NAMES: Final = {
    "language": N_("Language"),
    "theme": N_("Colours"),
    "icons": N_("Symbols"),
    "mouse": N_("Mouse"),
    "idle": N_("Lock after minutes of inactivity"),
}
_WORDS: Final = {
    "dark": N_("dark"),
    "light": N_("light"),
    "terminal": N_("those of the terminal"),
    "signs": N_("symbols such as ✓ and ✗"),
    "ascii": N_("plain letters"),
    "yes": N_("yes"),
    "no": N_("no, so that the terminal can select text"),
}


class PreferencesScreen(AppScreen):
    """A list of choices; Enter changes one, and it is kept at once."""

    BINDINGS = bindings("back")

    def compose(self) -> ComposeResult:
        """Draw the list and where the choices are kept."""
        yield Frame("settings")
        yield VirtualList(
            (Column("what", _("Setting"), 36), Column("now", pgettext("setting", "Value"), 0))
        )
        yield Static(line(_("Kept in {path}").format(path=config_path())), classes="muted")
        yield KeyBar()

    def on_mount(self) -> None:
        """Show what is chosen now."""
        self._show()

    def on_virtual_list_opened(self, event: VirtualList.Opened) -> None:
        """Offer the choices of a line."""
        offered = {
            "language": [(code, TONGUES[code]) for code in LANGUAGES],
            "theme": [(code, _(_WORDS[code])) for code in THEMES],
            "icons": [(code, _(_WORDS[code])) for code in ICONS],
            "mouse": [(code, _(_WORDS[code])) for code in ("yes", "no")],
            "idle": [(code, code) for code in _MINUTES],
        }[event.key]

        def chosen(code: str | None) -> None:
            if code is not None:
                self.choose(event.key, code)

        self.app.push_screen(
            Choose(_(_NAMES[event.key]), offered, now=self._now(event.key)), chosen
        )

    @task
    async def choose(self, what: str, code: str) -> None:
        """Keep a choice and let it take effect."""
        old = self.register.preferences
        new = {
            "language": lambda: replace(old, language=code),
            "theme": lambda: replace(old, theme=code),
            "icons": lambda: replace(old, icons=code),
            "mouse": lambda: replace(old, mouse=code == "yes"),
            "idle": lambda: replace(old, idle_minutes=int(code)),
        }[what]()
        self.register.prefer(new)
        if what == "mouse":
            self.register.notify(_("The mouse follows at the next start."))
        if what == "language":
            # The screens are drawn anew, this one too; so it cannot wait for it.
            self.app.run_worker(self.register.speak(code), exclusive=True, group="speak")
        else:
            self._show()

    def _now(self, what: str) -> str:
        chosen: Preferences = self.register.preferences
        return {
            "language": current(),
            "theme": chosen.theme,
            "icons": chosen.icons,
            "mouse": "yes" if chosen.mouse else "no",
            "idle": str(chosen.idle_minutes),
        }[what]

    def _show(self) -> None:
        listed = self.query_one(VirtualList)
        place = listed.cursor
        rows: list[Row] = []
        for what, name in _NAMES.items():
            now = self._now(what)
            words = TONGUES.get(now) or (_(_WORDS[now]) if now in _WORDS else now)
            rows.append(Row(what, (_(name), words)))
        listed.fill(rows)
        for _step in range(place):
            listed.action_cursor_down()
