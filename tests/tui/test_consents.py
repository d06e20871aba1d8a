"""Consents on the screen: a yes and a no take as many keys, and every word is shown."""

from __future__ import annotations

import json
from typing import TYPE_CHECKING

from crm.parties.cards import NewClient, NewContact
from crm.transfer.cards import ConsentOrder
from tests.tui.conftest import Seat, seated
from tui.widgets.matrix import Matrix

if TYPE_CHECKING:
    from pathlib import Path

    from tests.crm.conftest import Hire, Place

NEWS = "direct_marketing"


def person(place: Place, **more: str) -> int:
    """Enter a person who speaks English."""
    with place.open() as register:
        new = NewClient(
            kind="natural", given_name="Anna", family_name="Kalniņa", email="anna@example.com",
            relation="client", language="en", **more,
        )  # fmt: skip
        return register.clients.add(new).number


def company(place: Place) -> tuple[int, int, int]:
    """Enter a company with two contact persons."""
    with place.open() as register:
        firm = register.clients.add(
            NewClient(kind="legal", name="SIA Ozols", relation="client", email="info@example.com")
        )
        first = register.contacts.add(
            str(firm.number), NewContact(given_name="Jānis", family_name="Kalns")
        )
        second = register.contacts.add(
            str(firm.number), NewContact(given_name="Ilze", family_name="Liepa")
        )
        return firm.number, first.number, second.number


def agree(place: Place, number: int) -> None:
    """Record that somebody agreed to the news."""
    with place.open() as register:
        order = ConsentOrder(purpose=NEWS, channel="paper", wording="newsletter", language="en")
        register.consents.give(str(number), order)


def state(place: Place, number: int) -> str | None:
    """Say how the consent to the news stands."""
    with place.open() as register:
        lines = register.consents.listing(str(number)).consents
        return next((one.state for one in lines if one.purpose == NEWS), None)


async def at(seat: Seat, number: int) -> None:
    """Open the consents of a party and stand on the news."""
    seat.app.visit("consents", number)
    await seat.settle()
    while seat.app.screen.present[1] != NEWS:
        key = "right" if seat.app.screen.several else "down"
        await seat.press(key)


def test_a_no_takes_as_many_keys_as_a_yes(place: Place, drive) -> None:
    """From the same place both words are recorded with the same number of keys (Art. 7(3))."""
    number = person(place)
    yes, no = ("g", "right", "ctrl+s"), ("w", "ctrl+s")

    async def scenario() -> None:
        async with seated(place) as seat:
            await at(seat, number)
            await seat.press(*yes[:1])
            await seat.press(*yes[1:])
            assert "✓ given" in seat.text
            await seat.press(*no[:1])
            await seat.press(*no[1:])
            assert "✗ withdrawn" in seat.text

    drive(scenario())
    assert len(no) <= len(yes)
    assert state(place, number) == "withdrawn"


def test_the_text_is_shown_in_full_before_a_yes(place: Place, drive) -> None:
    """Whoever records a yes reads version, hash and every word of the text; Enter saves nothing."""
    number = person(place)
    with place.open() as register:
        text = register.wordings.show("newsletter", "en")

    async def scenario() -> None:
        async with seated(place, size=(100, 40)) as seat:
            await at(seat, number)
            await seat.press("g")
            shown = " ".join(word for row in seat.lines for word in row.strip(" │╭╮╰╯").split())
            assert " ".join(text.body.split()) in shown
            assert text.line.hash[:16] in shown
            assert "version 1, English" in shown
            await seat.press("enter", "enter", "enter", "enter")

    drive(scenario())
    assert state(place, number) is None


def test_what_would_go_is_shown_before_a_no_takes_effect(place: Place, drive) -> None:
    """The withdrawal is a dry run until it is saved; leaving changes nothing."""
    number = person(place)
    agree(place, number)

    async def scenario() -> None:
        async with seated(place) as seat:
            await at(seat, number)
            await seat.press("w")
            assert "ERASED NOW" in seat.text or "NOTHING IS ERASED" in seat.text
            assert "KEPT" in seat.text
            await seat.press("escape")
            assert "✓ given" in seat.text

    drive(scenario())
    assert state(place, number) == "given"


def test_nobody_erased_by_a_no_stays_to_be_read(place: Place, drive) -> None:
    """Where the no takes the last lawful basis, the screen with the name and the data closes."""
    with place.open() as register:
        number = register.clients.add(
            NewClient(
                kind="natural",
                given_name="Anna",
                family_name="Kalniņa",
                email="anna@example.com",
                relation="newsletter",
                evidence="consent",
            )
        ).number
    agree(place, number)

    async def scenario() -> None:
        async with seated(place) as seat:
            await at(seat, number)
            await seat.press("w")
            assert "ERASED NOW" in seat.text
            await seat.press("ctrl+s")
            assert "Kalniņa" not in seat.text

    drive(scenario())


def test_a_company_shows_its_people_by_purpose(place: Place, drive) -> None:
    """The matrix has a row for each person, a cell for each purpose, and keys act on it."""
    firm, first, _second = company(place)

    async def scenario() -> None:
        async with seated(place, size=(120, 40)) as seat:
            await at(seat, firm)
            assert isinstance(seat.app.focused, Matrix)
            assert "Jānis Kalns" in seat.text
            assert "Ilze Liepa" in seat.text
            await seat.press("down")
            await seat.press("g")
            await seat.press("right", "ctrl+s")
            row = next(row for row in seat.lines if "Jānis Kalns" in row and "✓ given" in row)
            assert row.count("not asked") >= 1

    drive(scenario())
    assert state(place, first) == "given"


def test_the_history_says_every_word(place: Place, drive) -> None:
    """Each event shows when, how, who entered it, and the text with its whole hash."""
    number = person(place)
    agree(place, number)
    with place.open() as register:
        register.consents.withdraw(str(number), channel="phone", note="zvanīja pati")
        text = register.wordings.show("newsletter", "en")

    async def scenario() -> None:
        async with seated(place, size=(100, 40)) as seat:
            await at(seat, number)
            await seat.press("h")
            assert "by phone" in seat.text
            assert "zvanīja pati" in seat.text
            await seat.press("down")
            assert "on paper" in seat.text
            assert text.line.hash in seat.text
            assert "anna" in seat.text

    drive(scenario())


def test_a_refusal_is_recorded_as_one(place: Place, drive) -> None:
    """Something that is neither a yes nor a withdrawal has its own key."""
    number = person(place)

    async def scenario() -> None:
        async with seated(place) as seat:
            await at(seat, number)
            await seat.press("n")
            await seat.press("down", "down", "enter")
            await seat.press("right", "ctrl+s")

    drive(scenario())
    assert state(place, number) == "refused"


def test_how_a_yes_came_is_asked_for(place: Place, drive) -> None:
    """Saving without a channel asks for one in words; nothing is stored without an answer."""
    number = person(place)

    async def scenario() -> None:
        async with seated(place) as seat:
            await at(seat, number)
            await seat.press("g", "ctrl+s")
            assert "How did they say it?" in seat.text
            assert "web_form" not in seat.text
            await seat.press("escape")
            assert "Channel" in seat.text
            await seat.press("ctrl+s", "down", "enter")

    drive(scenario())
    assert state(place, number) == "given"


def test_a_refused_value_is_said_beside_the_fields(place: Place, drive) -> None:
    """A day that is none, or lies ahead, keeps the form open and says why."""
    number = person(place)

    async def scenario() -> None:
        async with seated(place) as seat:
            await at(seat, number)
            await seat.press("g")
            await seat.press("tab")
            await seat.write("kaut kad")
            await seat.press("ctrl+s", "enter")
            assert "YYYY-MM-DD" in seat.text
            seat.app.screen.query_one("#on").value = "2030-01-01"
            await seat.press("ctrl+s")
            assert "future" in seat.text

    drive(scenario())
    assert state(place, number) is None


def test_the_receipt_goes_to_a_file(place: Place, drive, tmp_path: Path) -> None:
    """The person's record is written where one says, and the copy is known from then on."""
    number = person(place)
    agree(place, number)
    target = tmp_path / "receipt.json"

    async def scenario() -> None:
        async with seated(place) as seat:
            await at(seat, number)
            await seat.press("r")
            seat.app.screen.query_one("#text").value = str(target)
            await seat.press("enter")
            assert any(str(target) in notice for notice in seat.notices)

    drive(scenario())
    assert json.loads(target.read_text("utf-8"))["@type"] == "dpv:ConsentReceipt"
    with place.open() as register:
        assert [copy.path for copy in register.copies.list()] == [str(target)]


def test_a_role_without_evidence_sees_no_consent(place: Place, drive, hire: Hire) -> None:
    """Who may not read proofs gets a reason instead of a list, and no key records anything."""
    number = person(place)
    agree(place, number)
    login = hire("technician")

    async def scenario() -> None:
        async with seated(place, login) as seat:
            seat.app.visit("consents", number)
            await seat.settle()
            assert "given" not in seat.text
            assert seat.app.screen.check_action("give", ()) is False
            assert seat.app.screen.check_action("withdraw", ()) is False
            assert "may not read proofs and sources" in seat.text

    drive(scenario())


def test_exactly_those_on_an_unsubscribe_list_stop(place: Place, drive, tmp_path: Path) -> None:
    """A list stops whom it names; a line of nobody is told by its number."""
    number = person(place)
    agree(place, number)
    source = tmp_path / "stop.txt"
    source.write_text("anna@example.com\nnobody@example.com\n", "utf-8")

    async def scenario() -> None:
        async with seated(place) as seat:
            seat.app.visit("unsubscribe")
            await seat.settle()
            seat.app.screen.query_one("#source").value = str(source)
            await seat.press("ctrl+s")
            assert f"1: {number}" in seat.text
            assert "1: 2" in seat.text

    drive(scenario())
    assert state(place, number) == "withdrawn"


def test_old_consents_come_in_from_a_list(place: Place, drive, tmp_path: Path) -> None:
    """Counts are shown, and every row that stays outside with its reason."""
    number = person(place)
    source = tmp_path / "old.csv"
    source.write_text(
        "number,purpose,state,date,wording\n"
        f"{number},{NEWS},given,2025-01-10,newsletter\n999,{NEWS},given,2025-01-10,newsletter\n",
        "utf-8",
    )

    async def scenario() -> None:
        async with seated(place) as seat:
            seat.app.visit("consent-import")
            await seat.settle()
            seat.app.screen.query_one("#source").value = str(source)
            await seat.press("ctrl+s")
            assert "It matches nobody in the register." in seat.text

    drive(scenario())
    assert state(place, number) == "given"
