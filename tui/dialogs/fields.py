"""What screens of lines and choices have in common: a field on each line, and what is wrong."""

from __future__ import annotations

import threading
from abc import abstractmethod
from contextlib import contextmanager
from typing import TYPE_CHECKING, ClassVar, TypeVar

from textual.containers import Horizontal
from textual.widgets import Input, Static

from gdpr.errors import KartotekaError
from tui.app_screen import explain
from tui.dialogs.asking import PicksScreen
from tui.dialogs.screen_kinds import FramedScreen
from tui.key_bindings import bindings
from tui.safe import form_label
from tui.widgets.gauge import Gauge
from tui.widgets.pick import Pick

if TYPE_CHECKING:
    from collections.abc import Awaitable, Iterator

    from textual.widget import Widget

_Answer = TypeVar("_Answer")


class FieldsScreen(FramedScreen, PicksScreen):
    """A room to be filled in; only a key of its own does the work."""

    LOADED = "once"
    BINDINGS = bindings("lines")
    # The look of its lines.
    LINES: ClassVar[str] = "told"

    def row(self, words: str, *fields: Widget, name: str | None = None) -> Horizontal:
        """Return a line of the form."""
        label = Static(form_label(words), classes=f"{self.LINES}--label")
        return Horizontal(label, *fields, classes=f"{self.LINES}--row", id=name)

    def say(self, words: str = "") -> None:
        """Say what is wrong, or nothing any more."""
        self.write("problem", words)

    def picked(self, name: str) -> str:
        """Return the code that a field was turned to."""
        return self.query_one(f"#{name}", Pick).value

    def typed(self, name: str) -> str:
        """Return what was typed into a field."""
        return self.query_one(f"#{name}", Input).value.strip()

    async def attempt(self, work: Awaitable[_Answer]) -> _Answer | None:
        """Wait for work; why it was refused is said beside the fields, and None comes back."""
        try:
            answer = await work
        except KartotekaError as error:
            self.say(explain(error))
            return None
        self.say()
        return answer

    def on_input_submitted(self, event: Input.Submitted) -> None:
        """Go to the next field."""
        event.stop()
        self.focus_next()


class FileForm(FieldsScreen):
    """A form about files, which has the look of their screens."""

    LOADED = "otherwise"
    LINES = "paper"


class LongFileForm(FileForm):
    """One whose work takes long: a gauge says how far it has come, and going back stops it."""

    # What stops the work that goes on, if any does.
    halt: threading.Event | None = None

    def on_mount(self) -> None:
        """Show no gauge before there is work."""
        self.query_one(Gauge).display = False

    @contextmanager
    def at_work(self, whole: int) -> Iterator[threading.Event]:
        """Do work of this size; what comes back is set once somebody would have it stop."""
        gauge = self.query_one(Gauge)
        self.halt = halt = threading.Event()
        gauge.display = True
        gauge.begin(whole)
        self.refresh_bindings()
        try:
            yield halt
        finally:
            self.halt = None
            gauge.display = False
            self.refresh_bindings()

    def action_back(self) -> None:
        """Leave; while work goes on, stop that."""
        if self.halt is None:
            self.dismiss(None)
        else:
            self.halt.set()
            self.say(self.stopping())

    @abstractmethod
    def stopping(self) -> str:
        """Say that it is being stopped."""
