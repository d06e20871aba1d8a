"""What the screens of a register have in common: the lines around them, lists, texts to read."""

from __future__ import annotations

from abc import abstractmethod
from typing import TYPE_CHECKING, ClassVar

from textual.containers import Vertical, VerticalScroll
from textual.screen import ModalScreen
from textual.widgets import Static

from crm.grounds.words import purpose_names
from crm.i18n import LANGUAGES, current
from gdpr.errors import NotFound
from tui.app_screen import AppScreen
from tui.dialogs.asking import Confirm
from tui.dialogs.reading import whole_row
from tui.safe import line, safe
from tui.widgets.dry_run import PlannedList
from tui.widgets.frame import Frame
from tui.widgets.key_bar import KeyBar
from tui.widgets.sheet import Sheet
from tui.widgets.virtual_list import VirtualList

if TYPE_CHECKING:
    from collections.abc import Callable, Iterable, Mapping, Sequence

    from textual.app import ComposeResult

    from crm.parties.cards import ClientCard
    from tui.widgets.sheet import Part
    from tui.widgets.virtual_list import Column, Row

    Lines = tuple[tuple[str, str], ...]


class FramedScreen(AppScreen):
    """A screen above the line of keys, and of an area's below the line of areas."""

    # The area that stands out in the first line; without one there is no such line.
    AREA: ClassVar[str] = ""
    # When it is loaded: "always" when somebody comes to it, "once", or "otherwise".
    LOADED: ClassVar[str] = "always"
    # action -> the duty that a user needs for it, or the category that must be open to writing.
    DUTIES: ClassVar[Mapping[str, str]] = {}
    WRITES: ClassVar[Mapping[str, str]] = {}
    is_asked = False

    def compose(self) -> ComposeResult:
        """Draw the lines around what a screen is about."""
        if self.AREA:
            yield Frame(self.AREA)
        yield from self.drawn()
        yield KeyBar()

    def drawn(self) -> ComposeResult:
        """Yield what the screen is about."""
        yield from ()

    def on_mount(self) -> None:
        """Load what is loaded once."""
        if self.LOADED == "once":
            self.load()

    def on_screen_suspend(self) -> None:
        """Know what stands over it now: a question changes nothing by itself."""
        app = self.app
        self.is_asked = isinstance(app.screen, ModalScreen) and self in app.screen_stack

    def on_screen_resume(self) -> None:
        """Show what is so now; what a question led to is loaded by whoever asked."""
        if self.LOADED == "always" and not self.is_asked:
            self.load()
        self.is_asked = False

    def load(self) -> object:
        """Bring what is shown."""

    def check_action(self, action: str, parameters: tuple[object, ...]) -> bool | None:
        """Leave out what the user's roles do not do; services decide for good."""
        needed = {"duty": self.DUTIES.get(action), "write": self.WRITES.get(action)}
        if any(needed.values()) and not self.register.user_may(**needed):
            return False
        return super().check_action(action, parameters)

    def write(self, name: str, words: str, *, lines: bool = False) -> None:
        """Let a line of the screen say something else, or `lines` of it."""
        self.query_one(f"#{name}", Static).update(safe(words) if lines else line(words))

    def counting(self, name: str, words: str) -> Callable[[int], None]:
        """Return what is told how much more is done: a line of the screen says how much it is."""
        # The line itself: whoever left meanwhile has none any more to look for.
        shown, reached = self.query_one(f"#{name}", Static), 0

        def report(done: int) -> None:
            nonlocal reached
            reached += done
            shown.update(line(words.format(count=reached)))

        return report

    async def sure(self, title: str, text: str = "", *, yes: str) -> bool:
        """Ask whether somebody means it; `yes` names what is done then."""
        return await self.app.push_screen_wait(Confirm(title, text, yes=yes)) is True

    async def about(self, number: int) -> tuple[ClientCard, dict[str, str]]:
        """Return the card of a party, and what each purpose is called."""
        card = await self.desk.ask(lambda register: register.clients.show(str(number)))
        purposes = await self.desk.ask(lambda register: register.purposes.listing())
        return card, purpose_names(purposes)

    async def about_still(self, number: int) -> tuple[ClientCard, dict[str, str]] | None:
        """Return the same, or leave: nothing of somebody erased meanwhile may stay to be read."""
        try:
            return await self.about(number)
        except NotFound:
            self.dismiss(None)
            return None


class ListScreen(FramedScreen):
    """A screen of one list, with lines above and below it."""

    AUTO_FOCUS = "VirtualList"
    # Lines that stand above and below the list, by name and look; they are written later.
    ABOVE: ClassVar[Lines] = ()
    BELOW: ClassVar[Lines] = ()
    FETCHES: ClassVar[bool] = False
    LIST: ClassVar[type[VirtualList]] = VirtualList

    def drawn(self) -> ComposeResult:
        """Draw the list and the lines around it."""
        yield from _lines(self.ABOVE)
        yield self.LIST(self.columns(), self.fetch if self.FETCHES else None)
        yield from _lines(self.BELOW)

    @abstractmethod
    def columns(self) -> tuple[Column, ...]:
        """Return the columns, with headings in the language in use."""

    async def fetch(self, start: int, count: int) -> Sequence[Row]:
        """Bring rows that came into sight, where they do not come all at once."""
        raise NotImplementedError

    @property
    def listed(self) -> VirtualList:
        """The list."""
        return self.query_one(VirtualList)

    @property
    def key(self) -> str | None:
        """What the row under the cursor is known by."""
        row = self.listed.current if self.is_mounted else None
        return None if row is None else row.key


class BoardScreen(ListScreen):
    """A list under a title, and beside or below it the row under the cursor in full."""

    ABOVE: ClassVar[Lines] = (("title", "title"),)
    LIST = PlannedList

    def drawn(self) -> ComposeResult:
        """Draw the title, the list, and room for one row."""
        yield from _lines(self.ABOVE)
        with Vertical(classes="board"):
            yield from self.boards()
            with VerticalScroll(id="board-detail", can_focus=False):
                yield Static("", id="detail")

    def boards(self) -> ComposeResult:
        """Yield the list."""
        yield self.LIST(self.columns())


class PlanScreen(FramedScreen):
    """A screen of what goes and what stays: Enter reads a line in full, and changes nothing."""

    def on_virtual_list_opened(self, event: VirtualList.Opened) -> None:
        """Show the whole line, for a narrow screen cuts it."""
        event.stop()
        row = event.control.current
        if row is not None and any(row.cells[1:]):
            self.app.push_screen(whole_row(event.control, row))
        else:
            event.control.action_cursor_down()


class SheetScreen(FramedScreen):
    """A screen to be read under its title, in one language after the other."""

    AREA = "papers"
    AUTO_FOCUS = "Sheet"

    def __init__(self) -> None:
        """Begin in the language in use."""
        super().__init__()
        self.language = current()

    def drawn(self) -> ComposeResult:
        """Draw the title and the sheet."""
        yield Static("", id="title", classes="question--title", markup=False)
        yield Sheet()

    async def show(self, title: str, parts: Iterable[Part]) -> None:
        """Show these parts from their beginning."""
        self.write("title", title)
        await self.query_one(Sheet).show(parts)

    def action_language(self) -> None:
        """Show it in the next language."""
        self.language = following(self.language)
        self.load()


def following(language: str) -> str:
    """Return the next of the program's languages, after the last the first."""
    return LANGUAGES[(LANGUAGES.index(language) + 1) % len(LANGUAGES)]


def _lines(named: Iterable[tuple[str, str]]) -> ComposeResult:
    return (Static("", id=name, classes=look, markup=False) for name, look in named)
