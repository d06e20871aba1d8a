"""What the keeper of the register sees to, each behind a line of a menu."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any, Final, NamedTuple

from crm.errors import PasswordsDiffer
from crm.i18n import _, current
from crm.kartoteka import suggest_passphrase
from gdpr.text import N_, NP_
from tui.app_screen import run_once
from tui.dialogs.filling import SECRET, BoxField, Fill
from tui.dialogs.screen_kinds import ListScreen
from tui.keys import bindings
from tui.widgets.virtual_list import Column, Row

if TYPE_CHECKING:
    from collections.abc import Mapping

    from tui.widgets.virtual_list import VirtualList

_PASSWORD: Final = "password"  # noqa: S105 - a line of the menu


class MenuLine(NamedTuple):
    """A line of the menu: its place, what it is called, what is done there, and for whom."""

    place: str
    words: str
    about: str
    duty: str | None = None


ENTRIES: Final = (
    MenuLine("firm", N_("The firm"), N_("name, address, who answers questions about data")),
    MenuLine(
        "users", N_("Users"), N_("who may open the register, roles, first passwords"), "users"
    ),
    MenuLine("keys", N_("Keys of the register"), N_("rotate keys, recovery key on paper"), "keys"),
    MenuLine("backup", N_("New backup"), N_("copy the register to another place"), "backup"),
    MenuLine("restore", N_("Restore a backup"), N_("restore a backup"), "backup"),
    MenuLine("copies", N_("Known copies"), N_("files with data outside the register, until when")),
    MenuLine("import", NP_("verb", "Import"), N_("import a file of clients")),
    MenuLine("export", NP_("verb", "Export"), N_("write clients to a file")),
    MenuLine("consent-import", N_("Import consents"), N_("import a list of consents")),
    MenuLine(
        "unsubscribe",
        N_("Unsubscribe list"),
        N_("import a list of those who want no more messages"),
    ),
    MenuLine(
        "package-verify", N_("Check a package"), N_("whether it is unchanged since it was signed")
    ),
    MenuLine("doctor", N_("System check"), N_("check that everything is in order")),
    MenuLine("preferences", N_("Preferences"), N_("language, colours, keys of this workstation")),
    MenuLine(_PASSWORD, N_("My password"), N_("change the password you open the register with")),
)


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
        mine = [entry for entry in ENTRIES if self.register.may(duty=entry.duty)]
        self.listed.fill([Row(one.place, (_(one.words), _(one.about))) for one in mine])

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
