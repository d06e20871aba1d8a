"""The papers: purposes are read, changed and confirmed, the notice published, people told."""

from __future__ import annotations

import re
from typing import TYPE_CHECKING, Any

from rich.cells import cell_len

from crm.kartoteka import LogFilter
from crm.parties.cards import NewClient
from tests.crm.publishing import make_ready
from tests.tui.conftest import seated
from tui.places import maker

if TYPE_CHECKING:
    from pathlib import Path

    from tests.crm.conftest import Hire, Place
    from tests.tui.conftest import Seat

PERSON: dict[str, Any] = {
    "kind": "natural",
    "given_name": "Ilze",
    "family_name": "Ozola",
    "relation": "client",
}


async def fill(seat: Seat, name: str, text: str) -> None:
    """Write into one line of the box on top, in the place of what stands there."""
    seat.app.screen.query_one(f"#fill-{name}").focus()
    await seat.press("end", "ctrl+u")
    await seat.write(text)


def plain(seat: Seat) -> str:
    """Give the words on the screen without the lines of boxes, as if nothing was wrapped."""
    return " ".join(re.sub(r"[│╭╮╰╯─▁-█]", " ", seat.text).split())


def test_the_five_lists_open_by_letter_and_by_arrow(place: Place, drive) -> None:
    """Each list has a letter that stands beside its name, and the arrows go through them all."""
    with place.open() as register:
        register.clients.add(NewClient(**PERSON))

    async def scenario() -> None:
        async with seated(place) as seat:
            await seat.press("f5")
            assert "P01" in seat.text
            for key, word in (
                ("r", "client with a contract"),
                ("w", "news and offers by e-mail"),
                ("i", "not published"),
                ("u", "Ilze Ozola"),
            ):
                assert f" {key} " in seat.lines[1]
                await seat.press(key)
                assert word in seat.text
            await seat.press("right")
            assert "P01" in seat.text
            await seat.press("left")
            assert "Ilze Ozola" in seat.text

    drive(scenario())


def test_a_purpose_is_shown_in_words_and_three_languages(place: Place, drive) -> None:
    """Basis, data, period and balancing note are words; one key shows the other languages."""

    async def scenario() -> None:
        async with seated(place, size=(120, 50)) as seat:
            await seat.press("f5")
            await seat.press("enter")
            assert "contracts: 3 years after the contract ends" in plain(seat)
            assert "legitimate interests" in seat.text
            assert "Komerclikums" in seat.text
            await seat.press("l")
            assert "līgumu sagatavošana" in seat.text
            await seat.press("l")
            assert "stipula dei contratti" in seat.text

    drive(scenario())


def test_a_change_is_a_new_version_and_the_old_one_stays(place: Place, drive) -> None:
    """What is changed in the box becomes version 2; version 1 is still there to be read."""

    async def scenario() -> None:
        async with seated(place, size=(120, 50)) as seat:
            await seat.press("f5")
            await seat.press("enter", "e")
            await fill(seat, "name-en", "our contracts")
            await seat.press("ctrl+s")
            assert "our contracts" in seat.text
            await seat.press("v", "end", "enter")
            assert "our contracts" not in seat.text
            assert "e Edit" not in seat.text

    drive(scenario())
    with place.open() as register:
        assert register.purposes.show("contracts").versions == (1, 2)


def test_what_the_register_refuses_stays_in_the_box(place: Place, drive) -> None:
    """A period that is no number is refused in words under the fields, and nothing is stored."""

    async def scenario() -> None:
        async with seated(place, size=(120, 50)) as seat:
            await seat.press("f5")
            await seat.press("enter", "e")
            await fill(seat, "months-0", "soon")
            await seat.press("ctrl+s")
            assert "Write months as a whole number" in plain(seat)
            await seat.press("escape")
            assert "Close without saving?" in seat.text
            await seat.press("tab", "enter")
            assert "P01 contracts" in seat.text

    drive(scenario())
    with place.open() as register:
        assert register.purposes.show("contracts").versions == (1,)


def test_notes_are_confirmed_once_somebody_says_they_were_read(place: Place, drive) -> None:
    """The mark beside a purpose goes from `to confirm` to `confirmed` by one question."""

    async def scenario() -> None:
        async with seated(place) as seat:
            await seat.press("f5")
            assert "! to confirm" in seat.lines[3]
            await seat.press("c")
            assert "you have read the balancing test" in seat.text
            await seat.press("tab", "enter")
            assert "✓ confirmed" in seat.lines[3]

    drive(scenario())


def test_a_new_purpose_begins_as_a_copy(place: Place, drive) -> None:
    """Bases and periods of a purpose that is alike are taken over, texts are not."""

    async def scenario() -> None:
        async with seated(place, size=(120, 50)) as seat:
            await seat.press("f5")
            await seat.press("n", "enter")
            await fill(seat, "code", "own_events")
            await fill(seat, "name-en", "own events")
            seat.app.screen.query_one("#fill-why-en").focus()
            await seat.write("To meet.")
            await seat.press("ctrl+s")
            assert "own events" in seat.text

    drive(scenario())
    with place.open() as register:
        made, model = (
            register.purposes.show(code).document for code in ("own_events", "contracts")
        )
        assert made["bases"] == model["bases"]
        assert set(made["texts"]) == {"en"}


def test_a_bundle_is_changed_by_ticks(place: Place, drive) -> None:
    """A purpose ticked in the box of a relation belongs to its bundle from then on."""

    async def scenario() -> None:
        async with seated(place, size=(120, 50)) as seat:
            await seat.press("f5")
            await seat.press("r", "enter", "e")
            seat.app.screen.query_one("#fill-purposes").focus()
            await seat.press("down", "space")
            await seat.press("ctrl+s")
            assert "identification" in seat.text

    drive(scenario())
    with place.open() as register:
        assert "identification" in register.purposes.relation("client").purposes


def test_a_text_is_added_from_a_file(place: Place, tmp_path: Path, drive) -> None:
    """The file's text is a wording afterwards, and a file that is not there is said so."""
    (tmp_path / "own.txt").write_text("I agree to be filmed.\n", "utf-8")

    async def scenario() -> None:
        async with seated(place) as seat:
            await seat.press("f5")
            await seat.press("w", "n")
            await fill(seat, "file", str(tmp_path / "none.txt"))
            await fill(seat, "code", "filming")
            await seat.press("ctrl+s")
            assert "There is no such file." in plain(seat)
            await fill(seat, "file", str(tmp_path / "own.txt"))
            await seat.press("ctrl+s")
            assert "filming" in seat.text
            seat.app.push_screen(maker("wording", "filming")())
            await seat.settle()
            assert "I agree to be filmed." in seat.text

    drive(scenario())


def test_the_notice_is_published_given_and_saved(place: Place, tmp_path: Path, drive) -> None:
    """Given to who was not informed, it takes them off the list; it is a file as well."""
    with place.open() as register:
        register.clients.add(NewClient(**PERSON))

    async def scenario() -> None:
        async with seated(place) as seat:
            await seat.press("f5")
            await seat.press("u", "t")
            assert "publish the notice first" in " ".join(seat.notices)
            await seat.press("i", "n")
            assert "not confirmed by the firm yet" in seat.text
            await seat.press("ctrl+s")
            assert "The firm has not confirmed these purposes" in seat.text
            await seat.press("escape")
            await seat.app.desk.ask(make_ready)
            await seat.press("n", "ctrl+s")
            assert "in force" in seat.text
            await seat.press("u", "t")
            await seat.press("ctrl+s")
            assert "Everybody is known to be informed." in seat.text
            assert "Given now: 1." in " ".join(seat.notices)
            await seat.press("i", "down", "enter", "s")
            await fill(seat, "path", str(tmp_path / "notice.md"))
            await seat.press("ctrl+s")
            assert (tmp_path / "notice.md").read_text("utf-8").startswith("# Privacy notice")

    drive(scenario())


def test_a_change_waits_a_month(place: Place, drive) -> None:
    """An earlier day is refused with the law's words; the first version could begin at once."""
    with place.open() as register:
        make_ready(register)
        register.notices.publish(register.notices.today)

    async def scenario() -> None:
        async with seated(place) as seat:
            await seat.press("f5")
            await seat.press("i", "n")
            await fill(seat, "effective", "2026-03-05")
            await seat.press("ctrl+s")
            assert "one month after publication" in plain(seat)
            await fill(seat, "effective", "soon")
            await seat.press("ctrl+s")
            assert "Write dates as YYYY-MM-DD." in plain(seat)

    drive(scenario())


def test_roles_see_what_they_may(place: Place, hire: Hire, drive) -> None:
    """Office and auditor read the papers and change nothing; the auditor sees no name."""
    with place.open() as register:
        register.clients.add(NewClient(**PERSON))
    auditor, office = hire("auditor"), hire("office")

    async def scenario() -> None:
        for login in (auditor, office):
            async with seated(place, login) as seat:
                await seat.press("f5")
                await seat.press("c", "a", "n")
                assert "Confirm" not in seat.text
                assert "P01" in seat.text
                await seat.press("enter", "e", "x", "d")
                assert "P01 contracts" in seat.text
                await seat.press("escape", "u")
                assert ("Ilze" in seat.text) is (login is office)
                assert ("t Mark" in seat.text) is (login is office)

    drive(scenario())


def test_no_row_of_another_list_can_be_opened(place: Place, drive) -> None:
    """Enter, pressed before the next list has come, opens nothing of the one before."""
    with place.open() as register:
        register.clients.add(NewClient(**PERSON))

    async def scenario() -> None:
        async with seated(place) as seat:
            await seat.press("f5")
            await seat.press("u")
            assert "Ilze Ozola" in seat.text
            await seat.pilot.press("p", "enter")
            await seat.settle()
            assert seat.notices == []

    drive(scenario())


def test_a_question_logs_no_second_listing(place: Place, drive) -> None:
    """Asking how people were told, and leaving it, is no further look at who was not."""
    with place.open() as register:
        register.clients.add(NewClient(**PERSON))
        make_ready(register)
        register.notices.publish(register.notices.today)

    async def scenario() -> None:
        async with seated(place) as seat:
            await seat.press("f5")
            await seat.press("u", "t", "escape")
            assert "Ilze Ozola" in seat.text

    drive(scenario())
    with place.open() as register:
        assert len(register.audit.log(LogFilter(event="paper:notice:uninformed_listed"))) == 1


def test_hostile_words_are_drawn_and_not_obeyed(place: Place, drive) -> None:
    """Markup and escape codes in a purpose stand in list, sheet and box at any width."""
    hostile = "[/nope] [@click=app.bell]x[/] \x1b]0;owned\x07 a\u202eb" + "日本" * 40
    with place.open() as register:
        register.purposes.edit("contracts", {"texts": {"en": {"name": hostile, "why": hostile}}})

    async def scenario() -> None:
        for width in (20, 200):
            async with seated(place, size=(width, 24)) as seat:
                await seat.press("f5")
                await seat.press("enter", "e")
                assert not set("\x1b\x07\u202e") & set(seat.text)
                await seat.press("escape", "escape", "r", "enter")
                assert all(cell_len(line) <= width for line in seat.lines)
                assert "[/nope]" in seat.text or width == 20

    drive(scenario())
