"""The list of one kind of record: searched, narrowed, sorted, entered, corrected, moved on."""

from __future__ import annotations

from dataclasses import replace
from typing import TYPE_CHECKING

from crm.i18n import _
from crm.shape.cards import RecordQuery
from crm.shape.parsing import said
from tui.app_screen import run_once, task
from tui.dialogs.asking import AskText, Choose
from tui.dialogs.filling import Sift, pick, worded
from tui.dialogs.reading import ReadingBox
from tui.dialogs.screen_kinds import ListScreen
from tui.key_bindings import bindings
from tui.shaped.record_form import edit_form, new_form
from tui.shaped.record_rows import columns_of, kind_of, parts_of, row_of

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence

    from crm.kartoteka import Kartoteka
    from crm.shape.cards import RecordCard, RecordList, RecordUndo
    from tui.dialogs.filling import BoxField
    from tui.widgets.virtual_list import Column, Row, VirtualList

_PAGE = 64
_STATE = "state"
_ALL = ("", "–")


class RecordsScreen(ListScreen):
    """Records of one kind, of all clients or of one; Enter shows one whole."""

    AREA = "clients"
    ABOVE = (("count", "question--title"),)
    BELOW = (("where", "muted"),)
    FETCHES = True
    BINDINGS = bindings("back", "records")

    def __init__(self, noun: str, number: int | None = None) -> None:
        """Show the kind called `noun`, of the client with this number if there is one."""
        super().__init__()
        self._kind, self._number = kind_of(noun), number
        self._query = RecordQuery(who=None if number is None else str(number))
        self._cards: dict[str, RecordCard] = {}
        self._total = 0
        self._undo: RecordUndo | None = None

    def columns(self) -> tuple[Column, ...]:
        """Return those of the kind."""
        return columns_of(self._kind, clients=self._number is None)

    def check_action(self, action: str, parameters: tuple[object, ...]) -> bool | None:
        """Hide what the user's roles, or the record under the cursor, do not allow."""
        if action in {"new", "edit", "move", "undo"} and not self._may_write():
            return False
        if action == "undo" and self._undo is None:
            return False
        if action in {"edit", "reveal"} and self._current() is None:
            return False
        if action == "move" and not self._moves():
            return False
        return super().check_action(action, parameters)

    @task
    async def load(self) -> None:
        """Ask for the first page; that somebody read it is an entry in the log."""
        found = await self._ask(replace(self._query, limit=_PAGE))
        self._total = found.total
        self.listed.show(found.total, {0: tuple(self._rows(found))}, keep=True)
        said = _(self._kind.many) + f" ({found.total})"
        self.write("count", " · ".join([said, *self._narrowed()]))
        if not found.total:
            self.write("where", _(self._kind.none))
        self.refresh_bindings()

    async def fetch(self, start: int, count: int) -> Sequence[Row]:
        """Bring records, each once it is seen."""
        return self._rows(await self._ask(replace(self._query, start=start, limit=count)))

    async def _ask(self, query: RecordQuery) -> RecordList:
        kind = self._kind

        def ask(register: Kartoteka) -> RecordList:
            return register.records(kind).list(query)

        return await self.desk.ask(ask)

    def _rows(self, found: RecordList) -> list[Row]:
        self._cards |= {str(card.number): card for card in found.cards}
        return [row_of(self._kind, card, self.listed.columns) for card in found.cards]

    def _narrowed(self) -> list[str]:
        """Say in words what the list is narrowed by, and how it is sorted."""
        query, kind = self._query, self._kind
        said = [f"“{query.text}”"] if query.text else []
        said += [_(kind.state_word(query.state))] if query.state else []
        said += [_(kind.field(name).word(code)) for name, code in query.equals.items()]
        if query.sort != "number" or query.descending:
            sign = self.register.sign("▼" if query.descending else "▲", "")
            said.append(f"{self._sorts()[query.sort]} {sign}".rstrip())
        return said

    def on_virtual_list_moved(self, event: VirtualList.Moved) -> None:
        """Say what the long texts of the record under the cursor begin with."""
        card = self._cards.get(event.key)
        shown = {one.name for one in self._kind.columns}
        parts = [] if card is None else [
            f"{_(one.label)}: {said(one, card.values[one.name])}"
            for one in self._kind.fields
            if one.name not in shown and card.values[one.name]
        ]  # fmt: skip
        self.write("where", " · ".join(parts))
        self.refresh_bindings()

    def on_virtual_list_opened(self, event: VirtualList.Opened) -> None:
        """Show the record whole."""
        self._read(int(event.key), reveal=False)

    def action_reveal(self) -> None:
        """Show the record with what is behind the dots, which is an entry in the log."""
        if (card := self._current()) is not None:
            self._read(card.number, reveal=True)

    @run_once
    async def _read(self, number: int, *, reveal: bool) -> None:
        kind = self._kind

        def show(register: Kartoteka) -> RecordCard:
            return register.records(kind).show(number, reveal=reveal)

        card = await self.desk.ask(show)
        await self.app.push_screen_wait(ReadingBox(f"{_(kind.one)} {number}", parts_of(kind, card)))

    @run_once
    async def action_new(self) -> None:
        """Enter a record."""
        form = new_form(self._kind, self.desk, self.register.writes, self._number)
        if card := await self.app.push_screen_wait(form):
            self._changed(card)

    @run_once
    async def action_edit(self) -> None:
        """Correct the record under the cursor."""
        card = self._current()
        if card is not None:
            form = edit_form(self._kind, self.desk, self.register.writes, card)
            if changed := await self.app.push_screen_wait(form):
                self._changed(changed)

    @run_once
    async def action_move(self) -> None:
        """Take the record under the cursor to another state."""
        card, moves = self._current(), self._moves()
        if card is None or not moves:
            return
        title = f"{_(self._kind.one)} {card.number}"
        verb = await self.app.push_screen_wait(Choose(title, moves))
        if verb is not None:
            kind, number = self._kind, card.number
            done = await self.desk.ask(lambda register: register.records(kind).move(number, verb))
            self._changed(done)

    @run_once
    async def action_undo(self) -> None:
        """Put back what the last correction or move on this screen took away."""
        undo, kind = self._undo, self._kind
        if undo is not None:
            done = await self.desk.ask(lambda register: register.records(kind).undo(undo))
            self._changed(replace(done, undo=None))
            told = _("Undone: {record} is as it was before the last change here.")
            self.register.notify(told.format(record=f"{_(kind.one)} {done.number}"))

    def _changed(self, card: RecordCard) -> None:
        """Show the list anew, and offer to put back what the last change took away."""
        self._undo = card.undo
        self.load()

    @run_once
    async def action_search(self) -> None:
        """Show only records that hold a text or a number."""
        asked = AskText(
            _(self._kind.many), _("Part of its content, or a number."), value=self._query.text
        )
        text = await self.app.push_screen_wait(asked)
        if text is not None:
            self._show(replace(self._query, text=text.strip()))

    @run_once
    async def action_filter(self) -> None:
        """Show only records in a state or with a code."""
        fields, states = self._filters(), self._kind.states
        if not fields:
            return

        async def chosen(values: Mapping[str, str]) -> bool:
            codes = {name: code for name, code in values.items() if code and name != _STATE}
            state = values.get(_STATE) or None if states is not None else None
            self._show(replace(self._query, state=state, equals=codes))
            return True

        await self.app.push_screen_wait(Sift(_(self._kind.many), fields, chosen))

    @run_once
    async def action_sort(self) -> None:
        """Sort by another column; by the same one again, the other way round."""
        sorts, query = self._sorts(), self._query
        title = _("Sort by")
        chosen = await self.app.push_screen_wait(Choose(title, [*sorts.items()], now=query.sort))
        if chosen is not None:
            descending = chosen == query.sort and not query.descending
            self._show(replace(query, sort=chosen, descending=descending))

    def _show(self, query: RecordQuery) -> None:
        self._query = query
        self.load()

    def _filters(self) -> list[BoxField]:
        kind, query = self._kind, self._query
        fields = []
        if kind.states is not None:
            states = worded(kind.states.words)
            fields.append(pick(_STATE, _("state"), [_ALL, *states], query.state))
        return fields + [
            pick(one.name, _(one.label), [_ALL, *worded(one.codes)], query.equals.get(one.name))
            for one in kind.fields
            if one.codes
        ]

    def _sorts(self) -> dict[str, str]:
        """Name what the list can be sorted by; nothing that is hidden from the user."""
        reads = self.register.reads
        found = {"number": _("number"), "client": _("client")}
        found |= {_STATE: _("state")} if self._kind.states is not None else {}
        return found | {
            one.name: _(one.label)
            for one in self._kind.fields
            if one.item is None or one.item.category.code in reads
        }

    def _moves(self) -> list[tuple[str, str]]:
        card, states = self._current(), self._kind.states
        if card is None or states is None:
            return []
        return [(one.verb, _(one.words)) for one in states.moves if card.state in one.before]

    def _current(self) -> RecordCard | None:
        return self._cards.get(self.key or "")

    def _may_write(self) -> bool:
        return self.register.user_may(write=self._kind.category.code)
