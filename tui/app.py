"""The program on the screen: its areas, its lock, its language, and how it ends."""

from __future__ import annotations

import uuid
from typing import TYPE_CHECKING, Any, ClassVar

from tui.dialogs.help import Help
from tui.keys import ROOMS, bindings
from tui.palette import Actions
from tui.places import AREAS, maker
from tui.room import THEMES, Program
from tui.screens.unlock import Unlock

if TYPE_CHECKING:
    from collections.abc import Callable, Iterable

    from textual.app import SystemCommand
    from textual.screen import Screen

    from crm.kartoteka import Kartoteka
    from tui.opening import Start


class Register(Program):
    """The app: locked at first, then one stack of screens for each area."""

    TITLE = "Kartotēka"
    CSS_PATH: ClassVar = ["styles/all.tcss", "styles/clients.tcss", "styles/offices.tcss"]
    COMMANDS: ClassVar = {Actions}
    MODES: ClassVar[dict[str, Any]] = {
        "locked": Unlock,
        **{area: maker(area) for area in AREAS},
    }
    DEFAULT_MODE = "locked"
    HORIZONTAL_BREAKPOINTS = [(0, "-narrow"), (120, "-wide"), (150, "-huge")]  # noqa: RUF012 - as the toolkit declares it
    BINDINGS = bindings("app")

    def __init__(self, start: Start) -> None:
        """Remember how the register is opened; nothing is opened before the first paint."""
        super().__init__()
        self.start = start
        self.reference: str | None = None

    def on_mount(self) -> None:
        """Look and answer to keys as the user likes."""
        self.theme = THEMES[self.preferences.theme]
        known = {key.id for keys in ROOMS.values() for key in keys}
        self.set_keymap(
            {name: keys for name, keys in self.preferences.keys.items() if name in known}
        )

    def action_help(self) -> None:
        """Show the keys that work here."""
        if isinstance(self.screen, Help):
            return
        everywhere = {key.id for key in ROOMS["app"]}
        here: list[tuple[str, str]] = []
        always: list[tuple[str, str]] = []
        for active in self.screen.active_bindings.values():
            binding = active.binding
            if active.enabled and binding.description and not binding.system:
                pair = (self.get_key_display(binding), binding.description)
                known = always if binding.id in everywhere else here
                if not any(words == pair[1] for _key, words in known):
                    known.append(pair)
        self.push_screen(Help(here, always))

    async def enter(self, way: Callable[[], Kartoteka]) -> None:
        """Open the register by `way` and show the clients."""
        await self.desk.open(way)
        self.me = await self.desk.ask(lambda register: register.myself)
        await self.switch_mode("clients")

    async def action_lock(self) -> None:
        """Drop every name and key, and ask for the password again."""
        await self.lock()

    async def lock(self) -> None:
        """Leave every screen that holds data, close the register, forget the clipboard."""
        self.me = None
        self._clipboard = ""
        await self.switch_mode("locked")
        await self._forget_screens()
        await self.desk.close()

    async def action_go(self, area: str) -> None:
        """Go to an area."""
        if area in self.MODES and self.me is not None:
            await self.switch_mode(area)

    async def action_leave(self) -> None:
        """Close the register and end."""
        self.desk.end()
        self.exit(0)

    async def speak(self, language: str) -> None:
        """Speak another language from now on; every screen is drawn anew."""
        await super().speak(language)
        here = self.current_mode
        await self.switch_mode("locked")
        await self._forget_screens()
        await self.switch_mode(here)

    def check_action(self, action: str, parameters: tuple[object, ...]) -> bool | None:
        """While locked only leaving and help work, whatever asks."""
        if self.me is None:
            return action not in {"go", "lock", "command_palette", "copy_text"}
        if action == "go":
            return parameters[0] in self.MODES
        return super().check_action(action, parameters)

    def get_system_commands(self, screen: Screen[Any]) -> Iterable[SystemCommand]:
        """Offer none of the toolkit's own: a picture of a screen would be a copy of data."""
        del screen
        yield from ()

    def _handle_exception(self, error: Exception) -> None:
        # The toolkit would print local variables: names, accounts, keys.
        from crm.words.failures import unforeseen  # noqa: PLC0415 - nobody hopes to need it

        self._return_code = 1
        if self._exception is None:
            self._exception = error
            self._exception_event.set()
        self.reference = uuid.uuid4().hex[:8]
        self.panic(unforeseen(error, self.reference))

    async def _forget_screens(self) -> None:
        for area in AREAS:
            if area in self._screen_stacks:
                await self.remove_mode(area)
                self.add_mode(area, maker(area))
