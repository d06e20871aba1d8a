"""What holds on every screen: it opens, it finds, it locks, and data never drives the terminal."""

from __future__ import annotations

from typing import TYPE_CHECKING

from crm.parties.cards import NewClient
from tests.tui.conftest import seated
from tui.widgets.virtual_list import VirtualList, fitted

if TYPE_CHECKING:
    from tests.crm.conftest import Place

HOSTILE = ["[/nope]", "[@click=app.bell]x[/]", "\x1b]0;owned\x07Ansi", "a\u202eb\u200bc"]


def test_the_list_finds_as_one_types(place: Place, drive) -> None:
    """After unlocking, `/` and three letters leave only the names that hold them."""
    with place.open() as register:
        for name in ("SIA Bērziņš un dēli", "SIA Ozols"):
            register.clients.add(NewClient(kind="legal", name=name, relation="client"))

    async def scenario() -> None:
        async with seated(place) as seat:
            assert "SIA Ozols" in seat.text
            await seat.write("/ber")
            assert "SIA Bērziņš un dēli" in seat.text
            assert "SIA Ozols" not in seat.text

    drive(scenario())


def test_names_are_drawn_and_not_obeyed(place: Place, drive) -> None:
    """Markup and escape codes in names neither crash the list nor reach the terminal."""
    with place.open() as register:
        for name in HOSTILE:
            register.clients.add(NewClient(kind="legal", name=name, relation="client"))

    async def scenario() -> None:
        async with seated(place) as seat:
            assert "[/nope]" in seat.text
            assert "[@click=app.bell]x[/]" in seat.text
            assert not set("\x1b\x07\u202e\u200b") & set(seat.text)

    drive(scenario())


def test_a_locked_screen_holds_no_name(place: Place, drive) -> None:
    """After locking no widget of any screen holds a name, and the register is closed."""
    with place.open() as register:
        register.clients.add(NewClient(kind="legal", name="SIA Bērziņš", relation="client"))

    async def scenario() -> None:
        async with seated(place) as seat:
            assert "Bērziņš" in seat.text
            await seat.press("ctrl+l")
            assert "Bērziņš" not in seat.text
            assert not seat.app.desk.is_open
            assert [] == [
                one for screen in seat.app._background_screens for one in screen.query(VirtualList)
            ]

    drive(scenario())


def test_a_cell_is_as_wide_as_its_column() -> None:
    """Wide letters, emoji and long text are cut and padded to the cell."""
    from rich.cells import cell_len

    for text in ("abc", "日本語のとても長い名前", "👩‍👩‍👧 ģimene", "x" * 50):
        assert cell_len(fitted(text, 10)) == 10
        assert cell_len(fitted(text, 10, right=True)) == 10
