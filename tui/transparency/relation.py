"""One relation: what a clerk chooses in plain words, and the purposes it opens."""

from __future__ import annotations

from typing import TYPE_CHECKING

from textual.widgets import Static

from crm.i18n import LANGUAGES, TONGUES, _, current
from crm.transparency.words import GROUND_EVIDENCE, SUBJECT_KINDS, in_language, said
from tui.app_screen import AppScreen, run_once, task
from tui.keys import bindings
from tui.safe import line
from tui.transparency.purpose_forms import edit_relation
from tui.widgets.frame import Frame
from tui.widgets.key_bar import KeyBar
from tui.widgets.sheet import Sheet

if TYPE_CHECKING:
    from textual.app import ComposeResult

    from crm.kartoteka import Kartoteka
    from crm.transparency.cards import PurposeLine, RelationLine
    from tui.widgets.sheet import Part


class RelationScreen(AppScreen):
    """Shows the current version and its bundle."""

    BINDINGS = bindings("back", "relation")
    AUTO_FOCUS = "Sheet"

    def __init__(self, code: str) -> None:
        """Show the relation of this code."""
        super().__init__()
        self._code = code
        self._line: RelationLine | None = None

    def compose(self) -> ComposeResult:
        """Draw the frame, the title and the sheet."""
        yield Frame("papers")
        yield Static("", id="title", classes="question--title", markup=False)
        yield Sheet()
        yield KeyBar()

    def on_screen_resume(self) -> None:
        """Show what is so now."""
        self.load()

    def check_action(self, action: str, parameters: tuple[object, ...]) -> bool | None:
        """Leave changes to who has the duty."""
        if action == "edit":
            return self.register.may(duty="purposes")
        return super().check_action(action, parameters)

    @task
    async def load(self) -> None:
        """Fill the sheet."""
        relation, purposes = await self.desk.look(self._both)
        self._line = relation
        name = in_language(relation.names, current())
        self.query_one("#title", Static).update(line(name))
        await self.query_one(Sheet).show(_parts(relation, purposes))

    @run_once
    async def action_edit(self) -> None:
        """Change names, bundle and evidence."""
        if self._line is not None and await edit_relation(self, self._line) is not None:
            self.load()

    def _both(self, register: Kartoteka) -> tuple[RelationLine, list[PurposeLine]]:
        return register.purposes.relation(self._code), register.purposes.listing()


def _parts(relation: RelationLine, purposes: list[PurposeLine]) -> list[Part]:
    held = [one for one in purposes if one.code in relation.purposes]
    evidence = ", ".join(said(GROUND_EVIDENCE, code) for code in relation.evidence)
    assumed = said(GROUND_EVIDENCE, relation.assumed) if relation.assumed else _("none")
    return [
        (_("code"), relation.code),
        *((f"{_('title')} ({TONGUES[one]})", relation.names.get(one, "–")) for one in LANGUAGES),
        (_("kind of person"), said(SUBJECT_KINDS, relation.kind)),
        (_("accepted evidence"), evidence),
        (_("default if none is given"), assumed),
        (_("version"), str(relation.version)),
        (_("Its purposes"), ""),
        *((one.number, in_language(one.names, current())) for one in held),
    ]
