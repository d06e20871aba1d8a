"""One party's card: every tab, what is masked, what a role may not read, and where it leads."""

from __future__ import annotations

import os
from typing import TYPE_CHECKING

import pytest

from crm import i18n
from crm.parties.cards import Further, NewClient, NewContact
from gdpr.audit.events import Event
from tests.crm.consenting import add_wording, agree
from tests.tui.conftest import seated

if TYPE_CHECKING:
    from crm.kartoteka import Kartoteka
    from tests.crm.conftest import Hire, Place
    from tests.tui.conftest import Seat

CODE = "161175-19997"
IBAN = "LV80BANK0000435195001"
SECRETS = ("16117519997", CODE, IBAN, "LV80 BANK 0000 4351 9500 1")


def fill(register: Kartoteka) -> None:
    """Enter a company (1), its contact person (2) and a person with all there is (3)."""
    register.clients.add(
        NewClient(
            kind="legal",
            name="SIA Bērziņš un dēli",
            vat_no="LV40003521600",
            reg_no="40003521600",
            email="info@berzins.example",
            phone="67012345",
            iban="LV97HABA0012345678910",
            relation="client",
        )
    )
    register.contacts.add(
        "1",
        NewContact(
            given_name="Anna", family_name="Bērziņa", position="īpašniece", phone="26000001"
        ),
    )
    register.clients.add(
        NewClient(
            kind="natural",
            given_name="Ilze",
            family_name="Ozola",
            personal_code=CODE,
            email="ilze@example.com",
            phone="29998877",
            iban=IBAN,
            legal_address="Kanariju iela 77, Rīga, LV-1001, 3. stāvs aiz lielajām zaļajām durvīm",
            relation="client",
        )
    )
    register.clients.edit("3", {}, [Further("email", "otrs@example.com")])
    register.notes.add("3", "Zvanīja par serveri.\nAtzvanīt otrdien.")
    add_wording(register)
    agree(register, 3)


async def show(seat: Seat, number: int) -> None:
    seat.app.visit("card", number)
    await seat.settle()


def events(register: Kartoteka) -> list[str]:
    from crm.kartoteka import LogFilter

    return [line.event for line in register.audit.log(LogFilter(limit=500))]


@pytest.mark.parametrize("size", [(80, 24), (120, 40), (160, 50)])
def test_a_card_shows_a_person(place: Place, drive, size) -> None:
    """Name, number, kind and every field stand there; long values break and lose nothing."""
    with place.open() as register:
        fill(register)

    async def scenario() -> None:
        async with seated(place, size=size) as seat:
            await show(seat, 3)
            for text in ("Ilze Ozola", "number 3", "natural person", "ilze@example.com"):
                assert text in seat.text
            assert "zaļajām" in seat.text
            assert "durvīm" in seat.text
            assert "otrs@example.com" in seat.text
            assert "client with" in seat.text

    drive(scenario())


def test_masked_numbers_are_not_drawn_before_they_are_asked_for(place: Place, drive) -> None:
    """On no tab is a masked number; `v` shows them and is an entry, and hides them again."""
    with place.open() as register:
        fill(register)

    async def scenario() -> None:
        async with seated(place) as seat:
            await show(seat, 3)
            for _tab in range(6):
                assert not [one for one in SECRETS if one in seat.text]
                await seat.press("full_stop")
            assert "••••9997" in seat.text
            await seat.press("v")
            assert CODE in seat.text
            assert "LV80 BANK 0000 4351 9500 1" in seat.text
            await seat.press("v")
            assert CODE not in seat.text

    drive(scenario())
    with place.open() as register:
        assert events(register).count(Event.PARTY_REVEALED) == 1


def test_what_is_done_while_the_state_folder_is_full_is_said_to_be_done(
    place: Place, drive
) -> None:
    """The screen says once that its notes could not be written; later they are, and nothing is."""
    with place.open() as register:
        fill(register)
    (state,) = (place.folder / "state" / "kartoteka").iterdir()
    in_the_way = state / f".anchor.{os.getpid()}"

    async def scenario() -> None:
        async with seated(place) as seat:
            await show(seat, 3)
            in_the_way.mkdir()
            await seat.press("v")
            assert CODE in seat.text
            assert [told for told in seat.notices if told.startswith("Done, but")]
            seat.app.clear_notifications()
            await seat.press("v", "v")
            assert seat.notices == []
            in_the_way.rmdir()
            await seat.press("v", "v")
            assert seat.notices == []
            in_the_way.mkdir()
            await seat.press("v", "v")
            assert [told for told in seat.notices if told.startswith("Done, but")]
            in_the_way.rmdir()

    drive(scenario())
    with place.open() as register:
        assert register.audit.verify().damages == ()


def test_a_masked_field_is_copied_only_with_an_entry(place: Place, drive) -> None:
    """`y` copies what stands there; for a masked field the log says so before."""
    with place.open() as register:
        fill(register)

    async def scenario() -> None:
        async with seated(place) as seat:
            await show(seat, 3)
            await seat.press("y")
            assert not [one for one in SECRETS if one in seat.text]
            await seat.press("down", "down", "enter")
            assert seat.app.clipboard == "16117519997"
            assert "16117519997" not in seat.text
            assert seat.notices[-1] == "Copied: personal code"
            await seat.press("y", "enter")
            assert seat.app.clipboard == "Ilze"

    drive(scenario())
    with place.open() as register:
        assert events(register).count(Event.PARTY_REVEALED) == 1


def test_the_tabs_say_contacts_reasons_consents_notes_and_history(place: Place, drive) -> None:
    """Each tab has its lines; the reasons name purpose, article and day for every field."""
    with place.open() as register:
        fill(register)

    async def scenario() -> None:
        async with seated(place) as seat:
            await show(seat, 1)
            await seat.press("right")
            assert "Anna Bērziņa" in seat.text
            await show(seat, 3)
            await seat.press("full_stop", "full_stop")
            assert "6(1)(b)" in seat.text
            assert "✓ in force" in seat.text
            assert "since 2 March 2026 · evidence: a contract" in seat.text
            await seat.press(*["down"] * 12)
            # The sentence before it says that it is used, so the list goes on in the next line.
            assert "also: communication (6(1)(b)) → 2028-03-02" in " ".join(seat.text.split())
            await seat.press("end")
            assert "further e-mails" in seat.text
            await seat.press("full_stop")
            assert "✓ given" in seat.text
            assert "on paper · text: spring-news v1" in seat.text
            await seat.press("full_stop")
            assert "Zvanīja par serveri." in seat.text
            assert "Atzvanīt otrdien." in seat.text
            await seat.press("full_stop")
            assert "client entered" in seat.text
            assert "note written" in seat.text
            assert "Bērziņ" not in seat.text

    drive(scenario())


@pytest.mark.parametrize(
    ("role", "hidden", "seen"),
    [
        ("technician", ("••••", "Consents"), ("Ilze Ozola", "29998877", "Notes")),
        ("accountant", ("Consents", "Notes"), ("Ilze Ozola", "••••5001")),
        (
            "auditor",
            ("Ilze", "Ozola", "ilze@", "29998877", "Kanariju", "••••", "Consents", "Notes"),
            ("number 3", "your role cannot see names", "History"),
        ),
        ("office", (), ("Ilze Ozola", "••••5001", "Consents", "Notes")),
        ("privacy", (), ("Ilze Ozola", "••••5001", "Consents", "Notes")),
    ],
)
def test_a_role_finds_nothing_it_may_not_read(
    place: Place, hire: Hire, drive, role, hidden, seen
) -> None:
    """What a role has no key for is on no tab of the card, and no key leads to it."""
    login = hire(role)
    with place.open() as register:
        fill(register)

    async def scenario() -> None:
        async with seated(place, login, size=(120, 40)) as seat:
            await show(seat, 3)
            for text in seen:
                assert text in seat.text
            for _tab in range(6):
                for text in (*hidden, *SECRETS):
                    assert text not in seat.text
                await seat.press("full_stop")
            await seat.press("v", "y", "escape")
            if role in {"technician", "auditor"}:
                assert not [one for one in SECRETS if one in seat.text]
            if role == "technician":
                assert "Zvanīja" not in seat.text

    drive(scenario())


def test_what_is_going_is_said_with_its_day(place: Place, drive) -> None:
    """After the only company was left the card says going, each field until when."""
    with place.open() as register:
        fill(register)

    async def scenario() -> None:
        async with seated(place) as seat:
            await show(seat, 2)
            await seat.press("l")
            assert "No longer used, and erased after 16 March 2026" in seat.text
            await seat.press("enter")
            assert "! to be erased: no longer used" in seat.text
            assert "! to be erased after 16 March 2026" in seat.text
            assert "Number 2 left." in seat.notices[-1]
            await seat.press("e")
            assert "Lawful bases (g) restores them" in seat.notices[-1]
            assert "Edit number" not in seat.text

    drive(scenario())
    with place.open() as register:
        assert register.clients.show("2").works_at[0].left == "2026-03-02"


def test_a_company_is_no_data_subject(place: Place, drive) -> None:
    """Erasing or packing a company is refused, and its contact persons are offered instead."""
    with place.open() as register:
        fill(register)

    async def scenario() -> None:
        async with seated(place) as seat:
            await show(seat, 1)
            await seat.press("E")
            assert "A company is not a data subject" in seat.text
            assert "Anna Bērziņa" in seat.text
            await seat.press("escape", "p")
            assert "A company is not a data subject" in seat.text

    drive(scenario())


def test_somebody_alike_is_named_and_opened(place: Place, drive) -> None:
    """Who shares an address is told as a warning, and `a` opens that card."""
    with place.open() as register:
        fill(register)
        twin = NewClient(
            kind="natural", name="Ilze O.", email="ilze@example.com", relation="prospect"
        )
        register.clients.add(twin, anyway=True)

    async def scenario() -> None:
        async with seated(place) as seat:
            await show(seat, 3)
            assert "! possible duplicate of 4" in seat.text
            await seat.press("a")
            assert "Ilze O." in seat.text
            assert "number 4" in seat.text
            await seat.press("escape")
            assert "number 3" in seat.text

    drive(scenario())


def test_contacts_and_companies_lead_to_each_other(place: Place, drive) -> None:
    """Enter on a contact person opens their card, and from there the company's."""
    with place.open() as register:
        fill(register)

    async def scenario() -> None:
        async with seated(place) as seat:
            await show(seat, 1)
            await seat.press("right", "enter")
            assert "contact person of" in seat.text
            await seat.press("right", "enter")
            assert "SIA Bērziņš un dēli" in seat.lines[1]

    drive(scenario())


HOSTILE = "[/nope][@click=app.bell]x[/]\x1b]0;owned\x07\u202eb\u200b" + "o" * 300


def test_a_hostile_card_is_drawn_and_not_obeyed(place: Place, drive) -> None:
    """Markup and escape codes in every field and note crash no tab and drive no terminal."""
    with place.open() as register:
        register.clients.add(
            NewClient(
                kind="natural",
                given_name=HOSTILE,
                family_name=HOSTILE,
                legal_address=HOSTILE,
                phone=HOSTILE[:40],
                relation="client",
            )
        )
        register.notes.add("1", HOSTILE * 20)

    async def scenario() -> None:
        for width in (40, 80, 160):
            async with seated(place, size=(width, 24)) as seat:
                await show(seat, 1)
                for _tab in range(6):
                    assert not set("\x1b\x07\u202e\u200b") & set(seat.text)
                    await seat.press("full_stop")
                assert "[/nope]" in seat.text

    drive(scenario())


@pytest.mark.parametrize("language", ["lv", "it"])
def test_a_card_speaks_the_language(place: Place, drive, language) -> None:
    """No English word of a tab or label is left in Latvian or Italian."""
    with place.open() as register:
        fill(register)

    async def scenario() -> None:
        i18n.use(language)
        async with seated(place) as seat:
            await show(seat, 3)
            for _tab in range(6):
                for word in ("number", "Overview", "History", "since", "purpose", "shown", "Edit"):
                    assert word not in seat.text.split()
                await seat.press("full_stop")

    drive(scenario())
