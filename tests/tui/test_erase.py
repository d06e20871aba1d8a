"""Erasing on the screen: a dry run until the number is typed, and a receipt after it."""

from __future__ import annotations

import json
from typing import TYPE_CHECKING

import pytest

from crm.parties.cards import NewClient
from gdpr.errors import Locked, NotFound
from tests.tui.conftest import Seat, seated

if TYPE_CHECKING:
    from pathlib import Path

    from tests.crm.conftest import Hire, Place


def prospect(place: Place) -> int:
    """Enter somebody nobody needs any more, so that all of it may go."""
    with place.open() as register:
        new = NewClient(
            kind="natural", given_name="Bruno", family_name="Rossi", email="bruno@example.com",
            relation="prospect",
        )  # fmt: skip
        return register.clients.add(new).number


def client(place: Place) -> int:
    """Enter somebody with a contract in force, so that most of it stays."""
    with place.open() as register:
        new = NewClient(kind="natural", given_name="Anna", family_name="Kalniņa", relation="client")
        return register.clients.add(new).number


def exists(place: Place, number: int) -> bool:
    """Tell whether the register still holds a party of this number."""
    with place.open() as register:
        try:
            register.clients.show(str(number))
        except NotFound:
            return False
        return True


async def at(seat: Seat, number: int) -> None:
    """Open the erasure of a party."""
    seat.app.visit("erase", number)
    await seat.settle()


def test_the_screen_is_the_dry_run(place: Place, drive) -> None:
    """Looking, walking, choosing a reason and any number of Enters destroy nothing."""
    number = prospect(place)

    async def scenario() -> None:
        async with seated(place) as seat:
            await at(seat, number)
            assert "ERASED NOW" in seat.text
            assert "preview, nothing is changed yet" in seat.text
            await seat.press("enter", "enter", "down", "enter")
            await seat.press("x")
            await seat.press("enter", "enter")
            await seat.press("escape")
            await seat.press("c")
            await seat.press("up", "enter")
            assert "Reason: objection" in seat.text

    drive(scenario())
    assert exists(place, number)


def test_the_typed_number_erases_and_the_receipt_can_be_saved(
    place: Place, drive, tmp_path: Path
) -> None:
    """After x and the number the person is gone; the receipt is shown, and written on request."""
    number = prospect(place)
    target = tmp_path / "erasure.json"

    async def scenario() -> None:
        async with seated(place) as seat:
            await at(seat, number)
            await seat.press("x")
            await seat.write(str(number))
            await seat.press("enter")
            assert "The whole entry has been erased." in seat.text
            assert "irreversibly destroyed" in seat.text
            assert "No copy of the database" in seat.text
            assert "Bruno" not in seat.text
            await seat.press("s")
            seat.app.screen.query_one("#text").value = str(target)
            await seat.press("enter")
            await seat.press("escape")
            assert "Bruno" not in seat.text

    drive(scenario())
    assert not exists(place, number)
    receipt = json.loads(target.read_text("utf-8"))
    assert (receipt["number"], receipt["whole"], receipt["state"]) == (number, True, "shredded")
    assert "Bruno" not in target.read_text("utf-8")


def test_the_card_of_somebody_erased_is_left(place: Place, drive) -> None:
    """Whoever came from the card ends on the list, where the person is not any more."""
    number = prospect(place)

    async def scenario() -> None:
        async with seated(place) as seat:
            seat.app.visit("card", number)
            await seat.settle()
            await seat.press("E")
            await seat.press("x")
            await seat.write(str(number))
            await seat.press("enter")
            await seat.press("escape")
            assert "Bruno" not in seat.text
            assert seat.app.screen.query("#search")

    drive(scenario())


def test_another_number_erases_nobody(place: Place, drive) -> None:
    """A number typed wrong is told, and nothing goes."""
    number = prospect(place)

    async def scenario() -> None:
        async with seated(place) as seat:
            await at(seat, number)
            await seat.press("x")
            await seat.write(str(number + 1))
            await seat.press("enter")
            assert "This is a different number." in seat.notices

    drive(scenario())
    assert exists(place, number)


def test_what_stays_says_purpose_article_and_day(place: Place, drive) -> None:
    """A contract in force keeps its data: the screen says for what, by which article, how long."""
    number = client(place)

    async def scenario() -> None:
        async with seated(place, size=(120, 40)) as seat:
            await at(seat, number)
            stays = [row for row in seat.lines if "▣" in row]
            assert stays
            assert all("Art. 6(1)(" in row and " 20" in row for row in stays)

    drive(scenario())


def test_the_number_of_a_request_is_the_reason(place: Place, drive) -> None:
    """A request is named by its number, which the log and the receipt repeat."""
    number = prospect(place)

    async def scenario() -> None:
        async with seated(place) as seat:
            await at(seat, number)
            await seat.press("c")
            await seat.press("home", "enter")
            await seat.write("12")
            await seat.press("enter")
            assert "request 12" in seat.text

    drive(scenario())


def test_a_company_is_refused_with_words(place: Place, drive) -> None:
    """A legal person is no data subject; the screen says where to go and has no key to erase."""
    with place.open() as register:
        new = NewClient(kind="legal", name="SIA Ozols", relation="client")
        number = register.clients.add(new).number

    async def scenario() -> None:
        async with seated(place) as seat:
            await at(seat, number)
            assert "legal person" in seat.text
            assert seat.app.screen.check_action("erase", ()) is False
            await seat.press("x")
            assert "Type the number" not in seat.text

    drive(scenario())
    assert exists(place, number)


def test_without_the_duty_there_is_no_key_and_the_service_refuses(
    place: Place, drive, hire: Hire
) -> None:
    """Office staff may look at the dry run; the key does nothing, and forcing the action fails."""
    number = prospect(place)
    login = hire("office")

    async def scenario() -> None:
        async with seated(place, login) as seat:
            await at(seat, number)
            assert "ERASED NOW" in seat.text
            assert "Erase…" not in seat.lines[-1]
            await seat.press("x")
            assert "Type the number" not in seat.text
            seat.app.screen.erase(number)
            await seat.settle()
            assert seat.notices

    drive(scenario())
    assert exists(place, number)
    with place.open(login) as register, pytest.raises(Locked):
        register.subjects.erase(str(number), "unlawful", number)
