"""Every screen, locked from or crashed in: no value stays anywhere, and nothing is printed."""

from __future__ import annotations

import os
from typing import TYPE_CHECKING

import pytest
from textual.command import CommandPalette
from textual.screen import ModalScreen

from tests.tui import everywhere
from tests.tui.conftest import seated
from tests.tui.everywhere import WHERE, go, reachable
from tests.tui.terminal import Terminal, needs_tmux
from tui.places import AREAS

if TYPE_CHECKING:
    from pathlib import Path

    from tests.tui.conftest import Seat
    from tests.tui.everywhere import World

furnished = everywhere.furnished
world = everywhere.world
# So many screens are opened over each other before the lock, so that one unlocking serves them.
_TOGETHER = 8
_STUMBLES = """
import crm.kartoteka
import tui.parties.contact_forms
from tui.app_screen import task

CANARY = "Zilganija Dzeguzkalniņa"


def in_handler(self):
    name = CANARY
    raise RuntimeError(name)


@task
async def in_worker(self):
    name = CANARY
    raise RuntimeError(name)


@task
async def at_desk(self):
    def verb(register):
        name = CANARY
        return {{}}[name]

    await self.desk.ask(verb)


tui.parties.contact_forms.NewContactForm.action_save = {stumble}
"""


def words(world: World) -> set[str]:
    """Return the beginnings of all that is stored of the person."""
    return {word[:7] for word in world.person.words()}


def held(seat: Seat, wanted: set[str]) -> set[str]:
    """Return what can be reached from the app, and what is drawn, of some values."""
    texts = [*set(reachable(seat.app)), seat.text]
    return {text[:60] for text in texts if any(word in text for word in wanted)}


def test_nothing_stays_behind_the_lock(world: World, drive) -> None:
    """From each screen ^l leaves no value in any widget, title, notice, palette or closure."""
    wanted = words(world)
    places = [name for name in WHERE if name not in AREAS]

    async def scenario() -> None:
        async with seated(world.place, size=(120, 40)) as seat:
            for at in range(0, len(places), _TOGETHER):
                await go(seat, list(AREAS)[at // _TOGETHER % len(AREAS)], world)
                for name in places[at : at + _TOGETHER]:
                    await go(seat, name, world)
                    if not isinstance(seat.app.screen, ModalScreen):
                        assert seat.app.screen.active_bindings["ctrl+l"].enabled, name
                assert held(seat, wanted)
                seat.app.notify(next(iter(wanted)))
                await seat.press("ctrl+l")
                assert not seat.app.desk.is_open
                assert held(seat, wanted) == set(), places[at : at + _TOGETHER]
                await seat.press("ctrl+p")
                assert not isinstance(seat.app.screen, CommandPalette)
                seat.app.screen.query_one("#password").value = world.place.owner.password
                await seat.press("enter")
                assert seat.app.me is not None

    drive(scenario())


@needs_tmux
@pytest.mark.parametrize("stumble", ["in_handler", "in_worker", "at_desk"])
def test_what_nobody_foresaw_prints_a_reference_and_no_value(
    world: World, tmp_path: Path, stumble: str
) -> None:
    """A failure in a handler, a worker or at the desk ends with 1; no local is on the terminal."""
    folder = tmp_path / "w"
    folder.mkdir()
    (folder / "sitecustomize.py").write_text(_STUMBLES.format(stumble=stumble), "utf-8")
    surroundings = {
        **world.place.environment,
        "KARTOTEKA_PASSWORD": world.place.owner.password,
        "PYTHONPATH": os.pathsep.join([str(folder), os.environ.get("PYTHONPATH", "")]),
    }
    arguments = ["--vault", str(world.place.vault), "--user", "anna"]
    with Terminal(folder, arguments, surroundings, (100, 30)) as terminal:
        terminal.until("F2 Clients", "client")
        terminal.press("Enter")
        terminal.until("Overview")
        terminal.press("n")
        terminal.until("Save")
        terminal.press("C-s")

        assert terminal.exit_code() == 1
        assert "Reference" in terminal.scrollback
        assert "Traceback" not in terminal.scrollback
        for text in ("Zilganija", *words(world)):
            assert text not in terminal.scrollback
        assert b"Zilganija" not in terminal.raw
