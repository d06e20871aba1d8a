"""The installed program in a real terminal: tmux types the keys, keeps the screen and the bytes."""

from __future__ import annotations

import os
import shlex
import shutil
import subprocess
import sys
import time
from pathlib import Path
from typing import TYPE_CHECKING, Self

import pytest

if TYPE_CHECKING:
    from collections.abc import Callable, Mapping, Sequence

TMUX = shutil.which("tmux")
# Longest wait for something to be drawn; a test that passes waits only as long as it takes.
_PATIENCE = 60.0

needs_tmux = pytest.mark.skipif(
    TMUX is None, reason="tmux is not installed: no screen was drawn in a real terminal"
)


class NotDrawn(AssertionError):
    """What was waited for did not appear; the screen is shown instead."""


class Terminal:
    """One terminal window of its own tmux server, which ends with the test."""

    def __init__(
        self,
        folder: Path,
        arguments: Sequence[str],
        environment: Mapping[str, str],
        size: tuple[int, int] = (80, 24),
    ) -> None:
        self._socket = folder / "t"
        self.raw_path = folder / "raw"
        self.code_path = folder / "code"
        self._size = size
        program = [str(Path(sys.executable).parent / "kartoteka"), *arguments]
        # The program waits for the first Enter, so that its very first bytes are kept as well.
        self._script = f"read -r go; {shlex.join(program)}; echo $? > {self.code_path}; sleep 600"
        self._environment = {
            **{name: value for name, value in os.environ.items() if name != "TMUX"},
            "TERM": "tmux-256color",
            "LANG": "C.UTF-8",
            "LC_ALL": "C.UTF-8",
            **environment,
        }

    def __enter__(self) -> Self:
        width, height = self._size
        place = ("-x", str(width), "-y", str(height))
        self._tmux("new-session", "-d", *place, "sh", "-c", self._script)
        self._tmux("set-option", "-g", "status", "off")
        self._tmux("set-option", "-s", "escape-time", "0")
        self._tmux("pipe-pane", "-o", f"cat >> {shlex.quote(str(self.raw_path))}")
        self.press("Enter")
        return self

    def __exit__(self, *_problem: object) -> None:
        self._tmux("kill-server", check=False)

    def press(self, *keys: str) -> None:
        """Press keys by tmux's names for them: Enter, Escape, F2, C-l, Down."""
        self._tmux("send-keys", *keys)

    def write(self, text: str) -> None:
        """Type text letter by letter."""
        self._tmux("send-keys", "-l", text)

    @property
    def screen(self) -> str:
        """What is on the screen now."""
        return self._tmux("capture-pane", "-p").rstrip("\n")

    @property
    def scrollback(self) -> str:
        """What can be scrolled back to, the screen included."""
        return self._tmux("capture-pane", "-p", "-S", "-")

    @property
    def raw(self) -> bytes:
        """Every byte the program has written to the terminal."""
        return self.raw_path.read_bytes() if self.raw_path.exists() else b""

    def until(self, *wanted: str, gone: Sequence[str] = ()) -> str:
        """Wait until all of this is on the screen, and nothing of `gone`; return the screen."""
        return self._wait(
            lambda screen: (
                all(text in screen for text in wanted) and not any(text in screen for text in gone)
            ),
            f"{wanted!r} without {list(gone)!r}",
        )

    def exit_code(self, patience: float = _PATIENCE) -> int:
        """Wait for the program to end and return its exit code."""
        end = time.monotonic() + patience
        # The shell makes the file before it writes into it.
        while not (self.code_path.exists() and self.code_path.read_text().strip()):
            if time.monotonic() > end:
                raise NotDrawn(f"the end of the program did not come:\n{self.screen}")
            time.sleep(0.05)
        return int(self.code_path.read_text())

    def _wait(self, enough: Callable[[str], bool], what: str) -> str:
        end = time.monotonic() + _PATIENCE
        while True:
            screen = self.screen
            if enough(screen):
                return screen
            if time.monotonic() > end:
                raise NotDrawn(f"{what} was not drawn:\n{screen}")
            time.sleep(0.05)

    def _tmux(self, *words: str, check: bool = True) -> str:
        done = subprocess.run(
            [TMUX or "tmux", "-f", os.devnull, "-S", str(self._socket), *words],
            capture_output=True,
            check=check,
            encoding="utf-8",
            env=self._environment,
        )
        return done.stdout
