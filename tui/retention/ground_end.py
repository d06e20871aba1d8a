"""Ending grounds by hand: what would go is shown before, and it waits its days of grace."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from textual.containers import Horizontal, Vertical
from textual.widgets import Input, Static

from crm.grounds import words as rights
from crm.grounds.words import say_because
from crm.i18n import _
from gdpr.errors import KartotekaError
from tui.app_screen import explain, run_once, task
from tui.dialogs.plan_screen import PlanScreen
from tui.keys import bindings
from tui.safe import line
from tui.widgets.key_bar import KeyBar
from tui.widgets.planned import Planned

if TYPE_CHECKING:
    from textual.app import ComposeResult


class GroundEndScreen(PlanScreen):
    """The dry run of an end; one key of its own does it."""

    BINDINGS = bindings("back", "told")
    AUTO_FOCUS = "Planned"

    def __init__(self, number: int, purpose: str, which: str = "") -> None:
        """End this purpose of a party, or with `all-but` every other one."""
        super().__init__()
        self._number, self._purpose, self._only = number, purpose, which == "all-but"

    def compose(self) -> ComposeResult:
        """Draw what ends, since when, and what would go."""
        yield Static("", id="title", classes="title")
        with Vertical(classes="told"):
            yield Horizontal(
                Static(line(_("Ends on")), classes="told--label"),
                Input("", _("today; else as 2026-03-31"), id="on", compact=True),
                classes="told--row",
            )
            yield Static("", id="problem", classes="error")
            yield Planned(id="planned")
        yield Static(
            line(_("Data are first kept unused for 14 days; until then they can be restored.")),
            classes="standing muted",
        )
        yield KeyBar()

    def on_mount(self) -> None:
        """Work out what would go."""
        self.load()

    def check_action(self, action: str, parameters: tuple[object, ...]) -> bool | None:
        """Offer it to those who may."""
        if action == "save":
            return self.register.may(write="identity")
        return super().check_action(action, parameters)

    @task
    async def load(self) -> None:
        """Show the plan; nothing is changed by looking."""
        number = str(self._number)
        card = await self.desk.ask(lambda r: r.clients.show(number))
        names = rights.purpose_names(await self.desk.ask(lambda r: r.purposes.listing()))
        name = names.get(self._purpose, self._purpose)
        title = _("End all but: {purpose}") if self._only else _("End: {purpose}")
        who = f"{card.name or '–'} ({card.number})"
        self.query_one("#title", Static).update(line(f"{title.format(purpose=name)} · {who}"))
        try:
            plan = await self.desk.ask(
                lambda r: r.grounds.preview(number, **self._chosen(), say=say_because)
            )
        except KartotekaError as error:
            self.query_one("#problem", Static).update(line(explain(error)))
        else:
            self.query_one(Planned).show_plan(plan, names)

    @run_once
    async def action_save(self) -> None:
        """End it."""
        problem = self.query_one("#problem", Static)
        number = str(self._number)
        try:
            on = rights.day_typed(self.query_one("#on", Input).value)
            done = await self.desk.ask(lambda r: r.grounds.end(number, **self._chosen(), on=on))
        except KartotekaError as error:
            problem.update(line(explain(error)))
        else:
            self.dismiss(done)

    def _chosen(self) -> dict[str, Any]:
        return {"all_but" if self._only else "purposes": (self._purpose,)}
