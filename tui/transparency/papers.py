"""What the firm must be able to show: purposes, relations, wordings, notices, who was told."""

from __future__ import annotations

from contextlib import contextmanager
from typing import TYPE_CHECKING, Final

from textual.widgets import Static

from crm.i18n import _, ngettext
from tui.app_screen import AppScreen, run_once, task
from tui.dialogs.asking import Confirm
from tui.keys import bindings
from tui.places import PLACES
from tui.safe import line
from tui.transparency.notice_forms import give, publish
from tui.transparency.paper_lists import DRAFT, SHELVES
from tui.transparency.purpose_forms import new_purpose
from tui.transparency.wording_forms import add_wording
from tui.widgets.frame import Frame
from tui.widgets.key_bar import KeyBar
from tui.widgets.shelves import Shelves
from tui.widgets.virtual_list import VirtualList

if TYPE_CHECKING:
    from collections.abc import Iterator

    from textual.app import ComposeResult

# action -> the lists it works in, and the duty it needs.
_WHERE: Final = {
    "new": ({"purposes", "wordings", "notices"}, "purposes"),
    "confirm": ({"purposes"}, "purposes"),
    "confirm_all": ({"purposes"}, "purposes"),
    "load": ({"wordings"}, "purposes"),
}


class PapersScreen(AppScreen):
    """Five lists, of which one is open; Enter shows what a row stands for."""

    BINDINGS = bindings("papers")
    AUTO_FOCUS = "VirtualList"

    def __init__(self) -> None:
        """Begin with the purposes."""
        super().__init__()
        self._shelf = "purposes"
        self._asking = False

    def compose(self) -> ComposeResult:
        """Draw the frame, the names of the lists, the open one, and what is to be done in it."""
        yield Frame("papers")
        yield Shelves([(code, shelf.key, _(shelf.word)) for code, shelf in SHELVES.items()])
        yield VirtualList()
        yield Static("", id="hint", classes="muted", markup=False)
        yield KeyBar()

    def on_screen_resume(self) -> None:
        """Show what is so now; after a question of its own a verb loads what it changed."""
        if not self._asking:
            self.load()

    def action_shelf(self, code: str) -> None:
        """Open another list."""
        if code != self._shelf:
            self._shelf = code
            listed = self.query_one(VirtualList)
            listed.marked = set()
            # Nothing of the list before may be opened as if it were of this one.
            listed.fill(())
            self.query_one(Shelves).open(code)
            self.refresh_bindings()
            self.load(anew=True)

    def action_turn(self, by: int) -> None:
        """Open the next list, or the one before."""
        codes = list(SHELVES)
        self.action_shelf(codes[(codes.index(self._shelf) + by) % len(codes)])

    @task
    async def load(self, *, anew: bool = False) -> None:
        """Fill the open list."""
        shelf = SHELVES[self._shelf]
        self.query_one(Shelves).open(self._shelf)
        rows = await self.desk.look(shelf.rows)
        listed = self.query_one(VirtualList)
        listed.set_columns(shelf.columns())
        listed.fill(rows, keep=not anew)
        self.query_one("#hint", Static).update(line(shelf.hint(len(rows))))
        self.refresh_bindings()

    def check_action(self, action: str, parameters: tuple[object, ...]) -> bool | None:
        """Offer only what the open list and the user's roles allow."""
        if action == "give":
            return self._shelf in {"notices", "uninformed"} and self.register.may(write="evidence")
        if action in _WHERE:
            where, duty = _WHERE[action]
            return self._shelf in where and self.register.may(duty=duty)
        return super().check_action(action, parameters)

    def on_virtual_list_opened(self, event: VirtualList.Opened) -> None:
        """Show what a row stands for."""
        places = {
            "purposes": ("purpose", event.key),
            "relations": ("relation", event.key),
            "wordings": ("wording", event.key),
            "notices": ("notice", None if event.key == DRAFT else event.key),
            "uninformed": ("card", event.key),
        }
        place, key = places[self._shelf]
        if place in PLACES:
            numbered = place in {"notice", "card"} and key is not None
            self.register.visit(place, int(key or 0) if numbered else key)

    @run_once
    async def action_new(self) -> None:
        """Enter a purpose, add a text, or publish the notice."""
        here = {"purposes": new_purpose, "wordings": add_wording, "notices": publish}
        with self._question():
            made = await here[self._shelf](self)
        if made is not None:
            self.load()

    @run_once
    async def action_confirm(self) -> None:
        """Make the note and periods of one purpose the firm's own, which was read before."""
        row = self.query_one(VirtualList).current
        if row is not None:
            with self._question():
                confirmed = await confirm(self, (row.key,))
            if confirmed:
                self.load()

    @run_once
    async def action_confirm_all(self) -> None:
        """Make every note and period that waits the firm's own."""
        with self._question():
            confirmed = await confirm(self, ())
        if confirmed:
            self.load()

    @run_once
    async def action_load(self) -> None:
        """Add the program's own texts that are not there."""
        count = await self.desk.ask(lambda register: register.wordings.load())
        words = ngettext("{count} text was added.", "{count} texts were added.", count)
        self.register.notify(words.format(count=count))
        self.load()

    @run_once
    async def action_give(self) -> None:
        """Record who was given a version of the notice."""
        listed = self.query_one(VirtualList)
        version: int | None = None
        people: tuple[str, ...] = ()
        if self._shelf == "notices":
            row = listed.current
            version = int(row.key) if row is not None and row.key != DRAFT else None
        else:
            current = (listed.current.key,) if listed.current is not None else ()
            people = tuple(sorted(listed.marked, key=int)) or current
        with self._question():
            given = await give(self, version, people)
        if given is not None:
            listed.marked = set()
            self.load()

    @contextmanager
    def _question(self) -> Iterator[None]:
        self._asking = True
        try:
            yield
        finally:
            self._asking = False


async def confirm(room: AppScreen, codes: tuple[str, ...]) -> bool:
    """Ask whether notes and periods were read; then they are the firm's own."""
    text = _(
        "Confirm that you have read the balancing test and the periods and that they apply "
        "to your firm. The texts of the starter register are proposals."
    )
    title = ", ".join(codes) if codes else _("Confirm all pending")
    if not await room.app.push_screen_wait(Confirm(title, text, yes=_("Confirm"))):
        return False
    lines = await room.desk.ask(lambda register: register.purposes.confirm(codes))
    words = ngettext("{count} purpose is confirmed.", "{count} purposes are confirmed.", len(lines))
    room.register.notify(words.format(count=len(lines)))
    return True
