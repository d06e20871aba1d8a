"""The last steps of bringing a backup back, wherever one began."""

from __future__ import annotations

from typing import TYPE_CHECKING

from tui.entry.restore import RestoredScreen

if TYPE_CHECKING:
    from tests.tui.conftest import Seat


async def restored(seat: Seat) -> RestoredScreen:
    """Say that it is meant and wait for the report."""
    await seat.press("ctrl+s")
    await seat.press("tab", "enter")
    for _round in range(100):
        await seat.settle()
        screen = seat.app.screen
        if isinstance(screen, RestoredScreen) and not screen._busy:
            return screen
    raise AssertionError(seat.text)
