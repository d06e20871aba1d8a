"""Hostile text on every screen of the installed program, in a real terminal, read as bytes."""

from __future__ import annotations

import json
import os
import pickle
import re
from typing import TYPE_CHECKING

import pytest

from tests.tui import everywhere
from tests.tui.everywhere import WHERE
from tests.tui.hostile import FORBIDDEN
from tests.tui.terminal import Terminal, needs_tmux

if TYPE_CHECKING:
    from pathlib import Path

    from tests.tui.everywhere import World

pytestmark = needs_tmux
furnished = everywhere.hostile
world = everywhere.world
# Visits every place once somebody is in, notes what each has drawn, and leaves.
_WALK = """
import asyncio
import json
import pickle
from pathlib import Path

from tui.app import Register
from tui.places import AREAS

HERE = Path(__file__).parent
ways = pickle.loads((HERE / "ways").read_bytes())
begin = Register.begin


async def begin_and_walk(self):
    await begin(self)
    self.walk = self.run_worker(walk(self), group="walk")


async def walk(app):
    noted = {}
    for name, arguments in ways:
        if name in AREAS:
            await app.action_go(name)
        else:
            app.visit(name, *arguments)
        noted[name] = await drawn(app)
        while len(app.screen_stack) > 1:
            await app.pop_screen()
        app.clear_notifications()
    (HERE / "noted").write_text(json.dumps(noted), "utf-8")
    app.call_later(app.action_leave)


async def drawn(app):
    quiet = 0
    while quiet < 3:
        await asyncio.sleep(0.01)
        top = app.screen
        waits = top._layout_required or top._dirty_widgets or top._callbacks or not top.is_mounted
        asks = any(work is not app.walk and not work.is_finished for work in app.workers)
        quiet = 0 if waits or asks else quiet + 1
    strips = app.screen._compositor.render_strips(app.size)
    return [strip.text for strip in strips]


Register.begin = begin_and_walk
"""
# Longest time for all of them on a machine that is busy; it ends as soon as it is done.
_WALKING = 300
# Colours, places and modes, and the shape of the pointer: what the toolkit says to a terminal.
_SAID = re.compile(r"\x1b\[[0-9;:?<=>]*[ -/]*[@-~]|\x1b\]22;[a-z-]*(?:\x1b\\|\x07)")


@pytest.mark.parametrize("width", [20, 80, 200])
def test_no_screen_lets_a_byte_of_data_drive_the_terminal(
    world: World, tmp_path: Path, width: int
) -> None:
    """Every area and place is drawn, each with words of its own; nothing of data is obeyed.

    What is left beside the words, when colours, places and modes are taken away, is no control
    character, none that turns text round and none that hides.
    """
    folder = tmp_path / "w"
    folder.mkdir()
    (folder / "sitecustomize.py").write_text(_WALK, "utf-8")
    (folder / "ways").write_bytes(pickle.dumps([(name, world.arguments(name)) for name in WHERE]))
    surroundings = {
        **world.place.environment,
        "KARTOTEKA_PASSWORD": world.place.owner.password,
        "PYTHONPATH": os.pathsep.join([str(folder), os.environ.get("PYTHONPATH", "")]),
    }
    arguments = ["--vault", str(world.place.vault), "--user", "anna"]
    with Terminal(folder, arguments, surroundings, (width, 24)) as terminal:
        assert terminal.exit_code(patience=_WALKING) == 0, terminal.screen
        text = _SAID.sub("", terminal.raw.decode("utf-8", "replace"))

    noted = json.loads((folder / "noted").read_text("utf-8"))
    assert list(noted) == WHERE
    for name, lines in noted.items():
        words = re.findall(r"[A-Za-z]{4,}", " ".join(lines))
        assert words, name
        assert [word for word in words if word not in text] == [], name
    assert {letter for letter in text if letter in FORBIDDEN} - {"\r", "\n"} == set()
    assert "Traceback" not in text
