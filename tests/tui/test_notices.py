"""Notices stand on lines of their own: nothing that they tell of is hidden by them."""

from __future__ import annotations

from typing import TYPE_CHECKING

import pytest
from textual.widgets._toast import Toast, ToastRack

from tests.tui import everywhere
from tests.tui.conftest import seated
from tests.tui.everywhere import WHERE, go, leave
from tui.widgets.virtual_list import VirtualList

if TYPE_CHECKING:
    from collections.abc import Iterator

    from textual.widget import Widget

    from tests.tui.conftest import Seat
    from tests.tui.everywhere import World

furnished = everywhere.furnished
world = everywhere.world
_LONG = "Something was done, and all that is to be said of it is longer than one line of a window."


def hidden(seat: Seat) -> Iterator[Widget]:
    """Yield what a notice lies over."""
    screen = seat.app.screen
    (rack,) = screen.query(ToastRack)
    for one, (region, clip, *_rest) in screen._compositor.visible_widgets.items():
        if one.children or rack in one.ancestors_with_self or not one.visible:
            continue
        if any(toast.region.overlaps(region.intersection(clip)) for toast in rack.query(Toast)):
            yield one


@pytest.mark.parametrize("size", [(80, 24), (140, 40)])
def test_no_notice_lies_over_anything(world: World, drive, size: tuple[int, int]) -> None:
    """On every screen two notices, a long one among them, leave all the rest to be read."""

    async def scenario() -> None:
        async with seated(world.place, size=size) as seat:
            for name in WHERE:
                await go(seat, name, world)
                seat.app.notify(_LONG, timeout=600)
                seat.app.notify("Second.", severity="error", timeout=600)
                await seat.settle()
                assert "Second." in seat.text, name
                assert "line of a window." in seat.flat, name
                assert list(hidden(seat)) == [], name
                await leave(seat)

    drive(scenario())


def test_the_line_under_the_cursor_stays_in_sight(world: World, drive) -> None:
    """A list that has less room while a notice stands below still shows where one is."""

    async def scenario() -> None:
        async with seated(world.place) as seat:
            await go(seat, "papers", world)
            await seat.press("end")
            last = seat.app.screen.query_one(VirtualList)
            assert last.cursor > last.size.height
            words = seat.app.screen.query_one(VirtualList).current.cells[1][:20]
            assert words in seat.text
            seat.app.notify(_LONG, timeout=600)
            await seat.settle()
            assert words in seat.text

    drive(scenario())
