"""What another desk changed meanwhile, beside what was typed here: for each field one is kept."""

from __future__ import annotations

from typing import TYPE_CHECKING, NamedTuple

from textual.widgets import Static

from crm.i18n import _
from tui.dialogs.asking import Question
from tui.key_bindings import bindings
from tui.safe import line
from tui.widgets.virtual_list import Column, Row, VirtualList

if TYPE_CHECKING:
    from collections.abc import Sequence

    from textual.app import ComposeResult


class Both(NamedTuple):
    """One field that two have changed."""

    key: str
    label: str
    theirs: str
    mine: str


class Merge(Question[dict[str, bool]]):
    """Asks for each field whose value is kept; the answer is true where it is mine."""

    BINDINGS = bindings("back", "merge")
    AUTO_FOCUS = "VirtualList"

    def __init__(self, fields: Sequence[Both]) -> None:
        """Take the fields both have changed; theirs are kept until somebody says otherwise."""
        super().__init__(
            _("Someone changed the same fields in the meantime"),
            _("The one in angle brackets is kept; Space selects the other, Ctrl+S continues."),
        )
        self._both = tuple(fields)
        self._mine = {one.key: False for one in fields}

    def asked(self) -> ComposeResult:
        """Draw both sides."""
        yield VirtualList(
            (
                Column("field", _("field"), 16),
                Column("theirs", _("their version"), 0),
                Column("mine", _("my version"), 0),
            ),
            id="both",
        )
        yield Static("", id="whole", classes="muted", markup=False)

    def on_mount(self) -> None:
        """Fill the list."""
        self.query_one(VirtualList).styles.height = min(len(self._both) + 1, 10)
        self._fill()

    def on_virtual_list_moved(self, event: VirtualList.Moved) -> None:
        """Show long values whole."""
        one = next(each for each in self._both if each.key == event.key)
        self.query_one("#whole", Static).update(line(f"{one.theirs or '–'} | {one.mine or '–'}"))

    def on_virtual_list_opened(self, event: VirtualList.Opened) -> None:
        """Take the other one."""
        event.stop()
        self.action_turn()

    def action_turn(self) -> None:
        """Take the other one in the row under the cursor."""
        if (row := self.query_one(VirtualList).current) is not None:
            self._mine[row.key] = not self._mine[row.key]
            self._fill()

    def action_done(self) -> None:
        """Answer."""
        self.dismiss(dict(self._mine))

    def _fill(self) -> None:
        rows = []
        for one in self._both:
            mine = self._mine[one.key]
            theirs, ours = one.theirs or "–", one.mine or "–"
            cells = (one.label, theirs if mine else f"‹{theirs}›", f"‹{ours}›" if mine else ours)
            rows.append(Row(one.key, cells))
        self.query_one(VirtualList).fill(rows, keep=True)
