"""Something to be read: a text in a box that scrolls, and nothing to decide."""

from __future__ import annotations

from typing import TYPE_CHECKING

from textual.containers import VerticalScroll
from textual.widgets import Static

from tui.dialogs.asking import Question
from tui.safe import safe

if TYPE_CHECKING:
    from textual.app import ComposeResult


class Tell(Question[None]):
    """Shows a text; escape closes it."""

    AUTO_FOCUS = "VerticalScroll"

    def __init__(self, title: str, body: str) -> None:
        """Take the title and the text, in the language in use."""
        super().__init__(title)
        self._body = body

    def asked(self) -> ComposeResult:
        """Draw the text."""
        with VerticalScroll(classes="tell"):
            yield Static(safe(self._body))
