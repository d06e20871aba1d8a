"""Several of many: a list whose rows are ticked with space or Enter."""

from __future__ import annotations

from typing import TYPE_CHECKING

from tui.widgets.virtual_list import Column, Row, VirtualList

if TYPE_CHECKING:
    from collections.abc import Iterable, Sequence

_SIGNS = ("·", "✓")


class Ticks(VirtualList):
    """Shows every choice with a tick or none; `chosen` holds the codes of those ticked."""

    def __init__(
        self,
        choices: Sequence[tuple[str, str]],
        chosen: Iterable[str] = (),
        *,
        id: str | None = None,  # noqa: A002 - Textual's own word
    ) -> None:
        """Take pairs of code and word, and the codes ticked at first."""
        super().__init__((Column("choice", "", 0),), self._rows, id=id)
        self.choices = tuple(choices)
        known = {code for code, _word in choices}
        self._ticked = {code for code in chosen if code in known}

    @property
    def chosen(self) -> tuple[str, ...]:
        """The codes that are ticked, in the order of the choices."""
        return tuple(code for code, _word in self.choices if code in self._ticked)

    def on_mount(self) -> None:
        """Draw."""
        self.show(len(self.choices))

    def action_open(self) -> None:
        """Tick, or take the tick away."""
        if (row := self.current) is not None:
            self._ticked ^= {row.key}
            self.show(len(self.choices), keep=True)
            self.post_message(self.Marked())

    def action_mark(self) -> None:
        """Tick, or take the tick away, and go on to the next."""
        self.action_open()
        self.action_cursor_down()

    async def _rows(self, start: int, count: int) -> list[Row]:
        return [
            Row(code, (f"{_SIGNS[code in self._ticked]} {word}",))
            for code, word in self.choices[start : start + count]
        ]
