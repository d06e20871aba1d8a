"""What is pasted comes in whole: lines are joined where one fits, and it is said."""

from __future__ import annotations

from typing import TYPE_CHECKING

import pytest
from textual.events import Paste
from textual.widgets import Input, TextArea

from tests.tui.conftest import seated

if TYPE_CHECKING:
    from collections.abc import Callable

    from tests.crm.conftest import Place
    from tests.tui.conftest import Seat


async def paste(seat: Seat, text: str) -> None:
    """Paste as a terminal does."""
    sent = Paste(text)
    sent.set_sender(seat.app)
    seat.app._driver.send_message(sent)
    await seat.settle()


@pytest.mark.parametrize(
    ("text", "value", "joined"),
    [
        ("Brīvības iela 1\nRīga\nLV-1010", "Brīvības iela 1, Rīga, LV-1010", True),
        ("SIA Ozols\r\n\r\nSIA Liepa\r\n", "SIA Ozols, SIA Liepa", True),
        ("SIA Ozols\n", "SIA Ozols", False),
        ("SIA Ozols", "SIA Ozols", False),
    ],
)
def test_pasted_lines_are_joined(
    place: Place, drive: Callable, text: str, value: str, joined: bool
) -> None:
    """Of an address that was copied from a letter no line is lost in silence."""

    async def scenario() -> None:
        async with seated(place) as seat:
            await seat.press("/")
            assert isinstance(seat.app.focused, Input)

            await paste(seat, text)

            assert seat.app.focused.value == value
            assert ("joined into one" in " ".join(seat.notices)) is joined

    drive(scenario())


def test_a_text_of_many_lines_keeps_them(place: Place, drive: Callable) -> None:
    """Where many lines fit they stay as they were pasted."""

    async def scenario() -> None:
        async with seated(place) as seat:
            area = TextArea()
            await seat.app.screen.mount(area)
            area.focus()
            await seat.settle()

            await paste(seat, "one\ntwo")

            assert area.text == "one\ntwo"

    drive(scenario())
