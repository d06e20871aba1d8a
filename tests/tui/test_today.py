"""What is due: every thing in words with its next step, and a way to where it is done."""

from __future__ import annotations

from datetime import timedelta
from typing import TYPE_CHECKING

import pytest

from crm.backup import backups
from crm.lists import agenda as today
from crm.lists.cards import Agenda, DueItem
from crm.models.files import KnownCopy
from crm.oversight.reminders import Reminders
from crm.parties.cards import NewClient
from gdpr.audit.events import Event
from gdpr.store.ids import new_id
from tests.tui.conftest import seated
from tui.clients.today import TodayScreen
from tui.clients.today_words import _ITEMS
from tui.places import AREAS, PLACES

if TYPE_CHECKING:
    from crm.kartoteka import Kartoteka
    from tests.crm.conftest import Hire, Place


def person(register: Kartoteka, given: str, family: str) -> int:
    new = NewClient(kind="natural", given_name=given, family_name=family, relation="client")
    return register.clients.add(new, anyway=True).number


def let_go(register: Kartoteka, number: int) -> None:
    held = {line.purpose for line in register.grounds.listing(str(number))}
    register.grounds.end(str(number), purposes=tuple(held))


def old_copy(register: Kartoteka) -> None:
    with register.context.journal.audited_change(Event.COPY_BEGUN) as deed:
        deed.insert(
            KnownCopy(id=new_id(), kind="export", path="/x/old.csv", made=0, ends="2020-01-01")
        )


def test_each_due_thing_stands_with_its_next_step(place: Place, drive) -> None:
    """People nobody told, a missing backup, an unconfirmed paper and an old copy are all named."""
    with place.open() as register:
        person(register, "Anna", "Bērziņa")
        old_copy(register)

    async def scenario() -> None:
        async with seated(place, size=(120, 40)) as seat:
            await seat.press("f3")
            for words in (
                "No privacy notice yet for 1 person",
                "Publish the privacy notice, then give it to them.",
                "No backup has been created yet",
                "The recovery key is not confirmed",
                "1 copy past its destruction date",
                "Destroy these files.",
            ):
                assert words in seat.text, words

    drive(scenario())


def test_the_line_above_the_clients_leads_there(place: Place, drive) -> None:
    """The start screen says in one line that something is due, and with which key it is seen."""
    with place.open() as register:
        person(register, "Anna", "Bērziņa")

    async def scenario() -> None:
        async with seated(place) as seat:
            assert seat.lines[1].startswith(" ! ")
            assert "F3 shows all" in seat.lines[1]
            await seat.press("f3")
            assert "What is due" in seat.text

    drive(scenario())


def test_what_has_run_out_is_due_and_enter_goes_there(place: Place, drive) -> None:
    """Once the days of grace are over somebody is to be forgotten; Enter opens the retention."""
    with place.open() as register:
        let_go(register, person(register, "Anna", "Bērziņa"))
    for _week in range(4):
        place.clock.instant += timedelta(days=6)
        with place.open():
            pass

    async def scenario() -> None:
        async with seated(place) as seat:
            await seat.press("f3")
            assert "1 record to be erased" in seat.text
            await seat.press("enter")
            assert seat.app.current_mode == "retention"

    drive(scenario())


def test_nobody_is_told_to_do_what_their_role_does_not(place: Place, hire: Hire, drive) -> None:
    """Backups, keys and erasures are the owner's; a technician's list does not name them."""
    with place.open() as register:
        person(register, "Anna", "Bērziņa")
    technician = hire("technician")

    async def scenario() -> None:
        async with seated(place, technician) as seat:
            await seat.press("f3")
            for words in ("backup", "recovery key", "forgotten", "privacy notice"):
                assert words not in seat.text, words

    drive(scenario())


def test_a_change_is_seen_when_one_comes_back(place: Place, drive) -> None:
    """Who is entered while the screens are open is counted the next time one looks."""

    async def scenario() -> None:
        async with seated(place) as seat:
            await seat.press("f3")
            assert "No privacy notice" not in seat.text
            await seat.app.desk.ask(lambda register: person(register, "Anna", "Bērziņa"))
            await seat.press("f2")
            await seat.press("f3")
            assert "No privacy notice yet for 1 person" in seat.text

    drive(scenario())


@pytest.mark.parametrize("size", [(80, 24), (160, 50)])
def test_the_next_step_is_readable_at_every_size(
    place: Place, drive, size: tuple[int, int]
) -> None:
    """At 80 columns the step of the line under the cursor stands whole below the list."""
    with place.open() as register:
        person(register, "Anna", "Bērziņa")

    async def scenario() -> None:
        async with seated(place, size=size) as seat:
            await seat.press("f3")
            assert "Publish the privacy notice, then give it to them." in seat.text

    drive(scenario())


def test_everything_that_can_be_due_has_words_and_a_place(place: Place) -> None:
    """Whatever the services count as due is said on the screen and leads to one that exists."""
    with place.open() as register:
        codes = {code for code, _which in Reminders(register.context).all()}
    codes |= {backups.NEVER, backups.STALE, backups.ONE_PLACE, backups.DRILL_DUE}
    codes |= {today.DAMAGE, today.CLOCK, today.SHREDS, today.COPIES, today.DUE, today.REVIEW}
    codes |= {today.UNINFORMED, today.UNPUBLISHED}

    assert set(_ITEMS) == codes
    assert {known.place for known in _ITEMS.values()} <= {*AREAS, *PLACES}


def test_numbers_that_still_grow_say_so(place: Place, drive) -> None:
    """While people are still gone through, what is counted so far is no result."""

    async def scenario() -> None:
        async with seated(place) as seat:
            await seat.press("f3")
            screen = seat.app.screen
            assert isinstance(screen, TodayScreen)
            screen._show(Agenda((DueItem("due", 34),), done=False))
            await seat.settle()
            assert "34 records to be erased" in seat.text
            assert "Still checking: the numbers may grow…" in seat.text
            screen._show(Agenda((DueItem("due", 1659),), done=True))
            await seat.settle()
            assert "may grow" not in seat.text

    drive(scenario())
