"""The buttons of a box: left and right go from one to the next, as tab does."""

from __future__ import annotations

from textual.widgets import Button

from tui.key_bindings import bindings
from tui.safe import line


class AnswerButton(Button):
    """One of the answers or ways on that a box offers."""

    BINDINGS = bindings("button")

    def __init__(self, words: str, name: str, look: str = "default") -> None:
        """Take what stands on it and what it is known by."""
        super().__init__(line(words), id=name, variant=look)  # type: ignore[arg-type] # one of the toolkit's

    def action_next(self) -> None:
        """Go to the next button."""
        self.screen.focus_next(Button)

    def action_previous(self) -> None:
        """Go to the button before."""
        self.screen.focus_previous(Button)
