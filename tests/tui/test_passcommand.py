"""A password that was left for the program opens the screens as it opens a command."""

from __future__ import annotations

import shlex
import sys
from contextlib import asynccontextmanager
from typing import TYPE_CHECKING

import pytest

from crm.cli.session import CommandSession, Settings
from crm.i18n import use
from tests.tui.conftest import Seat, running
from tests.tui.terminal import Terminal, needs_tmux
from tui.app import Register
from tui.command import starting
from tui.entry.unlock import Unlock
from tui.entry.welcome import Welcome

if TYPE_CHECKING:
    from collections.abc import AsyncIterator
    from pathlib import Path

    from tests.crm.conftest import Place

SECRET = "kanarija-kas-neko-neatver"


@pytest.fixture(autouse=True)
def _nothing_left(monkeypatch: pytest.MonkeyPatch) -> None:
    for name in ("KARTOTEKA_PASSWORD", "KARTOTEKA_PASSCOMMAND"):
        monkeypatch.delenv(name, raising=False)
    monkeypatch.setenv("PYTHONIOENCODING", "utf-8")


def printing(text: str) -> str:
    """Return a command that prints a text."""
    return shlex.join([sys.executable, "-c", f"print({text!r})"])


@asynccontextmanager
async def started(place: Place) -> AsyncIterator[Seat]:
    """Start the screens as the command does, from the environment."""
    session = CommandSession(Settings(str(place.vault), place.owner.name, "en"), place.clock)
    async with running(Register(starting(session))) as seat:
        yield seat


def said(seat: Seat) -> str:
    """Return what the locked screen says."""
    return " ".join(seat.app.screen.query_one("#said").content.plain.split())


def test_the_command_opens_once_and_after_a_lock_a_person_types(
    place: Place, drive, monkeypatch: pytest.MonkeyPatch
) -> None:
    """What the command prints opens the register; the lock keeps nothing of it."""
    monkeypatch.setenv("KARTOTEKA_PASSCOMMAND", printing(place.owner.password))

    async def scenario() -> None:
        async with started(place) as seat:
            assert seat.app.current_mode == "clients"
            await seat.press("ctrl+l")
            assert isinstance(seat.app.screen, Unlock)
            assert seat.app.start.password is None
            await seat.write(place.owner.password)
            await seat.press("enter")
            assert seat.app.current_mode == "clients"

    drive(scenario())


def test_the_environment_goes_before_the_command(
    place: Place, drive, monkeypatch: pytest.MonkeyPatch
) -> None:
    """As for commands, KARTOTEKA_PASSWORD is taken and the command is not run."""
    ran = place.folder / "ran"
    monkeypatch.setenv("KARTOTEKA_PASSWORD", place.owner.password)
    monkeypatch.setenv("KARTOTEKA_PASSCOMMAND", shlex.join(["touch", str(ran)]))

    async def scenario() -> None:
        async with started(place) as seat:
            assert seat.app.current_mode == "clients"

    drive(scenario())
    assert not ran.exists()


@pytest.mark.parametrize(
    ("words", "told"),
    [
        (f"sh -c 'echo {SECRET}; exit 3'", "failed or printed nothing (exit code 3)."),
        ("no-such-program-at-all", "failed or printed nothing (exit code -1)."),
        (printing(SECRET), "The password is wrong. The register stays locked."),
    ],
)
def test_a_command_that_fails_is_told_and_typing_opens(
    place: Place, drive, monkeypatch: pytest.MonkeyPatch, words: str, told: str
) -> None:
    """The locked screen says that the command failed, never what it printed, and goes on."""
    monkeypatch.setenv("KARTOTEKA_PASSCOMMAND", words)

    async def scenario() -> None:
        async with started(place) as seat:
            assert isinstance(seat.app.screen, Unlock)
            assert told in said(seat)
            assert SECRET not in seat.text + repr(seat.app.start)
            assert not list(seat.app._notifications)
            seat.app.screen._patience.rewarded()
            await seat.write(place.owner.password)
            await seat.press("enter")
            assert seat.app.current_mode == "clients"
            await seat.press("ctrl+l")
            assert said(seat) == ""

    drive(scenario())


def test_where_nothing_is_to_be_opened_no_command_runs(
    place: Place, drive, monkeypatch: pytest.MonkeyPatch
) -> None:
    """On a machine without a register the first screen comes at once."""
    ran = place.folder / "ran"
    monkeypatch.setenv("KARTOTEKA_PASSCOMMAND", shlex.join(["touch", str(ran)]))
    place.vault.unlink()

    async def scenario() -> None:
        async with started(place) as seat:
            assert isinstance(seat.app.screen, Welcome)

    drive(scenario())
    assert not ran.exists()


def test_it_speaks(place: Place, drive, monkeypatch: pytest.MonkeyPatch) -> None:
    """The failure is told in the language of the screen."""
    monkeypatch.setenv("KARTOTEKA_PASSCOMMAND", "false")

    async def scenario() -> None:
        use("lv")
        async with started(place) as seat:
            assert "KARTOTEKA_PASSCOMMAND" in said(seat)
            assert "failed" not in said(seat)

    drive(scenario())


@needs_tmux
def test_it_opens_in_a_real_terminal_that_the_command_may_use(place: Place, tmp_path: Path) -> None:
    """The program opens without a key pressed; what the command says stays off the screens."""
    with place.open() as register:
        assert register.current_user.name == "anna"
    words = f"sh -c {shlex.quote(f'echo speaking >&2; {printing(place.owner.password)}')}"
    folder = tmp_path / "w"
    folder.mkdir()
    arguments = ["--vault", str(place.vault), "--user", "anna"]
    environment = {**place.environment, "KARTOTEKA_PASSCOMMAND": words}
    with Terminal(folder, arguments, environment) as terminal:
        drawn = terminal.until("No clients yet")
        assert "speaking" not in drawn
        terminal.press("C-q")
        assert terminal.exit_code() == 0
        assert place.owner.password not in terminal.scrollback
