"""Files come in by the screen: what they would bring, what stayed outside, one row mended."""

from __future__ import annotations

import asyncio
import threading
from types import SimpleNamespace
from typing import TYPE_CHECKING, Any

import pytest

from crm.i18n import use
from crm.kartoteka import Firm, Kartoteka
from crm.parties.cards import NewClient
from crm.transfer.cards import ImportOrder
from gdpr.errors import NoRight
from gdpr.vault.kdf import FLOOR
from tests.crm.client_lists import firm, latvian, many, person, table
from tests.tui.conftest import seated
from tests.tui.test_every_screen_languages import Phrases
from tui.transfer.imported import ImportedScreen
from tui.transfer.importing import ImportScreen
from tui.transfer.rejected_row import MendScreen
from tui.widgets.pick import Pick
from tui.widgets.ticks import Ticks
from tui.widgets.virtual_list import VirtualList

if TYPE_CHECKING:
    from collections.abc import Callable
    from pathlib import Path

    from tests.crm.conftest import Hire, Place
    from tests.tui.conftest import Seat

BAD = "LV00BANK0000435195001"


def listed(place: Place, *rows: dict[str, str], name: str = "clients.csv") -> Path:
    """Write a client list as a spreadsheet would."""
    path = place.folder / name
    path.write_bytes(latvian(*rows))
    return path


def hold_back(seat: Seat) -> tuple[threading.Event, threading.Event]:
    """Let long work set one event after its first step, and wait there for the other."""
    desk, begun, asked = seat.app.desk, threading.Event(), threading.Event()
    long = desk.long

    async def held(verb: Any, progress: Any = None) -> Any:
        def waiting(register: Kartoteka, between: Callable[[int], None]) -> Any:
            def step(done: int) -> None:
                begun.set()
                assert asked.wait(60)
                between(done)

            return verb(register, step)

        return await long(waiting, progress)

    desk.long = held
    return begun, asked


async def open_file(seat: Seat, path: Path) -> None:
    """Visit the import and name a file."""
    seat.app.visit("import")
    await seat.settle()
    await seat.write(str(path))
    await seat.press("enter")


def test_each_column_is_shown_before_a_row_is_stored(place: Place, drive) -> None:
    """The list of columns names what each holds and which purpose needs it."""
    path = listed(place, firm(1))

    async def scenario() -> None:
        async with seated(place) as seat:
            await open_file(seat, path)
            assert "Nosaukums" in seat.flat
            assert "registration number" in seat.flat
            count = await seat.app.desk.ask(lambda r: r.exports.contents("rfc4180").clients)
            assert count == 0

    drive(scenario())


def test_a_file_comes_in_and_a_rejected_row_is_mended(place: Place, drive) -> None:
    """The good row is in, the bad one is listed; mended, it is in as well, and the list says so."""
    path = listed(place, firm(1), firm(2, iban=BAD))

    async def scenario() -> None:
        async with seated(place) as seat:
            await open_file(seat, path)
            await seat.press("ctrl+s")
            assert isinstance(seat.app.screen, ImportedScreen)
            assert "2 rows read" in seat.flat
            assert "1 client created" in seat.flat
            assert "1 row rejected" in seat.flat
            assert (place.folder / "clients-rejected.csv").exists()
            await seat.press("enter")
            assert isinstance(seat.app.screen, MendScreen)
            assert seat.app.focused is not None
            assert seat.app.focused.value == BAD
            seat.app.focused.value = ""
            await seat.settle()
            assert not seat.app.screen.query(".mend--reason.-wrong")
            await seat.press("ctrl+s")
            assert isinstance(seat.app.screen, ImportedScreen)
            assert "1 corrected" in seat.flat
            assert "✓" in seat.flat
            names = await seat.app.desk.ask(lambda r: [one.name for one in r.clients.list()])
            assert {"SIA Upmalas Dati 1", "SIA Upmalas Dati 2"} <= set(names)

    drive(scenario())


@pytest.mark.parametrize("language", ["en", "lv", "it"])
def test_a_possible_duplicate_is_decided(place: Place, drive, language: str) -> None:
    """Whoever may be a client already is asked about: the same client, a new one, or left out."""
    with place.open() as register:
        known = register.clients.add(
            NewClient(
                kind="natural", given_name="Ģirts", family_name="Žagarnieks", relation="client"
            )
        ).number
    alike = dict.fromkeys(("Tālrunis", "E-pasts", "Konts (IBAN)", "Personas kods"), "")
    rows = [person(number, family_name="Žagarnieks") | alike for number in (1, 2, 3)]
    path = listed(place, *rows, name="2026.csv")
    use(language)
    english = Phrases(language) if language != "en" else None

    def left(seat: Seat) -> list[str]:
        """List the English that is drawn, but for the place of the file."""
        return [one for one in (english.left_in(seat) if english else ()) if "/" not in one]

    async def scenario() -> None:
        async with seated(place) as seat:
            await open_file(seat, path)
            assert left(seat) == []
            await seat.press("ctrl+s")
            assert isinstance(seat.app.screen, ImportedScreen)
            for choice, down in (("new", 1), ("same", 0), ("skip", -1)):
                await seat.press("enter")
                assert left(seat) == [], choice
                await seat.press(*(["end"] if down < 0 else ["down"] * down), "enter", "down")
            assert left(seat) == []
            numbers = await seat.app.desk.ask(
                lambda r: [one.number for one in r.clients.find("Žagarnieks").lines]
            )
            assert len(numbers) == len((known, "the new one"))

    drive(scenario())


def test_what_is_still_wrong_stays_outside(place: Place, drive) -> None:
    """A row mended into another bad value is not stored, and says what is wrong beside the cell."""
    path = listed(place, firm(1), firm(2, iban=BAD))

    async def scenario() -> None:
        async with seated(place) as seat:
            await open_file(seat, path)
            await seat.press("ctrl+s")
            await seat.press("enter")
            seat.app.focused.value = "LV99BANK0000435195001"
            await seat.settle()
            await seat.press("ctrl+s")
            assert isinstance(seat.app.screen, MendScreen)
            assert seat.app.screen.query(".mend--reason.-wrong")

    drive(scenario())


def test_a_column_can_hold_something_else(place: Place, drive) -> None:
    """An unknown heading is said to be left out, and Enter on it says what it holds."""
    path = place.folder / "odd.csv"
    path.write_bytes(table(("Zaļais", "E-mail"), [("SIA Zaļā", "a@example.com")]))

    async def scenario() -> None:
        async with seated(place) as seat:
            await open_file(seat, path)
            assert "No column contains a name" in seat.flat
            seat.app.screen.query_one(VirtualList).focus()
            await seat.press("down")
            await seat.press("enter")
            for _step in range(5):
                await seat.press("down")
            await seat.press("enter")
            assert "No column contains a name" not in seat.flat
            await seat.press("ctrl+s")
            assert "1 client created" in seat.flat

    drive(scenario())


def test_a_trial_stores_nothing(place: Place, drive) -> None:
    """Trying out counts and rejects as an import would, and nobody is in the register after it."""
    path = listed(place, firm(1), firm(2, iban=BAD))

    async def scenario() -> None:
        async with seated(place) as seat:
            await open_file(seat, path)
            await seat.press("f8")
            assert "nothing was stored" in seat.flat
            assert "1 row rejected" in seat.flat
            assert not (place.folder / "clients-rejected.csv").exists()
            await seat.press("enter", "ctrl+s")
            assert isinstance(seat.app.screen, MendScreen)
            assert await seat.app.desk.ask(lambda r: r.clients.list()) == ()

    drive(scenario())


def test_search_goes_on_while_rows_come_in_and_it_can_be_stopped(place: Place, drive) -> None:
    """A look is answered during an import; stopped, whole batches are in, and it goes on."""
    path = place.folder / "many.csv"
    path.write_bytes(table(("Name", "E-mail"), many(1_500)))

    async def scenario() -> None:
        async with seated(place) as seat:
            await open_file(seat, path)
            screen = seat.app.screen
            assert isinstance(screen, ImportScreen)
            begun, asked = hold_back(seat)
            await seat.pilot.press("ctrl+s")

            def count(register: Kartoteka) -> int:
                stored = register.exports.contents("rfc4180").clients
                if screen.halt is not None:
                    screen.halt.set()  # as Esc does; here between two batches for certain
                return stored

            assert await asyncio.to_thread(begun.wait, 60)
            search = asyncio.create_task(seat.app.desk.look(count))
            await asyncio.sleep(0)
            asked.set()
            assert 0 < await search < 1_500
            await seat.settle()
            assert isinstance(seat.app.screen, ImportedScreen)
            assert "started again" in seat.flat
            stored = await seat.app.desk.ask(lambda r: r.exports.contents("rfc4180").clients)
            assert 0 < stored < 1_500
            assert stored % 500 == 0
            await seat.press("escape", "ctrl+s")
            assert f"{1_500 - stored} clients created" in seat.flat

    drive(scenario())


def test_single_purposes_stand_in_for_a_relation(place: Place, drive) -> None:
    """Kept for accounting alone, a file brings what that needs, and its e-mails are left out."""
    path = listed(place, firm(1))

    async def scenario() -> None:
        async with seated(place) as seat:
            await open_file(seat, path)
            pick = seat.app.screen.query_one("#relation", Pick)
            pick.value = ""
            pick.post_message(Pick.Turned(pick))
            await seat.settle()
            ticks = seat.app.screen.query_one(Ticks)
            place_of = [code for code, _word in ticks.choices].index("accounting")
            for _step in range(place_of):
                await seat.press("down")
            await seat.press("enter", "ctrl+s")
            screen = seat.app.screen
            assert isinstance(screen, ImportScreen)
            assert screen._columns is not None
            uses = {use.field: use.purposes for use in screen._columns.columns}
            assert uses["reg_no"] == ("accounting",)
            assert uses["notes"] == ()

    drive(scenario())


def test_the_demo_takes_files_only_when_told(place: Place, drive) -> None:
    """Into the register of invented people no file comes in by a stray key."""
    path = listed(place, person(1))
    demo = place.folder / "register" / "demo.kartoteka"
    made, _recovery = Kartoteka.create(
        str(demo),
        Firm("SIA Paraugs", "LV", "40003798684", "Brīvības iela 1, Rīga", "b@example.com"),
        (place.owner.name, place.owner.password),
        clock=place.clock,
        cost=FLOOR,
        demo=True,
    )
    with made:
        pass
    there = SimpleNamespace(vault=demo, owner=place.owner, clock=place.clock)

    async def scenario() -> None:
        async with seated(there) as seat:
            await open_file(seat, path)
            await seat.press("ctrl+s")
            assert isinstance(seat.app.screen, ImportScreen)
            assert "confirm that nobody in the file is real" in seat.flat
            assert await seat.app.desk.ask(lambda r: r.clients.list()) == ()
            seat.app.screen.query_one("#demo", Pick).value = "demo"
            await seat.press("f8")
            assert "nothing was stored" in seat.flat
            assert "1 client would be created" in seat.flat
            assert "1 client created" not in seat.flat
            await seat.press("escape", "ctrl+s")
            assert "1 client created" in seat.flat

    drive(scenario())


def test_who_may_not_write_is_offered_nothing_and_refused(place: Place, hire: Hire, drive) -> None:
    """A technician sees no key that imports, and the service refuses the action all the same."""
    path = listed(place, firm(1))
    login = hire("technician")

    async def scenario() -> None:
        async with seated(place, login) as seat:
            await open_file(seat, path)
            keys = seat.app.screen.active_bindings.values()
            assert not [one for one in keys if one.binding.action == "start" and one.enabled]
            screen = seat.app.screen
            assert isinstance(screen, ImportScreen)
            with pytest.raises(NoRight):
                await seat.app.desk.ask(
                    lambda r: r.imports.take(path, ImportOrder(relation="client"))
                )
            with pytest.raises(NoRight):
                await seat.app.desk.ask(
                    lambda r: r.imports.mend(("Name",), ("A",), ImportOrder(relation="client"))
                )
            with pytest.raises(NoRight):
                await seat.app.desk.ask(
                    lambda r: r.imports.rejected_row(path, ImportOrder(relation="client"), 2)
                )

    drive(scenario())


@pytest.mark.parametrize("language", ["lv", "it"])
def test_the_screen_speaks(place: Place, drive, language: str) -> None:
    """No English word of ours is left on the form, the result or the row."""
    path = listed(place, firm(1), firm(2, iban=BAD))

    async def scenario() -> None:
        async with seated(place) as seat:
            use(language)
            await open_file(seat, path)
            texts = [seat.text]
            await seat.press("ctrl+s")
            texts.append(seat.text)
            await seat.press("enter")
            texts.append(seat.text)
            for text in texts:
                words = {"Import", "Choose", "row", "rows", "Bring", "Back", "Needed", "Line", "is"}
                assert words & set(text.split()) == set()

    drive(scenario())
