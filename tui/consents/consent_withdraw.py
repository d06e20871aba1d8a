"""Taking a no: what would go is shown, and one key lets it take effect."""

from __future__ import annotations

from typing import TYPE_CHECKING

from textual.containers import Horizontal, Vertical
from textual.widgets import Input, Static

from crm.grounds import words as rights
from crm.grounds.words import say_because
from crm.i18n import _
from gdpr.errors import KartotekaError
from tui.app_screen import explain, run_once, task
from tui.dialogs.fields import FieldsScreen
from tui.dialogs.plan_screen import PlanScreen
from tui.keys import bindings
from tui.safe import line
from tui.widgets.key_bar import KeyBar
from tui.widgets.pick import Pick
from tui.widgets.planned import Planned

if TYPE_CHECKING:
    from textual.app import ComposeResult

    from crm.grounds.cards import Preview


class WithdrawScreen(FieldsScreen, PlanScreen):
    """Takes as many keys as a yes does (Art. 7(3))."""

    BINDINGS = bindings("back", "told")
    AUTO_FOCUS = "#channel"

    def __init__(self, number: int, purpose: str) -> None:
        """Let the party take back its consent to a purpose."""
        super().__init__()
        self._number, self._purpose = number, purpose

    def compose(self) -> ComposeResult:
        """Draw how it reached us, and what would go and stay."""
        named = [(code, _(words)) for code, words in rights.CHANNELS_OF_NO.items()]
        yield Static(line(_("Consent withdrawn")), id="title", classes="title")
        with Vertical(classes="told"):
            yield Horizontal(
                Static(line(_("Channel")), classes="told--label"),
                Pick(named, id="channel"),
                classes="told--row",
            )
            yield Horizontal(
                Static(line(_("Evidence in words")), classes="told--label"),
                Input(id="note", compact=True),
                classes="told--row",
            )
            yield Static("", id="problem", classes="error")
            yield Planned(id="planned")
        yield KeyBar()

    def on_mount(self) -> None:
        """Work out what would go."""
        self.load()

    @task
    async def load(self) -> None:
        """Show what a no would destroy; nothing is changed by looking."""
        number = str(self._number)
        card = await self.desk.ask(lambda r: r.clients.show(number))
        names = rights.purpose_names(await self.desk.ask(lambda r: r.purposes.listing()))
        who = f"{names[self._purpose]} · {card.name or '–'} ({card.number})"
        title = _("Consent withdrawn: {what}").format(what=who)
        self.query_one("#title", Static).update(line(title))
        try:
            planned: Preview = await self.desk.ask(
                lambda r: r.consents.preview(number, self._purpose, say_because)
            )
        except KartotekaError as error:
            self.query_one("#problem", Static).update(line(explain(error)))
            return
        self.query_one(Planned).show_plan(planned, names)

    @run_once
    async def action_save(self) -> None:
        """Let the no take effect at once."""
        channel = self.query_one("#channel", Pick).value
        note = self.query_one("#note", Input).value.strip() or None
        number, purpose = str(self._number), self._purpose
        try:
            done = await self.desk.ask(
                lambda r: r.consents.withdraw(number, purpose, channel=channel, note=note)
            )
        except KartotekaError as error:
            self.query_one("#problem", Static).update(line(explain(error)))
        else:
            self.dismiss(done)
