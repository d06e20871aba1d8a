"""Grounds on the screen: added in plain words, ended after a look, kept, and brought back."""

from __future__ import annotations

from typing import TYPE_CHECKING

from crm.parties.cards import NewClient
from tests.tui.conftest import Seat, seated

if TYPE_CHECKING:
    from tests.crm.conftest import Hire, Place


def prospect(place: Place) -> int:
    """Enter somebody who asked for an offer."""
    with place.open() as register:
        new = NewClient(
            kind="natural", given_name="Bruno", family_name="Rossi", email="bruno@example.com",
            relation="prospect",
        )  # fmt: skip
        return register.clients.add(new).number


def grounds(place: Place, number: int) -> dict[str, str]:
    """Say of each purpose how its ground stands."""
    with place.open() as register:
        return {one.purpose: one.state for one in register.grounds.listing(str(number))}


async def at(seat: Seat, number: int, purpose: str | None = None) -> None:
    """Open the grounds of a party, and stand on a purpose."""
    seat.app.visit("grounds", number)
    await seat.settle()
    while purpose is not None and seat.app.screen.present.purpose != purpose:
        await seat.press("down")


def test_grounds_are_said_in_words(place: Place, drive) -> None:
    """Each ground shows its purpose by name, its state with a sign, basis, article and day."""
    number = prospect(place)

    async def scenario() -> None:
        async with seated(place, size=(120, 40)) as seat:
            await at(seat, number, "communication")
            assert "✓ in force" in seat.text
            assert "Basis: pre-contractual steps · Article" in seat.text
            assert "Relationship: asked for an offer" in seat.text

    drive(scenario())


def test_a_relation_is_chosen_in_plain_words(place: Place, drive) -> None:
    """Choosing what they are to us opens the purposes that follow from it."""
    number = prospect(place)

    async def scenario() -> None:
        async with seated(place) as seat:
            await at(seat, number)
            await seat.press("a")
            assert "client with a contract" in seat.text
            await seat.press("enter")
            await seat.press("ctrl+s")
            assert "has not been informed of the purpose" in seat.text
            seat.app.screen.query_one("#fill-informed").focus()
            await seat.press(*"2026-03-02", "ctrl+s")

    drive(scenario())
    assert grounds(place, number)["accounting"] == "live"


def test_what_would_go_is_shown_before_an_end(place: Place, drive) -> None:
    """Ending everything but one purpose is a dry run first; saved, it waits its days of grace."""
    number = prospect(place)

    async def scenario() -> None:
        async with seated(place) as seat:
            await at(seat, number, "crm_data_quality")
            await seat.press("o")
            assert "ERASED NOW" in seat.text or "NOTHING IS ERASED" in seat.text
            await seat.press("escape")
            assert "✓ in force" in seat.text
            assert "! to be erased" not in seat.text
            await seat.press("o")
            await seat.press("ctrl+s")
            assert any("can be restored until 16 March 2026" in notice for notice in seat.notices)
            assert "! to be erased" in seat.text

    drive(scenario())
    states = grounds(place, number)
    assert states.pop("crm_data_quality") == "live"
    assert set(states.values()) == {"going"}


def test_what_is_going_comes_back_with_a_reason(place: Place, drive) -> None:
    """Within the days of grace one key and a reason undo the end."""
    number = prospect(place)
    with place.open() as register:
        register.grounds.end(str(number), all_but=["crm_data_quality"])

    async def scenario() -> None:
        async with seated(place) as seat:
            await at(seat, number)
            assert "! to be erased" in seat.text
            await seat.press("r")
            await seat.press("enter")
            assert "! to be erased" not in seat.text

    drive(scenario())
    assert set(grounds(place, number).values()) == {"live"}


def test_nobody_erased_meanwhile_stays_to_be_read(place: Place, drive) -> None:
    """Where the party is erased while its lawful bases are shown, the screen closes."""
    number = prospect(place)
    purposes = tuple(grounds(place, number))

    async def scenario() -> None:
        async with seated(place) as seat:
            await at(seat, number)
            assert "Bruno" in seat.text
            with place.open() as register:
                register.grounds.end(str(number), purposes=purposes, now=True)
            seat.app.screen.load()
            await seat.settle()
            assert "Bruno" not in seat.text

    drive(scenario())


def test_a_look_is_put_on_record_with_its_next_day(place: Place, drive) -> None:
    """Keeping a ground after a look moves the day on which somebody looks again."""
    number = prospect(place)

    async def scenario() -> None:
        async with seated(place) as seat:
            await at(seat, number, "communication")
            await seat.press("k")
            seat.app.screen.query_one("#fill-until").value = "1.9.2027"
            await seat.press("ctrl+s")
            await at(seat, number, "communication")
            assert seat.app.screen.present.until == "2027-09-01"

    drive(scenario())


def test_a_technician_changes_no_ground(place: Place, drive, hire: Hire) -> None:
    """Who may not write names has no key here, and forcing the action is refused."""
    number = prospect(place)
    login = hire("technician")

    async def scenario() -> None:
        async with seated(place, login) as seat:
            await at(seat, number)
            for action in ("add", "end", "only", "keep", "reopen"):
                assert seat.app.screen.check_action(action, ()) is False
            seat.app.visit("ground-end", number, "communication")
            await seat.settle()
            seat.app.screen.action_save()
            await seat.settle()

    drive(scenario())
    assert set(grounds(place, number).values()) == {"live"}
