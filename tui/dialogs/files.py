"""Choosing a file by looking into folders."""

from __future__ import annotations

from typing import TYPE_CHECKING

from textual.widgets import Static

from crm.i18n import _
from tui.dialogs.asking import Question
from tui.safe import line
from tui.widgets.path_line import names_in
from tui.widgets.virtual_list import Column, Row, VirtualList

if TYPE_CHECKING:
    from collections.abc import Sequence
    from pathlib import Path

    from textual.app import ComposeResult

_UP = ".."
_HEIGHT = 14


class ChooseFile(Question[str]):
    """Lists folders, and files with the endings that are wanted; Enter goes in, or chooses."""

    AUTO_FOCUS = "VirtualList"

    def __init__(self, title: str, folder: Path, endings: Sequence[str]) -> None:
        """Begin in a folder, or above it where there is none."""
        super().__init__(title)
        self._endings = tuple(endings)
        self._folder = folder.absolute()
        while not self._folder.is_dir() and self._folder != self._folder.parent:
            self._folder = self._folder.parent

    def asked(self) -> ComposeResult:
        """Offer the list."""
        yield Static("", id="folder", classes="muted", markup=False)
        yield VirtualList((Column("name", "", 0),), id="files")

    def on_mount(self) -> None:
        """Look into the first folder."""
        self.query_one(VirtualList).styles.height = _HEIGHT
        self._look()

    def on_virtual_list_opened(self, event: VirtualList.Opened) -> None:
        """Go into a folder, or answer with a file."""
        event.stop()
        if event.key == _UP:
            self._folder = self._folder.parent
        elif event.key.endswith("/"):
            self._folder /= event.key.rstrip("/")
        else:
            self.dismiss(str(self._folder / event.key))
            return
        self._look()

    def _look(self) -> None:
        names = names_in(str(self._folder), self._endings)
        self.query_one("#folder", Static).update(line(self._folder))
        up = Row(_UP, ("../  " + _("parent folder"),), "quiet")
        self.query_one(VirtualList).fill([up, *(Row(name, (name,)) for name in names)])
