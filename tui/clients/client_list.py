"""The list of clients: the start screen, searched as one types."""

from __future__ import annotations

import asyncio
from dataclasses import replace
from typing import TYPE_CHECKING, ClassVar, Final

from textual.containers import Horizontal, Vertical, VerticalScroll
from textual.content import Content
from textual.widgets import Input, Static

from crm.i18n import _
from crm.lists import words
from crm.lists.cards import SORTS, Listing, ListQuery
from crm.parties.words import named
from tui.app_screen import run_once, task
from tui.clients.list_choices import ask_columns, ask_filters
from tui.clients.list_rows import (
    columns,
    facts,
    hits,
    marks_hint,
    marks_said,
    narrowed,
    permitted,
    row,
)
from tui.clients.today_words import due_line
from tui.dialogs.asking import Choose
from tui.dialogs.filling import worded
from tui.dialogs.screen_kinds import ListScreen
from tui.key_bindings import bindings
from tui.safe import line
from tui.shaped.record_rows import kinds_for
from tui.widgets.virtual_list import Row, VirtualList

if TYPE_CHECKING:
    from collections.abc import Sequence

    from textual.app import ComposeResult
    from textual.timer import Timer

    from crm.lists.cards import Agenda, Choices, ListRow
    from crm.shape.description import Shape
    from tui.widgets.virtual_list import Column

# A search is over, and put on record, when no key was pressed for so many seconds.
_PAUSE: Final = 1.0
# Between two looks at what is due the desk is left to whoever types.
_BREATH: Final = 0.03
_IDENTITY: Final = "identity"
_EVIDENCE: Final = "evidence"


class ClientsScreen(ListScreen):
    """A search box over a list of all parties, with what is due above it."""

    AREA = "clients"
    LOADED = "otherwise"
    WRITES: ClassVar = {**dict.fromkeys(("new", "edit", "import"), _IDENTITY), "told": _EVIDENCE}
    BINDINGS = bindings("clients")

    def __init__(self) -> None:
        """Begin with the order the user likes and no filter."""
        super().__init__()
        self._wish = ListQuery()
        self._listing = Listing(0, 0, done=False)
        self._total = 0
        self._lines: dict[str, ListRow] = {}
        self._choices: Choices | None = None
        self._noting: Timer | None = None
        self._agenda: Agenda | None = None

    def drawn(self) -> ComposeResult:
        """Draw what is due, the search box, the list, the panes, the number of hits."""
        sort = self.register.preferences.sorting.get(self._user, SORTS[0])
        self._wish = replace(self._wish, sort=sort if sort in SORTS else SORTS[0])
        yield Static("", id="due")
        with Horizontal(id="search-row"):
            yield Static(line("/"), id="search-sign")
            yield Input(placeholder=_("part of a name, a number"), id="search", compact=True)
        with Horizontal(id="clients"):
            with Vertical(id="roll"):
                yield VirtualList(self.columns(), self.fetch)
                yield Static(line(_("Loading names…")), id="empty")
            with VerticalScroll(id="facts", can_focus=False):
                yield Static("", id="fact-lines")
            with VerticalScroll(id="permitted", can_focus=False):
                yield Static("", id="permitted-lines")
        yield Static("", id="hits", classes="muted")

    def on_screen_resume(self) -> None:
        """Load after the first paint, and anew after another screen was over this one."""
        if not self.is_asked:
            self.call_after_refresh(self.load)

    def on_screen_suspend(self) -> None:
        """Put the search on record before somebody goes on to a card."""
        self._note_now()

    def check_action(self, action: str, parameters: tuple[object, ...]) -> bool | None:
        """Leave out records where there is no kind of them."""
        if action == "records":
            return bool(self._kinds())
        return super().check_action(action, parameters)

    def action_search(self) -> None:
        """Go to the search box."""
        self.query_one("#search").focus()

    def on_resize(self) -> None:
        """Fill the panes that came into sight, and say what is due in the room there is."""
        self.call_after_refresh(self._side)
        if self._agenda is not None:
            due = line(due_line(self._agenda, self.register, self.size.width - 2))
            self.query_one("#due", Static).update(due, layout=False)

    def action_clear(self) -> None:
        """Take away the text, then the filters, then the marks, and go to the list."""
        typed = self.query_one("#search", Input)
        shown = self.listed
        if typed.value:
            typed.value = ""
        elif self._wish.filtered:
            self._wish = ListQuery(sort=self._wish.sort)
            self.show()
        elif not typed.has_focus:
            shown.marked.clear()
            shown.refresh()
            self._count()
        shown.focus()

    @run_once
    async def action_new(self) -> None:
        """Enter a client."""
        kinds = [("legal", _("A company")), ("natural", _("A person"))]
        kind = await self.app.push_screen_wait(Choose(_("Client"), kinds))
        if kind is not None:
            self.register.visit("client-new", kind)

    def action_edit(self) -> None:
        """Correct the client under the cursor."""
        if (one := self._current()) is not None:
            self.register.visit("client-edit", one.line.number)

    def _kinds(self) -> tuple[Shape, ...]:
        me = self.register.me
        return kinds_for(me.reads) if me is not None else ()

    @run_once
    async def action_records(self) -> None:
        """Go to the records of a kind; of several, somebody chooses one."""
        kinds = self._kinds()
        if not kinds:
            return
        noun: str | None = kinds[0].noun
        if len(kinds) > 1:
            choices = [(one.noun, _(one.many)) for one in kinds]
            noun = await self.app.push_screen_wait(Choose(_("Records"), choices))
        if noun is not None:
            self.register.visit("records", noun)

    def action_import(self) -> None:
        """Take in a file."""
        self.register.visit("import")

    @run_once
    async def action_export(self) -> None:
        """Write a file, of those who are marked or of all."""
        self.register.visit("export", await self._marked())

    @run_once
    async def action_told(self) -> None:
        """Put on record that the marked were told, or who is under the cursor."""
        from tui.transparency.notice_forms import give, give_marked  # noqa: PLC0415 - paint the list first

        done: object = None
        if people := await self._marked():
            done = await give_marked(self, people)
        elif (one := self._current()) is not None:
            done = await give(self, None, (str(one.line.number),))
        if done is not None:
            self.listed.marked.clear()
            self.listed.refresh()
            self._count()
            self.look_ahead()

    async def _marked(self) -> tuple[int, ...]:
        """Return the numbers of the marked; the marks of those who are gone are taken away."""
        asked = frozenset(self.listed.marked)
        if not asked:
            return ()
        found = await self.desk.look(lambda register: register.client_list.numbers(asked))
        self.listed.marked -= asked - found.keys()
        return tuple(sorted(found.values()))

    @run_once
    async def action_sort(self) -> None:
        """Choose another order and remember it."""
        offered = worded(words.SORTS)
        question = Choose(_("Sort by"), offered, now=self._wish.sort)
        sort = await self.app.push_screen_wait(question)
        if sort is not None:
            self._wish = replace(self._wish, sort=sort)
            self.register.prefer(self.register.preferences.with_sorting(self._user, sort))
            self.listed.set_columns(self.columns())
            self.show()

    @run_once
    async def action_filter(self) -> None:
        """Choose what the list is narrowed to."""
        self._choices = await self.desk.look(lambda register: register.client_list.choices())
        query = await ask_filters(self.register, self._wish, self._choices)
        if query is not None:
            self._wish = query
            self.show()

    @run_once
    async def action_columns(self) -> None:
        """Choose the columns and remember them."""
        names = await ask_columns(self.register, [column.name for column in self.columns()])
        if names is not None:
            self.register.prefer(self.register.preferences.with_columns(self._user, names))
            self.listed.set_columns(self.columns())
            self.show(keep=True)

    @task
    async def action_mark_all(self) -> None:
        """Mark everybody in the list, or take all marks away once they are marked."""
        turn = self._listing.turn
        found = set(await self.desk.look(lambda register: register.client_list.ids(turn)))
        marked = self.listed.marked
        if found <= marked:
            marked -= found
        else:
            marked |= found
        self.listed.refresh()
        self._count()

    def on_input_changed(self, event: Input.Changed) -> None:
        """Search as one types."""
        if event.value != self._wish.text:
            self._wish = replace(self._wish, text=event.value)
            self.show()

    def on_input_submitted(self) -> None:
        """Go to the list."""
        self.listed.focus()

    def on_virtual_list_opened(self, event: VirtualList.Opened) -> None:
        """Open the card."""
        if (one := self._lines.get(event.key)) is not None and one.line.number:
            self.register.visit("card", one.line.number)

    def on_virtual_list_moved(self) -> None:
        """Show beside the list what it knows of the line under the cursor."""
        self._side()

    def on_virtual_list_marked(self) -> None:
        """Count the marks."""
        self._count()

    @task
    async def load(self) -> None:
        """Open the names, show the list, then look what is due."""
        fresh = self._total > 0
        if not fresh:
            # Somebody may have come since it was said that there is nobody.
            self.write("empty", _("Loading names…"))
        self._total = await self.desk.look(lambda register: register.client_list.load())
        await self._marked()
        self.show(keep=fresh, fresh=True)
        self.look_ahead()

    @task
    async def show(self, *, keep: bool = False, fresh: bool = False) -> None:
        """Show what the query finds: the first lines at once, the count when it is known."""
        query = self._wish
        shown = self.listed
        # What is not seen is opened once it comes into sight.
        seen = shown.size.height or self.size.height
        listing, lines = await self.desk.look(
            lambda register: (
                now := register.client_list.open(query, fresh=fresh),
                register.client_list.page(now.turn, 0, seen) if now.count or now.done else (),
            )
        )
        while not listing.count and not listing.done:
            listing, lines = await self._more(listing, seen)
        self._listing = listing
        self._lines = {}
        shown.show(listing.count, {0: tuple(self._rows(lines))} if lines else None, keep=keep)
        self._count()
        self._side()
        self._note_soon()
        if not self._listing.done:
            # Whoever goes on typing does not want to know how many there are.
            await asyncio.sleep(_BREATH)
        while not self._listing.done:
            self._listing, _none = await self._more(self._listing)
        shown.grow(self._listing.count)
        self._count()

    @task
    async def look_ahead(self) -> None:
        """Find what is due, a little at a time, and say so above the list."""
        agenda: Agenda = await self.desk.look(lambda register: register.agenda.look(again=True))
        while not agenda.done:
            await asyncio.sleep(_BREATH if self._noting is None else _PAUSE)
            agenda = await self.desk.look(lambda register: register.agenda.look())
        self._agenda = agenda
        self.on_resize()

    @task
    async def note(self, query: ListQuery, count: int) -> None:
        """Put on record that somebody looked."""
        await self.desk.ask(lambda register: register.client_list.note(query, count))

    async def _more(self, listing: Listing, seen: int = 0) -> tuple[Listing, tuple[ListRow, ...]]:
        turn = listing.turn
        going_on = await self.desk.look(lambda register: register.client_list.more(turn))
        if going_on is None:
            return replace(listing, done=True), ()
        if not seen or not going_on.count:
            return going_on, ()
        page = await self.desk.look(lambda register: register.client_list.page(turn, 0, seen))
        return going_on, page

    async def fetch(self, start: int, count: int) -> Sequence[Row]:
        """Bring lines, each once it is seen."""
        turn = self._listing.turn
        lines = await self.desk.look(lambda register: register.client_list.page(turn, start, count))
        return self._rows(lines)

    def _rows(self, lines: Sequence[ListRow]) -> list[Row]:
        self._lines.update((one.line.id, one) for one in lines)
        shown = self.listed.columns
        return [row(one, shown, self.register) for one in lines]

    def _current(self) -> ListRow | None:
        one = self._lines.get(self.key or "")
        return one if one is not None and one.line.number else None

    def _side(self) -> None:
        one = self._current()
        if self.query_one("#facts").display:
            known = Content("") if one is None else facts(one, self.register)
            self.query_one("#fact-lines", Static).update(known)
        if self.query_one("#permitted").display:
            may = Content("") if one is None else permitted(one, self.register)
            self.query_one("#permitted-lines", Static).update(may)

    def _count(self) -> None:
        shown = self.listed
        query, listing = self._wish, self._listing
        parts = [hits(listing, query, self._total)]
        if marked := len(shown.marked):
            # First, so that no window is too narrow for it.
            parts.insert(0, marks_said(marked))
        if told := narrowed(query, self._named):
            parts.append(_("filter: {words}").format(words=", ".join(told)))
        if query.text or query.filtered:
            parts.append(_("Esc clears"))
        if marked:
            parts.append(marks_hint(may_tell=self.register.user_may(write=_EVIDENCE)))
        self.query_one("#hits", Static).update(line(" · ".join(parts)), layout=False)
        empty = self.query_one("#empty", Static)
        none = listing.done and not listing.count
        if none:
            empty.update(line(self._nothing()))
        empty.display = none
        # It keeps the keys that it has: on a screen without any the first one would be held back.
        shown.set_class(none, "-none")

    def _nothing(self) -> str:
        if self._wish.text or self._wish.filtered:
            return _("No matches. Esc clears.")
        if self.register.user_may(write=_IDENTITY):
            return _("No clients yet: n adds one, i imports a list.")
        return _("No clients yet.")

    def _named(self, what: str, code: str) -> str:
        if self._choices is None:
            return code
        known = self._choices.relations if what == "relation" else self._choices.purposes
        return named(known.get(code, {}), code)

    def columns(self) -> tuple[Column, ...]:
        """Return the columns that the user likes."""
        chosen = self.register.preferences.columns.get(self._user, ())
        return columns(chosen, self._wish.sort)

    @property
    def _user(self) -> str:
        me = self.register.me
        return "" if me is None else me.name

    def _note_soon(self) -> None:
        if self._noting is not None:
            self._noting.stop()
        self._noting = self.set_timer(_PAUSE, self._note_now)

    def _note_now(self) -> None:
        if self._noting is not None:
            self._noting.stop()
            self._noting = None
            if self.desk.is_open and self._listing.done:
                self.note(self._wish, self._listing.count)
