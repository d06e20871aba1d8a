"""Settings: a menu of what exists and is allowed; firm, doctor, copies, the own password."""

from __future__ import annotations

from dataclasses import replace
from typing import TYPE_CHECKING

from crm.parties.cards import NewClient
from tests.tui.conftest import seated
from tests.tui.test_papers import fill, plain
from tui.keeper.settings import ENTRIES
from tui.places import PLACES

if TYPE_CHECKING:
    from pathlib import Path

    from tests.crm.conftest import Hire, Place

NEW = "divi lēni āži dzer rīta tēju"


def test_the_menu_holds_what_exists_and_is_allowed(place: Place, hire: Hire, drive) -> None:
    """An owner sees every line whose place exists; an accountant neither users nor keys."""
    login = hire("accountant")

    async def scenario() -> None:
        async with seated(place) as seat:
            await seat.press("f7")
            for menu_place, (words, _about) in ENTRIES.items():
                assert (words in seat.text) is (menu_place in PLACES or menu_place == "password")
        async with seated(place, login) as seat:
            await seat.press("f7")
            for word in ("Users", "Keys", "Backup", "Restore"):
                assert f"\n {word} " not in seat.text
            assert "My password" in seat.text

    drive(scenario())


def test_the_firm_is_corrected(place: Place, drive) -> None:
    """What is changed in the box stands on the sheet; an address that is none is refused."""

    async def scenario() -> None:
        async with seated(place) as seat:
            await seat.press("f7")
            await seat.press("enter")
            assert "SIA Testa birojs" in seat.text
            await seat.press("e")
            await fill(seat, "email", "nobody")
            await seat.press("ctrl+s")
            assert "complete e-mail address" in plain(seat)
            await fill(seat, "email", "dati@example.com")
            await seat.press("ctrl+s")
            assert "dati@example.com" in seat.text

    drive(scenario())


def test_doctor_says_what_to_do_and_goes_there(place: Place, drive) -> None:
    """Each finding has a sentence and a place; Enter opens it."""

    async def scenario() -> None:
        async with seated(place) as seat:
            seat.app.visit("doctor")
            await seat.settle()
            assert "things to check" in seat.text or "thing to check" in seat.text
            assert "recovery key not confirmed" in seat.text
            await seat.press("home")
            for _step in range(30):
                if "Confirm that the recovery key is on paper." in plain(seat):
                    break
                await seat.press("down")
            assert "Confirm that the recovery key is on paper. Enter opens it." in plain(seat)
            await seat.press("enter")
            assert "c Confirm key" in seat.text

    drive(scenario())


def test_doctor_names_damage_in_words(place: Place, drive) -> None:
    """A row changed outside the program is named, with what is wrong with it."""
    with place.open() as register:
        register.clients.add(NewClient(kind="legal", name="SIA Ozols", relation="client"))

    async def scenario() -> None:
        async with seated(place) as seat:
            await seat.app.desk.ask(
                lambda register: register.context.session.database.execute_sql(
                    "UPDATE party SET rev = rev + 1"
                )
            )
            seat.app.visit("doctor")
            await seat.settle()
            assert "✗" in seat.text
            for _step in range(30):
                if "Restore them from a backup." in plain(seat):
                    break
                await seat.press("down")
            await seat.press("enter")
            assert "changed outside the program" in plain(seat)

    drive(scenario())


def test_a_copy_is_destroyed_once_somebody_said_so(place: Place, tmp_path: Path, drive) -> None:
    """The list names files with their end; after the question the file is gone from the disk."""
    target = tmp_path / "clients.csv"
    with place.open() as register:
        register.clients.add(NewClient(kind="legal", name="SIA Ozols", relation="client"))
        register.exports.clients(target, "rfc4180")
    assert target.exists()

    async def scenario() -> None:
        async with seated(place) as seat:
            seat.app.visit("copies")
            await seat.settle()
            assert "clients.csv" in seat.text
            await seat.press("x")
            assert "Destroy these files?" in seat.text
            await seat.press("escape")
            assert target.exists()
            await seat.press("x", "tab", "enter")
            assert not target.exists()
            assert "No known copies." in seat.text
            await seat.press("a")
            assert "destroyed" in seat.flat

    drive(scenario())


def test_the_own_password_is_changed(place: Place, drive) -> None:
    """Two different typings and a wrong old password are refused; then the new one opens."""

    async def scenario() -> None:
        async with seated(place) as seat:
            await seat.press("f7")
            await seat.press("w")
            await seat.give(**{"fill-old": "wrong", "fill-new": NEW, "fill-again": "x"})
            await seat.press("ctrl+s")
            assert "The two passwords do not match." in plain(seat)
            await seat.give(**{"fill-again": NEW})
            await seat.press("ctrl+s")
            assert "password" in plain(seat)
            await seat.give(**{"fill-old": place.owner.password})
            await seat.press("ctrl+s")
            assert "The password is changed." in " ".join(seat.notices)
            assert NEW not in seat.text

    drive(scenario())
    with place.open(replace(place.owner, password=NEW)) as register:
        assert register.current_user.name == place.owner.name


def test_whoever_opens_a_screen_of_the_menu_sees_it(place: Place, hire: Hire, drive) -> None:
    """An auditor, who reads no name, opens every line of the menu without being thrown out."""
    with place.open() as register:
        register.clients.add(
            NewClient(kind="natural", given_name="Ilze", family_name="Ozola", relation="client")
        )
    login = hire("auditor")

    async def scenario() -> None:
        async with seated(place, login) as seat:
            for visited in ("firm", "keys", "copies", "doctor"):
                seat.app.visit(visited)
                await seat.settle()
                assert "Ozola" not in seat.text
                assert "Esc Back" in seat.text
                await seat.press("escape")
            for key in ("r", "w", "i", "u"):
                await seat.press("f5", key)
                assert "Ozola" not in seat.text
            assert seat.notices == []

    drive(scenario())
