"""The installed program in a real terminal, typed at like a person would."""

from __future__ import annotations

import re
from typing import TYPE_CHECKING

import pytest

from crm.parties.cards import NewClient
from tests.tui.terminal import Terminal, needs_tmux

if TYPE_CHECKING:
    from pathlib import Path

    from tests.crm.conftest import Place

pytestmark = needs_tmux
# What a terminal obeys beside colours, places, modes and the pointer, which the toolkit sets:
# titles, links and the clipboard.
_DRIVEN = re.compile(rb"\x1b\](?!22;)[0-9]+;|\x1bP|\x9b|\x9d|\xc2[\x80-\x9f]")
HOSTILE = (
    "[/nope] SIA",
    "[@click=app.bell]SIA[/]",
    "SIA \x1b]0;owned\x07Ansi",
    "SIA \x1b]52;c;b3duZWQ=\x07Clip",
    "SIA \x1b]8;;http://x.example\x07link",
    "SIA \u202eabc\u200b\u2066x",
    "SIA \x9b31mred\x85",
    "SIA Z" + "\u0301\u0489" * 30,
    "SIA 日本語 " * 30,
    "SIA 👩‍👩‍👧‍👦🏳️‍🌈" * 20,
    "SIA " + "x" * 900,
)


@pytest.fixture
def window(tmp_path: Path) -> Path:
    folder = tmp_path / "w"
    folder.mkdir()
    return folder


def test_find_lock_and_leave(place: Place, window: Path) -> None:
    """A register opens with its password, finds a name, locks without a trace and ends with 0."""
    with place.open() as register:
        for name in ("SIA Bērziņš un dēli", "SIA Ozols"):
            register.clients.add(NewClient(kind="legal", name=name, relation="client"))
    with Terminal(
        window, ["--vault", str(place.vault), "--user", "anna"], place.environment
    ) as terminal:
        terminal.until("Unlock")
        terminal.write(place.owner.password)
        terminal.press("Enter")
        terminal.until("Ozols", "Bērziņš")
        terminal.write("/ber")
        terminal.until("Bērziņš", gone=("Ozols",))
        terminal.press("C-l")
        terminal.until("Unlock", gone=("Bērziņš",))
        assert "Bērziņš" not in terminal.scrollback
        terminal.press("C-q")

        assert terminal.exit_code() == 0
        assert "Traceback" not in terminal.scrollback


@pytest.mark.parametrize("width", [20, 80, 200])
def test_hostile_names_in_a_real_terminal(place: Place, window: Path, width: int) -> None:
    """No byte that came from a name drives the terminal, at any width."""
    with place.open() as register:
        for name in HOSTILE:
            register.clients.add(NewClient(kind="legal", name=name, relation="client"), anyway=True)
    with Terminal(
        window,
        ["--vault", str(place.vault)],
        {**place.environment, "KARTOTEKA_PASSWORD": place.owner.password},
        (width, 24),
    ) as terminal:
        terminal.until("SIA")
        terminal.press("End")
        terminal.press("C-q")

        assert terminal.exit_code() == 0
        driven = _DRIVEN.findall(terminal.raw)
    assert driven == []
