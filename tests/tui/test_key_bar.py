"""The line of keys: what fits stands there whole, and the way out and the help always do."""

from __future__ import annotations

from typing import TYPE_CHECKING

from hypothesis import given
from hypothesis import strategies as st

from tests.tui.conftest import seated
from tui.widgets.key_bar import KeyBar, ShownKey, fitted

if TYPE_CHECKING:
    from tests.crm.conftest import Place

_KEYS = st.lists(
    st.builds(
        ShownKey,
        key=st.just("x"),
        display=st.text("abc^", min_size=1, max_size=3),
        words=st.text("abcš日", min_size=1, max_size=12),
        enabled=st.booleans(),
        kept=st.booleans(),
    ),
    max_size=12,
)


@given(keys=_KEYS, width=st.integers(0, 120))
def test_what_fits_stands_there_and_what_must_stays(keys: list[ShownKey], width: int) -> None:
    """In their order, never wider than the window unless by what must stay, which is all there."""
    shown = fitted(keys, width)
    must = [key for key in keys if key.kept]
    wide = sum(key.width for key in shown)

    assert [key for key in shown if key.kept] == must
    positions = iter(keys)
    assert all(any(key is other for other in positions) for key in shown)
    assert wide <= max(width, sum(key.width for key in must))
    if sum(key.width for key in keys) <= width:
        assert shown == keys


def test_a_narrow_window_keeps_the_help_and_a_click_presses(place: Place, drive) -> None:
    """At 40 columns F1 is still named, and clicking on it opens the help as the key does."""

    async def scenario() -> None:
        async with seated(place, size=(40, 24)) as seat:
            drawn = seat.lines[-1]
            assert "F1 Help" in drawn.replace("  ", " ")
            assert "…" in drawn
            bar = seat.app.screen.query_one(KeyBar)
            await seat.pilot.click(bar, offset=(drawn.index("F1"), 0))
            await seat.settle()
            assert type(seat.app.screen).__name__ == "Help"

    drive(scenario())
