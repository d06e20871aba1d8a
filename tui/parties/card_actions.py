"""What can be done from a card: each verb leads to its screen, or asks before it acts."""

from __future__ import annotations

from abc import abstractmethod
from dataclasses import dataclass, field
from datetime import date
from typing import TYPE_CHECKING, Final

from textual.widgets import Input, Static

from crm.grounds.words import TABLES, day_typed, word_of
from crm.i18n import _, spoken
from crm.parties.words import card_labels
from gdpr.word_tables import WordTable
from tui.app_screen import run_once, task
from tui.dialogs.asking import Choose, Question
from tui.dialogs.recognised import recognised
from tui.dialogs.screen_kinds import FramedScreen
from tui.parties.card_rows import PARTY, data_of, lasting
from tui.safe import line, one_line
from tui.shaped.record_form import new_form
from tui.shaped.record_rows import kinds_for
from tui.widgets.virtual_list import VirtualList

if TYPE_CHECKING:
    from collections.abc import Sequence

    from textual.app import ComposeResult
    from textual.worker import Worker

    from crm.consents.cards import ConsentList
    from crm.grounds.cards import GroundLine
    from crm.oversight.cards import LogLine
    from crm.parties.cards import ClientCard, GoingLine, NoteCard
    from crm.shape.cards import RecordCard
    from crm.shape.description import Shape

_CATEGORY_READ_ON_TAB: Final = {"consents": "evidence", "notes": "support"}
TABS: Final = WordTable("tui.parties", "tabs")


@dataclass
class TabAnswers:
    """What was asked of one party so far; a tab is asked for when it is looked at."""

    card: ClientCard
    alike: tuple[int, ...]
    relations: tuple[str, ...]
    purposes: dict[str, str]
    grounds: Sequence[GroundLine] = ()
    why: Sequence[dict[str, object]] = ()
    consents: ConsentList | None = None
    notes: Sequence[NoteCard] = ()
    records: Sequence[tuple[Shape, RecordCard]] = ()
    log: Sequence[LogLine] = ()
    loaded: set[str] = field(default_factory=lambda: {"overview", "contacts"})


class CardActions(FramedScreen):
    """The verbs of a card; what is drawn stands in the class made from it."""

    def __init__(self, number: int) -> None:
        """Be about the party with this number."""
        super().__init__()
        self._number = number
        self._tab = "overview"
        self._held: TabAnswers | None = None
        self._revealed = False

    @abstractmethod
    def show_tab(self, tab: str) -> Worker[None]:
        """Go to a tab."""

    def _present(self) -> list[str]:
        reads = self.register.reads
        return [
            tab
            for tab in TABS
            if (_CATEGORY_READ_ON_TAB.get(tab) is None or _CATEGORY_READ_ON_TAB[tab] in reads)
            and (tab != "records" or kinds_for(reads))
        ]

    def check_action(self, action: str, parameters: tuple[object, ...]) -> bool | None:
        """Hide what the user's roles, or this party, do not allow."""
        me, held = self.register.me, self._held
        if me is None:
            return False
        card = held.card if held is not None else None
        hidden = {
            "edit": not me.writes & {"identity", "contact", "billing"},
            "new": not (self._new_kinds() if self._tab == "records" else self._new_place()),
            "reveal": card is None or not (card.masked or self._revealed),
            "consents": "evidence" not in me.reads,
            "withdraw": "evidence" not in me.writes or self._tab != "consents",
            "erase": "erasure" not in me.duties,
            "packages": "identity" not in me.reads,
            "left": "identity" not in me.writes or not self._leaver(),
            "alike": held is None or not held.alike,
        }
        return False if hidden.get(action) else super().check_action(action, parameters)

    def action_tab(self, step: int) -> None:
        """Go to the next or the previous tab."""
        present = self._present()
        self.query_one("#lines", VirtualList).cursor = 0
        self.show_tab(present[(present.index(self._tab) + step) % len(present)])

    def action_edit(self) -> None:
        """Correct the party, or the contact person under the cursor."""
        held = self._held
        if held is None:
            return
        if held.card.status == "going":
            told = _(
                "These data are scheduled for erasure and not used. Lawful bases (g) restores them."
            )
            self.register.notify(told, severity="warning")
            return
        chosen = self._chosen()
        if self._tab == "contacts" and chosen in {one.number for one in held.card.contacts}:
            self.register.visit("contact-edit", chosen)
        elif held.card.status == "contact" and lasting(held.card.works_at):
            self.register.visit("contact-edit", self._number)
        else:
            self.register.visit("client-edit", self._number)

    def _new_place(self) -> str:
        held, writes = self._held, self.register.writes
        legal = held is not None and held.card.kind == "legal"
        if self._tab in {"overview", "contacts"} and legal and "identity" in writes:
            return "contact-new"
        return "note-new" if self._tab != "contacts" and "support" in writes else ""

    def _new_kinds(self) -> list[Shape]:
        writes = self.register.writes
        return [one for one in kinds_for(writes) if one.category.code in writes]

    def action_new(self) -> None:
        """Enter a contact person or a record, or write a note."""
        if self._tab == "records":
            self._new_record()
        elif place := self._new_place():
            self.register.visit(place, self._number)

    @run_once
    async def _new_record(self) -> None:
        kinds = {one.noun: one for one in self._new_kinds()}
        if not kinds:
            return
        noun: str | None = next(iter(kinds))
        if len(kinds) > 1:
            choices = [(one.noun, _(one.new)) for one in kinds.values()]
            noun = await self.app.push_screen_wait(Choose(_("Records"), choices))
        if noun is not None:
            form = new_form(kinds[noun], self.desk, self.register.writes, self._number)
            if await self.app.push_screen_wait(form):
                self.load()

    def action_reveal(self) -> None:
        """Show what is masked, or hide it again; looking is an entry in the log."""
        self._revealed = not self._revealed
        self.load()

    @run_once
    async def action_copy(self) -> None:
        """Copy a field; a masked one is revealed first, which is an entry in the log."""
        held = self._held
        if held is None or not (data := data_of(held.card)):
            return
        row = self.query_one("#fields", VirtualList).current
        choices = [(one.key, f"{one.label}: {one.value}") for one in data]
        now = row.key if row is not None else ""
        asked = Choose(_("Copy which field?"), choices, now=now)
        chosen = await self.app.push_screen_wait(asked)
        if chosen is None:
            return
        card = held.card
        if next(one.masked for one in data if one.key == chosen):
            number = str(self._number)
            card = await self.desk.ask(lambda r: r.clients.show(number, reveal=True))
        label, value = _raw(card, chosen)
        self.app.copy_to_clipboard(one_line(value))
        self.register.notify(_("Copied: {field}").format(field=label))

    def action_consents(self) -> None:
        """Go to the consents."""
        self.register.visit("consents", self._number)

    def action_withdraw(self) -> None:
        """Go to the consents, where one is taken back."""
        self.register.visit("consents", self._number)

    def action_grounds(self) -> None:
        """Go to the grounds."""
        self.register.visit("grounds", self._number)

    def action_packages(self) -> None:
        """Make a package for the person."""
        self._for_person("packages")

    def action_erase(self) -> None:
        """Look at what an erasure would take."""
        self._for_person("erase")

    @run_once
    async def _for_person(self, place: str) -> None:
        held = self._held
        if held is None:
            return
        if held.card.kind == "natural":
            self.register.visit(place, self._number)
            return
        told = _(
            "A company is not a data subject: the rights belong to its contact persons."
            " Its own relationship is ended under lawful bases (g)."
        )
        people = lasting(held.card.contacts)
        if not people:
            self.register.notify(told, severity="warning", timeout=8)
            return
        choices = [(str(one.number), f"{one.number}  {one.name or ''}") for one in people]
        title = _("Which contact person?")
        chosen = await self.app.push_screen_wait(Choose(title, choices, told))
        if chosen is not None:
            self.register.visit(place, int(chosen))

    def _chosen(self) -> int | None:
        row = self.query_one("#lines", VirtualList).current if self._tab != "overview" else None
        if row is None or not row.key.startswith(PARTY):
            return None
        return int(row.key.removeprefix(PARTY))

    def _leaver(self) -> list[tuple[int, int]]:
        """List who may leave whom from here, as pairs of person and company."""
        held = self._held
        if held is None:
            return []
        if held.card.kind == "legal":
            here = {one.number for one in lasting(held.card.contacts)}
            chosen = self._chosen()
            return [(chosen, self._number)] if chosen is not None and chosen in here else []
        return [(self._number, one.number) for one in lasting(held.card.works_at)]

    @run_once
    async def action_left(self) -> None:
        """Let a contact person leave a company, after showing what goes then."""
        pairs = self._leaver()
        if not pairs:
            return
        person, company = pairs[0]
        if len(pairs) > 1:
            firms = lasting(held.card.works_at) if (held := self._held) is not None else []
            choices = [(str(one.number), f"{one.number} {one.name or ''}") for one in firms]
            told = await self.app.push_screen_wait(Choose(_("Which company?"), choices))
            if told is None:
                return
            company = int(told)
        who, where = str(person), str(company)
        goes = await self.desk.ask(lambda r: r.contacts.preview_left(who, where))
        today = await self.desk.ask(lambda r: r.today)
        day = await self.app.push_screen_wait(LeftDialog(person, company, today, goes))
        if day is None:
            return
        departure = await self.desk.ask(lambda r: r.contacts.left(who, where, on=day))
        text = _("Number {number} left.").format(number=departure.number)
        if departure.going_until:
            until = _(
                "Their data are scheduled for erasure; they can be restored until {day}."
            ).format(day=spoken(departure.going_until))
            text = f"{text} {until}"
        self.register.notify(text)
        self.load()

    @task
    async def action_alike(self) -> None:
        """Open the card of somebody who may be the same."""
        held = self._held
        if held is None or not held.alike:
            return
        number = str(held.alike[0])
        if len(held.alike) > 1:
            who = await self.desk.ask(lambda register: recognised(register, held.alike))
            choices = [(str(one), words) for one, words in who.items()]
            told = await self.app.push_screen_wait(Choose(_("Open whose card?"), choices))
            if told is None:
                return
            number = told
        self.register.visit("card", int(number))


def _raw(card: ClientCard, key: str) -> tuple[str, str]:
    several, _slash, place = key.partition("/")
    chosen = getattr(card, several)[int(place)] if place else card.value(several) or ""
    return card_labels().get(several, several), str(chosen)


class LeftDialog(Question[date]):
    """Asks for the last day; Enter lets the person go."""

    def __init__(self, person: int, company: int, today: date, goes: Sequence[GoingLine]) -> None:
        """Take who leaves whom, the day it is, and what would be going."""
        title = _("Number {person} leaves {company}").format(person=person, company=company)
        super().__init__(title, _what_goes(goes))
        self._today = today

    def asked(self) -> ComposeResult:
        """Offer today as the last day."""
        yield Static(line(_("Last day")))
        yield Input(value=self._today.isoformat(), id="day", max_length=10)
        yield Static(line(_("Enter confirms, Esc goes back.")), classes="muted")
        yield Static("", id="problem", classes="error", markup=False)

    def on_input_submitted(self, event: Input.Submitted) -> None:
        """Answer with the day, or say why it is none."""
        day = day_typed(event.value)
        problem = ""
        if day is None:
            problem = _("Write the day as 2026-03-31.")
        elif day > self._today:
            problem = _("The day must not be in the future.")
        self.query_one("#problem", Static).update(line(problem))
        if day is not None and not problem:
            self.dismiss(day)


def _what_goes(goes: Sequence[GoingLine]) -> str:
    if not goes:
        return _(
            "They remain a contact person elsewhere, or are kept for another reason: nothing "
            "is erased."
        )
    labels = card_labels()
    fields = dict.fromkeys(
        labels.get(one.field, one.field) if one.table == "party" else word_of(TABLES, one.table)
        for one in goes
    )
    return _("No longer used, and erased after {day}: {fields}").format(
        day=spoken(max(one.until for one in goes)), fields=", ".join(fields)
    )
