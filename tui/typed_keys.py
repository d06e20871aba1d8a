"""Keys in the order they were typed: each is answered before the next one is delivered.

The toolkit hands a key to whatever has the focus at that moment. Somebody who types faster than a
screen is drawn would find the end of a name in the next field, or lose it.
"""

from __future__ import annotations

import asyncio
from collections import deque
from contextlib import suppress
from typing import TYPE_CHECKING, Final
from weakref import ref

from textual.app import ScreenStackError
from textual.widgets import Input, TextArea

if TYPE_CHECKING:
    from collections.abc import Awaitable, Callable

    from textual import events
    from textual.app import App
    from textual.dom import DOMNode

# Longest wait for one key: what takes longer goes on beside the typing.
_PATIENCE: Final = 0.5
# Longest wait for something to type on, and for a screen that has nothing of the kind so far.
_DRAWING: Final = 1.0
_EMPTY: Final = 0.2
_GLANCE: Final = 0.005


class TypedKeys:
    """Holds typed keys back until the one before has reached everybody who may answer it."""

    def __init__(self, app: App[int], deliver: Callable[[events.Key], Awaitable[None]]) -> None:
        """Deliver the keys of `app` by `deliver`."""
        self._app = app
        self._deliver = deliver
        self._waiting: deque[events.Key] = deque()
        self._feeding: asyncio.Task[None] | None = None
        # The screen that was waited for in vain: it has no line to type in.
        self._without: Callable[[], object] = lambda: None

    def add(self, key: events.Key) -> None:
        """Take a key that was typed."""
        self._waiting.append(key)
        if self._feeding is None or self._feeding.done():
            self._feeding = asyncio.create_task(self._feed())

    @property
    def is_busy(self) -> bool:
        """Tell whether a key still waits for its turn or its answer."""
        feeding = self._feeding
        return bool(self._waiting) or (feeding is not None and not feeding.done())

    def forget(self) -> None:
        """Drop what waits, because it was meant for a screen that is gone."""
        self._waiting.clear()

    async def _feed(self) -> None:
        # The last screen goes when the program is left; what is typed then is for nobody.
        with suppress(ScreenStackError):
            await self._deliver_all()

    async def _deliver_all(self) -> None:
        while self._waiting:
            key = self._waiting.popleft()
            if self._app.focused is None and self._app.screen is not self._without():
                await self._shown()
            before = self._app.screen
            target = self._app.focused or before
            await self._deliver(key)
            if key.is_printable and isinstance(target, Input | TextArea):
                continue  # a line takes its letters itself, in their order
            with suppress(TimeoutError):
                await asyncio.wait_for(self._answered(target), _PATIENCE)
            if self._app.focused is None and not target.is_attached:
                await self._shown()

    async def _answered(self, target: DOMNode) -> None:
        """Wait until a key has gone up from its target to the app."""
        for node in (*target.ancestors_with_self,):
            reached = asyncio.Event()
            if node.is_running and node.call_later(reached.set):
                await reached.wait()

    async def _shown(self) -> None:
        """Wait until a screen that has come, or is drawn anew, can be typed on."""
        for glance in range(int(_DRAWING / _GLANCE)):
            screen = self._app.screen
            if screen.is_mounted and screen.focused is not None:
                return
            if glance * _GLANCE > _EMPTY and not screen.focus_chain:
                break
            await asyncio.sleep(_GLANCE)
        self._without = ref(self._app.screen)
