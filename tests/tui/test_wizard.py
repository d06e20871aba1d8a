"""The first run: never an empty screen, and at the end a register whose key is on paper."""

from __future__ import annotations

import re
from contextlib import asynccontextmanager
from typing import TYPE_CHECKING, Any

import pytest
from textual.widgets import Input, Static

from crm import i18n
from crm.kartoteka import Firm, Kartoteka
from gdpr.clock import SystemClock
from gdpr.vault.kdf import FLOOR
from tests.crm.conftest import residue
from tests.tui.conftest import Seat, running
from tui.app import Register
from tui.opening import Start
from tui.widgets.virtual_list import VirtualList

if TYPE_CHECKING:
    from collections.abc import AsyncIterator
    from pathlib import Path

PHRASE = "zvirbulis-lidot-akmens-rudens-siltums-putni"
FIRM = {
    "firm": "SIA Pirmais",
    "country": "Latvia",
    "reg_no": "40003798684",
    "address": "Iela 1, Rīga",
    "email": "privacy@example.com",
}


@pytest.fixture
def nowhere(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """Give a machine without a register."""
    folder = tmp_path / "fresh"
    (folder / "register").mkdir(mode=0o700, parents=True)
    for name in ("STATE", "DATA", "CONFIG", "CACHE"):
        monkeypatch.setenv(f"XDG_{name}_HOME", str(folder / name.lower()))
    return folder


@asynccontextmanager
async def arrived(folder: Path, size: tuple[int, int] = (80, 24)) -> AsyncIterator[Seat]:
    """Start the program for the first time."""
    vault, invented = (folder / "register" / f"{name}.kartoteka" for name in ("own", "demo"))
    start = Start(str(vault), None, SystemClock(), demo_place=str(invented))
    async with running(Register(start), size) as seat:
        yield seat


def shown_key(seat: Seat) -> dict[int, str]:
    """Return the groups of the recovery key by their numbers, as they stand on the screen."""
    groups = seat.app.screen.query_one("#groups", Static).content.plain
    return {int(n): group for n, group in re.findall(r"(\d+) +([0-9A-Z]{4})\b", groups)}


def telling(key: dict[int, str]) -> set[str]:
    """Return the groups that do not stand somewhere by chance, as four digits may."""
    return {group for group in key.values() if not group.isdigit()}


async def prove(seat: Seat, key: dict[int, str]) -> None:
    """Type the groups that are asked back."""
    asked = [typed.id for typed in seat.app.screen.query(Input)]
    await seat.give(**{name: key[int(name.partition("-")[2])].lower() for name in asked})


def held(seat: Seat) -> str:
    """Return what the widgets and the draft of the screens hold."""
    parts: list[Any] = []
    for screen in (one for stack in seat.app._screen_stacks.values() for one in stack):
        parts += [vars(screen), vars(getattr(screen, "_made", None) or object)]
        parts += [vars(widget) for widget in screen.walk_children()]
    return repr(parts)


@pytest.mark.parametrize(
    ("language", "words"),
    [("en", "New register"), ("lv", "Jauns reģistrs"), ("it", "Nuovo archivio")],
)
def test_without_a_register_there_is_a_welcome(nowhere: Path, drive, language, words) -> None:
    """Two ways to begin, in the language of the machine, at 80 columns; F8 changes it."""
    i18n.use(language)

    async def scenario() -> None:
        async with arrived(nowhere) as seat:
            assert words in seat.text
            assert "demo" in seat.text
            assert "F8" in seat.text
            await seat.press("f8")
            assert words not in seat.text
            assert seat.app.focused is not None
            assert "F1" in seat.text or "f1" in seat.text

    drive(scenario())


def test_the_wizard_ends_in_the_list_of_clients(nowhere: Path, drive) -> None:
    """Firm, owner, key, proof, review, list: and only the paper holds the key afterwards."""
    key: dict[int, str] = {}

    async def scenario() -> None:
        async with arrived(nowhere) as seat:
            await seat.press("enter")
            assert "Step 1 of 4" in seat.text
            await seat.give(**FIRM)
            assert "Step 2 of 4" in seat.text
            await seat.give(user="anna", password=PHRASE, again=PHRASE)
            assert "Step 3 of 4" in seat.text
            assert PHRASE not in held(seat)
            key.update(shown_key(seat))
            assert 13 == len(key)
            await seat.press("enter")
            assert not any(group in seat.text for group in key.values())
            await prove(seat, key)
            assert "Step 4 of 4" in seat.text
            assert "P01" in seat.text
            assert "small office" in seat.text
            assert not telling(key) & set(re.findall(r"\w+", held(seat)))
            await seat.press("enter")
            assert "clients" == seat.app.current_mode
            assert "anna" == seat.app.me.name
            assert "SIA Pirmais" == seat.app.me.firm
            assert "welcome" not in seat.app._screen_stacks

    drive(scenario())
    target = str(nowhere / "register" / "own.kartoteka")
    with Kartoteka.open(target, "anna", lambda: PHRASE, clock=SystemClock()) as register:
        assert register.keys.recovery_confirmed()
        assert ("SIA Pirmais", "LV") == (register.current_user.firm, register.current_user.country)
    for name, content in residue(nowhere):
        assert PHRASE.encode() not in content, name
        assert "-".join(key.values()).encode() not in content, name


def test_each_line_is_judged_where_it_stands(nowhere: Path, drive) -> None:
    """What is wrong is said beside the line; one goes on when nothing is."""

    async def scenario() -> None:
        async with arrived(nowhere) as seat:
            await seat.press("enter")
            for wrong in ("XQ", "Latveria", ""):
                await seat.give(**{**FIRM, "country": wrong, "email": "x@"})
                assert "Step 1 of 4" in seat.text
                assert 2 == len(list(seat.app.screen.query(".asked--verdict.error")))
            await seat.give(**{**FIRM, "reg_no": "40003798685"})
            assert 1 == len(list(seat.app.screen.query(".asked--verdict.error")))
            await seat.give(**FIRM)
            await seat.give(user="-", password="short", again="other")
            assert "Step 2 of 4" in seat.text
            assert 3 == len(list(seat.app.screen.query(".asked--verdict.error")))
            await seat.give(user="anna", password="pirmais-pirmais-pirmais", again="x")
            assert "too easy to guess" in " ".join(seat.text.split())

    drive(scenario())


def test_back_keeps_what_was_typed(nowhere: Path, drive) -> None:
    """Escape goes one step back and nothing but the password has to be typed again."""

    async def scenario() -> None:
        async with arrived(nowhere) as seat:
            await seat.press("enter")
            await seat.give(**FIRM)
            seat.app.screen.query_one("#user", Input).value = "berta"
            await seat.press("escape")
            assert "Step 1 of 4" in seat.text
            values = {typed.id: typed.value for typed in seat.app.screen.query(Input)}
            assert {**FIRM, "country": "LV"} == values
            await seat.press("f8")
            assert FIRM["firm"] == seat.app.screen.query_one("#firm", Input).value
            await seat.give(**values)
            assert "berta" == seat.app.screen.query_one("#user", Input).value
            await seat.press("escape")
            await seat.press("escape")
            assert "welcome" == seat.app.current_mode
            assert 1 == len(seat.app.screen_stack)
            assert [] == list((nowhere / "register").iterdir())

    drive(scenario())


def test_the_key_is_asked_back_until_it_is_right(nowhere: Path, drive) -> None:
    """A wrong group goes no further, and Back shows the key once more."""

    async def scenario() -> None:
        async with arrived(nowhere) as seat:
            await seat.press("enter")
            await seat.give(**FIRM)
            await seat.give(user="anna", password=PHRASE, again=PHRASE)
            key = shown_key(seat)
            await seat.press("escape")
            assert "Step 3 of 4" in seat.text
            assert "has been created" in seat.text
            await seat.press("enter")
            asked = [typed.id for typed in seat.app.screen.query(Input)]
            await seat.give(**dict.fromkeys(asked, "0000"))
            assert "This is not what was shown." in seat.text
            await seat.press("escape")
            assert key == shown_key(seat)
            await seat.press("enter")
            assert asked == [typed.id for typed in seat.app.screen.query(Input)]
            await prove(seat, key)
            assert "Step 4 of 4" in seat.text

    drive(scenario())


def test_a_lock_in_the_middle_takes_the_key_off_the_screen(nowhere: Path, drive) -> None:
    """Who walks away before the key is proved leaves no key on the screen, and gets in later."""

    async def scenario() -> None:
        async with arrived(nowhere) as seat:
            await seat.press("enter")
            await seat.give(**FIRM)
            await seat.give(user="anna", password=PHRASE, again=PHRASE)
            key = shown_key(seat)
            await seat.press("ctrl+l")
            assert "locked" == seat.app.current_mode
            assert not telling(key) & set(re.findall(r"\w+", held(seat)))
            await seat.give(user="anna", password=PHRASE)
            assert "clients" == seat.app.current_mode

    drive(scenario())


def test_who_lost_the_password_gets_in_with_the_paper(nowhere: Path, drive) -> None:
    """F7 takes the key from paper, a new password is set, and the next key is proved in turn."""
    target = str(nowhere / "register" / "own.kartoteka")
    firm = Firm("SIA Pirmais", "LV")
    made, key = Kartoteka.create(target, firm, ("anna", PHRASE), clock=SystemClock(), cost=FLOOR)
    with made:
        pass
    new = "cits-vards-pavisam-jauna-frāze-rītdienai"

    async def scenario() -> None:
        async with arrived(nowhere) as seat:
            assert "Unlock" in seat.text
            await seat.press("f7")
            await seat.give(paper="nothing like it", user="anna", password=new, again=new)
            assert "13 groups" in " ".join(seat.text.split())
            typed = key.printed().lower().replace("-", " ")
            await seat.give(paper=typed, user="anna", password=new, again=new)
            following = shown_key(seat)
            assert "-".join(following.values()) != key.printed()
            assert not {new, typed} & set(re.findall(r"'([^']*)'", held(seat)))
            await seat.press("enter")
            await prove(seat, following)
            assert "clients" == seat.app.current_mode
            assert "anna" == seat.app.me.name
            await seat.press("ctrl+l")
            assert 1 == len(seat.app.screen_stack)
            assert not telling(following) & set(re.findall(r"\w+", held(seat)))
            await seat.give(user="anna", password=new)
            assert seat.app.me is not None

    drive(scenario())
    with Kartoteka.open(target, "anna", lambda: new, clock=SystemClock()) as register:
        assert register.keys.recovery_confirmed()


def test_the_suggested_phrase_can_be_taken(nowhere: Path, drive) -> None:
    """F9 puts the phrase of the language in, F7 draws another; it is typed once more by hand."""

    async def scenario() -> None:
        async with arrived(nowhere) as seat:
            await seat.press("enter")
            await seat.give(**FIRM)
            first = seat.app.screen.query_one("#phrase", Static).content.plain
            await seat.press("f7")
            second = seat.app.screen.query_one("#phrase", Static).content.plain
            assert first != second
            await seat.press("f9")
            assert second == seat.app.screen.query_one("#password", Input).value
            assert "Strong:" in seat.text
            assert "again" == seat.app.focused.id

    drive(scenario())


def test_the_demo_is_one_key_away(nowhere: Path, drive) -> None:
    """The second button ends in 1,200 invented clients, and a lock then asks for their password."""

    async def scenario() -> None:
        async with arrived(nowhere) as seat:
            await seat.press("tab", "enter")
            assert "clients" == seat.app.current_mode
            assert seat.app.me.demo
            assert seat.app.screen.query_one(VirtualList).count > 1_000
            await seat.press("ctrl+l")
            assert "published" in seat.text
            await seat.give(user="anna", password="not it")
            assert seat.app.me is None

    drive(scenario())
