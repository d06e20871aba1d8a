"""Files go out by the screen: what would be in them, where they lie, and that it can be stopped."""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING

import pytest

from crm.i18n import spoken, use
from crm.parties.cards import NewClient
from crm.transfer.cards import ImportOrder
from gdpr.errors import KartotekaError
from tests.crm.client_lists import many, table
from tests.tui.conftest import seated
from tui.transfer.exporting import ExportScreen

if TYPE_CHECKING:
    from crm.kartoteka import Kartoteka
    from tests.crm.conftest import Hire, Place
    from tests.tui.conftest import Seat


def fill(place: Place, count: int) -> None:
    """Put people into the register."""
    path = place.folder / "many.csv"
    path.write_bytes(table(("Name", "E-mail"), many(count)))
    with place.open() as register:
        register.imports.take(path, ImportOrder(relation="client"))


async def start(seat: Seat, path: Path, *, wait: bool = True) -> ExportScreen:
    """Visit the export, name a file, and write it."""
    seat.app.visit("export")
    await seat.settle()
    screen = seat.app.screen
    assert isinstance(screen, ExportScreen)
    screen.query_one("#path").value = str(path)
    if wait:
        await seat.press("ctrl+s")
    return screen


def test_a_file_is_written_and_remembered(place: Place, drive) -> None:
    """The clients lie in the file, and the file is a known copy with a day by which it goes."""
    with place.open() as register:
        register.clients.add(NewClient(kind="legal", name="SIA Ozols", relation="client"))
    path = place.folder / "out.csv"

    async def scenario() -> None:
        async with seated(place) as seat:
            await start(seat, path)
            assert "1 client written" in seat.flat
            copies = await seat.app.desk.ask(lambda r: r.copies.list())
            assert [one.path for one in copies] == [str(path)]
            assert f"{spoken(copies[0].ends)}" in seat.flat
        assert "SIA Ozols" in path.read_text(encoding="utf-8-sig")

    drive(scenario())


def test_the_columns_are_those_of_the_users_keys(place: Place, hire: Hire, drive) -> None:
    """A technician is told of no account or tax number, because the file would have none."""
    technician = hire("technician")

    async def scenario() -> None:
        for login, seen in ((None, True), (technician, False)):
            async with seated(place, login, size=(120, 40)) as seat:
                seat.app.visit("export")
                await seat.settle()
                assert ("IBAN" in seat.flat) is seen

    drive(scenario())


def test_an_auditor_writes_nothing(place: Place, hire: Hire, drive) -> None:
    """Without a key for names there is no key on the screen, and the service refuses the verb."""
    login = hire("auditor")
    path = place.folder / "out.csv"

    async def scenario() -> None:
        async with seated(place, login) as seat:
            screen = await start(seat, path)
            assert not path.exists()
            assert screen.check_action("start", ()) is False
            screen.action_start()
            await seat.settle()
            assert not path.exists()
            with pytest.raises(KartotekaError):
                await seat.app.desk.ask(lambda r: r.exports.clients(path, "rfc4180"))
            with pytest.raises(KartotekaError):
                await seat.app.desk.ask(lambda r: r.full_export.write(place.folder / "all"))

    drive(scenario())


def test_everything_is_for_owners(place: Place, hire: Hire, drive) -> None:
    """Only who holds the keys is offered everything, and gets it as files in a folder."""
    office = hire("office")
    fill(place, 3)

    async def scenario() -> None:
        async with seated(place, office) as seat:
            seat.app.visit("export")
            await seat.settle()
            assert [code for code, _word in seat.app.screen.query_one("#what").choices] == [
                "clients"
            ]
        async with seated(place) as seat:
            folder = place.folder / "all"
            screen = await start(seat, folder, wait=False)
            screen.query_one("#what").action_next()
            await seat.settle()
            screen.query_one("#path").value = str(folder)
            await seat.press("ctrl+s")
            assert (folder / "party.csv").exists()
            assert str(folder) in seat.text.replace("\n", "").replace(" ", "")

    drive(scenario())


def test_search_goes_on_while_a_file_is_written_and_it_can_be_stopped(place: Place, drive) -> None:
    """A look is answered in the middle of an export; stopped, it leaves neither file nor copy."""
    fill(place, 1_500)
    path = place.folder / "out.csv"

    async def scenario() -> None:
        async with seated(place) as seat:
            screen = await start(seat, path, wait=False)
            screen.action_start()
            seen: list[bool] = []

            def meanwhile(register: Kartoteka) -> int:
                found = len(register.clients.find("p7@example.com").lines)
                begun = any(place.folder.glob(".out.csv.*.part"))
                if begun and screen.halt is not None:
                    screen.halt.set()  # as Esc does; here in the middle for certain
                    seen.append(path.exists())
                return found

            for _look in range(1_000):
                assert await seat.app.desk.look(meanwhile) == 1
                if seen:
                    break
            await seat.settle()
            assert seen == [False]
            assert "Nothing is left" in seat.flat
            assert not path.exists()
            assert await seat.app.desk.ask(lambda r: r.copies.list()) == ()

    drive(scenario())


def test_a_file_that_is_there_is_kept(place: Place, drive) -> None:
    """An existing file is refused in words and stays as it was."""
    path = place.folder / "out.csv"
    path.write_text("mine")

    async def scenario() -> None:
        async with seated(place) as seat:
            await start(seat, path)
            assert "already exists" in seat.flat
            assert path.read_text() == "mine"

    drive(scenario())


def test_a_place_that_is_proposed_is_free(
    place: Place, drive, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Enter on what stands there is never refused because a file of yesterday has that name."""
    monkeypatch.setenv("HOME", str(place.folder))
    offered = []

    def taken(offer: str) -> str:
        path = Path(offer)
        assert not path.exists()
        path.write_text("mine")
        return path.name

    async def scenario() -> None:
        async with seated(place) as seat:
            for _turn in range(3):
                seat.app.visit("export")
                await seat.settle()
                offered.append(taken(seat.app.screen.query_one("#path").value))
                await seat.press("escape")

    drive(scenario())
    assert offered == ["clients.csv", "clients-2.csv", "clients-3.csv"]


@pytest.mark.parametrize("language", ["lv", "it"])
def test_the_screen_speaks(place: Place, drive, language: str) -> None:
    """No English word of ours is left, and the usual profile is that of the language."""
    path = place.folder / "out.csv"

    async def scenario() -> None:
        async with seated(place) as seat:
            use(language)
            screen = await start(seat, path, wait=False)
            assert screen.picked("profile") == f"excel-{language}"
            texts = [seat.text]
            await seat.press("ctrl+s")
            texts.append(seat.text)
            for text in texts:
                words = ("Write", "Where", "Columns", "written", "client ", "Back", "gone")
                assert [word for word in words if word in text] == []

    drive(scenario())
