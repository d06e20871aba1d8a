"""Something to be read and put away again."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any, Final

from textual.containers import VerticalScroll
from textual.content import Content
from textual.widgets import Static

from crm.i18n import _, pgettext
from tui.dialogs.asking import Question
from tui.safe import line, safe
from tui.widgets.sheet import Sheet

if TYPE_CHECKING:
    from collections.abc import Sequence

    from textual.app import ComposeResult

    from tui.widgets.sheet import Part
    from tui.widgets.virtual_list import Row, VirtualList


# What a box is wide inside, what a label takes of it, and border, padding and title.
_WIDTH: Final = 62
_LABEL: Final = 24
_FRAME: Final = 6
# What a key takes of the line that says what it does.
_KEY: Final = 18


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


def whole_row(listed: VirtualList, row: Row, more: str = "") -> Tell:
    """Show all of a row that its columns may cut, each part under its heading."""
    pairs = zip(listed.columns, row.cells, strict=True)
    told = [f"{column.heading}: {cell}" for column, cell in pairs if cell]
    title = next((cell for cell in row.cells if cell), "")
    return Tell(title, "\n".join([*told, *([more] if more else [])]))


class Help(Question[None]):
    """Shows keys and their words, those of the screen before those of everywhere."""

    AUTO_FOCUS = "VerticalScroll"

    def __init__(
        self, here: Sequence[tuple[str, str]], everywhere: Sequence[tuple[str, str]]
    ) -> None:
        """Take pairs of key and words, in the language in use."""
        super().__init__(pgettext("keyboard", "Keys"))
        self._here, self._everywhere = here, everywhere

    def asked(self) -> ComposeResult:
        """Draw both lists; they scroll when they are long."""
        with VerticalScroll(classes="help"):
            yield Static(line(_("On this screen")), classes="question--title")
            yield Static(_table(self._here))
            yield Static(line(_("Everywhere")), classes="question--title")
            yield Static(_table(self._everywhere))
            yield Static(
                line(_("The same can be done on the command line: kartoteka --help")),
                classes="muted",
            )


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


def _table(keys: Sequence[tuple[str, str]]) -> Content:
    rows = [Content.assemble((f"{key:<{_KEY}}", "bold"), Content(words)) for key, words in keys]
    return Content("\n").join(rows)
