"""Erasing a person: the screen is the dry run, and only the typed number does it."""

from __future__ import annotations

from typing import TYPE_CHECKING

from textual.widgets import Static

from crm.grounds import words as rights
from crm.grounds.words import say_because
from crm.i18n import _
from gdpr.errors import KartotekaError
from tui.app_screen import explain, run_once, task
from tui.dialogs.asking import AskText, Choose, TypeNumber
from tui.dialogs.plan_screen import PlanScreen
from tui.keys import bindings
from tui.safe import line
from tui.widgets.key_bar import KeyBar
from tui.widgets.planned import Planned, heading
from tui.widgets.virtual_list import Row

if TYPE_CHECKING:
    from textual.app import ComposeResult

    from crm.copies.cards import CopyLine
    from crm.grounds.cards import Mention
    from crm.parties.cards import ClientCard

_REQUEST = "request"
_USUAL = "no-longer-needed"


class EraseScreen(PlanScreen):
    """What goes now, what stays by which article and until when, and which copies are known."""

    BINDINGS = bindings("back", "erase")

    def __init__(self, number: int, because: str = _USUAL) -> None:
        """Preview the erasure of the party with this number."""
        super().__init__()
        self._number, self._because = number, because
        self._possible = False
        self._empty = False
        self._name = ""

    def compose(self) -> ComposeResult:
        """Draw whom, why, the plan and how to go on."""
        yield Static("", id="title", classes="title")
        yield Static("", id="standing", classes="standing")
        yield Planned(id="planned")
        yield Static("", id="problem", classes="error")
        yield Static("", id="onward", classes="standing warning")
        yield KeyBar()

    def on_mount(self) -> None:
        """Work out what would go."""
        self.load()

    def check_action(self, action: str, parameters: tuple[object, ...]) -> bool | None:
        """Offer erasing to those whose duty it is, once there is a plan."""
        if action == "erase":
            return self._possible and self.register.may(duty="erasure")
        if action == "cause":
            return self._possible
        return super().check_action(action, parameters)

    @task
    async def load(self) -> None:
        """Show the plan for the reason that is chosen; nothing is changed by looking."""
        number = str(self._number)
        card = await self.desk.ask(lambda r: r.clients.show(number))
        self._name = card.name or "–"
        names = rights.purpose_names(await self.desk.ask(lambda r: r.purposes.listing()))
        title = _("Erase {name} ({number}): preview, nothing is changed yet")
        self.query_one("#title", Static).update(
            line(title.format(name=self._name, number=card.number))
        )
        problem = self.query_one("#problem", Static)
        self._possible = False
        if card.kind == "legal":
            problem.update(line(no_data_subject(card)))
            return
        try:
            plan = await self.desk.ask(
                lambda r: r.subjects.preview(number, self._because, say_because)
            )
        except KartotekaError as error:
            problem.update(line(explain(error)))
        else:
            self._possible, self._empty = True, not plan.goes
            problem.update("")
            copies = await self.desk.ask(lambda r: r.copies.list())
            beside = [*_mentioned(plan.mentions), *_outside(copies)]
            self.query_one(Planned).show_plan(plan, names, beside)
            reason = _("Reason: {reason}").format(reason=cause_words(self._because))
            self.query_one("#standing", Static).update(line(reason))
        self.query_one("#onward", Static).update(line(self._onward()))
        self.refresh_bindings()

    def _onward(self) -> str:
        if not self._possible:
            return ""
        if not self.register.may(duty="erasure"):
            return _("Only the owner and the privacy contact may erase.")
        if self._empty:
            return _(
                "Nothing is erased while these lawful bases apply. A contract is ended under "
                "lawful bases."
            )
        return _("Afterwards nobody can recover it, not even you.")

    def action_cause(self) -> None:
        """Choose why; it decides what may end."""
        choices = [(code, _(words)) for code, words in rights.CAUSES.items()]

        def numbered(number: str | None) -> None:
            if number and number.strip():
                self._plan_for(f"{_REQUEST}:{number.strip()}")

        def chosen(code: str | None) -> None:
            if code == _REQUEST:
                self.app.push_screen(AskText(_("Number of the request")), numbered)
            elif code is not None:
                self._plan_for(code)

        self.app.push_screen(Choose(_("Why is it erased?"), choices, now=self._because), chosen)

    def action_erase(self) -> None:
        """Ask for the number once more."""
        title = _("Erase {name}").format(name=self._name)
        text = _(
            "Reason: {reason}\n\nThis cannot be undone. Type the number {number} and press "
            "Enter; Esc leaves everything as it is."
        ).format(reason=cause_words(self._because), number=self._number)

        def typed(number: int | None) -> None:
            if number is not None:
                self.erase(number)

        self.app.push_screen(TypeNumber(title, text, self._number), typed)

    @run_once
    async def erase(self, confirm: int) -> None:
        """Erase, and show the receipt in this screen's place."""
        number, because = str(self._number), self._because
        receipt = await self.desk.ask(lambda r: r.subjects.erase(number, because, confirm))
        self.register.visit("receipt", receipt, then=self._left)

    def _left(self, _done: object) -> None:
        self.dismiss(self._number)

    def _plan_for(self, because: str) -> None:
        self._because = because
        self.load()


def no_data_subject(card: ClientCard) -> str:
    """Say where to go with a company, which has no rights of its own here (Art. 4(1))."""
    people = ", ".join(str(one.number) for one in card.contacts if one.left is None)
    return _(
        "A legal person is not a data subject (Art. 4(1)): end its lawful bases instead."
        " Its contact persons: {numbers}."
    ).format(numbers=people or "–")


def cause_words(because: str) -> str:
    """Say the reason of an erasure, with the number of the request."""
    code, _colon, number = because.partition(":")
    if code == _REQUEST and number:
        return _("the person asked for it, request {number}").format(number=number)
    return rights.ending(because)


def _mentioned(mentions: tuple[Mention, ...]) -> list[Row]:
    """List the notes about others that speak of the person; the receipt says what stays."""
    if not mentions:
        return []
    rows = [heading(_("NOTES ABOUT OTHERS that mention the person"))]
    rows += [Row(f"note-{one.note}", (str(one.number), "", one.text, "")) for one in mentions]
    return rows


def _outside(copies: tuple[CopyLine, ...]) -> list[Row]:
    """List the copies outside the register that are known; erasing does not reach them."""
    if not copies:
        return []
    rows = [heading(_("COPIES ELSEWHERE, to destroy manually"))]
    rows += [
        Row(
            f"copy-{one.id}",
            (f"☐ {rights.told(rights.COPIES, one.kind)}", "", one.path, str(one.ends)),
        )
        for one in copies
    ]
    return rows
