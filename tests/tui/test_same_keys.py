"""A key does the same wherever it is offered: areas, help, lines of forms, opening a row."""

from __future__ import annotations

from typing import TYPE_CHECKING

from textual.widgets import Input, TextArea

from crm.parties.cards import NewClient
from tests.tui.conftest import seated
from tui.clients.client_list import ClientsScreen
from tui.dialogs.asking import Choose, Confirm
from tui.dialogs.filling import BoxField, Fill, pick
from tui.dialogs.reading import Help, Tell
from tui.parties.card import CardScreen
from tui.parties.client_forms import EditClientForm
from tui.retention.retention import RetentionScreen
from tui.widgets.pick import Pick
from tui.widgets.virtual_list import VirtualList

if TYPE_CHECKING:
    from tests.crm.conftest import Place
    from tests.tui.conftest import Seat


def entered(place: Place) -> None:
    """Enter a person with a note."""
    new = NewClient(kind="natural", given_name="Zane", family_name="Egle", relation="client")
    with place.open() as register:
        register.clients.add(new)
        register.notes.add("1", "Asked for an offer.\nCall again on Tuesday.")


async def visit(seat: Seat, name: str, *told: object) -> None:
    """Open a place over the area that is open."""
    seat.app.visit(name, *told)
    await seat.settle()


def test_the_key_of_an_area_leads_back_to_its_first_screen(place: Place, drive) -> None:
    """F2 leaves a card, a form of files and what lies over them; a changed form asks before."""
    entered(place)

    async def scenario() -> None:
        async with seated(place) as seat:
            for way in (("card", 1), ("import",), ("export",)):
                await visit(seat, *way)
                await seat.press("f2")
                assert type(seat.app.screen) is ClientsScreen, way
            await visit(seat, "card", 1)
            await visit(seat, "client-edit", 1)
            assert isinstance(seat.app.screen, EditClientForm)
            seat.app.screen.put("phone", "67012345")
            await seat.press("f2")
            assert isinstance(seat.app.screen, Confirm)
            await seat.press("escape")
            assert isinstance(seat.app.screen, EditClientForm)
            await seat.press("f2", "right", "enter")
            assert type(seat.app.screen) is ClientsScreen

    drive(scenario())


def test_a_finding_leads_to_the_area_it_stands_over(place: Place, drive) -> None:
    """From the system check over retention, what is due there leads there."""

    async def scenario() -> None:
        async with seated(place) as seat:
            await seat.press("f4")
            await visit(seat, "doctor")
            await seat.app.run_action("app.go('retention')")
            await seat.settle()
            assert type(seat.app.screen) is RetentionScreen

    drive(scenario())


def test_every_box_has_the_help(place: Place, drive) -> None:
    """F1 shows the keys of a box of choices, of a question and of one of fields."""

    async def nothing(values: object) -> object:
        return values

    boxes = (
        Choose("Choose", [("a", "one"), ("b", "two")]),
        Confirm("Sure?", yes="Yes"),
        Fill("Fields", [BoxField("one", "one")], nothing),
        Tell("Text", "words"),
    )

    async def scenario() -> None:
        async with seated(place) as seat:
            for box in boxes:
                await seat.app.push_screen(box)
                await seat.settle()
                assert "F1" in seat.lines[-1]
                await seat.press("f1")
                assert isinstance(seat.app.screen, Help), box
                await seat.press("escape", "escape")
                assert type(seat.app.screen) is ClientsScreen

    drive(scenario())


def test_up_and_down_go_from_field_to_field_in_every_form(place: Place, drive) -> None:
    """Down leaves a line and a choice for the next field, up goes back; a text keeps its lines."""

    async def nothing(values: object) -> object:
        return values

    fields = [
        BoxField("first", "first"),
        pick("second", "second", [("a", "one"), ("b", "two")]),
        BoxField("third", "third", kind="area"),
    ]

    async def scenario() -> None:
        async with seated(place) as seat:
            await seat.app.push_screen(Fill("Fields", fields, nothing))
            await seat.settle()
            await seat.press("down")
            assert isinstance(seat.app.focused, Pick)
            await seat.press("down")
            assert isinstance(seat.app.focused, TextArea)
            await seat.press("shift+tab", "up")
            assert isinstance(seat.app.focused, Input)
            await seat.press("escape")
            for name in ("consent-import", "unsubscribe", "package-verify", "import", "export"):
                await visit(seat, name)
                before = seat.app.focused
                await seat.press("down")
                assert seat.app.focused is not before, name
                await seat.press("up")
                assert seat.app.focused is before, name
                await seat.press("escape")

    drive(scenario())


def test_enter_opens_every_row_of_a_card(place: Place, drive) -> None:
    """A field leads to its form; a basis, an entry, a note and a reason are read whole."""
    entered(place)

    async def scenario() -> None:
        async with seated(place) as seat:
            await visit(seat, "card", 1)
            await seat.press("enter")
            assert isinstance(seat.app.screen, EditClientForm)
            await seat.press("escape")
            assert isinstance(seat.app.screen, CardScreen)
            for _tab in range(6):
                await seat.press("full_stop")
                listed = seat.app.focused
                if not isinstance(listed, VirtualList) or not listed.count:
                    continue
                await seat.press("end", "enter")
                assert not isinstance(seat.app.screen, CardScreen), seat.text
                await seat.press("escape")

    drive(scenario())


def test_a_note_is_read_whole(place: Place, drive) -> None:
    """Enter on a note shows all of its lines, and who wrote it when."""
    entered(place)

    async def scenario() -> None:
        async with seated(place) as seat:
            await visit(seat, "card", 1)
            while "Asked for an offer." not in seat.text:
                await seat.press("full_stop")
            await seat.press("enter")
            assert isinstance(seat.app.screen, Tell)
            assert "Call again on Tuesday." in seat.text
            assert "anna" in seat.text

    drive(scenario())
