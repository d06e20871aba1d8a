"""What the firm must be able to show: purposes, relations, wordings, notices, who was told."""

from __future__ import annotations

from typing import TYPE_CHECKING, ClassVar, Final

from textual.content import Content
from textual.widgets import Static

from crm.i18n import _, ngettext
from tui.app_screen import run_once, task
from tui.dialogs.screen_kinds import FramedScreen, ListScreen
from tui.key_bindings import bindings
from tui.safe import one_line
from tui.transparency.notice_forms import give, publish
from tui.transparency.paper_lists import DRAFT, SHELVES
from tui.transparency.purpose_forms import new_purpose
from tui.transparency.wording import add_wording

if TYPE_CHECKING:
    from textual.app import ComposeResult

    from tui.widgets.virtual_list import Column, VirtualList

# action -> the lists it works in.
_WHERE: Final = {
    "new": {"purposes", "wordings", "notices"},
    "confirm": {"purposes"},
    "confirm_all": {"purposes"},
    "load": {"wordings"},
    "give": {"notices", "uninformed"},
}


class AreaTabs(Static):
    """Shows `p Purposes  r Relations …`."""

    def __init__(self) -> None:
        """Fill one line."""
        super().__init__(id="shelves", classes="shelves", markup=False)

    def open(self, code: str) -> None:
        """Let one stand out, by a sign as well as by its colour."""
        parts: list[tuple[str, str]] = []
        for name, shelf in SHELVES.items():
            here = name == code
            sign, word = "▸" if here else " ", one_line(_(shelf.word))
            parts += [(f"{sign}{shelf.key} ", "bold"), (f"{word} ", "reverse" if here else "")]
        self.update(Content.assemble(*parts))


class PapersScreen(ListScreen):
    """Five lists, of which one is open; Enter shows what a row stands for."""

    AREA = "papers"
    BELOW = (("hint", "muted"),)
    DUTIES: ClassVar = dict.fromkeys(("new", "confirm", "confirm_all", "load"), "purposes")
    WRITES: ClassVar = {"give": "evidence"}
    BINDINGS = bindings("papers")

    def __init__(self) -> None:
        """Begin with the purposes."""
        super().__init__()
        self._shelf = "purposes"

    def drawn(self) -> ComposeResult:
        """Draw the names of the lists, the open one, and what is to be done in it."""
        yield AreaTabs()
        yield from super().drawn()

    def columns(self) -> tuple[Column, ...]:
        """Return those of the open list."""
        return SHELVES[self._shelf].columns()

    def action_shelf(self, code: str) -> None:
        """Open another list."""
        if code != self._shelf:
            self._shelf = code
            self.listed.marked = set()
            # Nothing of the list before may be opened as if it were of this one.
            self.listed.fill(())
            self.query_one(AreaTabs).open(code)
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
        self.query_one(AreaTabs).open(self._shelf)
        rows = await self.desk.look(shelf.rows)
        self.listed.set_columns(shelf.columns())
        self.listed.fill(rows, keep=not anew)
        self.write("hint", shelf.hint(len(rows)))
        self.refresh_bindings()

    def check_action(self, action: str, parameters: tuple[object, ...]) -> bool | None:
        """Offer only what is done in the open list."""
        if action in _WHERE and self._shelf not in _WHERE[action]:
            return False
        return super().check_action(action, parameters)

    def on_virtual_list_opened(self, event: VirtualList.Opened) -> None:
        """Show what a row stands for."""
        if self._shelf == "notices":
            self.register.visit("notice", None if event.key == DRAFT else int(event.key))
        elif self._shelf == "uninformed":
            self.register.visit("card", int(event.key))
        else:
            self.register.visit(self._shelf.removesuffix("s"), event.key)

    @run_once
    async def action_new(self) -> None:
        """Enter a purpose, add a text, or publish the notice."""
        here = {"purposes": new_purpose, "wordings": add_wording, "notices": publish}
        if await here[self._shelf](self) is not None:
            self.load()

    @run_once
    async def action_confirm(self) -> None:
        """Make the note and periods of one purpose the firm's own, which was read before."""
        if (code := self.key) is not None:
            await self._confirm((code,))

    @run_once
    async def action_confirm_all(self) -> None:
        """Make every note and period that waits the firm's own."""
        await self._confirm(())

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
        key, marked = self.key, self.listed.marked
        version: int | None = None
        people: tuple[str, ...] = ()
        if self._shelf == "notices":
            version = None if key in {None, DRAFT} else int(key or 0)
        else:
            people = tuple(sorted(marked, key=int)) or (() if key is None else (key,))
        if await give(self, version, people) is not None:
            self.listed.marked = set()
            self.load()

    async def _confirm(self, codes: tuple[str, ...]) -> None:
        if await confirm(self, codes):
            self.load()


async def confirm(room: FramedScreen, codes: tuple[str, ...]) -> bool:
    """Ask whether notes and periods were read; then they are the firm's own."""
    text = _(
        "Confirm that you have read the balancing test and the periods and that they apply "
        "to your firm. The texts of the starter register are proposals."
    )
    title = ", ".join(codes) if codes else _("Confirm all pending")
    if not await room.sure(title, text, yes=_("Confirm")):
        return False
    lines = await room.desk.ask(lambda register: register.purposes.confirm(codes))
    words = ngettext("{count} purpose is confirmed.", "{count} purposes are confirmed.", len(lines))
    room.register.notify(words.format(count=len(lines)))
    return True
