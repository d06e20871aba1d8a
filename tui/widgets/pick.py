"""One of a few, in one line: turned with the arrows, by its first letter, or from a list."""

from __future__ import annotations

from typing import TYPE_CHECKING

from textual.message import Message
from textual.widgets import Static

from crm.names.folding import fold
from tui.key_bindings import bindings
from tui.safe import line

if TYPE_CHECKING:
    from collections.abc import Sequence

    from textual.events import Key


class Pick(Static, can_focus=True):
    """Shows the word of what is chosen; `value` is its code."""

    BINDINGS = bindings("choice")
    DEFAULT_CSS = """
    Pick { height: 1; background: $surface-lighten-1; }
    Pick:focus { background: $primary; color: $text; text-style: bold; }
    """

    class Wanted(Message):
        """Somebody would see all choices at once."""

        def __init__(self, sender: Pick) -> None:
            """Name the field."""
            super().__init__()
            self.pick = sender

    class Turned(Wanted):
        """Another one is chosen."""

    def __init__(
        self,
        choices: Sequence[tuple[str, str]],
        value: str = "",
        *,
        id: str | None = None,  # noqa: A002 - Textual's own word
    ) -> None:
        """Take pairs of code and word; the first is chosen if `value` is none of them."""
        super().__init__(id=id, markup=False)
        self.choices = tuple(choices)
        self._place = 0
        self.value = value

    @property
    def value(self) -> str:
        """The code that is chosen, empty where there is nothing to choose."""
        return self.choices[self._place][0] if self.choices else ""

    @value.setter
    def value(self, code: str) -> None:
        codes = [known for known, _word in self.choices]
        self._place = codes.index(code) if code in codes else 0
        self._draw()

    def on_key(self, event: Key) -> None:
        """Choose by the first letter; a digit in the wrong field must not lead out of the form."""
        typed = event.character
        if typed is None or not typed.isalnum():
            return
        if (by := self._next_with(typed)) is not None:
            self._turn(by)
        elif not typed.isdigit():
            return
        event.stop()
        event.prevent_default()

    def action_next(self) -> None:
        """Choose the next one."""
        self._turn(1)

    def action_previous(self) -> None:
        """Choose the one before."""
        self._turn(-1)

    def action_all(self) -> None:
        """Ask for the list."""
        self.post_message(self.Wanted(self))

    def _next_with(self, typed: str) -> int | None:
        """Return how far the next choice is whose word begins with a letter, from here around."""
        words = [fold(word) if code else "" for code, word in self.choices]
        after = (*words[self._place + 1 :], *words[: self._place + 1])
        return next((by for by, word in enumerate(after, 1) if word.startswith(fold(typed))), None)

    def _turn(self, by: int) -> None:
        if self.choices:
            self._place = (self._place + by) % len(self.choices)
            self._draw()
            self.post_message(self.Turned(self))

    def _draw(self) -> None:
        word = self.choices[self._place][1] if self.choices else ""
        self.update(line(f"‹ {word} ›"))
