"""A list of any length that draws and fetches only the rows that are seen.

A table widget that takes all rows needs twelve seconds for a hundred thousand; this one needs what
an empty screen needs, and it opens no row that nobody looks at.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, ClassVar, Final, NamedTuple

from rich.cells import cell_len, set_cell_size
from rich.segment import Segment
from rich.style import Style
from textual.geometry import Size
from textual.message import Message
from textual.scroll_view import ScrollView
from textual.strip import Strip

from tui.key_bindings import bindings
from tui.safe import one_line

if TYPE_CHECKING:
    from collections.abc import Awaitable, Callable, Sequence

    from textual import events
    from textual.geometry import Region

_PAGE: Final = 64
_GAP: Final = 2


class Column(NamedTuple):
    """A column: its name, its heading, its width in cells, and how soon it gives way.

    The column of width 0 takes what the others leave, but `least`. With too little room the
    columns of the highest `rank` are not shown.
    """

    name: str
    heading: str
    width: int
    rank: int = 0
    right: bool = False
    least: int = 12


class Row(NamedTuple):
    """A row: what it is known by, a cell for each column, and a class of style or nothing."""

    key: str
    cells: tuple[str, ...]
    style: str = ""


def laid_out(columns: Sequence[Column], width: int) -> list[tuple[int, int]]:
    """Return which columns fit into `width` cells, as pairs of position and width."""
    shown = sorted(
        range(len(columns)),
        key=lambda place: (columns[place].rank, bool(columns[place].width), place),
    )
    while len(shown) > 1:
        needed = sum(columns[place].width or columns[place].least for place in shown)
        needed += _GAP * (len(shown) - 1)
        if needed <= width:
            break
        shown.pop()
    shown.sort()
    fixed = sum(columns[place].width for place in shown) + _GAP * (len(shown) - 1)
    flexible = [place for place in shown if not columns[place].width]
    least = min(12, width)
    share = max(least, (width - fixed) // len(flexible)) if flexible else 0
    return [(place, columns[place].width or share) for place in shown]


def fitted(text: str, width: int, *, right: bool = False) -> str:
    """Cut or pad text of one line to exactly `width` cells; a cut one ends with an ellipsis."""
    length = cell_len(text)
    if length > width:
        return set_cell_size(set_cell_size(text, max(0, width - 1)).rstrip() + "…", width)
    return " " * (width - length) + text if right else text + " " * (width - length)


class VirtualList(ScrollView, can_focus=True, inherit_bindings=False):
    """Shows rows by their place; `fetch(start, count)` brings those that come into sight."""

    BINDINGS = bindings("list")
    COMPONENT_CLASSES: ClassVar = {
        "virtual-list--heading",
        "virtual-list--cursor",
        "virtual-list--marked",
        "virtual-list--warning",
        "virtual-list--quiet",
    }
    DEFAULT_CSS = """
    VirtualList { height: 1fr; overflow-x: hidden; }
    VirtualList > .virtual-list--heading { text-style: bold; color: $text-muted; }
    VirtualList > .virtual-list--cursor { background: $primary 30%; text-style: bold; }
    VirtualList:focus > .virtual-list--cursor { background: $primary; color: $text; }
    VirtualList > .virtual-list--marked { color: $accent; text-style: bold; }
    VirtualList > .virtual-list--warning { color: $warning; }
    VirtualList > .virtual-list--quiet { color: $text-muted; }
    """

    class Opened(Message):
        """Enter was pressed on a row."""

        def __init__(self, sender: VirtualList, key: str) -> None:
            """Name the list and the row."""
            super().__init__()
            self.sender, self.key = sender, key

        @property
        def control(self) -> VirtualList:
            """The list, so that handlers can name it."""
            return self.sender

    class Moved(Opened):
        """The cursor stands on another row."""

    class Marked(Message):
        """A mark was set or taken away."""

    def __init__(
        self,
        columns: Sequence[Column] = (),
        fetch: Callable[[int, int], Awaitable[Sequence[Row]]] | None = None,
        *,
        name: str | None = None,
        id: str | None = None,  # noqa: A002 - Textual's own word
        classes: str | None = None,
    ) -> None:
        """Take the columns; rows come by `fetch`, or all at once by `fill`."""
        super().__init__(name=name, id=id, classes=classes)
        self.columns = tuple(columns)
        self.marked: set[str] = set()
        self.count = 0
        self.cursor = 0
        self._fetch = fetch
        self._pages: dict[int, tuple[Row, ...]] = {}
        self._asked: set[int] = set()
        self._turn = 0
        # Of the drawing that goes on: how a bare line looks, and which columns fit.
        self._ground = Style.null()
        self._shape: list[tuple[int, int]] = []

    @property
    def current(self) -> Row | None:
        """The row under the cursor, or None while there is none."""
        return self._row(self.cursor)

    def fill(self, rows: Sequence[Row], *, keep: bool = False) -> None:
        """Show these rows and no others; `keep` the cursor where it stands."""
        kept = tuple(rows)

        async def fetch(start: int, count: int) -> Sequence[Row]:
            return kept[start : start + count]

        self._fetch = fetch
        pages = {page: kept[page * _PAGE : (page + 1) * _PAGE] for page in (0, 1)}
        self.show(len(kept), pages, keep=keep)

    def show(
        self,
        count: int,
        pages: dict[int, tuple[Row, ...]] | None = None,
        *,
        keep: bool = False,
    ) -> None:
        """Show `count` rows from now on, forgetting those that were fetched; `keep` the cursor."""
        self._turn += 1
        self._pages = dict(pages or {})
        self._asked = set()
        self.count = count
        self.virtual_size = Size(0, count + 1)
        self.move_to(min(self.cursor, count - 1) if keep else 0)
        self.refresh()

    def grow(self, count: int) -> None:
        """Show `count` rows, of which the first are those that are shown already."""
        self.count = count
        self.virtual_size = Size(0, count + 1)
        self.refresh()

    def set_columns(self, columns: Sequence[Column]) -> None:
        """Show other columns; the rows must come anew, for their cells follow the columns."""
        self.columns = tuple(columns)
        self.refresh()

    def render_lines(self, crop: Region) -> list[Strip]:
        """Draw the lines that are wanted; what is the same for all of them is found out once."""
        self._ground = self.rich_style
        self._shape = laid_out(self.columns, max(1, self.scrollable_content_region.width - 2))
        return super().render_lines(crop)

    def render_line(self, y: int) -> Strip:
        """Draw the heading, or the row that stands on line `y` of the window."""
        width = self.scrollable_content_region.width
        if y == 0:
            style = self.get_component_rich_style("virtual-list--heading")
            # Labels of cards and forms serve as headings too, and begin small there.
            headings = [c.heading[:1].upper() + c.heading[1:] for c in self.columns]
            return Strip([Segment(self._line(headings, width), style)])
        place = y - 1 + self.scroll_offset.y
        if place >= self.count:
            return Strip.blank(width, self._ground)
        row = self._row(place)
        if row is None:
            self._want(place // _PAGE)
            return Strip([Segment(fitted("…", width), self._ground)])
        return Strip([Segment(self._line(row.cells, width, row.key), self._style(row, place))])

    def _line(self, cells: Sequence[str], width: int, key: str | None = None) -> str:
        mark = "▌" if key is not None and key in self.marked else " "
        parts = [
            fitted(one_line(cells[place]), size, right=self.columns[place].right)
            for place, size in self._shape
            if place < len(cells)
        ]
        return fitted(mark + (" " * _GAP).join(parts), width)

    def _style(self, row: Row, place: int) -> Style:
        style = self._ground
        if row.style:
            style += self.get_component_rich_style(f"virtual-list--{row.style}", partial=True)
        if row.key in self.marked:
            style += self.get_component_rich_style("virtual-list--marked", partial=True)
        if place == self.cursor:
            style += self.get_component_rich_style("virtual-list--cursor", partial=True)
        return style

    def _row(self, place: int) -> Row | None:
        page = self._pages.get(place // _PAGE)
        inside = place % _PAGE
        return page[inside] if page is not None and inside < len(page) else None

    def _want(self, page: int) -> None:
        if page in self._asked or self._fetch is None:
            return
        self._asked.add(page)
        self.run_worker(self._bring(page, self._turn), group=f"page-{id(self)}")

    async def _bring(self, page: int, turn: int) -> None:
        if self._fetch is None:
            return
        rows = await self._fetch(page * _PAGE, _PAGE)
        if turn == self._turn:
            self._pages[page] = tuple(rows)
            self.refresh()
            if self.cursor // _PAGE == page:
                self._tell_moved()

    def move_to(self, place: int) -> None:
        """Put the cursor on a row, as near as there is one, and bring it into sight."""
        self.cursor = max(0, min(place, self.count - 1))
        self._bring_into_sight()
        self.refresh()
        self._tell_moved()

    def on_resize(self) -> None:
        """Keep the cursor in sight when there is less room, as while a notice stands below."""
        self._bring_into_sight()

    def _bring_into_sight(self) -> None:
        height = max(1, self.scrollable_content_region.height - 1)
        top = self.scroll_offset.y
        if self.cursor < top:
            self.scroll_to(y=self.cursor, animate=False)
        elif self.cursor >= top + height:
            self.scroll_to(y=self.cursor - height + 1, animate=False)

    def _tell_moved(self) -> None:
        row = self.current
        if row is not None and self.is_attached:
            self.post_message(self.Moved(self, row.key))

    def on_click(self, event: events.Click) -> None:
        """Move to the row that was clicked; a second click opens it."""
        place = event.y - 1 + self.scroll_offset.y
        if 0 <= place < self.count and event.y:
            if place == self.cursor:
                self.action_open()
            else:
                self.move_to(place)

    def action_cursor_up(self) -> None:
        """Go one row up."""
        self.move_to(self.cursor - 1)

    def action_cursor_down(self) -> None:
        """Go one row down."""
        self.move_to(self.cursor + 1)

    def action_page_up(self) -> None:
        """Go up by what is seen."""
        self.move_to(self.cursor - max(1, self.scrollable_content_region.height - 2))

    def action_page_down(self) -> None:
        """Go down by what is seen."""
        self.move_to(self.cursor + max(1, self.scrollable_content_region.height - 2))

    def action_top(self) -> None:
        """Go to the first row."""
        self.move_to(0)

    def action_bottom(self) -> None:
        """Go to the last row."""
        self.move_to(self.count - 1)

    def action_open(self) -> None:
        """Say that the row under the cursor is wanted."""
        if (row := self.current) is not None:
            self.post_message(self.Opened(self, row.key))

    def action_mark(self) -> None:
        """Mark the row under the cursor, or take its mark away, and go on to the next."""
        if (row := self.current) is not None:
            self.marked ^= {row.key}
            self.move_to(self.cursor + 1)
            self.post_message(self.Marked())
