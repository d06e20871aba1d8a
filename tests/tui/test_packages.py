"""Packages on the screen: texts are looked at first, the passphrase is shown once."""

from __future__ import annotations

import json
from typing import TYPE_CHECKING

from crm.parties.cards import NewClient
from tests.tui.conftest import Seat, seated

if TYPE_CHECKING:
    from pathlib import Path

    from tests.crm.conftest import Hire, Place

NOTE = "Zvanīja Jānis Kalns par rēķinu."


def people(place: Place, *texts: str) -> int:
    """Enter somebody with notes, and somebody else whom a note may speak of."""
    with place.open() as register:
        register.clients.add(
            NewClient(kind="natural", given_name="Jānis", family_name="Kalns", relation="client")
        )
        new = NewClient(
            kind="natural", given_name="Anna", family_name="Kalniņa", email="anna@example.com",
            relation="client", language="en",
        )  # fmt: skip
        number = register.clients.add(new).number
        for text in texts:
            register.notes.add(str(number), text)
        return number


async def at(seat: Seat, number: int, target: Path) -> None:
    """Open the packages of a party, and say where to."""
    seat.app.visit("packages", number)
    await seat.settle()
    seat.app.screen.query_one("#place").value = str(target)


def notes(target: Path) -> list[str]:
    """Return the notes in a package."""
    document = json.loads((target / "my-data.json").read_text("utf-8"))
    return [each["value"] for each in document["data"] if each["table"] == "note"]


def test_a_report_is_written_and_verified(place: Place, drive, tmp_path: Path) -> None:
    """Without a text to look at one key writes the package, and the next screen checks it."""
    number = people(place)
    target = tmp_path / "report"

    async def scenario() -> None:
        async with seated(place) as seat:
            await at(seat, number, target)
            await seat.press("ctrl+s")
            assert "Fingerprint of the" in seat.text
            await seat.press("f9")
            await seat.press("ctrl+s")
            assert "✓ Everything is in order." in seat.text
            (target / "my-data.json").write_bytes(b"{}")
            await seat.press("ctrl+s")
            assert "✗ It is damaged." in seat.text
            assert "a file was changed" in seat.text

    drive(scenario())
    with place.open() as register:
        assert [copy.path for copy in register.copies.list()] == [str(target)]


def test_texts_are_looked_at_before_a_report(place: Place, drive, tmp_path: Path) -> None:
    """A note that may speak of somebody else is shown first; what is marked is blacked out."""
    number = people(place, NOTE)
    target = tmp_path / "report"

    async def scenario() -> None:
        async with seated(place) as seat:
            await at(seat, number, target)
            await seat.press("ctrl+s")
            assert "✗«Jānis Kalns»" in seat.text
            assert not target.exists()
            await seat.press("ctrl+s")
            assert "Fingerprint of the" in seat.text

    drive(scenario())
    assert notes(target) == ["Zvanīja [redacted: about another person] par rēķinu."]


def test_a_person_decides_place_by_place(place: Place, drive, tmp_path: Path) -> None:
    """With keys alone a suggestion is kept, another place is marked, and a reason is given."""
    number = people(place, NOTE)
    target = tmp_path / "report"

    async def scenario() -> None:
        async with seated(place) as seat:
            await at(seat, number, target)
            await seat.press("ctrl+s")
            await seat.press("space")
            assert "✓«Jānis Kalns»" in seat.text
            await seat.press("right", "right", "m", "right", "m")
            await seat.press("r")
            seat.app.screen.query_one("#text").value = "a business secret"
            await seat.press("enter")
            await seat.press("ctrl+s")

    drive(scenario())
    assert notes(target) == ["Zvanīja Jānis Kalns [redacted: a business secret]"]


def test_a_mark_over_another_loses_none_of_it(place: Place, drive, tmp_path: Path) -> None:
    """Marking a stretch that touches a suggestion blacks out both."""
    number = people(place, NOTE)
    target = tmp_path / "report"

    async def scenario() -> None:
        async with seated(place) as seat:
            await at(seat, number, target)
            await seat.press("ctrl+s")
            await seat.press("right", "m", "right", "m")
            await seat.press("ctrl+s")

    drive(scenario())
    assert notes(target) == ["Zvanīja [redacted: about another person] rēķinu."]


def test_every_text_must_be_looked_at(place: Place, drive, tmp_path: Path) -> None:
    """The review is not done while one of the texts was not on the screen."""
    number = people(place, NOTE, "Nākamreiz atnest papīrus.")
    target = tmp_path / "report"

    async def scenario() -> None:
        async with seated(place) as seat:
            await at(seat, number, target)
            await seat.press("ctrl+s")
            await seat.press("ctrl+s")
            assert any("not reviewed yet" in notice for notice in seat.notices)
            assert not target.exists()
            await seat.press("n")
            await seat.press("ctrl+s")
            assert "Fingerprint of the" in seat.text

    drive(scenario())
    assert len(notes(target)) == 2


def test_a_sealed_package_shows_its_passphrase_once(place: Place, drive, tmp_path: Path) -> None:
    """The passphrase stands on the screen that made the package and nowhere after it is left."""
    number = people(place)
    target = tmp_path / "sealed"
    told = []

    async def scenario() -> None:
        async with seated(place) as seat:
            await at(seat, number, target)
            await seat.press("tab", "left")
            await seat.press("ctrl+s")
            row = next(row for row in seat.lines if "Passphrase" in row)
            told.append(row.split()[-1])
            await seat.press("f9")
            await seat.press("ctrl+s")
            seat.app.screen.query_one("#text").value = told[0]
            await seat.press("enter")
            assert "✓ Everything is in order." in seat.text
            await seat.press("escape", "escape")
            await seat.press("f2")
            assert told[0] not in seat.text
            seat.app.visit("packages", number)
            await seat.settle()
            assert told[0] not in seat.text

    drive(scenario())
    assert (tmp_path / "sealed.zip").is_file()
    assert len(told[0]) > 15


def test_what_can_be_taken_along_has_its_own_package(place: Place, drive, tmp_path: Path) -> None:
    """The second choice writes the portable package."""
    number = people(place)
    target = tmp_path / "data"

    async def scenario() -> None:
        async with seated(place) as seat:
            await at(seat, number, target)
            await seat.press("right")
            await seat.press("ctrl+s")
            assert "Left out" in seat.text

    drive(scenario())
    manifest = json.loads((target / "machine" / "manifest.json").read_text("utf-8"))
    assert manifest["scope"] == "Art.20"


def test_companies_and_partial_readers_get_words_and_no_key(
    place: Place, drive, hire: Hire, tmp_path: Path
) -> None:
    """A company has no package, and who may not read everything makes none."""
    number = people(place)
    with place.open() as register:
        firm = register.clients.add(
            NewClient(kind="legal", name="SIA Ozols", relation="client")
        ).number
    login = hire("office")

    async def scenario() -> None:
        async with seated(place) as seat:
            await at(seat, firm, tmp_path / "no")
            assert "legal person" in seat.text
            await seat.press("ctrl+s")
        async with seated(place, login) as seat:
            await at(seat, number, tmp_path / "no")
            assert "somebody who may read all data" in seat.text
            await seat.press("ctrl+s")
            seat.app.screen.action_make()
            await seat.settle()

    drive(scenario())
    assert not (tmp_path / "no").exists()
