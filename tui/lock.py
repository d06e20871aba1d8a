"""The way in and the lock: behind it stand all screens that hold data, before it none."""

from __future__ import annotations

import asyncio
import gc
import os
import signal
import threading
from contextlib import suppress
from typing import TYPE_CHECKING, Any, ClassVar, Final

from textual import events
from textual.widgets import Input
from textual.worker import Worker

from crm.i18n import _
from crm.opening.words import warning_words
from gdpr.errors import KartotekaError
from tui.app_screen import AppScreen, Program, explain
from tui.places import AREAS
from tui.waiting import Idle

if TYPE_CHECKING:
    from collections.abc import Callable

    from crm.kartoteka import Kartoteka
    from gdpr.errors import Damaged
    from tui.opening import Start

LOCKED: Final = "locked"
WELCOME: Final = "welcome"
# What the program itself does before anybody is in; whatever is not here waits.
_OPEN_TO_ALL: Final = frozenset(
    {"leave", "help", "help_quit", "focus_next", "focus_previous", "focus", "bell"}
)
_WATCH_SECONDS: Final = 2.0
_SWEEPS: Final = 2
_MOST_DAMAGES: Final = 3
# Long enough to read a fingerprint to a colleague; the screen of keys shows it for good.
_READ_SECONDS: Final = 60
_ENDING: Final = ("SIGTERM", "SIGHUP", "SIGINT", "SIGQUIT")
# So long the toolkit may take to give the terminal back.
_LAST_SECONDS: Final = 5.0
# Clear, leave the alternate screen and come back: some terminals keep what stood on it.
_BLANK: Final = "\x1b[2J\x1b[?1049l\x1b[?1049h\x1b[2J"


class Gate(Program):
    """Opens the register, locks it, and lets nothing past the lock."""

    DEFAULT_MODE: ClassVar[str] = LOCKED

    def __init__(self, start: Start) -> None:
        """Remember how the register is opened; nothing is opened before the first paint."""
        if start.is_new():
            self.DEFAULT_MODE = WELCOME  # type: ignore[misc] # the toolkit reads it in the next line
        super().__init__()
        self.start = start
        # What a PIN opens again: shut, and gone with this process.
        self.kept: Any = None
        # Whether the register is still being closed behind the lock.
        self.closing = False
        self._ending = False
        self._idle = Idle()
        self._sweeps_left = 0

    def watch_the_clock(self) -> None:
        """Lock by itself from now on, when nobody is there; sweep up behind a lock."""
        self.set_interval(_WATCH_SECONDS, self._lock_when_idle)
        self.set_interval(_WATCH_SECONDS, self._sweep)

    async def on_event(self, event: events.Event) -> None:
        """Notice that somebody is there; who comes back too late meets the lock first."""
        if isinstance(event, events.Key | events.MouseEvent | events.Paste):
            if await self._lock_when_idle():
                return
            self._idle.stamp()
        if isinstance(event, events.Paste) and isinstance(self.focused, Input):
            event = self._in_one_line(event)
        await super().on_event(event)

    def _in_one_line(self, event: events.Paste) -> events.Paste:
        """Join what was pasted into a line of its own, and say so; the toolkit keeps its first."""
        lines = [line.strip() for line in event.text.splitlines() if line.strip()]
        if len(lines) < 2:  # noqa: PLR2004 - one line is as it should be
            return event
        words = _("{count} lines were pasted and joined into one. Check that it is right.")
        self.notify(words.format(count=len(lines)), severity="warning", timeout=12)
        return events.Paste(", ".join(lines))

    def heed_signals(self) -> None:
        """End as after leaving when the process is told to end; one that is ignored stays so."""
        loop = asyncio.get_running_loop()
        for name in _ENDING:
            number = getattr(signal, name, None)
            if number is not None and signal.getsignal(number) is not signal.SIG_IGN:
                with suppress(NotImplementedError, RuntimeError, ValueError):
                    loop.add_signal_handler(number, self._told_to_end, number)

    def _told_to_end(self, number: int) -> None:
        """Let no name stand on the screen from now on, and undo what is being written."""
        code = 128 + number
        if self._ending:
            return
        self.me, self._ending = None, True
        self._blank_terminal()
        # Nothing is drawn any more: whatever is drawn would be left to read.
        self.batch_update().__enter__()
        self.workers.cancel_all()
        self.desk.stop()
        # A terminal that is gone takes nothing any more, and the toolkit would wait for it.
        last = threading.Timer(_LAST_SECONDS, os._exit, (code,))
        last.daemon = True

        async def leave() -> None:
            await asyncio.to_thread(self.desk.end)
            last.start()
            self.exit(code)

        self._leaving = asyncio.ensure_future(leave())

    async def enter(self, way: Callable[[], Kartoteka], *, kept: object = None) -> None:
        """Open the register by `way` and show the clients; `kept` if that was by its PIN."""
        await self.desk.open(way)
        self.kept = kept
        await self.begin()

    async def begin(self) -> None:
        """Show the clients of the register that is open, and say what its opening found."""
        try:
            self.me, warned, damage, root, original = await self.desk.ask(
                lambda register: (
                    register.current_user,
                    register.warnings,
                    register.damage,
                    register.root,
                    register.original,
                )
            )
        except KartotekaError:
            await self.desk.close()
            raise
        self._idle.stamp()
        await self.switch_mode("clients")
        # Who calls may stand on that screen, so it goes later.
        for entrance in (WELCOME, LOCKED):
            if len(self._screen_stacks.get(entrance, ())) > (entrance == LOCKED):
                self.call_later(self._forget, entrance)
        self._say([warning_words(code, root, original) for code in warned], damage)

    def tell(self, problem: KartotekaError) -> None:
        """Say what went wrong; behind the lock nobody is there to hear it."""
        if self.me is not None:
            super().tell(problem)

    def has_pin(self) -> bool:
        """Tell whether a PIN opens the register now."""
        return self.kept is not None and self.kept.is_alive()

    def welcome(self) -> None:
        """Show how to begin, where there is no register yet."""
        self.switch_mode(WELCOME)

    def show_invented(self) -> None:
        """Open the register of invented people."""
        self.start = self.start.invented()
        self.switch_mode(LOCKED)
        self.call_later(self._forget, WELCOME)

    async def action_lock(self) -> None:
        """Drop every name and key, and ask for the password again."""
        await self.lock()

    async def lock(self) -> None:
        """Leave every screen that holds data, close the register, forget the clipboard.

        The screens go at once. Work that is being done is not cut in two: the register closes
        after it, and what it answers reaches nobody.
        """
        self.me = None
        self.closing = True
        self._sweeps_left = _SWEEPS
        self._clipboard = ""
        self.clear_notifications()
        self.title, self.sub_title = str(self.TITLE), ""
        self.workers.cancel_all()
        self._typed.forget()
        self._blank_terminal()
        await self.switch_mode(LOCKED)
        while len(self.screen_stack) > 1:
            await self.pop_screen()
        for mode in (WELCOME, *AREAS):
            await self._forget(mode)
        self.run_worker(self._close(), group="close")

    def action_pin(self) -> None:
        """Set a PIN for the locks of the next hours."""
        self.visit("pin")

    async def action_go(self, area: str) -> None:
        """Go to an area; who is there already goes back to its first screen."""
        if area not in self.MODES or self.me is None:
            return
        if area == self.current_mode:
            self.screen_stack[0].run_worker(self._go_back(), group="back", exclusive=True)
        else:
            await self.switch_mode(area)

    async def _go_back(self) -> None:
        """Leave what stands over an area, each screen in its own way: a form asks before."""
        while isinstance(top := self.screen, AppScreen) and len(self.screen_stack) > 1:
            asks = top.action_back()
            if isinstance(asks, Worker):
                await asks.wait()
            if self.screen is top:
                return

    async def action_leave(self) -> None:
        """Close the register and end; work that is being done is finished before."""
        self.me = None
        await asyncio.to_thread(self.desk.end)
        self.exit(0)

    def action_help_quit(self) -> None:
        """Say which key leaves, for ^c does not."""
        self.notify(_("^q quits the program."))

    def copy_to_clipboard(self, text: str) -> None:
        """Copy a text; a hidden one stays hidden, and behind the lock there is none."""
        hidden = isinstance(self.focused, Input) and self.focused.password
        if self.me is not None and not hidden:
            super().copy_to_clipboard(text)

    def check_action(self, action: str, parameters: tuple[object, ...]) -> bool | None:
        """While locked only leaving and help work, whatever asks."""
        if self.me is None:
            return action in _OPEN_TO_ALL or (action == "lock" and self.desk.is_open)
        if action == "go":
            return parameters[0] in self.MODES
        return super().check_action(action, parameters)

    async def _lock_when_idle(self) -> bool:
        limit = self.preferences.idle_minutes * 60
        if not self.desk.is_open or self.closing or self._idle.lasted() < limit:
            return False
        await self.lock()
        return True

    def _sweep(self) -> None:
        # Screens point at each other, so what they showed would stay in memory for a long while.
        # Whoever locked holds on to them a little, so the first look may come too early.
        if self._sweeps_left and not self.closing:
            self._sweeps_left -= 1
            gc.collect()

    async def _close(self) -> None:
        try:
            await self.desk.close()
        finally:
            self.closing = False

    async def _forget(self, mode: str) -> None:
        if mode in self._screen_stacks and mode != self.current_mode:
            made = self._modes[mode]
            await self.remove_mode(mode)
            self.add_mode(mode, made)

    def _blank_terminal(self) -> None:
        if self._driver is not None:
            self._driver.write(_BLANK)
            self._driver.flush()

    def _say(self, warned: list[str], damage: tuple[Damaged, ...]) -> None:
        for said in warned:
            self.notify(said, severity="warning", timeout=_READ_SECONDS)
        for problem in damage[:_MOST_DAMAGES]:
            self.notify(explain(problem), severity="error", timeout=12)
        overtaken, self.desk.unheard = self.desk.unheard, []
        for error in overtaken:
            if error is None:
                self.notify(_("The work interrupted by the lock was finished."), timeout=12)
            else:
                words = _("The work interrupted by the lock was not done: {why}")
                self.notify(words.format(why=explain(error)), severity="error", timeout=12)
