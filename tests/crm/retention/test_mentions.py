"""What notes about others say of a person who is erased: listed before, decided on, told after."""

from __future__ import annotations

from typing import TYPE_CHECKING

import pytest

from crm.parties.cards import NewClient

if TYPE_CHECKING:
    from pathlib import Path

    from crm.kartoteka import Kartoteka

NOTES = (
    "Zvanīja Annai Vienai par rēķinu.",
    "Rakstīt uz anna@example.com vai zvanīt +371 29123456.",
    "Par Vienu vienojāmies: viens rēķins, viena piegāde.",
)
OTHER = "Rēķins samaksāts, viens mēnesis nokavēts."


@pytest.fixture
def anna(register: Kartoteka) -> int:
    """Enter Anna, and Juris, in whose notes she appears."""
    person = {"kind": "natural", "relation": "prospect", "informed": "unknown"}
    anna = register.clients.add(
        NewClient(
            given_name="Anna",
            family_name="Viena",
            email="anna@example.com",
            phone="29123456",
            **person,  # type: ignore[arg-type]
        )
    )
    juris = register.clients.add(
        NewClient(given_name="Juris", family_name="Ozols", **person)  # type: ignore[arg-type]
    )
    assert juris.number == anna.number + 1
    for text in (*NOTES, OTHER):
        register.notes.add(str(juris.number), text)
    return anna.number


def words(register: Kartoteka, number: int) -> list[str]:
    """Return what the notes about somebody say, the oldest first."""
    return [note.text for note in reversed(register.notes.list(str(number)))]


def test_a_preview_lists_the_notes_that_speak_of_the_person(register: Kartoteka, anna: int) -> None:
    """The name in its cases, the address and the phone are found, and common words are not."""
    planned = register.subjects.preview(str(anna))

    assert {one.text for one in planned.mentions} == set(NOTES)
    assert {one.number for one in planned.mentions} == {anna + 1}


def test_mentions_that_stay_are_told_and_asked_about_later(
    register: Kartoteka, anna: int, tmp_path: Path
) -> None:
    """The receipt names them, and a package about the other still stops at the name."""
    receipt = register.subjects.erase(str(anna), "no-longer-needed", anna)

    assert (receipt.mentions_left, receipt.mentions_blanked) == ((anna + 1,), ())
    assert set(words(register, anna + 1)) == {*NOTES, OTHER}
    review = tmp_path / "review.json"
    tmp_path.chmod(0o700)
    written = register.packages.review(str(anna + 1), review)
    assert written.suggested == len(NOTES) + 1
    assert "Annai Vienai" in review.read_text("utf-8")


def test_mentions_are_blanked_out_on_request(register: Kartoteka, anna: int) -> None:
    """What was said about the other stays, without the person; the words are gone from the row."""
    receipt = register.subjects.erase(str(anna), "no-longer-needed", anna, mentions="blank")

    assert (receipt.mentions_left, receipt.mentions_blanked) == ((), (anna + 1,))
    told = words(register, anna + 1)
    assert OTHER in told
    assert not any(
        word in text for text in told for word in ("Annai", "Vienai", "Vienu", "@", "29123456")
    )
    assert any("par rēķinu." in text for text in told)
    assert register.audit.verify().ok
