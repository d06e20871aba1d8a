"""Marks in the list of clients: how many they are, and what is done with all of them at once."""

from __future__ import annotations

import re
from typing import TYPE_CHECKING

import pytest

from crm.i18n import use
from crm.kartoteka import LogFilter
from crm.lists.cards import ListQuery
from crm.parties.cards import NewClient, NewContact
from tests.crm.publishing import make_ready
from tests.tui.conftest import seated
from tui.clients.client_list import ClientsScreen
from tui.dialogs.filling import Fill
from tui.key_bindings import KEY_GROUPS
from tui.transfer.exporting import ExportScreen
from tui.widgets.virtual_list import VirtualList

if TYPE_CHECKING:
    from crm.kartoteka import Kartoteka
    from tests.crm.conftest import Hire, Place
    from tests.tui.conftest import Seat


def marks(seat: Seat) -> str:
    """Return the line under the list, above which no notice may lie."""
    lines = [line.strip(" ▌") for line in seat.lines]
    return next((line for line in lines if re.match(r"\d+ marked", line)), lines[-2])


def fill(place: Place) -> None:
    """Enter a company, two people who are clients, one who only asked; publish the notice."""
    with place.open() as register:
        add(register, name="SIA Ozols", kind="legal")
        add(register, given_name="Anna", family_name="Bērziņa")
        add(register, given_name="Ilze", family_name="Cīrule")
        add(register, given_name="Uldis", family_name="Dreimanis", relation="prospect")
        make_ready(register)
        register.notices.publish(register.notices.today)


def add(register: Kartoteka, **told: str) -> int:
    """Enter a client, a person unless it is said."""
    new = {"kind": "natural", "relation": "client", **told}
    return register.clients.add(NewClient(**new), anyway=True).number


def entries(place: Place, ending: str) -> list[dict[str, object]]:
    """Return what the log says of one kind of event."""
    with place.open() as register:
        return [one.told for one in register.audit.log(LogFilter()) if one.event.endswith(ending)]


def test_the_marked_go_into_a_file(place: Place, drive) -> None:
    """With marks the export offers them first and writes them alone; the list keeps its marks."""
    fill(place)
    path = place.folder / "out.csv"

    async def scenario() -> None:
        async with seated(place) as seat:
            await seat.press("space", "space")
            assert marks(seat).startswith("2 marked · 4 clients")
            await seat.press("x")
            screen = seat.app.screen
            assert isinstance(screen, ExportScreen)
            assert screen.picked("what") == "marked"
            assert "the 2 marked clients" in seat.flat
            assert "2 clients" in seat.flat
            screen.query_one("#path").value = str(path)
            await seat.press("ctrl+s")
            assert "2 clients written" in seat.flat
            await seat.press("escape")
            assert marks(seat).startswith("2 marked")
            await seat.press("escape", "x")
            assert [code for code, _word in seat.app.screen.query_one("#what").choices] == [
                "clients",
                "everything",
            ]
        written = path.read_text(encoding="utf-8-sig")
        assert "Bērziņa" in written
        assert "Cīrule" in written
        assert "Ozols" not in written
        assert "Dreimanis" not in written

    drive(scenario())
    assert entries(place, ":export:written") == [{"chosen": 2, "count": 2, "profile": "rfc4180"}]


def test_all_are_still_a_choice_and_contacts_are_said(place: Place, drive) -> None:
    """From the marked one turns to all; a marked contact person is said to stay outside."""
    fill(place)
    with place.open() as register:
        company = next(one.number for one in register.clients.list() if one.kind == "legal")
        register.contacts.add(str(company), NewContact(given_name="Kalvis", family_name="Kalns"))
    path = place.folder / "all.csv"

    async def scenario() -> None:
        async with seated(place) as seat:
            await seat.press("slash", *"kal", "enter", "space", "escape", "space", "x")
            assert "the 2 marked clients" in seat.flat
            assert "1 marked entry left out: contact person only" in seat.flat
            screen = seat.app.screen
            screen.query_one("#what").focus()
            await seat.press("right")
            assert "‹ all clients ›" in seat.text
            assert "4 clients" in seat.flat
            screen.query_one("#path").value = str(path)
            await seat.press("ctrl+s")
            assert "4 clients written" in seat.flat

    drive(scenario())
    assert entries(place, ":export:written") == [{"count": 4, "profile": "rfc4180"}]


def test_the_marked_are_recorded_as_told_in_one_entry(place: Place, drive) -> None:
    """`t` asks with their number how they were told; companies are passed over, marks go after.

    Without marks it asks about whoever is under the cursor.
    """
    fill(place)

    async def scenario() -> None:
        async with seated(place) as seat:
            await seat.press("t")
            assert seat.app.screen.values()["people"] == "2"
            await seat.press("ctrl+s")
            assert "Given now: 1." in seat.notices
            await seat.press("asterisk")
            assert marks(seat).startswith("4 marked")
            await seat.press("t")
            assert isinstance(seat.app.screen, Fill)
            assert "Mark 4 clients as informed" in seat.flat
            await seat.press("escape")
            assert marks(seat).startswith("4 marked")
            await seat.press("t", "ctrl+s")
            skipped = "Skipped, as companies or scheduled for erasure: 1."
            said = f"Given now: 2. Had it already: 1. {skipped}"
            assert seat.notices[1:] == [said]
            assert "marked" not in marks(seat)
            await seat.press("asterisk", "t", "ctrl+s")
            assert any("Had it already: 3." in told for told in seat.notices)

    drive(scenario())
    with place.open() as register:
        assert register.notice_delivery.count() == 0
    assert [one["given"] for one in entries(place, ":given")] == [0, 2, 1]


def test_marks_of_the_erased_are_taken_away(place: Place, drive) -> None:
    """Who is gone when the list is read anew is neither counted nor written."""
    fill(place)

    async def scenario() -> None:
        async with seated(place) as seat:
            await seat.press("asterisk")
            assert marks(seat).startswith("4 marked")
            await seat.app.desk.ask(lambda r: r.subjects.erase("4", "no-longer-needed", 4))
            await seat.press("f3", "f2")
            assert marks(seat).startswith("3 marked · 3 clients")

    drive(scenario())


@pytest.mark.parametrize("width", [20, 40])
def test_the_number_of_marks_is_drawn_in_any_window(place: Place, drive, width: int) -> None:
    """Behind a filter and a text, and in a narrow window, the count stands first."""
    fill(place)

    async def scenario() -> None:
        async with seated(place, size=(width, 24)) as seat:
            await seat.press("asterisk", "slash", *"anna", "enter")
            assert marks(seat).startswith("4 marked")

    drive(scenario())


def test_nothing_that_destroys_acts_on_marks(place: Place, hire: Hire, drive) -> None:
    """The list has no key that erases, and what its keys do to the marked is a file or a proof."""
    harmless = {
        "search",
        "new",
        "edit",
        "filter",
        "sort",
        "columns",
        "import",
        "export",
        "told",
        "records",
    }
    assert {key.action for key in KEY_GROUPS["clients"]} == harmless | {"mark_all", "clear"}
    fill(place)
    technician = hire("technician")

    async def scenario() -> None:
        async with seated(place, technician) as seat:
            await seat.press("asterisk", "t")
            assert isinstance(seat.app.screen, ClientsScreen)
            assert "x exports them" in marks(seat)
            assert "as informed" not in marks(seat)
            shown = seat.app.screen.query_one(VirtualList)
            assert len(shown.marked) == 4
            listing = await seat.app.desk.look(lambda r: r.client_list.open(ListQuery()))
            assert listing.count == 4

    drive(scenario())


@pytest.mark.parametrize("language", ["lv", "it"])
def test_it_speaks(place: Place, drive, language: str) -> None:
    """No English word of ours is left where marks are used."""
    fill(place)

    async def scenario() -> None:
        async with seated(place) as seat:
            use(language)
            await seat.press("asterisk")
            texts = [marks(seat)]
            await seat.press("t")
            texts.append(seat.text)
            await seat.press("escape", "x")
            texts.append(seat.text)
            for text in texts:
                words = ("marked", "writes", "Record", "Companies", "client ", "clients", "told")
                assert [word for word in words if word in text] == []

    drive(scenario())
