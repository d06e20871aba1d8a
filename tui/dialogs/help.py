"""The keys that work where one is: all of them, each with what it does."""

from __future__ import annotations

from typing import TYPE_CHECKING

from textual.containers import VerticalScroll
from textual.content import Content
from textual.widgets import Static

from crm.i18n import _, pgettext
from tui.dialogs.asking import Question
from tui.safe import line

if TYPE_CHECKING:
    from collections.abc import Sequence

    from textual.app import ComposeResult

_WIDE = 18


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


def _table(keys: Sequence[tuple[str, str]]) -> Content:
    rows = [Content.assemble((f"{key:<{_WIDE}}", "bold"), Content(words)) for key, words in keys]
    return Content("\n").join(rows)
