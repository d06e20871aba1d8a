"""The list of clients: the start screen, searched as one types."""

from __future__ import annotations

from typing import TYPE_CHECKING

from textual.containers import Vertical
from textual.widgets import Footer, Input, Static

from crm.i18n import _, ngettext
from crm.words.party import card_labels
from tui.keys import bindings
from tui.room import Room, task
from tui.safe import line
from tui.widgets.frame import Frame
from tui.widgets.virtual_list import Column, Row, VirtualList

if TYPE_CHECKING:
    from collections.abc import Sequence

    from textual.app import ComposeResult


class ClientsScreen(Room):
    """A search box over a list of all parties."""

    BINDINGS = bindings("clients")
    AUTO_FOCUS = "VirtualList"

    def compose(self) -> ComposeResult:
        """Draw the frame, the search box, the list and the number of hits."""
        labels = card_labels()
        yield Frame("clients")
        with Vertical():
            yield Input(placeholder=_("Search: / and a part of a name"), id="search")
            yield VirtualList(
                (
                    Column("number", labels["number"], 7, right=True),
                    Column("name", labels["name"], 0),
                    Column("vat_no", labels["vat_no"], 14, rank=1),
                    Column("status", labels["status"], 12, rank=2),
                ),
                self._fetch,
            )
            yield Static("", id="hits", classes="muted", markup=False)
        yield Footer(show_command_palette=False)

    def on_mount(self) -> None:
        """Load after the first paint."""
        self.call_after_refresh(self.search, "")

    def action_search(self) -> None:
        """Go to the search box."""
        self.query_one("#search").focus()

    def on_input_changed(self, event: Input.Changed) -> None:
        """Search as one types."""
        self.search(event.value)

    @task
    async def search(self, text: str) -> None:
        """Show what the text finds, or all."""
        listed = self.query_one(VirtualList)
        lines = await self.desk.look(
            lambda register: (
                register.clients.find(text, limit=200).lines
                if text
                else register.clients.list(limit=200)
            )
        )
        listed.fill(
            [
                Row(one.id, (str(one.number), one.name or "", one.vat_no or "", one.status))
                for one in lines
            ]
        )
        count = len(lines)
        self.query_one("#hits", Static).update(
            line(ngettext("{count} hit", "{count} hits", count).format(count=count))
        )

    async def _fetch(self, start: int, count: int) -> Sequence[Row]:
        del start, count
        return ()
