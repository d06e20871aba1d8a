"""How far long work has come: a bar of letters, or a number where nobody knows the end."""

from __future__ import annotations

from typing import TYPE_CHECKING, Final, cast

from textual.widgets import Static

from tui.safe import line

if TYPE_CHECKING:
    from tui.app_screen import Program

_WIDE: Final = 24


class Gauge(Static):
    """One line, empty until something is under way."""

    DEFAULT_CSS = "Gauge { height: 1; padding: 0 1; }"

    def __init__(self, id: str | None = None) -> None:  # noqa: A002 - Textual's own word
        """Begin at nothing."""
        super().__init__("", id=id, markup=False)
        self._done = self._whole = 0

    def begin(self, whole: int = 0) -> None:
        """Begin work of this size; 0 where it is not known."""
        self._done, self._whole = 0, whole
        self.advance(0)

    def advance(self, more: int) -> None:
        """Say that so much more is done."""
        self._done += more
        if not self._whole:
            self.update(line(f"… {self._done}"))
            return
        share = min(1.0, self._done / self._whole)
        sign = cast("Program", self.app).sign
        full, empty = sign("▓", "#"), sign("░", ".")
        filled = round(share * _WIDE)
        self.update(line(f"{full * filled}{empty * (_WIDE - filled)} {share:.0%}"))

    def clear(self) -> None:
        """Show nothing any more."""
        self.update("")
