"""The screens of a founded register, driven by keys; what is drawn is read back as text."""

from __future__ import annotations

import asyncio
import time
from contextlib import asynccontextmanager
from contextvars import copy_context
from dataclasses import dataclass
from functools import cache
from types import MethodType, SimpleNamespace
from typing import TYPE_CHECKING, Any
from weakref import WeakKeyDictionary

import pytest
from textual._compositor import Compositor
from textual.app import App
from textual.css import stylesheet
from textual.css.model import RuleSet
from textual.css.stylesheet import Stylesheet
from textual.events import Key
from textual.keys import _character_to_key
from textual.widgets import Input

import tui.app as app_module
from crm import i18n
from tests.crm import conftest as office
from tui.app import Register
from tui.opening import Start
from tui.safe import one_line
from tui.widgets.virtual_list import VirtualList

if TYPE_CHECKING:
    from collections.abc import AsyncIterator, Callable, Coroutine, Iterator

    from textual.css.model import Selector
    from textual.dom import DOMNode
    from textual.message_pump import MessagePump
    from textual.pilot import Pilot

    from tests.crm.conftest import Login, Place


clock = office.clock
founded = office.founded
hire = office.hire
place = office.place
derived_and_proved_once = office.derived_and_proved_once


@dataclass
class Seat:
    """One person before the screen: types keys, waits for answers, reads what is drawn."""

    app: Register
    pilot: Pilot[Any]

    async def settle(self) -> None:
        """Wait until nothing is asked or drawn any more, and it stays so for a moment."""
        end = time.monotonic() + _LONGEST
        while time.monotonic() < end:
            if not await self._stays_quiet():
                if self._busy or self.app.is_typed_at:
                    await asyncio.sleep(0.005)
                elif self._waits_for_a_frame:
                    self.app.screen._on_timer_update()
                continue
            if self.app._exception is None:
                self.app.screen._on_timer_update()
                copy_context().run(self._draw)
            # A list that is drawn may find that it has not fetched what it draws.
            if await self._stays_quiet():
                return

    def _draw(self) -> None:
        """Draw the lists if anything changed: they fetch what they draw; see `drawn_when_seen`."""
        screen = self.app.screen
        if not screen._compositor._dirty_regions:
            return
        screen._compositor._dirty_regions.clear()
        shown = screen._compositor.visible_widgets
        for listed in screen.query(VirtualList):
            if listed in shown:
                region, clip = shown[listed]
                seen = region.intersection(clip)
                listed.render_lines(seen.translate((-region.x, -region.y)))

    async def _stays_quiet(self) -> bool:
        """Tell whether nothing comes up for some turns of the loop."""
        for _turn in range(_TURNS):
            await asyncio.sleep(0)
            if self._is_at_work:
                return False
        return True

    @property
    def _is_at_work(self) -> bool:
        """Tell whether anything is asked, waits for its turn, or is still to be laid out."""
        top = self.app.screen
        if self._busy or self.app.is_typed_at or not top.is_mounted:
            return True
        if top._layout_required or top._callbacks or self.app.animator._animations:
            return True
        return self._is_told_something

    @property
    def _waits_for_a_frame(self) -> bool:
        """Tell whether nothing goes on but that the next frame is waited for: it may come now.

        A sixtieth of a second is long, and was spent asking whether it is over.
        """
        top = self.app.screen
        waits = top.is_mounted and (top._layout_required or top._callbacks)
        return bool(waits) and self.app._exception is None and not self._is_told_something

    @property
    def _is_told_something(self) -> bool:
        """Tell whether a message waits for its turn or is in the middle of it."""
        nodes = (self.app, *self.app.screen.walk_children(with_self=True))
        return any(
            node.message_queue_size or node._next_callbacks or not _waits_for_a_message(node)
            for node in nodes
        )

    @property
    def _busy(self) -> bool:
        """Tell whether work goes on for what is on top; what lies below may wait for an answer."""
        top = self.app.screen
        below = [screen for screen in self.app.screen_stack if screen is not top]
        return any(
            not any(screen in below for screen in work.node.ancestors_with_self)
            for work in self.app.workers._workers
        )

    async def press(self, *keys: str) -> None:
        """Press keys as somebody does who looks before each."""
        for key in keys:
            self._send(key)
            await self.settle()

    async def write(self, text: str) -> None:
        """Type text letter by letter into what has the focus, then wait."""
        for letter in text:
            self._send(letter)
            await asyncio.sleep(0)
        await self.settle()

    def _send(self, key: str) -> None:
        """Send a key the way a terminal does, without waiting for what it does."""
        if len(key) == 1:
            sent = Key(key if key.isalnum() else _character_to_key(key), key)
        else:
            sent = Key(key, " " if key == "space" else _SIGNS.get(key))
        sent.set_sender(self.app)
        self.app._driver.send_message(sent)

    async def give(self, **values: str) -> None:
        """Put text into lines by their names, as a paste would, and press Enter in the last."""
        for name, text in values.items():
            typed = self.app.screen.query_one(f"#{name}", Input)
            typed.value = text
            typed.focus()
            await self.pilot.pause()
        await self.press("enter")

    @property
    def lines(self) -> list[str]:
        """The lines that are drawn now, without their padding."""
        app = self.app
        strips = app.screen._compositor.render_strips(app.size)
        return [strip.text.rstrip() for strip in strips]

    @property
    def text(self) -> str:
        """All that is drawn now."""
        return "\n".join(self.lines)

    @property
    def flat(self) -> str:
        """All that is drawn now, in one line wherever it was broken."""
        return " ".join(self.text.split())

    @property
    def notices(self) -> list[str]:
        """What was told in notices since they were last cleared, the oldest first.

        On a busy machine a notice may have left the screen before the test looks.
        """
        return list(_TOLD[self.app])


def _waits_for_a_message(node: MessagePump) -> bool:
    """Tell whether a node is through with what it was sent, not in the middle of it."""
    return bool(node._message_queue.ready_event._waiters)


# What each app told. Outside of it, since tests look for values in all that an app holds.
_TOLD: WeakKeyDictionary[Register, list[str]] = WeakKeyDictionary()


def _notify(app: Register, message: str, **how: Any) -> None:
    _TOLD[app].append(one_line(message))
    Register.notify(app, message, **how)


def _clear_notifications(app: Register) -> None:
    _TOLD[app].clear()
    Register.clear_notifications(app)


# A test that waits longer than this has met an error, and looks at what there is.
_LONGEST = 60.0
# Turns of the loop in a row in which nothing was to be done.
_TURNS = 5
_SIGNS = {"slash": "/", "full_stop": ".", "comma": ",", "asterisk": "*", "question_mark": "?"}


@asynccontextmanager
async def running(app: Register, size: tuple[int, int] = (80, 24)) -> AsyncIterator[Seat]:
    """Sit down before a program that was just made, and end its desk's thread afterwards."""
    _TOLD[app] = []
    app.notify = MethodType(_notify, app)
    app.clear_notifications = MethodType(_clear_notifications, app)
    async with app.run_test(size=size, notifications=True, tooltips=True) as pilot:
        seat = Seat(app, pilot)
        await seat.settle()
        try:
            yield seat
        finally:
            app.desk.end()


@asynccontextmanager
async def seated(
    where: Place, login: Login | None = None, size: tuple[int, int] = (80, 24), **start: Any
) -> AsyncIterator[Seat]:
    """Sit down before the register, unlocked as the owner or as `login`."""
    who = login or where.owner
    begun = {"vault": str(where.vault), "user": who.name, "password": who.password, **start}
    async with running(Register(Start(clock=where.clock, **begun)), size) as seat:
        yield seat


@cache
def _parsed_once() -> Callable[..., Any]:
    parse = Stylesheet._parse_rules
    known: dict[Any, Any] = {}

    def parsed(sheet: Stylesheet, css: str, read_from: Any, *rest: Any, **named: Any) -> Any:
        colours = tuple(sheet._variables.items())
        asked = (colours, css, read_from, rest, tuple(named.items()))
        if asked not in known:
            known[asked] = parse(sheet, css, read_from, *rest, **named)
        return known[asked]

    return parsed


@pytest.fixture(autouse=True)
def _one_parsing_for_each_style(monkeypatch: pytest.MonkeyPatch) -> None:
    """Read the toolkit's styles once for all the apps of a process; they are the same."""
    monkeypatch.setattr(Stylesheet, "_parse_rules", _parsed_once())


@pytest.fixture(autouse=True)
def _what_is_frozen_stays_so(monkeypatch: pytest.MonkeyPatch) -> None:
    """Keep what was collected out of sight of the garbage collector between apps as well.

    An app sets aside what is loaded when it begins, and gives it back when it ends. With
    thousands of tests loaded that is a long look after each.
    """
    idle = SimpleNamespace(freeze=lambda: None, unfreeze=lambda: None)
    monkeypatch.setattr(app_module, "gc", idle)


@pytest.fixture(autouse=True)
def _styles_found_sooner(monkeypatch: pytest.MonkeyPatch) -> None:
    """Find the rules of style of a widget in half the time, and exactly the same ones.

    A rule is known by its identity, as `__hash__` of the toolkit says in Python; and it can only
    match where its last selector does, which is asked before the way to it is walked.
    """
    monkeypatch.setattr(RuleSet, "__hash__", object.__hash__)
    monkeypatch.setattr(stylesheet, "_check_selectors", _last_selector_first)


def _last_selector_first(selectors: list[Selector], path: list[DOMNode]) -> bool:
    return selectors[-1].check(path[-1]) and (len(selectors) == 1 or _MATCHES(selectors, path))


_MATCHES = stylesheet._check_selectors


@pytest.fixture(autouse=True)
def drawn_when_seen(monkeypatch: pytest.MonkeyPatch) -> None:
    """Draw a screen when the test looks at it, not on each of the way's steps as well.

    Only lists are drawn before, as soon as nothing happens any more: they fetch what they draw.
    Every step is drawn by `test_a_day.py`, in a real terminal.
    """
    monkeypatch.setattr(Compositor, "render_update", lambda *_asked, **_named: None)


@pytest.fixture(autouse=True)
def _areas_change_at_once(monkeypatch: pytest.MonkeyPatch) -> None:
    """Lay out another area as soon as it is there, not a twentieth of a second later.

    The toolkit waits so that nobody sees a screen flicker; `settle` would ask all the while.
    """
    monkeypatch.setattr(App, "delay_update", lambda *_asked: None)


@pytest.fixture(autouse=True)
def _english() -> Iterator[None]:
    yield
    i18n.use("en")


@pytest.fixture
def drive() -> Callable[[Coroutine[Any, Any, None]], None]:
    """Run one scenario to its end."""
    return asyncio.run
