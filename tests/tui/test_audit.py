"""The log on the screen: read by page, filtered, proved; it names nobody."""

from __future__ import annotations

from typing import TYPE_CHECKING

from crm.kartoteka import LogFilter
from crm.parties.cards import NewClient
from tests.tui.conftest import seated
from tests.tui.test_papers import fill, plain
from tui.widgets.virtual_list import VirtualList

if TYPE_CHECKING:
    from tests.crm.conftest import Hire, Place


def test_the_log_shows_events_in_words_and_no_name(place: Place, drive) -> None:
    """The newest entry comes first, with numbers and words; a name stands nowhere."""
    with place.open() as register:
        register.clients.add(NewClient(kind="legal", name="SIA Ozols", relation="client"))

    async def scenario() -> None:
        async with seated(place, size=(120, 40)) as seat:
            await seat.press("f6")
            assert "client entered" in seat.text
            assert "Ozols" not in seat.text
            await seat.press("end", "enter")
            assert "register created" in seat.text

    drive(scenario())


def test_a_long_log_is_fetched_by_page(place: Place, drive) -> None:
    """Only what is seen is read, and End reaches the very first entry."""
    with place.open() as register:
        for _turn in range(300):
            register.audit.log(LogFilter(limit=1))

    async def scenario() -> None:
        async with seated(place) as seat:
            await seat.press("f6")
            listed = seat.app.screen.query_one(VirtualList)
            assert listed.count > 300
            assert len(listed._pages) < 3
            await seat.press("end")
            assert "register created" in seat.text

    drive(scenario())


def test_opening_is_one_entry_and_scrolling_none(place: Place, drive) -> None:
    """That somebody read the log is an entry of its own, once for each reading."""

    async def scenario() -> None:
        async with seated(place) as seat:
            await seat.press("f6")
            await seat.press("down", "end", "enter", "escape", "f5", "f6")

    drive(scenario())
    with place.open() as register:
        read = register.audit.log(LogFilter(event="audit:log:read"))
        assert len(read) == 1


def test_a_filter_narrows_and_is_said(place: Place, drive) -> None:
    """Kind, number and days narrow the list; the line above says how, and a key takes it away."""
    with place.open() as register:
        made = register.clients.add(NewClient(kind="legal", name="SIA Ozols", relation="client"))

    async def scenario() -> None:
        async with seated(place) as seat:
            await seat.press("f6")
            await seat.press("slash")
            seat.app.screen.query_one("#fill-event").focus()
            await seat.press("right")
            await fill(seat, "client", str(made.number))
            await fill(seat, "since", "2026-03-02")
            await seat.press("ctrl+s")
            assert "1 entry · filter: clients, contacts and notes" in seat.text
            assert "register created" not in seat.text
            await seat.press("slash")
            await fill(seat, "client", "999")
            await seat.press("ctrl+s")
            assert "Nobody in the register has this number." in plain(seat)
            await seat.press("escape", "tab", "enter", "c")
            assert "register created" in seat.text

    drive(scenario())


def test_the_proof_is_told_in_words(place: Place, drive) -> None:
    """Whole is said as whole; a changed entry is named with what is wrong."""

    async def scenario() -> None:
        async with seated(place) as seat:
            await seat.press("f6")
            await seat.press("v")
            assert "✓ The log and every row are intact" in seat.text
            await seat.press("escape")
            await seat.app.desk.ask(
                lambda register: register.context.session.database.execute_sql(
                    "UPDATE audit_entry SET body = 'count=9' WHERE seq = 1"
                )
            )
            await seat.press("v")
            assert "damaged" in seat.text
            assert "changed after it was written" in seat.text

    drive(scenario())


def test_an_owner_signs_for_damage(place: Place, drive) -> None:
    """Only after a proof that found damage there is the key; afterwards the proof names who did."""

    async def scenario() -> None:
        async with seated(place, size=(120, 40)) as seat:
            await seat.press("f6", "s")
            assert "Acknowledge 1" not in plain(seat)
            await seat.app.desk.ask(
                lambda register: register.context.session.database.execute_sql(
                    "UPDATE audit_entry SET body = 'count=9' WHERE seq = 1"
                )
            )
            await seat.press("v", "escape", "s")
            assert "Acknowledge 1 damaged place?" in plain(seat)
            await seat.press("tab", "enter", "v")
            assert "Acknowledged on 2 March 2026 by anna: 1 damaged place." in plain(seat)

    drive(scenario())


def test_the_auditor_reads_the_log(place: Place, hire: Hire, drive) -> None:
    """Who sees no name may read and verify all the same."""
    login = hire("auditor")

    async def scenario() -> None:
        async with seated(place, login) as seat:
            await seat.press("f6")
            await seat.press("h")
            assert "Checkpoint of the log" in seat.text
            await seat.press("escape", "v")
            assert "✓" in seat.text

    drive(scenario())
