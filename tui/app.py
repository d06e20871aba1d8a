"""The program on the screen: its areas, its lock, its language, and how it ends."""

from __future__ import annotations

import asyncio
import gc
import re
import uuid
from typing import TYPE_CHECKING, Any, ClassVar, Final

from textual.worker import WorkerFailed

from crm.i18n import pgettext
from gdpr.errors import Locked
from tui.app_screen import THEMES, offered
from tui.dialogs.reading import Help
from tui.entry.unlock import Unlock
from tui.entry.welcome import Welcome
from tui.key_bindings import KEY_GROUPS, bindings
from tui.lock import LOCKED, WELCOME, Gate
from tui.palette import Actions, Palette
from tui.places import AREAS, maker

if TYPE_CHECKING:
    from collections.abc import Iterable

    from textual.app import SystemCommand
    from textual.binding import Binding
    from textual.screen import Screen

    from tui.opening import Start

_FUNCTION_KEY: Final = re.compile(r"f[0-9]+")
# What the toolkit calls a key -> what stands on it in most countries.
_KEYCAPS: Final = {"esc": "Esc", "pgup": "PgUp", "pgdn": "PgDn", "home": "Home", "end": "End"}


class Register(Gate):
    """The app: locked at first, then one stack of screens for each area."""

    TITLE = "Kartotēka"
    CSS_PATH: ClassVar = [
        "styles/all.tcss",
        "styles/clients.tcss",
        "styles/card.tcss",
        "styles/forms.tcss",
        "styles/offices.tcss",
        "styles/privacy.tcss",
        "styles/files.tcss",
        "styles/entry.tcss",
    ]
    COMMANDS: ClassVar = {Actions}
    MODES: ClassVar[dict[str, Any]] = {
        LOCKED: Unlock,
        WELCOME: Welcome,
        **{area: maker(area) for area in AREAS},
    }
    HORIZONTAL_BREAKPOINTS = [(0, "-narrow"), (120, "-wide"), (150, "-huge")]  # noqa: RUF012 - as the toolkit declares it
    BINDINGS = bindings("app")

    def __init__(self, start: Start) -> None:
        """Remember how the register is opened; nothing is opened before the first paint."""
        super().__init__(start)
        self.reference: str | None = None

    def on_load(self) -> None:
        """Let every task begin in its turn, whatever Python this is, and set aside what is loaded.

        From 3.12 on the toolkit lets tasks begin inside of whoever makes them. A key would then be
        delivered, and a screen composed, in the middle of the work that asked for it.
        """
        asyncio.get_running_loop().set_task_factory(None)
        # What is loaded by now stays until the end, and holds nothing of anybody. Looked through
        # for garbage, it held up a letter that was typed by some 50 ms.
        gc.freeze()

    def on_unmount(self) -> None:
        """Leave the memory as it was found: this process may go on with something else."""
        gc.unfreeze()

    def on_mount(self) -> None:
        """Look and answer to keys as the user likes."""
        self.theme = THEMES[self.preferences.theme]
        known = {key.id for keys in KEY_GROUPS.values() for key in keys}
        self.set_keymap(
            {name: keys for name, keys in self.preferences.keys.items() if name in known}
        )
        self.watch_the_clock()
        if not self.is_headless:
            self.heed_signals()

    def get_key_display(self, binding: Binding) -> str:
        """Write a key as it is printed on a keyboard, and as the guide has it."""
        shown = super().get_key_display(binding)
        if shown == "space":
            return pgettext("keyboard", "Space")
        return shown.upper() if _FUNCTION_KEY.fullmatch(shown) else _KEYCAPS.get(shown, shown)

    def action_help(self) -> None:
        """Show the keys that work here."""
        if isinstance(self.screen, Help):
            return
        everywhere = {key.id for key in KEY_GROUPS["app"]}
        here: list[tuple[str, str]] = []
        always: list[tuple[str, str]] = []
        for active in offered(self.screen):
            binding = active.binding
            known = always if binding.id in everywhere else here
            if not any(words == binding.description for _key, words in known):
                known.append((self.get_key_display(binding), binding.description))
        self.push_screen(Help(here, always))

    def action_command_palette(self) -> None:
        """Offer every action that works here."""
        if not isinstance(self.screen, Palette):
            self.push_screen(Palette())

    async def speak(self, language: str) -> None:
        """Speak another language from now on; every screen is drawn anew."""
        await super().speak(language)
        if self.me is None:
            for screen in self.screen_stack:
                await screen.recompose()
            return
        here = self.current_mode
        await self.switch_mode(LOCKED)
        for area in AREAS:
            await self._forget(area)
        await self.switch_mode(here)

    def get_system_commands(self, screen: Screen[Any]) -> Iterable[SystemCommand]:
        """Offer none of the toolkit's own: a picture of a screen would be a copy of data."""
        del screen
        yield from ()

    def _handle_exception(self, error: Exception) -> None:
        # The toolkit would print local variables: names, accounts, keys.
        from crm.session.words import unforeseen  # noqa: PLC0415 - nobody hopes to need it

        cause = error.error if isinstance(error, WorkerFailed) else error
        if self.me is None and isinstance(cause, Locked):
            return  # a question that the lock overtook: nobody waits for its answer
        self._return_code = 1
        if self._exception is None:
            self._exception = error
            self._exception_event.set()
        self.reference = uuid.uuid4().hex[:8]
        self.panic(unforeseen(cause, self.reference))
