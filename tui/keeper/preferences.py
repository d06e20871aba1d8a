"""What a user likes: language, theme, signs, mouse, and when an idle screen locks."""

from __future__ import annotations

from dataclasses import replace
from typing import TYPE_CHECKING, Any, Final

from crm.i18n import TONGUES, _, current, pgettext
from gdpr.word_tables import WordTable
from tui.app_screen import run_once
from tui.dialogs.asking import Choose
from tui.dialogs.filling import tongues
from tui.dialogs.screen_kinds import ListScreen
from tui.key_bindings import bindings
from tui.preferences import ICONS, THEMES, config_path
from tui.widgets.virtual_list import Column, Row

if TYPE_CHECKING:
    from tui.widgets.virtual_list import VirtualList

# Each language names itself, so that somebody who got into a foreign one finds the way out.
_MINUTES: Final = ("1", "5", "10", "15", "30", "60")
_NAMES: Final = WordTable("tui.keeper", "preferences")
_WORDS: Final = WordTable("tui.keeper", "choices")


class PreferencesScreen(ListScreen):
    """A list of choices; Enter changes one, and it is kept at once."""

    AREA = "settings"
    LOADED = "once"
    BELOW = (("kept", "muted"),)
    BINDINGS = bindings("back")

    def columns(self) -> tuple[Column, ...]:
        """Say what can be chosen, and what is now."""
        return Column("what", _("Setting"), 36), Column("now", pgettext("setting", "Value"), 0)

    @run_once
    async def on_virtual_list_opened(self, event: VirtualList.Opened) -> None:
        """Offer the choices of a line."""
        what, now = event.key, self._now(event.key)
        offered = {
            "language": tongues(),
            "theme": [(code, _(_WORDS[code])) for code in THEMES],
            "icons": [(code, _(_WORDS[code])) for code in ICONS],
            "mouse": [(code, _(_WORDS[code])) for code in ("yes", "no")],
            "idle_minutes": [(code, code) for code in _MINUTES],
        }[what]
        code = await self.app.push_screen_wait(Choose(_(_NAMES[what]), offered, now=now))
        if code is not None:
            self._choose(what, code)

    def _choose(self, what: str, code: str) -> None:
        """Keep a choice and let it take effect."""
        value: Any = int(code) if what == "idle_minutes" else code
        if what == "mouse":
            value = code == "yes"
        self.register.prefer(replace(self.register.preferences, **{what: value}))
        if what == "mouse":
            self.register.notify(_("The mouse follows at the next start."))
        if what == "language":
            # The screens are drawn anew, this one too; so it cannot wait for it.
            self.app.run_worker(self.register.speak(code), exclusive=True, group="speak")
        else:
            self.load()

    def _now(self, what: str) -> str:
        chosen = self.register.preferences
        if what == "mouse":
            return "yes" if chosen.mouse else "no"
        return current() if what == "language" else str(getattr(chosen, what))

    def load(self) -> None:
        """Show what is chosen now, and where it is kept."""
        rows: list[Row] = []
        for what, name in _NAMES.items():
            now = self._now(what)
            words = TONGUES.get(now) or (_(_WORDS[now]) if now in _WORDS else now)
            rows.append(Row(what, (_(name), words)))
        self.listed.fill(rows, keep=True)
        self.write("kept", _("Kept in {path}").format(path=config_path()))
