"""Who leaves while something is being stored: it is done once, told, and nobody's screen goes."""

from __future__ import annotations

import asyncio
import threading
from typing import TYPE_CHECKING

from textual.widgets import TextArea

from crm.parties.cards import NewClient
from tests.tui.conftest import seated
from tui.clients.client_list import ClientsScreen
from tui.clients.today import TodayScreen
from tui.parties.card import CardScreen
from tui.parties.client_forms import EditClientForm
from tui.parties.note_form import NoteForm

if TYPE_CHECKING:
    from tests.crm.conftest import Place
    from tests.tui.conftest import Seat

_PATIENCE = 60


def fill(place: Place) -> None:
    """Enter a company."""
    with place.open() as register:
        register.clients.add(NewClient(kind="legal", name="SIA Ozols", relation="client"))


async def while_busy(seat: Seat, *keys: str) -> None:
    """Type keys while the desk has something else to do, and wait until all is answered."""
    typed = threading.Event()
    other = asyncio.create_task(seat.app.desk.ask(lambda _register: typed.wait(_PATIENCE)))
    for key in keys:
        seat._send(key)
        await asyncio.sleep(0.02)
    for _turn in range(_PATIENCE * 50):
        if not seat.app.is_typed_at:
            break
        await asyncio.sleep(0.02)
    typed.set()
    assert await other
    await seat.settle()


async def changed(seat: Seat, phone: str) -> None:
    """Open the form of number 1 and type another phone number."""
    seat.app.visit("client-edit", 1)
    await seat.settle()
    seat.app.screen.put("phone", phone)
    await seat.settle()


def test_escape_after_saving_asks_nothing_and_loses_nothing(place: Place, drive) -> None:
    """^S and Escape at once: it is stored once and told, and the form goes by itself."""
    fill(place)

    async def scenario() -> None:
        async with seated(place) as seat:
            await changed(seat, "67012345")
            await while_busy(seat, "ctrl+s", "escape", "ctrl+s")
            assert isinstance(seat.app.screen, ClientsScreen)
            assert len(seat.notices) == 1
            seat.app.visit("note-new", 1)
            await seat.settle()
            assert isinstance(seat.app.screen, NoteForm)
            seat.app.screen.query_one(TextArea).text = "asked for an offer"
            await while_busy(seat, "ctrl+s", "escape", "escape")
            assert isinstance(seat.app.screen, ClientsScreen)
            assert seat.notices[1:] == ["Note saved: number 1."]

    drive(scenario())
    with place.open() as register:
        assert register.clients.show("1").phone == "+37167012345"
        assert [note.text for note in register.notes.list("1")] == ["asked for an offer"]


def test_a_refusal_is_told_although_escape_was_pressed(place: Place, drive) -> None:
    """What could not be stored stays where it was typed, with the reason."""
    fill(place)
    with place.open() as register:
        other = NewClient(kind="legal", name="SIA Liepa", relation="client", reg_no="40003521600")
        register.clients.add(other)

    async def scenario() -> None:
        async with seated(place) as seat:
            seat.app.visit("client-edit", 1)
            await seat.settle()
            seat.app.screen.put("reg_no", "40003521600")
            await seat.settle()
            await while_busy(seat, "ctrl+s", "escape")
            assert isinstance(seat.app.screen, EditClientForm)
            assert seat.app.screen.values["reg_no"] == "40003521600"
            await seat.press("escape")
            assert "Close without saving?" in seat.text

    drive(scenario())


def test_another_area_while_saving_keeps_its_screen(place: Place, drive) -> None:
    """^S and F3 at once: today stays where it is, and the form is gone when one comes back."""
    fill(place)

    async def scenario() -> None:
        async with seated(place) as seat:
            seat.app.visit("card", 1)
            await seat.settle()
            await changed(seat, "67012345")
            await while_busy(seat, "ctrl+s", "f3")
            assert isinstance(seat.app.screen, TodayScreen)
            assert any("1" in told for told in seat.notices)
            await seat.press("f2")
            assert isinstance(seat.app.screen, CardScreen)
            assert "+37167012345" in seat.text
            await seat.press("escape")
            assert isinstance(seat.app.screen, ClientsScreen)

    drive(scenario())


def test_a_new_client_is_told_and_not_shown_over_another_area(place: Place, drive) -> None:
    """The card of who was just entered opens where the form was, not over today."""

    async def scenario() -> None:
        async with seated(place) as seat:
            seat.app.visit("client-new", "legal")
            await seat.settle()
            seat.app.screen.put("name", "SIA Jauna")
            seat.app.screen.put("relation", "client")
            await seat.settle()
            await while_busy(seat, "ctrl+s", "f3")
            assert isinstance(seat.app.screen, TodayScreen)
            assert "Saved as number 1." in seat.notices
            await seat.press("f2")
            assert isinstance(seat.app.screen, ClientsScreen)
            assert "SIA Jauna" in seat.text

    drive(scenario())
    with place.open() as register:
        assert len(register.clients.list()) == 1
