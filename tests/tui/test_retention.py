"""Forgetting on time: shown in groups, done only by a person, undone within the days of grace."""

from __future__ import annotations

from datetime import UTC, date, datetime, timedelta
from typing import TYPE_CHECKING

import pytest

from crm.models.party import Party
from crm.parties.cards import NewClient
from gdpr.audit.events import Event
from gdpr.errors import Locked, NotFound
from tests.tui.conftest import seated

if TYPE_CHECKING:
    from tests.crm.conftest import Hire, Place


def prospect(place: Place, since: date | None = None) -> int:
    """Enter somebody who asked for an offer."""
    with place.open() as register:
        new = NewClient(
            kind="natural", given_name="Bruno", family_name="Rossi", email="bruno@example.com",
            relation="prospect", since=since,
        )  # fmt: skip
        return register.clients.add(new).number


def going(place: Place) -> int:
    """Enter somebody whose grounds have all ended: they are going until 16 March."""
    number = prospect(place)
    with place.open() as register:
        register.grounds.end(str(number), all_but=["direct_marketing"])
    return number


def forgotten(place: Place) -> int:
    """Enter somebody with whom there was no contact for years, so that a look is due."""
    number = prospect(place, since=date(2023, 1, 10))
    with place.open() as register:
        office = register.context
        party = office.session.first(Party, number=number)
        with office.journal.audited_change(Event.PARTY_EDITED, bytes(party.id)) as deed:
            party.last_activity = "2023-01-10"
            deed.update(party)
    return number


def live_until(place: Place, *days: int) -> None:
    """Open the register on these days of March, so that no leap of the clock is seen."""
    for day in days:
        place.clock.instant = datetime(2026, 3, day, 12, tzinfo=UTC)
        with place.open():
            pass


def exists(place: Place, number: int) -> bool:
    """Tell whether the register still holds a party of this number."""
    with place.open() as register:
        try:
            register.clients.show(str(number))
        except NotFound:
            return False
        return True


def test_what_is_due_stands_in_groups(place: Place, drive) -> None:
    """Each line says day, who, what and for which purpose; groups say how many."""
    going(place)
    forgotten(place)

    async def scenario() -> None:
        async with seated(place, size=(120, 40)) as seat:
            await seat.press("f4")
            assert "TO REVIEW (3)" in seat.text
            assert "TO BE ERASED (3)" in seat.text
            row = next(row for row in seat.lines if "… to be erased" in row)
            assert "2026-03-16" in row
            assert "Bruno Rossi" in row
            await seat.press("end", "up", "up", "enter")
            assert "it is no longer used" in seat.text

    drive(scenario())


def test_nothing_is_forgotten_by_a_stray_enter(place: Place, drive) -> None:
    """The question stands on the way back; only choosing the deed lets it happen."""
    number = going(place)
    live_until(place, 8, 15, 17)

    async def scenario() -> None:
        async with seated(place) as seat:
            await seat.press("f4")
            await seat.press("x")
            await seat.press("enter")
            assert "Erased" not in seat.text

    drive(scenario())
    assert exists(place, number)


def test_a_person_lets_the_clocks_run(place: Place, drive) -> None:
    """After the days of grace the run destroys what was shown as going, and says how much."""
    number = going(place)
    live_until(place, 8, 15, 17)

    async def scenario() -> None:
        async with seated(place) as seat:
            await seat.press("f4")
            await seat.press("x")
            await seat.press("tab", "enter")
            assert "Persons and companies: 1" in seat.text
            await seat.press("escape")
            assert "Nothing is due." in seat.text

    drive(scenario())
    assert not exists(place, number)


def test_a_leap_of_the_clock_is_confirmed_by_typing_the_day(place: Place, drive) -> None:
    """When the machine's date leapt nothing goes before somebody repeats it; another is told."""
    number = going(place)
    place.clock.instant += timedelta(days=40)
    day = place.clock.today().isoformat()
    seen = []

    async def scenario() -> None:
        async with seated(place) as seat:
            await seat.press("f4")
            await seat.press("x")
            await seat.press("tab", "enter")
            assert "Is this today?" in seat.text
            await seat.write("2026-03-03")
            await seat.press("enter")
            assert "This is a different date." in seat.notices
            seen.append(await seat.app.desk.ask(lambda r: r.clients.show(str(number)).number))
            await seat.press("x")
            await seat.press("tab", "enter")
            await seat.write(day)
            await seat.press("enter")
            assert "Erased" in seat.text

    drive(scenario())
    assert seen == [number]
    assert not exists(place, number)


def test_a_look_takes_a_line_away(place: Place, drive) -> None:
    """Keeping what waits for a look, with a reason, takes it off the list until its next day."""
    forgotten(place)

    async def scenario() -> None:
        async with seated(place) as seat:
            await seat.press("f4")
            for left in (2, 1):
                await seat.press("home", "down", "k")
                await seat.press("ctrl+s")
                assert f"TO REVIEW ({left})" in seat.text

    drive(scenario())


def test_what_goes_can_be_brought_back(place: Place, drive) -> None:
    """Within the days of grace one key and a reason bring everything of a party back."""
    number = going(place)

    async def scenario() -> None:
        async with seated(place) as seat:
            await seat.press("f4")
            await seat.press("down", "r")
            await seat.press("enter")
            assert "Nothing is due." in seat.text

    drive(scenario())
    with place.open() as register:
        assert {one.state for one in register.grounds.listing(str(number))} == {"live"}


def test_office_staff_see_what_is_due_and_cannot_run(place: Place, drive, hire: Hire) -> None:
    """Without the duty there is no key; the action does nothing, and the service refuses."""
    number = going(place)
    live_until(place, 8, 15, 17)
    login = hire("office")

    async def scenario() -> None:
        async with seated(place, login) as seat:
            await seat.press("f4")
            assert "ERASED NOW" in seat.text
            await seat.press("x")
            assert "Erase what is due?" not in seat.text
            seat.app.screen.run_clocks()
            await seat.settle()
            assert seat.notices

    drive(scenario())
    assert exists(place, number)
    with place.open(login) as register, pytest.raises(Locked):
        register.retention.run()


def test_an_auditor_sees_numbers_and_no_names(place: Place, drive, hire: Hire) -> None:
    """Who reads no names still sees what is due, by number."""
    number = going(place)
    login = hire("auditor")

    async def scenario() -> None:
        async with seated(place, login) as seat:
            await seat.press("f4")
            row = next((row for row in seat.lines if "… to be erased" in row), "")
            assert str(number) in row
            assert "Rossi" not in seat.text

    drive(scenario())
