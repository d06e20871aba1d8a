"""One party: what is known of it, why it is kept and until when, and what can be done about it."""

from __future__ import annotations

from typing import TYPE_CHECKING, Final

from textual.containers import Horizontal
from textual.content import Content
from textual.widgets import Static

from crm.dates import day_text
from crm.grounds.words import purpose_names, say_because
from crm.i18n import _
from crm.parties.words import named
from crm.shape.cards import RecordQuery
from gdpr.errors import KartotekaError, NotFound
from tui.app_screen import explain, run_once, task
from tui.dialogs.log_entry import entry_box
from tui.dialogs.reading import Tell, whole_row
from tui.key_bindings import bindings
from tui.parties import card_rows as rows_of
from tui.parties.card_actions import TABS, CardActions, TabAnswers
from tui.shaped.record_rows import RECORD, kinds_for, of_client
from tui.widgets.virtual_list import VirtualList

if TYPE_CHECKING:
    from collections.abc import Sequence

    from textual import events
    from textual.app import ComposeResult

    from crm.kartoteka import Kartoteka
    from crm.oversight.cards import LogLine
    from crm.shape.cards import RecordCard
    from crm.shape.description import Shape
    from tui.widgets.virtual_list import Column, Row

_WIDE: Final = 120
_ENTRIES: Final = 200


class CardScreen(CardActions):
    """The card of one party, in tabs; nothing masked is here before somebody asked for it."""

    AREA = "clients"
    LOADED = "otherwise"
    BINDINGS = bindings("back", "card")
    AUTO_FOCUS = "#fields"

    def drawn(self) -> ComposeResult:
        """Draw the header, the tabs, the fields, the lines of a tab, and what a line says."""
        yield Static("", id="card-name", markup=False)
        yield Static("", id="card-state", classes="muted", markup=False)
        yield Static("", id="card-warning", classes="warning", markup=False)
        yield Static("", id="card-tabs", markup=False)
        with Horizontal(id="card-body"):
            yield VirtualList(rows_of.overview_columns(), id="fields")
            yield VirtualList((), id="lines")
        yield Static("", id="card-detail", classes="muted", markup=False)

    def on_screen_resume(self) -> None:
        """Ask anew what another screen may have changed; after a question nothing has."""
        if not self.is_asked or self._held is None:
            self._revealed = False
            self.load()

    def on_resize(self, event: events.Resize) -> None:
        """Lay out anew; long values break at other places."""
        del event
        self.call_after_refresh(self._draw)

    @task
    async def load(self) -> None:
        """Ask for the card and for what its tab shows."""
        number, reveal = str(self._number), self._revealed

        def asked(register: Kartoteka) -> TabAnswers:
            card = register.clients.show(number, reveal=reveal)
            alike = {
                one for found in register.clients.duplicates_of(number) for one in found.numbers
            }
            bundles = {one.code: one for one in register.purposes.relations()}
            relations = [
                named(bundles[code].names, code) if code in bundles else code
                for code in card.relations
            ]
            purposes = purpose_names(register.purposes.listing())
            return TabAnswers(card, tuple(sorted(alike)), tuple(relations), purposes)

        try:
            self._held = await self.desk.ask(asked)
        except NotFound:
            # Erased meanwhile, from here or by somebody else: nothing of it may stay to be read.
            self._held = None
            self.dismiss(None)
            return
        if self._tab not in self._present():
            self._tab = "overview"
        await self._fetch()
        self.refresh_bindings()

    @task
    async def show_tab(self, tab: str) -> None:
        """Go to a tab and ask for what it shows."""
        self._tab = tab
        await self._fetch()
        self.refresh_bindings()

    async def _fetch(self) -> None:
        held, tab, number = self._held, self._right(), str(self._number)
        if held is None:
            return
        if tab not in held.loaded:
            if tab == "why":
                held.grounds = await self.desk.ask(lambda r: r.grounds.listing(number))
                told = await self.desk.ask(lambda r: r.clients.why(number, say_because))
                held.why = tuple(told["data"])
            elif tab == "consents":
                held.consents = await self.desk.ask(lambda r: r.consents.listing(number))
            elif tab == "notes":
                held.notes = await self.desk.ask(lambda r: r.notes.list(number))
            elif tab == "records":
                kinds = kinds_for(self.register.reads)
                held.records = await self.desk.ask(lambda r: _records(r, kinds, number))
            elif tab == "history":
                held.log = await self.desk.ask(lambda r: _entries(r, number))
            held.loaded.add(tab)
        self._draw()

    def _right(self) -> str:
        """Name what the second pane shows: beside the overview stands why all of it is kept."""
        if self._tab == "overview" and self.size.width >= _WIDE:
            return "why"
        return self._tab

    def _draw(self) -> None:
        held = self._held
        if held is None or not self.is_attached:
            return
        wide = self.size.width >= _WIDE
        if wide and self._tab == "overview" and "why" not in held.loaded:
            self.show_tab("overview")
        self._draw_head(held)
        fields, lines = (
            self.query_one("#fields", VirtualList),
            self.query_one("#lines", VirtualList),
        )
        left, right = wide or self._tab == "overview", wide or self._tab != "overview"
        fields.display, lines.display = left, right
        width = (self.size.width * 2 // 5 if wide else self.size.width) - 2
        if left:
            fields.fill(rows_of.overview(held.card, held.relations, width), keep=True)
        if right:
            columns, found = self._lines(held, self.size.width - (width if wide else 0))
            lines.set_columns(columns)
            lines.fill(found, keep=True)
        wanted = lines if self._tab != "overview" else fields
        if self.focused is not wanted and wanted.display:
            wanted.focus()
        if not (lines.count if right else fields.count):
            self._detail(self._empty())
        elif wanted.current is not None:
            self._tell(wanted.current.key)

    def _draw_head(self, held: TabAnswers) -> None:
        card = held.card
        name = card.name or (
            _("name erased")
            if "identity" in self.register.reads
            else _("your role cannot see names")
        )
        self.write("card-name", name)
        self.write("card-state", rows_of.state_line(card))
        warning = rows_of.warning_line(card, held.alike)
        self.write("card-warning", warning)
        self.query_one("#card-warning").display = bool(warning)
        parts: list[tuple[str, str]] = [(", ‹ ", "")]
        for tab in self._present():
            count = self._count(held, tab)
            words = f" {_(TABS[tab])}{f' ({count})' if count else ''} "
            parts.append((words, "reverse bold" if tab == self._tab else ""))
        parts.append((" › .", ""))
        self.query_one("#card-tabs", Static).update(Content.assemble(*parts))

    @staticmethod
    def _count(held: TabAnswers, tab: str) -> int:
        if tab == "contacts":
            return len(rows_of.lasting([*held.card.contacts, *held.card.works_at]))
        return (held.card.notes or 0) if tab == "notes" else 0

    def _lines(self, held: TabAnswers, width: int) -> tuple[tuple[Column, ...], list[Row]]:
        tab = self._right()
        if tab == "contacts":
            return rows_of.people(held.card)
        if tab == "why":
            return rows_of.reasons(held.grounds, held.why, held.purposes)
        if tab == "consents" and held.consents is not None:
            return rows_of.consents(held.consents, held.purposes)
        if tab == "notes":
            return rows_of.notes(held.notes, width)
        if tab == "records":
            return of_client(held.records)
        return rows_of.history(held.log)

    def _empty(self) -> str:
        said = {
            "contacts": self._nobody(),
            "consents": _("No consents yet; c opens where they are recorded."),
            "notes": _("No notes yet; n adds one."),
            "records": _("No records yet; n adds one."),
            "why": _("Nothing is stored."),
        }
        return said.get(self._tab, "")

    def _nobody(self) -> str:
        """Say that there is nobody, and n only where it enters one."""
        if self._held is not None and self._held.card.kind != "legal":
            return _("Contact person of no company.")
        if self.check_action("new", ()):
            return _("No contact persons yet; n adds one.")
        return _("No contact persons yet.")

    def on_virtual_list_moved(self, event: VirtualList.Moved) -> None:
        """Say more of the line under the cursor."""
        if event.sender is self.focused:
            self._tell(event.key)

    def _tell(self, key: str) -> None:
        self._detail(self._said_of(key))

    def _said_of(self, key: str) -> str:
        held = self._held
        kind, _colon, place = key.partition(":")
        text = ""
        if held is not None and kind == "why":
            text = rows_of.why_detail(held.why[int(place)], held.purposes)
        elif held is not None and kind == "ground":
            text = rows_of.ground_detail(held.grounds[int(place)])
        elif held is not None and held.consents is not None and kind == "consent":
            text = rows_of.consent_detail(held.consents.consents[int(place)])
        elif f"{kind}:" == rows_of.PARTY:
            text = _("Enter opens this card.")
        elif held is not None and kind in held.card.masked:
            text = _("v shows the masked values; this is logged.")
        return text

    def _detail(self, text: str) -> None:
        self.write("card-detail", text)

    @run_once
    async def _checked(self) -> None:
        """Note that what was guessed was looked at."""
        number = str(self._number)
        try:
            await self.desk.ask(lambda register: register.clients.checked(number))
        except KartotekaError as error:
            self.register.notify(explain(error))
            return
        self.load()

    def on_virtual_list_opened(self, event: VirtualList.Opened) -> None:
        """Open another card, or the screen where a thing is worked on."""
        if event.key.startswith(rows_of.PARTY):
            self.register.visit("card", int(event.key.removeprefix(rows_of.PARTY)))
        elif event.key.startswith(RECORD):
            noun, _colon, _number = event.key.removeprefix(RECORD).partition(":")
            self.register.visit("records", noun, self._number)
        elif event.key.startswith("mend:"):
            self.action_edit()
        elif event.key == rows_of.TO_CHECK:
            self._checked()
        elif self._tab == "consents":
            self.action_consents()
        elif event.key.startswith("ground:") or event.key == "relations":
            self.action_grounds()
        elif self._tab == "overview" and event.sender.id == "fields" and self._may_correct():
            self.action_edit()
        else:
            self._read_whole(event)

    def _may_correct(self) -> bool:
        return self.check_action("edit", ()) is not False

    def _read_whole(self, event: VirtualList.Opened) -> None:
        """Show all that stands in a row, and what is said of it below the list."""
        held = self._held
        if held is not None and self._tab == "history":
            entry = next(one for one in held.log if f"{one.desk}:{one.seq}" == event.key)
            self.app.push_screen(entry_box(entry, held.purposes))
        elif held is not None and self._tab == "notes":
            note = next(one for one in held.notes if one.id == event.key)
            self.app.push_screen(Tell(f"{day_text(note.written)} {note.author}", note.text))
        elif (row := event.sender.current) is not None:
            self.app.push_screen(whole_row(event.sender, row, self._said_of(event.key)))


def _records(
    register: Kartoteka, kinds: Sequence[Shape], number: str
) -> Sequence[tuple[Shape, RecordCard]]:
    """Ask for the records of every kind about one client."""
    query = RecordQuery(who=number)
    return [(kind, card) for kind in kinds for card in register.records(kind).list(query).cards]


def _entries(register: Kartoteka, number: str) -> Sequence[LogLine]:
    from crm.kartoteka import LogFilter  # noqa: PLC0415 - loaded long ago, with the register

    return register.audit.log(LogFilter(client=number, limit=_ENTRIES))
