"""What the keeper of the register sees to, each behind a line of a menu."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any, Final

from crm.errors import PasswordsDiffer
from crm.i18n import _, current
from crm.kartoteka import suggest_passphrase
from gdpr.word_tables import WordPairTable
from tui.app_screen import run_once
from tui.dialogs.filling import SECRET, BoxField, Fill
from tui.dialogs.screen_kinds import ListScreen
from tui.key_bindings import bindings
from tui.widgets.virtual_list import Column, Row

if TYPE_CHECKING:
    from collections.abc import Mapping

    from tui.widgets.virtual_list import VirtualList

_PASSWORD: Final = "password"  # noqa: S105 - a line of the menu


# The lines of the menu: what each is called, and what is done there.
ENTRIES: Final = WordPairTable("tui.keeper", "menu", "word", "about")
# place -> the duty of whoever does it there.
_DUTIES: Final = {"users": "users", "keys": "keys", "backup": "backup", "restore": "backup"}


class SettingsScreen(ListScreen):
    """A menu; only what exists and what the user's roles allow stands in it."""

    AREA = "settings"
    LOADED = "once"
    BINDINGS = bindings("settings")

    def columns(self) -> tuple[Column, ...]:
        """Say where a line leads, and what is done there."""
        return Column("entry", _("Settings"), 22), Column("about", "", 0)

    def load(self) -> None:
        """Fill the menu."""
        rows = [
            Row(place, (_(words), _(about)))
            for place, (words, about) in ENTRIES.items()
            if self.register.user_may(duty=_DUTIES.get(place))
        ]
        self.listed.fill(rows)

    def on_virtual_list_opened(self, event: VirtualList.Opened) -> None:
        """Go there."""
        if event.key == _PASSWORD:
            self.action_password()
        else:
            self.register.visit(event.key)

    @run_once
    async def action_password(self) -> None:
        """Change the user's own password; copies made before still open with the old one."""

        async def save(values: Mapping[str, Any]) -> None:
            if values["new"] != values["again"]:
                raise PasswordsDiffer
            old, new = values["old"], values["new"]
            await self.desk.ask(lambda register: register.users.change_password(old, new))

        fields = [
            BoxField("old", _("current password"), kind=SECRET),
            BoxField("new", _("new password"), kind=SECRET),
            BoxField("again", _("repeat new password"), kind=SECRET),
        ]
        text = _(
            "15 characters or more; you may use this one: {phrase}\nEarlier copies still "
            "open with the old one."
        ).format(phrase=suggest_passphrase(current()))
        if await self.app.push_screen_wait(Fill(_("My password"), fields, save, text=text)):
            self.register.notify(_("The password is changed."))
