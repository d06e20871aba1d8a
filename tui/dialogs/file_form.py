"""What the screens of files have in common: labelled lines, a line for what is wrong, a gauge."""

from __future__ import annotations

from typing import TYPE_CHECKING

from textual.containers import Horizontal
from textual.widgets import Input, Static

from tui.dialogs.fields import FieldsScreen
from tui.safe import line
from tui.widgets.pick import Pick

if TYPE_CHECKING:
    from pathlib import Path

    from textual.widget import Widget


class FileForm(FieldsScreen):
    """A room whose fields stand one under the other, each behind its words."""

    def row(self, words: str, *fields: Widget, name: str | None = None) -> Horizontal:
        """Return a line of the form."""
        label = Static(line(words), classes="paper--label")
        return Horizontal(label, *fields, classes="paper--row", id=name)

    def say(self, words: str = "") -> None:
        """Say what is wrong, or nothing any more."""
        self.query_one("#problem", Static).update(line(words))

    def picked(self, name: str) -> str:
        """Return the code that a field was turned to."""
        return self.query_one(f"#{name}", Pick).value

    def typed(self, name: str) -> str:
        """Return what was typed into a field."""
        return self.query_one(f"#{name}", Input).value.strip()


def beside(path: Path, ending: str) -> Path:
    """Return a name beside a file that nothing has yet: its own with an ending, then numbered."""
    place = path.with_name(f"{path.stem}-{ending}.csv")
    number = 2
    while place.exists():
        place = path.with_name(f"{path.stem}-{ending}-{number}.csv")
        number += 1
    return place
