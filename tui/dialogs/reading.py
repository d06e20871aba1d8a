"""Something to be read and put away again."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any, Final

from textual.containers import VerticalScroll
from textual.widgets import Static

from tui.dialogs.asking import Question
from tui.safe import safe
from tui.widgets.sheet import Sheet

if TYPE_CHECKING:
    from collections.abc import Sequence

    from textual.app import ComposeResult

    from tui.widgets.sheet import Part


# What a box is wide inside, what a label takes of it, and border, padding and title.
_WIDTH: Final = 62
_LABEL: Final = 24
_FRAME: Final = 6


class ReadingBox(Question[None]):
    """Shows labels and what belongs to them, or text; escape puts it away."""

    AUTO_FOCUS = "Sheet"

    def __init__(self, title: str, parts: Sequence[Part], text: str = "") -> None:
        """Take the title and the parts, in the language in use."""
        super().__init__(title, text)
        self._parts = tuple(parts)

    def asked(self) -> ComposeResult:
        """Draw the sheet."""
        yield Sheet(classes="reading")

    async def on_mount(self) -> None:
        """Fill the sheet."""
        fit_box(self, sum(_rows(label, text) for label, text in self._parts), self._text)
        await self.query_one(Sheet).show(self._parts)


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


def fit_box(question: Question[Any], rows: int, text: str) -> None:
    """Make a box high enough for its rows, where the screen is; the rest of them scrolls.

    The box of a question grows with its parts and would cut off its end where they are too many.
    """
    said = _lines(text, _WIDTH) + 1 if text else 0
    question.query_one(".question").styles.height = rows + said + _FRAME


def _rows(label: str, text: str) -> int:
    """Say how many rows a part of a sheet needs."""
    if not text:
        return 2
    return _lines(text, _WIDTH - _LABEL if label else _WIDTH)


def _lines(text: str, width: int) -> int:
    return sum(len(one) // width + 1 for one in text.split("\n"))
