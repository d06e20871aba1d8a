"""Told to end, the screens give the terminal back as it was, with nobody's name on it."""

from __future__ import annotations

import os
import select
import signal
import sys
import time
from pathlib import Path
from typing import TYPE_CHECKING

import pytest

from crm.parties.cards import NewClient

if TYPE_CHECKING:
    from collections.abc import Iterator

    from tests.crm.conftest import Place

pytestmark = pytest.mark.skipif(sys.platform == "win32", reason="there are no such terminals")
NAME = "Bērziņš un dēli"
_PATIENCE = 60.0


class Screen:
    """The program in a terminal of its own, whose bytes are kept."""

    def __init__(self, place: Place) -> None:
        program = str(Path(sys.executable).parent / "kartoteka")
        self.raw = b""
        self.process, self.master = os.forkpty()
        if self.process == 0:
            for number in (signal.SIGINT, signal.SIGHUP, signal.SIGQUIT):
                signal.signal(number, signal.SIG_DFL)
            environment = {
                **os.environ,
                **place.environment,
                "TERM": "xterm-256color",
                "LC_ALL": "C.UTF-8",
                "KARTOTEKA_PASSWORD": place.owner.password,
            }
            words = [program, "--vault", str(place.vault), "--user", place.owner.name]
            os.execve(program, words, environment)

    def until(self, text: bytes) -> None:
        """Read until something was drawn."""
        end = time.monotonic() + _PATIENCE
        while text not in self.raw:
            assert time.monotonic() < end, self.raw[-2000:]
            self._take(0.2)

    def code(self) -> int:
        """Read to the end and return how the program ended."""
        end = time.monotonic() + _PATIENCE
        while time.monotonic() < end:
            self._take(0.05)
            found, status = os.waitpid(self.process, os.WNOHANG)
            if found:
                self._take(0.2)
                return os.waitstatus_to_exitcode(status)
        raise AssertionError("it did not end")

    def _take(self, seconds: float) -> None:
        if self.master >= 0 and select.select([self.master], [], [], seconds)[0]:
            try:
                self.raw += os.read(self.master, 1 << 16)
            except OSError:  # the other end is closed
                time.sleep(seconds)

    def hang_up(self) -> None:
        """Close the terminal, as a window is closed."""
        os.close(self.master)
        self.master = -1


@pytest.fixture
def screen(place: Place) -> Iterator[Screen]:
    with place.open() as register:
        register.clients.add(NewClient(kind="legal", name=f"SIA {NAME}", relation="client"))
    shown = Screen(place)
    shown.until(NAME.split(" ", maxsplit=1)[0].encode())
    yield shown
    if shown.master >= 0:
        os.close(shown.master)


@pytest.mark.parametrize("number", [signal.SIGTERM, signal.SIGINT, signal.SIGQUIT])
def test_a_program_told_to_end_gives_the_terminal_back(screen: Screen, number: int) -> None:
    """Mouse and alternate screen are off, the cursor is back, and what stood there was cleared."""
    before = len(screen.raw)
    os.kill(screen.process, number)

    assert screen.code() == 128 + number
    tail = screen.raw[before:]
    for mode in (b"\x1b[?1049l", b"\x1b[?1000l", b"\x1b[?1003l", b"\x1b[?2004l", b"\x1b[?25h"):
        assert mode in tail
    last = tail.rfind(b"\x1b[?1049h")
    assert tail.rfind(b"\x1b[?1049l") > last
    assert tail.find(b"\x1b[2J") >= 0
    for word in NAME.split():
        assert word.encode() not in tail[tail.rfind(b"\x1b[2J") :]
    assert b"Traceback" not in tail


def test_a_window_that_is_closed_ends_the_program(screen: Screen) -> None:
    """Without a terminal nobody waits for one: the register is closed and the program ends."""
    screen.hang_up()

    assert screen.code() == 128 + signal.SIGHUP
